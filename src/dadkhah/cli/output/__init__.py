"""How commands say what they found: text, tables, JSON, SARIF, RDF, Markdown, and progress."""
