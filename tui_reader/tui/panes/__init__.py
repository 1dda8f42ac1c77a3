"""The four panes and the first screen."""
