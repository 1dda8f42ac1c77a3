"""The panes of the main screen. Each can be thrown away and rebuilt from the view and the library."""
