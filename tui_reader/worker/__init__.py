"""The parse worker: one killable child process that reads whatever came from outside."""
