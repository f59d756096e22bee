"""A dataset as a voice, by a declarative mapping: nothing of it is known to the code."""
