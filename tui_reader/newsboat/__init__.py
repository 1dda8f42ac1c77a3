"""What newsboat keeps in its files, read and translated. Nothing here writes; see docs/newsboat.md."""
