"""Turtle as text: where statements stand in it, and its one canonical form."""
