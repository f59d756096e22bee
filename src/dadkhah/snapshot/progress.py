"""What a long step tells about itself; who shows it is decided above."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how far a phase is; called a few times a second at most where it costs."""

    def __call__(self, phase: str, done: int, total: int) -> None:
        """`done` of `total` units (bytes, files); a total of 0 means that it is not known."""
        ...


def silent(phase: str, done: int, total: int) -> None:
    """Show nothing."""
    del phase, done, total
