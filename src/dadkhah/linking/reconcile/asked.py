"""What a reconciliation query asks and what a candidate is, whatever the version of the protocol.

Frozen values. They hold no JSON, no HTTP and no query text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Plain = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that candidates should have.

    Attributes:
        property: as the client wrote it.
        values: texts, numbers, truth values, or identifiers of entities (`entity` tells which).
        entity: per value whether it is the identifier of an entity.
        quantifier: `any`, `all` or `none` of the values.
        required: whether a candidate that does not meet it is left out.
    """

    property: str
    values: tuple[Plain, ...]
    entity: tuple[bool, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        name: the name looked for; empty where only properties or an identifier are given.
        identifier: an identifier looked for; empty where none is given.
        types: classes, one of which a candidate must have (all of them where `every_type`); none: any.
        limit: most candidates.
    """

    name: str = ""
    identifier: str = ""
    types: tuple[str, ...] = ()
    every_type: bool = False
    types_preferred: bool = False
    conditions: tuple[Condition, ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Feature:
    """One measure that a score rests on: of the name, of one word, or of one property."""

    id: str
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant; `score` is 0 to 100, `types` are (IRI, name)."""

    iri: str
    name: str
    score: float
    language: str = ""
    description: str = ""
    types: tuple[tuple[str, str], ...] = ()
    features: tuple[Feature, ...] = field(default=())
    match: bool = False
