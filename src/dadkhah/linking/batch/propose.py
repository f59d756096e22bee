"""Candidates: which of our records may be records of another dataset.

In: an index of our names, the other records, pairs that were decided before. Out: `Candidate`s, best first, each with
its explanation. A candidate is a proposal: nothing here accepts one, and decided pairs are not proposed again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dadkhah.linking.batch.targets import Target
from dadkhah.linking.index.search import Hit, NamesIndex
from dadkhah.linking.reconcile.evidence import likeness, score

_LOOKED_AT: Final = 12  # records of ours looked at for each name
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed link; `score` is 0 to 1, `why` one line."""

    subject: str
    subject_label: str
    target: str
    target_label: str
    score: float
    why: str


def propose(
    index: NamesIndex,
    targets: Iterable[Target],
    *,
    least: float,
    decided: Collection[Pair] = (),
    born: Callable[[str], str] = lambda _: "",
    wanted: Callable[[str], bool] = lambda _: True,
) -> Iterator[Candidate]:
    """Propose links, target by target.

    Args:
        index: our names.
        targets: the other records.
        least: lowest score of a proposal.
        decided: pairs (ours, theirs) that people have decided.
        born: the date of birth that we record, empty where none.
        wanted: whether a record of ours may be proposed, by its IRI.
    """
    for target in targets:
        best: dict[str, tuple[float, Hit, str]] = {}
        for name in target.names:
            for hit in index.search(name, _LOOKED_AT):
                if not wanted(hit.iri) or (hit.iri, target.iri) in decided:
                    continue
                ours = born(hit.iri)
                agreements = [likeness(target.born, ours)] if ours and target.born else []
                value = score(hit.score, agreements) / 100
                if value >= least and value > best.get(hit.iri, (0.0,))[0]:
                    best[hit.iri] = (value, hit, name)
        for iri, (value, hit, name) in sorted(best.items(), key=lambda item: (-item[1][0], item[0])):
            yield Candidate(iri, hit.label, target.iri, name, round(value, 4), _why(hit, target, born(iri)))


def _why(hit: Hit, target: Target, ours: str) -> str:
    words = [f"{word.left} = {word.right} ({word.rule})" for word in hit.matches()]
    words += [f"{word} alone" for word in hit.alone()]
    if ours and target.born:
        words.append(f"born {ours} here, {target.born} there")
    return "; ".join(words)
