"""Searching the index: words in, records out, best first, with the name that matched and why.

In: a name in any script and spelling. Out: hits. Labels are proposed by the rare words of the query, ranked by how
much of it they cover, and the best are scored as pairs of names (`names.score`); where more hits are wanted than that,
the others follow in the order of what they cover. About ten milliseconds among a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, overload

import numpy as np
import orjson

from dadkhah.errors import SnapshotError
from dadkhah.linking.edit import Floats, Ints
from dadkhah.linking.index.arrays import Chosen, Strings, load, load_lists, load_strings
from dadkhah.linking.index.hits import Hit, Hits, Named, Ranked
from dadkhah.linking.index.proposed import Proposals, longer
from dadkhah.linking.index.similar import Likeness, Vocabulary
from dadkhah.linking.index.write import FORMAT, GENERIC, LONGEST, PERSIAN, TITLED
from dadkhah.linking.model import Model, default_model
from dadkhah.linking.names import ScoredPairs, score
from dadkhah.linking.normalise import NameTokens, tokens_of
from dadkhah.linking.prepared import Prepared, prepare, words_of
from dadkhah.linking.symbols import phones

# labels scored as pairs; among a million names, 600 found no more of 1,152 given ones at ranks up to 5
_RESCORED: Final = 96
_SUGGESTED: Final = 32  # while a name is typed scores decide only between names that cover it alike
_GUESSED: Final = 0.5  # score of a label that is not scored, in what it covers
_TOGETHER: Final = 16  # names looked up in one go: memory stays small
_KEPT: Final = 4096  # words whose likenesses are kept, at most about 5 kB each
# taken off the rank for each word of the label that nothing in the query stands for; chosen among a
# million names on the given Latin pairs, whose halves agree. A name being typed has words to come
_BESIDES: Final = 0.1
_MOST_BESIDES: Final = 3
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
        self.labels: Strings = load_strings(folder, "labels")
        self.named = Named(
            load_strings(folder, "records"),
            self.labels,
            about["languages"],
            load(folder, "label-record"),
            load(folder, "label-language"),
        )
        self.units: Ints = load(folder, "units")
        self.counts: Ints = load(folder, "counts")
        postings = load_lists(folder, "postings")
        self.proposals = Proposals(postings, self.counts)
        self.vocabulary = Vocabulary.open(folder, np.diff(postings.ends).astype(np.float32))
        self.marks: np.ndarray = load(folder, "marks")
        self._kept: dict[_Word, Likeness] = {}

    def find(self, text: str, limit: int) -> Hits:
        """The best records, best first, one hit per record; each hit is made when it is looked at."""
        return self._found([text], [limit], typing=False)[0]

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """The same as a list."""
        return list(self.find(text, limit))

    def search_all(self, texts: Sequence[str], limits: Sequence[int]) -> list[list[Hit]]:
        """The same for several names, each with its limit; half the cost of one by one."""
        found: list[list[Hit]] = []
        for start in range(0, len(texts), _TOGETHER):
            end = start + _TOGETHER
            found += map(list, self._found(texts[start:end], limits[start:end], typing=False))
        return found

    def complete(self, text: str, limit: int = 8) -> list[Hit]:
        """Records with a name that goes on like this: the last word may be unfinished."""
        return list(self._found([text], [limit], typing=True)[0])

    def _found(self, texts: Sequence[str], limits: Sequence[int], *, typing: bool) -> list[Hits]:
        """Hits per text. What takes many calls whatever the number of names is done for all of them together."""
        queries = prepare([text[:LONGEST] for text in texts])
        asked = np.flatnonzero(queries.counts > 0) if len(self.labels) else np.zeros(0, np.int64)
        alike = self._alike(queries, asked.tolist(), typing=typing)
        proposed = [
            self.proposals.best(each, max(_RESCORED, 2 * limits[number]), typing=typing)
            for number, each in zip(asked.tolist(), alike, strict=True)
        ]
        heads = [labels[: _SUGGESTED if typing else _RESCORED] for labels, _ in proposed]
        sizes = [len(head) for head in heads]
        hits = [Hits(self.named, text, _NOTHING, None) for text in texts]
        if not sum(sizes):
            return hits
        pairs = self._scored(queries, np.repeat(asked, sizes).astype(np.int32), np.concatenate(heads))
        opened = _opened(pairs)
        start = 0
        for number, (labels, covered), size in zip(asked.tolist(), proposed, sizes, strict=True):
            own = slice(start, start + size)
            words = int(queries.counts[number])
            scores, ranks = self._ranked(labels, covered, pairs.scores[own], opened[own], words, typing=typing)
            pair = np.arange(start, start + len(labels), dtype=np.int32)
            pair[size:] = -1
            best = self._best(Ranked(labels, covered, scores, ranks, pair), limits[number])
            hits[number] = Hits(self.named, texts[number], best, pairs)
            start += size
        return hits

    def _scored(self, queries: Prepared, of_query: Ints, labels: Ints) -> ScoredPairs:
        """Labels scored against the query that each was proposed for."""
        places = np.arange(len(labels), dtype=np.int32)
        return score(queries, self._prepared(labels), of_query, places, "person", self.model)

    def _ranked(
        self, labels: Ints, covered: Floats, scores: Floats, opened: Ints, asked: int, *, typing: bool
    ) -> tuple[Floats, Floats]:
        """Scores of labels and what they are ordered by; the first have a score, and the others follow them."""
        head = len(scores)
        share = 0.0 if typing else _NAME_SHARE
        besides = longer(self.counts[labels], asked, typing=typing)
        if not typing:
            besides[:head] = _BESIDES * np.minimum(opened, _MOST_BESIDES)
        scores = np.concatenate([scores, _GUESSED * covered[head:]]).astype(np.float32)
        ranks = np.clip(share * scores + (1 - share) * covered - besides, 0, 1).astype(np.float32)
        if head:
            ranks[head:] = np.minimum(ranks[head:], ranks[:head].min())
        return scores, ranks

    def _best(self, ranked: Ranked, limit: int) -> Ranked:
        """The best labels, best first, one for each record."""
        matching = np.maximum(ranked.scores, ranked.covered) >= _FLOOR
        matching &= (ranked.ranks >= _LEAST_RANK) | (ranked.covered >= _MOST_WORDS)
        ranked = ranked[np.flatnonzero(matching)]
        labels = ranked.labels
        # of equal ones the shorter name, then the first
        order = (labels, self.counts[labels], -ranked.scores, -np.round(ranked.ranks, 6), ranked.pair < 0)
        ranked = ranked[np.lexsort(order)]
        _, first = np.unique(self.named.of_record[ranked.labels], return_index=True)
        first.sort()
        return ranked[first[:limit]]

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
            else:
                new.append(word)
        found = self.vocabulary.alike([(word.spelled, word.joined) for word in new], self.model.costs) if new else []
        for word, whole in zip(new, found, strict=True):
            known[word] = self.vocabulary.beginning(word.spelled, whole, self.model.costs) if word.typing else whole
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept.update(known)
        return known

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


_NOTHING: Final = Ranked(
    np.zeros(0, np.int32),
    np.zeros(0, np.float32),
    np.zeros(0, np.float32),
    np.zeros(0, np.float32),
    np.zeros(0, np.int32),
)


def _opened(pairs: ScoredPairs) -> Ints:
    """Per pair the words of the label that nothing in the query stands for."""
    return np.concatenate([(block.alignment.right_open > 0).sum(axis=1) for block in pairs.blocks])


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
