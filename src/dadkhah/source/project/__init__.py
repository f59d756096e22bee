"""A whole project, read: Turtle files, mappings, and the terms they may use."""
