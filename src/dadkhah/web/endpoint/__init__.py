"""The SPARQL endpoint: a query over HTTP, from its parameters to the bytes of its answer."""
