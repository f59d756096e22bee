"""Two records side by side: what speaks for their being one, and what against.

In: names, kinds, and what is stated of both. Out: pieces of evidence, each with its values. Nothing is decided here and
nothing is added up beyond the score of the names: a person reads it and judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from dadkhah.linking.batch.linktypes import domain_of, type_of
from dadkhah.linking.batch.organisations import compare_bodies
from dadkhah.linking.explain import explain
from dadkhah.linking.names import score_pairs

_NAMES: Final = 12  # of each record; more are spellings of the same ones
_ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word of one name and its counterpart; `rule` is one of `explain.WordMatch.rule`, or `alone`."""

    left: str
    right: str
    rule: str


@dataclass(frozen=True, slots=True)
class Names:
    """The two most similar names: their score in [0, 1] and the words it rests on."""

    left: str
    right: str
    score: float
    words: tuple[Word, ...]

    @property
    def alike(self) -> bool:
        """Whether they are rather one name than two."""
        return self.score >= _ALIKE


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of a record by one property.

    Attributes:
        values: texts of the values.
        single: whether there is one true value, so that two different ones speak against.
    """

    values: frozenset[str]
    single: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """A record as far as it can be compared.

    Attributes:
        kind: the kind in its address, such as `judge`; empty where it is a row of another dataset.
        names: as they are written.
        stated: by the IRI of a property.
        beside: IRIs of records that name it.
    """

    kind: str
    names: tuple[str, ...]
    stated: dict[str, Stated] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for or against.

    Attributes:
        names: the nearest names; None where one side has none.
        agree: properties by which both have a value in common.
        differ: properties with one true value by which they differ.
        kinds: whether both are of kinds that can be one; None where a row does not tell its kind.
        together: records that name both of them, side by side.
    """

    names: Names | None
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    kinds: bool | None
    together: tuple[str, ...]


def evidence(left: Described, right: Described) -> Evidence:
    """Compare two records; the same in either order but for the sides."""
    shared = sorted(left.stated.keys() & right.stated.keys())
    agree = [each for each in shared if left.stated[each].values & right.stated[each].values]
    differ = [each for each in shared if each not in agree and (left.stated[each].single or right.stated[each].single)]
    kinds = type_of(left.kind) == type_of(right.kind) if left.kind and right.kind else None
    return Evidence(
        nearest(left.names, right.names, type_of(left.kind or right.kind)),
        tuple(agree),
        tuple(differ),
        kinds,
        tuple(sorted(left.beside & right.beside)),
    )


def nearest(lefts: Sequence[str], rights: Sequence[str], link: str) -> Names | None:
    """The two names with the highest score, compared as this link type compares; None where a side has none."""
    pairs = list(product(lefts[:_NAMES], rights[:_NAMES]))
    if not pairs:
        return None
    if link == "organization":
        return _nearest_bodies(pairs)
    scored = score_pairs(pairs, domain_of(link))
    best = int(scored.scores.argmax())
    found = explain(scored, best)
    words = [Word(word.left, word.right, word.rule) for word in found.words]
    words += [Word(word, "", "alone") for word in found.left_open] + [
        Word("", word, "alone") for word in found.right_open
    ]
    return Names(*pairs[best], round(float(scored.scores[best]), 4), tuple(words))


def _nearest_bodies(pairs: Sequence[tuple[str, str]]) -> Names:
    one, other = max(pairs, key=lambda pair: compare_bodies(pair[0], pair[1], {}).score)
    found = compare_bodies(one, other, {})
    words = [Word(left, right, "identical" if left == right else "spelling") for left, right in found.met]
    words += [Word(word, "", "alone") for word in found.alone]
    return Names(one, other, round(found.score, 4), tuple(words))
