"""What was read of one snapshot already and is asked for by almost every view: names and voices.

A snapshot never changes, so what was read of it stays right for as long as it is served. In: facts by IRI. Out: the
same facts, for a bounded number of IRIs; the oldest are let go. It must not be shared between snapshots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from dadkhah.browse.models import Ref

Fact = TypeVar("Fact")

# a name with its classes takes about 1 KB, a voice half of that
_NAMES = 20_000
_VOICES = 5_000


class Bounded(Generic[Fact]):
    """Facts by IRI, as many as fit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._facts: dict[str, Fact] = {}

    def __len__(self) -> int:
        return len(self._facts)

    def known(self, iris: Iterable[str]) -> dict[str, Fact]:
        """The facts of those that are kept."""
        return {iri: self._facts[iri] for iri in iris if iri in self._facts}

    def keep(self, facts: dict[str, Fact]) -> None:
        """Keep facts; where they do not fit, the oldest half goes."""
        self._facts |= facts
        if len(self._facts) > self._most:
            for iri in list(self._oldest()):
                del self._facts[iri]

    def _oldest(self) -> Iterator[str]:
        excess = len(self._facts) - self._most // 2
        for place, iri in enumerate(self._facts):
            if place >= excess:
                return
            yield iri


class Kept:
    """Names and voices of one snapshot."""

    def __init__(self) -> None:
        self.names: Bounded[Ref] = Bounded(_NAMES)
        self.voices: Bounded[dict[str, list[str]]] = Bounded(_VOICES)
