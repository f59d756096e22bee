"""A SPARQL 1.1 engine elsewhere: queries to it, what its answers mean, and loading a snapshot into it."""
