"""What a search of the index found: records, best first, each put into words when it is looked at.

In: numbers of labels with their ranks and the scored pairs. Out: `Hit`s. Hundreds of hits are counted and twenty are
read, so that nothing is made of those that nobody looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.explain import Explanation, WordMatch, alone, explain, word_matches
from dadkhah.linking.index.arrays import Strings
from dadkhah.linking.names import ScoredPairs, score_pairs


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found.

    Attributes:
        iri: the record.
        label: the name that matched, as recorded, and its language.
        score: probability that the two are one name, 0 to 1; guessed where the hit is not among the best.
        rank: what hits are ordered by, 0 to 1: the score, and how much of the words the name covers.
        covered: the share of the words that the name has.
        pairs, pair: what the score rests on.
    """

    iri: str
    label: str
    language: str
    score: float
    rank: float
    covered: float
    pairs: Callable[[], ScoredPairs]
    pair: int

    def explanation(self) -> Explanation:
        """Why the score is what it is."""
        return explain(self.pairs(), self.pair)

    def matches(self) -> tuple[WordMatch, ...]:
        """The words that met, and by which rule."""
        return word_matches(self.pairs(), self.pair)

    def alone(self) -> tuple[str, ...]:
        """The words of the query that the name does not have."""
        return alone(self.pairs(), self.pair)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Labels, best first, one per record.

    Attributes:
        labels: their numbers.
        covered: the share of the query that each covers.
        scores: of the pairs, or a guess.
        ranks: what they are ordered by.
        pair: the number of each pair, -1 where it was not scored.
    """

    labels: Ints
    covered: Floats
    scores: Floats
    ranks: Floats
    pair: Ints

    def __getitem__(self, chosen: np.ndarray) -> Ranked:
        return Ranked(
            self.labels[chosen], self.covered[chosen], self.scores[chosen], self.ranks[chosen], self.pair[chosen]
        )


@dataclass(frozen=True, slots=True)
class Named:
    """The texts of an index: records and labels, the languages, and by label its record and its language."""

    records: Strings
    labels: Strings
    languages: list[str]
    of_record: Ints
    of_language: Ints


class Hits(Sequence[Hit]):
    """The hits of one query."""

    def __init__(self, named: Named, text: str, ranked: Ranked, pairs: ScoredPairs | None) -> None:
        """Take what the index holds, the query, and its labels with the pairs that were scored."""
        self._named, self._text, self._ranked, self._pairs = named, text, ranked, pairs

    def iris(self) -> list[str]:
        """The records."""
        return self._named.records.several(self._named.of_record[self._ranked.labels])

    def __len__(self) -> int:
        return len(self._ranked.labels)

    @overload
    def __getitem__(self, number: int) -> Hit: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Hit]: ...
    def __getitem__(self, number: int | slice) -> Hit | Sequence[Hit]:
        ranked, named = self._ranked, self._named
        if isinstance(number, slice):
            return [self[place] for place in range(*number.indices(len(self)))]
        label, pair, known = int(ranked.labels[number]), int(ranked.pair[number]), self._pairs
        text = named.labels[label]
        language = named.languages[named.of_language[label]]

        def pairs() -> ScoredPairs:
            if known is not None and pair >= 0:
                return known
            return score_pairs([(self._text, text)], model=None if known is None else known.model)

        iri = named.records[int(named.of_record[label])]
        score, rank, covered = (float(each[number]) for each in (ranked.scores, ranked.ranks, ranked.covered))
        return Hit(iri, text, language, score, rank, covered, pairs, max(pair, 0))
