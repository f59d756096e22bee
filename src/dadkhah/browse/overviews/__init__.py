"""Views of the whole graph: counts, patterns, risk, quality, sources and the vocabulary."""
