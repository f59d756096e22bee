"""The folder of a snapshot: written whole or not at all, named, locked, signed, verified, switched."""
