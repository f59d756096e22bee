"""ENTITY: records, search, paths, timelines, patterns and conflicts, as answers to bounded queries."""
