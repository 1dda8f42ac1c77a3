"""Widgets of our own on Textual's line API. They know nothing of feeds: they draw `Content` they are given."""
