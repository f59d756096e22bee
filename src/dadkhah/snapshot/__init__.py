"""COMPILE: an immutable, content-addressed snapshot from data that passed validation, and the switch to it."""
