"""Sorted N-Quads lines in bounded memory: canonical form, counts, differences, loading."""
