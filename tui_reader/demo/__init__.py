"""The bundled demo: a small world of blogs, served from this machine over real HTTP. It knows nothing of the reader."""
