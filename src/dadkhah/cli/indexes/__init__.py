"""Parts of a snapshot beside its store: each is made by the build and, where it needs more than a file, opened here."""
