"""Where text of N-Quads goes while it is written."""

from __future__ import annotations

from typing import Protocol


class Sink(Protocol):
    """Whatever takes bytes; writes may end in the middle of a line."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes and say how many."""
        ...

    def flush(self) -> None:
        """Hear that a file has ended."""
        ...
