"""Why something of a shapes graph is not compiled to SPARQL. A reason, not an error: it runs in pySHACL instead."""

from __future__ import annotations


class Uncompiled(Exception):
    """A shape, path or constraint that is not compiled; the text is the reason."""
