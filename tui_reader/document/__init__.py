"""Documents: HTML to blocks, blocks to lines of a given width. Pure; nothing here knows of a screen."""
