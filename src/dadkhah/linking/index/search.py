"""Searching the index: words in, records out, best first, with the name that matched and why.

In: a name in any script and spelling. Out: hits. Labels are proposed by the rare words of the query, ranked by how
much of it they cover, and the best are scored as pairs of names (`names.score`). A few milliseconds among a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, overload

import numpy as np
import orjson

from dadkhah.errors import SnapshotError
from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.explain import Explanation, WordMatch, alone, explain, word_matches
from dadkhah.linking.index.arrays import Chosen, Lists, Strings, load, load_lists, load_strings
from dadkhah.linking.index.similar import Likeness, Vocabulary
from dadkhah.linking.index.write import FORMAT, GENERIC, LONGEST, PERSIAN, TITLED
from dadkhah.linking.model import Model, default_model
from dadkhah.linking.names import ScoredPairs, score
from dadkhah.linking.normalise import NameTokens, tokens_of
from dadkhah.linking.prepared import Prepared, prepare, words_of
from dadkhah.linking.symbols import phones

_POSTINGS: Final = 20_000  # labels looked at per query; the rarest words come first
_MENTIONS: Final = 60_000  # labels looked at per word of the query, those with the nearest spellings first
_RESCORED: Final = 64  # labels scored as pairs: 96 find one Latin name in a hundred more and take a fifth longer
_TOGETHER: Final = 16  # names looked up in one go: memory stays small
_KEPT: Final = 4096  # words whose likenesses are kept, at most about 5 kB each
# taken off the rank for each word of the label that nothing in the query stands for; chosen among a
# million names on the given Latin pairs, whose halves agree. A name being typed has words to come
_BESIDES: Final = 0.1
_TO_COME: Final = 0.03
# less than this in likeness and in share of the words is no match: of 1,531 given pairs the right name had 0.40 and
# more. What is far from every name has no answer then, whatever its letters are: no two such texts can be told apart
_FLOOR: Final = 0.3
# a long label that has some of the words and ranks below this is not what anybody looks for; one with most of them is
# (the plural of a word has 0.64 of it; این, "this", has 0.51 of Evin)
_LEAST_RANK: Final = 0.02
_MOST_WORDS: Final = 0.6
_NAME_SHARE: Final = 0.7  # of the rank: the rest is how much of the query is covered, which serves parts of names


class _Word(NamedTuple):
    """A word of a query as it sounds; whether it may be unfinished, and whether it is several written together."""

    spelled: str
    typing: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found.

    Attributes:
        iri: the record.
        label: the name that matched, as recorded, and its language.
        score: probability that the two are one name, 0 to 1.
        rank: what hits are ordered by, 0 to 1: the score, and how much of the words the name covers.
        covered: the share of the words that the name has.
    """

    iri: str
    label: str
    language: str
    score: float
    rank: float
    covered: float
    pairs: ScoredPairs
    pair: int

    def explanation(self) -> Explanation:
        """Why the score is what it is."""
        return explain(self.pairs, self.pair)

    def matches(self) -> tuple[WordMatch, ...]:
        """The words that met, and by which rule."""
        return word_matches(self.pairs, self.pair)

    def alone(self) -> tuple[str, ...]:
        """The words of the query that the name does not have."""
        return alone(self.pairs, self.pair)


