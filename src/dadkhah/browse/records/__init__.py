"""One record: what is said of it and by whom, what others say instead, what changed, as a view, a dossier and RDF."""
