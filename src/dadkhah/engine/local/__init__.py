"""The local engine: a pool of readers over one snapshot."""
