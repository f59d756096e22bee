"""Which files there are and whether their bytes are fit to be read; what is wrong, as values with a place."""
