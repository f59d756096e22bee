"""Which kinds of records may be one, how their names are compared, and from which score on a link is proposed.

A link type is a pair of kinds and a way to compare: people by the comparison of people's names, prisons and places by
that of places, bodies by their words. A threshold goes with the precision and the recall that it had on pairs held out
(see docs/linking.md for how they were measured).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dadkhah.linking.batch.target import ORGANIZATION, OTHER, PERSON, PLACE

PRISON: Final = "prison"  # or a ward: lists hold it as a body or as a place


@dataclass(frozen=True, slots=True)
class LinkType:
    """One link type.

    Attributes:
        name: as it is told in proposals.
        ours: kind of our record.
        theirs: kinds of their record that may be the same; the empty kind is one that is not told.
        least: the score from which a link is proposed.
        precision: of the pairs held out that reach it, the share that are one.
        recall: of those that are one, the share that reach it.
        measured_on: what those figures are from.
    """

    name: str
    ours: str
    theirs: frozenset[str]
    least: float
    precision: float
    recall: float
    measured_on: str


_PEOPLE: Final = "names of people, 13,371 pairs held out by record"
_PLACES: Final = "names of places, 1,785 pairs held out by record"
_BODIES: Final = "aliases of bodies in one list, many of them other names altogether"

# figures: python -m bench.link thresholds
LINK_TYPES: Final = (
    LinkType("person", PERSON, frozenset({PERSON, ""}), 0.9, 0.997, 0.956, _PEOPLE),
    LinkType("prison", PRISON, frozenset({PLACE, ORGANIZATION, ""}), 0.7, 0.957, 0.818, _PLACES),
    LinkType("place", PLACE, frozenset({PLACE, ""}), 0.7, 0.957, 0.818, _PLACES),
    LinkType("organization", ORGANIZATION, frozenset({ORGANIZATION, ""}), 0.7, 0.869, 0.287, _BODIES),
)

_OURS: Final = {
    "person": PERSON, "judge": PERSON, "prisoner": PERSON,
    "prison": PRISON, "ward": PRISON, "place": PLACE,
    "court": ORGANIZATION, "institution": ORGANIZATION, "organization": ORGANIZATION, "force": ORGANIZATION,
}  # fmt: skip
KINDS: Final = tuple(_OURS)
"""Kinds of our records that other datasets may hold as well: events, statements and passages have descriptions."""


def type_of(kind: str) -> str:
    """The link type of a record of ours, by the kind in its address; a graph of others is taken for people."""
    ours = _OURS.get(kind, PERSON)
    return next(each.name for each in LINK_TYPES if each.ours == ours)


def types_of_target(kind: str) -> tuple[str, ...]:
    """The link types that a record of theirs takes part in."""
    return () if kind == OTHER else tuple(each.name for each in LINK_TYPES if kind in each.theirs)


def link_type(name: str) -> LinkType:
    """The link type of this name."""
    return next(each for each in LINK_TYPES if each.name == name)


def domain_of(name: str) -> str:
    """Whether names of a link type are compared as those of people or of places (`names.score`)."""
    return "place" if name in {"prison", "place"} else "person"
