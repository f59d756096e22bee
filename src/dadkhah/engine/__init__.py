"""QUERY: SPARQL over a snapshot or a remote engine, where a query can always be stopped."""
