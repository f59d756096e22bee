"""SERVE: the HTTP face. The only layer that knows FastAPI; it holds no logic of its own."""
