"""Discussions: where comments come from, how they are fetched, and how they become a thread."""
