"""Drawing: the only place where Textual and Rich are imported. It talks to the library and to nothing below it."""
