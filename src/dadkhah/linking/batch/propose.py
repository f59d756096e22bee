"""Candidates: which of our records may be records of another dataset, or of each other.

In: two sides, scored pairs of their names, pairs that were decided before. Out: `Candidate`s, record by record, best
first, each with its explanation. A candidate is a proposal: nothing here accepts one, and decided pairs are not
proposed again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dadkhah.linking.batch.engines.duckdb import DuckDbEngine
from dadkhah.linking.batch.engines.portion import Engine, Scored, Watch
from dadkhah.linking.batch.join import scored_pairs
from dadkhah.linking.batch.linktypes import LINK_TYPES, domain_of, link_type
from dadkhah.linking.batch.organisations import compare_bodies
from dadkhah.linking.batch.sides import Side
from dadkhah.linking.explain import alone, word_matches
from dadkhah.linking.names import score_pairs
from dadkhah.linking.reconcile.evidence import likeness, score

Pair = tuple[str, str]
_REACH = 0.35  # of a name's score: below it no date of birth and death can lift a pair to any threshold


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed link; `score` is 0 to 1, `why` one line, `link` the link type."""

    subject: str
    subject_label: str
    target: str
    target_label: str
    score: float
    why: str
    link: str = "person"


@dataclass(frozen=True, slots=True)
class Task:
    """How to propose.

    Attributes:
        engine: makes the engine that brings names together.
        least: lowest score of a proposal; None is the threshold of each link type.
        kept: folder for finished portions, None for none.
        watch: told of progress.
        decided: pairs (ours, theirs) that people have decided.
    """

    engine: Callable[[], Engine] = DuckDbEngine
    least: float | None = None
    kept: Path | None = None
    watch: Watch = lambda _phase, _done, _total: None
    decided: Collection[Pair] = ()


def propose(ours: Side, theirs: Side, task: Task = Task()) -> Iterator[Candidate]:
    """Propose links, in the order of our records, best first."""
    floor = _floor(task, ours, theirs)
    found = scored_pairs(ours, theirs, task.engine, least=floor, kept=task.kept, watch=task.watch)
    best = _by_record(ours, theirs, found, same=False)
    yield from _candidates(ours, theirs, best, task)


def duplicates(ours: Side, task: Task = Task()) -> Iterator[Candidate]:
    """Propose which records of one side are one; each pair once, the first by IRI as the subject."""
    floor = _floor(task, ours, ours)
    found = scored_pairs(ours, ours, task.engine, least=floor, kept=task.kept, watch=task.watch)
    best = _by_record(ours, ours, found, same=True)
    turned = {(other, one) for one, other in task.decided}
    known = {*task.decided, *turned}
    yield from _candidates(ours, ours, best, Task(task.engine, task.least, task.kept, task.watch, known))


def _floor(task: Task, ours: Side, theirs: Side) -> float:
    """The lowest score of names that can matter; lower than what is proposed where dates may lift it."""
    least = min(each.least for each in LINK_TYPES) if task.least is None else task.least
    dated = (any(ours.born) and any(theirs.born)) or (any(ours.died) and any(theirs.died))
    return min(least, _REACH) if dated else least


def _by_record(ours: Side, theirs: Side, found: Scored, *, same: bool) -> dict[tuple[int, int], tuple[float, int, int]]:
    """The best pair of names for each pair of records: its score, and the numbers of the names."""
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    rows = zip(found.ours.tolist(), found.theirs.tolist(), found.scores.tolist(), strict=True)
    for name, other, value in rows:
        for record in ours.records[name]:
            for target in theirs.records[other]:
                if same and record == target:
                    continue
                turned = same and record > target
                pair = (target, record) if turned else (record, target)
                if value > best.get(pair, (0.0,))[0]:
                    best[pair] = (value, other, name) if turned else (value, name, other)
    return best


@dataclass(frozen=True, slots=True)
class _Kept:
    """A pair of records that is proposed: numbers of records and names, and what dates say."""

    total: float
    record: int
    target: int
    name: int
    other: int
    told: tuple[str, ...]


def _candidates(
    ours: Side, theirs: Side, best: dict[tuple[int, int], tuple[float, int, int]], task: Task
) -> Iterator[Candidate]:
    kept = list(_kept(ours, theirs, best, task))
    kept.sort(key=lambda each: (each.record, -each.total, each.target))
    for each, words in zip(kept, _words(ours, theirs, kept), strict=True):
        yield Candidate(
            ours.iris[each.record],
            ours.names[each.name],
            theirs.iris[each.target],
            theirs.names[each.other],
            round(each.total, 4),
            "; ".join([*words, *each.told]),
            ours.types[each.name],
        )


def _kept(ours: Side, theirs: Side, best: dict[tuple[int, int], tuple[float, int, int]], task: Task) -> Iterator[_Kept]:
    for (record, target), (value, name, other) in best.items():
        if (ours.iris[record], theirs.iris[target]) in task.decided:
            continue
        agreements, told = _dates(ours, theirs, record, target)
        total = score(value, agreements) / 100
        least = link_type(ours.types[name]).least if task.least is None else task.least
        if total >= least:
            yield _Kept(total, record, target, name, other, tuple(told))


def _dates(ours: Side, theirs: Side, record: int, target: int) -> tuple[list[float], list[str]]:
    """How well dates agree, and in words."""
    agreements, told = [], []
    for what, one, other in (
        ("born", ours.born[record], theirs.born[target]),
        ("died", ours.died[record], theirs.died[target]),
    ):
        if one and other:
            agreements.append(likeness(other, one))
            told.append(f"{what} {one} here, {other} there")
    return agreements, told


def _words(ours: Side, theirs: Side, kept: Sequence[_Kept]) -> list[list[str]]:
    """Per pair the words that met, each with its rule, and those that stand alone."""
    found: list[list[str]] = [[] for _ in kept]
    for kind in {ours.types[each.name] for each in kept}:
        own = [number for number, each in enumerate(kept) if ours.types[each.name] == kind]
        named = [(ours.names[kept[number].name], theirs.names[kept[number].other]) for number in own]
        if kind == "organization":
            for number, (one, other) in zip(own, named, strict=True):
                body = compare_bodies(one, other, {})
                found[number] = [f"{left} = {right}" for left, right in body.met] + [f"{w} alone" for w in body.alone]
            continue
        pairs = score_pairs(named, domain_of(kind))
        for place, number in enumerate(own):
            met = [f"{word.left} = {word.right} ({word.rule})" for word in word_matches(pairs, place)]
            found[number] = [*met, *(f"{word} alone" for word in alone(pairs, place))]
    return found
