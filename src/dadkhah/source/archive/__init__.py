"""Sources and their passages, held against the archive and drafted from it."""
