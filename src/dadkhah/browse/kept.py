"""What was read of one snapshot already and is asked for by almost every view: names, voices and passages.

A snapshot never changes, so what was read of it stays right for as long as it is served. In: facts by IRI. Out: the
same facts, for a bounded number of IRIs; the oldest are let go. Beside them stand the answers that came with the
snapshot, to queries over all of it. It must not be shared between snapshots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from dadkhah.browse.models import Locator, Ref

Fact = TypeVar("Fact")
Bindings = list[dict[str, Any]]
"""Rows as SPARQL results in JSON have them."""

# a name with its classes takes about 1 KB, a voice half of that, a passage as much as a name
_NAMES = 20_000
_VOICES = 5_000
_PASSAGES = 10_000


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


class StoredAnswers(Protocol):
    """Gives the answers that were made with a snapshot."""

    def of(self, snapshot_hash: str) -> Mapping[str, Bindings]:
        """Query to rows; empty where the snapshot came without."""
        ...


class Kept:
    """Names, voices and passages of one snapshot, and the answers that came with it, by query."""

    def __init__(self, answers: Mapping[str, Bindings] | None = None) -> None:
        self.names: Bounded[Ref] = Bounded(_NAMES)
        self.voices: Bounded[dict[str, list[str]]] = Bounded(_VOICES)
        self.passages: Bounded[Locator] = Bounded(_PASSAGES)
        self.used: dict[str, bool] = {}
        """Whether any statement has a property."""
        self.answers: Mapping[str, Bindings] = answers or {}
        self.degrees: Mapping[str, int] | None = None
        """Links of the records that have the most; None before somebody asked, or where they were not counted."""
        self.shields: bool | None = None
        """Whether anybody is published under a pseudonym; None before somebody asked."""
