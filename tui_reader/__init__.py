"""A keyboard-driven newsreader for the terminal: posts and their comments from feeds, in a local cache."""

__version__ = "0.1.0"
