"""RDF formats read as N-Quads lines."""
