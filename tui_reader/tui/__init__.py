"""The screen: it draws what the library says and turns keys into its verbs."""
