"""From bytes to frozen data. feedparser is only ever imported in the worker process."""
