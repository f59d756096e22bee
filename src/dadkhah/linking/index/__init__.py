"""Names of millions of records, found across scripts and spellings in milliseconds."""
