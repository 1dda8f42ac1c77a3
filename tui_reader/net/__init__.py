"""The network: one polite, bounded HTTP request at a time per host. Knows nothing of feeds or the store."""

CHILD = "tui_reader.net.child"
"""The module that fetches in a process of its own; it can be started before anything else is imported."""
