"""Refreshing feeds: which are due, what an answer changes, and doing it for many at once."""