class NamesIndex:
    """An open index; safe to use from several threads."""

    def __init__(self, folder: Path, model: Model | None = None) -> None:
        try:
            about = orjson.loads((folder / "names.json").read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise SnapshotError("the index of names is missing or damaged; build again") from error
        if about.get("format") != FORMAT:
            raise SnapshotError("the index of names was built by another version; build again")
        self.model = model or default_model()
        self.languages: list[str] = about["languages"]
        self.records: Strings = load_strings(folder, "records")
        self.labels: Strings = load_strings(folder, "labels")
        self.of_record: Ints = load(folder, "label-record")
        self.of_language: Ints = load(folder, "label-language")
        self.units: Ints = load(folder, "units")
        self.counts: Ints = load(folder, "counts")
        self.postings: Lists = load_lists(folder, "postings")
        self.vocabulary = Vocabulary.open(folder, np.diff(self.postings.ends).astype(np.float32))
        self.marks: np.ndarray = load(folder, "marks")
        self._kept: dict[_Word, Likeness] = {}
        self._spare: list[Floats] = []  # one number per label, all 0; as many as searches ran at once

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """The best records, best first, one hit per record."""
        return self._found([text], [limit], typing=False)[0]

    def search_all(self, texts: Sequence[str], limits: Sequence[int]) -> list[list[Hit]]:
        """The same for several names, each with its limit; half the cost of one by one."""
        found: list[list[Hit]] = []
        for start in range(0, len(texts), _TOGETHER):
            end = start + _TOGETHER
            found += self._found(texts[start:end], limits[start:end], typing=False)
        return found

    def complete(self, text: str, limit: int = 8) -> list[Hit]:
        """Records with a name that goes on like this: the last word may be unfinished."""
        return self._found([text], [limit], typing=True)[0]

    def _found(self, texts: Sequence[str], limits: Sequence[int], *, typing: bool) -> list[list[Hit]]:
        """Hits per text. What takes many calls whatever the number of names is done for all of them together."""
        queries = prepare([text[:LONGEST] for text in texts])
        asked = np.flatnonzero(queries.counts > 0) if len(self.labels) else np.zeros(0, np.int64)
        alike = self._alike(queries, asked.tolist(), typing=typing)
        proposed = [
            self._proposed(each, max(_RESCORED, 2 * limits[number]))
            for number, each in zip(asked.tolist(), alike, strict=True)
        ]
        sizes = [len(labels) for labels, _ in proposed]
        hits: list[list[Hit]] = [[] for _ in texts]
        if not sum(sizes):
            return hits
        labels = np.concatenate([labels for labels, _ in proposed])
        covered = np.concatenate([shares for _, shares in proposed])
        of_query = np.repeat(asked, sizes).astype(np.int32)
        pairs = score(
            queries, self._prepared(labels), of_query, np.arange(len(labels), dtype=np.int32), "person", self.model
        )
        rank = self._rank(pairs, covered, labels, queries.counts[of_query], typing=typing)
        ends = np.cumsum(sizes)
        for number, start, end in zip(asked.tolist(), (ends - sizes).tolist(), ends.tolist(), strict=True):
            hits[number] = self._hits(pairs, labels, rank, covered, range(start, end), limits[number])
        return hits

    def _rank(self, pairs: ScoredPairs, covered: Floats, labels: Ints, asked: Ints, *, typing: bool) -> Floats:
        """What hits are ordered by; `asked` is the number of words of each pair's query."""
        share = 0.0 if typing else _NAME_SHARE
        if typing:
            besides = _TO_COME * np.clip(self.counts[labels] - asked, 0, 3)
        else:
            opened = [block.alignment.right_open > 0 for block in pairs.blocks]
            besides = _BESIDES * np.minimum(np.concatenate(opened).sum(axis=1), 3)
        rank: Floats = np.clip(share * pairs.scores + (1 - share) * covered - besides.astype(np.float32), 0, 1)
        return rank

    def _hits(
        self, pairs: ScoredPairs, labels: Ints, rank: Floats, covered: Floats, place: range, limit: int
    ) -> list[Hit]:
        """The best records among the pairs in `place`."""
        own = slice(place.start, place.stop)
        matching = np.maximum(pairs.scores[own], covered[own]) >= _FLOOR
        matching &= (rank[own] >= _LEAST_RANK) | (covered[own] >= _MOST_WORDS)
        chosen = np.flatnonzero(matching) + place.start
        # of equal ones the shorter name, then the first
        order = (labels[chosen], self.counts[labels[chosen]], -pairs.scores[chosen], -np.round(rank[chosen], 6))
        chosen = chosen[np.lexsort(order)]
        _, first = np.unique(self.of_record[labels[chosen]], return_index=True)
        first.sort()
        chosen = chosen[first[:limit]]
        named = labels[chosen]
        return [
            Hit(iri, label, self.languages[language], score, place_of, share, pairs, pair)
            for iri, label, language, score, place_of, share, pair in zip(
                self.records.several(self.of_record[named]),
                self.labels.several(named),
                self.of_language[named].tolist(),
                pairs.scores[chosen].tolist(),
                rank[chosen].tolist(),
                covered[chosen].tolist(),
                chosen.tolist(),
                strict=True,
            )
        ]

    def _alike(self, queries: Prepared, asked: list[int], *, typing: bool) -> list[list[Likeness]]:
        """Per query and word what may stand for it, by itself or written together with a neighbour."""
        wanted = [self._wanted(queries, number, typing=typing) for number in asked]
        known = self._like([word for words in wanted for three in words for word in three])
        found = []
        for words, together, three in wanted:
            row = []
            for place in range(len(words)):
                met = [words[place], *together[max(0, place - 1) : place + 1], *three[max(0, place - 2) : place + 1]]
                parts = [known[word] for word in met]
                values = np.concatenate([part.values for part in parts])
                row.append(Likeness(np.concatenate([part.words for part in parts]), values))
            found.append(row)
        return found

    @staticmethod
    def _wanted(queries: Prepared, number: int, *, typing: bool) -> tuple[list[_Word], list[_Word], list[_Word]]:
        """The words of a query, each two of them written together, and each three."""
        count = int(queries.counts[number])
        spelled = [queries.words.phones[unit] for unit in queries.units[number] if unit >= 0]
        written = words_of(queries.tokens[number])
        # لطف الله نژاد is Lotfollahnejad
        threes = [phones("".join(written[place : place + 3])) for place in range(count - 2)]
        words = [_Word(word, typing and place == count - 1, joined=False) for place, word in enumerate(spelled[:count])]
        together = [_Word(word, typing=False, joined=True) for word in spelled[count:]]
        return words, together, [_Word(word, typing=False, joined=True) for word in threes]

    def _like(self, words: list[_Word]) -> dict[_Word, Likeness]:
        """What may stand for words; given names come again and again, so the last answers are kept."""
        known: dict[_Word, Likeness] = {}
        new = []
        for word in dict.fromkeys(words):
            kept = self._kept.get(word)
            if kept is not None:
                known[word] = kept
            elif word.typing:
                known[word] = self.vocabulary.beginning(word.spelled, self.model.costs)
            else:
                new.append(word)
        found = self.vocabulary.alike([(word.spelled, word.joined) for word in new], self.model.costs) if new else []
        known.update(zip(new, found, strict=True))
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept.update(known)
        return known

    def _proposed(self, alike: list[Likeness], most: int) -> tuple[Ints, Floats]:
        """The labels that cover most of the query, with the share that they cover."""
        sizes = [self.postings.sizes(part.words) for part in alike]
        # a word weighs what finding it tells: the fewer labels have it, the more
        weight = np.array(
            [
                np.log1p(len(self.labels) / (1.0 + (part.values * size).sum()))
                for part, size in zip(alike, sizes, strict=True)
            ],
            np.float32,
        )
        weight /= max(float(weight.sum()), 1e-6)
        labels = self._touched(alike, sizes)
        if not len(labels):
            return labels, np.zeros(0, np.float32)
        covered = self._covered(labels, alike, weight)
        if len(labels) > most:
            # of equally covered ones those with fewer words besides
            value = covered - np.float32(0.05) * self.counts[labels]
            best = np.argpartition(-value, most)[:most]
            labels, covered = labels[best], covered[best]
        return labels, covered

    def _covered(self, labels: Ints, alike: list[Likeness], weight: Floats) -> Floats:
        """The share of the query that each label has, by the weight of its words."""
        covered = np.zeros(len(labels), np.float32)
        best = self._spare.pop() if self._spare else np.zeros(len(self.labels), np.float32)
        for part, share in zip(alike, weight, strict=True):
            order = np.argsort(-part.values, kind="stable")
            sizes = self.postings.sizes(part.words[order])
            fits = max(1, int(np.searchsorted(np.cumsum(sizes), _MENTIONS, "right")))
            nearest = order[:fits][::-1]  # the nearest spelling is written last and stays
            rows = self.postings.joined(part.words[nearest])
            best[rows] = np.repeat(part.values[nearest], sizes[:fits][::-1])
            covered += share * best[labels]
            best[rows] = 0
        self._spare.append(best)
        return covered

    def _touched(self, alike: list[Likeness], sizes: list[np.ndarray]) -> Ints:
        """Labels that hold the rarest words of the query, up to a bound, nearest spellings first."""
        budget = _POSTINGS
        found: list[Ints] = []
        for place in sorted(range(len(alike)), key=lambda n: int(sizes[n].sum())):
            part, size = alike[place], sizes[place]
            order = np.argsort(-part.values, kind="stable")
            if found and int(size.sum()) > budget:
                break
            fits = max(1, int(np.searchsorted(np.cumsum(size[order]), budget, "right")))
            taken = part.words[order[:fits]]
            found.append(self.postings.joined(taken))
            budget -= len(found[-1])
            if budget <= 0:
                break
        # a mask instead of sorting: a third of the time
        mask = np.zeros(len(self.labels), bool)
        for labels in found:
            mask[labels] = True
        return np.flatnonzero(mask).astype(np.int32)

    def _prepared(self, labels: Ints) -> Prepared:
        """Labels as `prepare` would make them, from what the index holds of them."""
        units = self.units[labels]
        there = units >= 0
        numbers, inverse = np.unique(units[there], return_inverse=True)
        units[there] = inverse
        names = Chosen(self.labels, labels)
        marks = self.marks[labels]
        return Prepared(
            names,
            _TakenApart(names),
            self.vocabulary.encoded(numbers),
            self.vocabulary.skeletons(numbers),
            units,
            self.counts[labels],
            self.vocabulary.words.checksums(numbers),
            (marks & PERSIAN) > 0,
            np.stack([(marks & TITLED) > 0, (marks & GENERIC) > 0], axis=1),
        )


class _TakenApart(Sequence[NameTokens]):
    """Names taken apart when they are looked at: only those that are shown are."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, number: int) -> NameTokens: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[NameTokens]: ...
    def __getitem__(self, number: int | slice) -> NameTokens | Sequence[NameTokens]:
        found = self._names[number]
        return tokens_of(found) if isinstance(found, str) else _TakenApart(found)
