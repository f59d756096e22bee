"""Which words of the index may stand for a word of the query, and how well.

In: phone strings. Out: word numbers with a likeness in (0, 1]: 1 for the same spelling, falling with the weighted cost
per letter. Words are looked up by key, by keys one letter away, and, for a word being typed, by how they begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dadkhah.linking.edit import Costs, Floats, Ints, Words, beginnings, distances, encode
from dadkhah.linking.index.arrays import Chosen, Lists, Strings, load, load_lists, load_strings
from dadkhah.linking.index.keys import SHORTEST, checksum, key, shortened
from dadkhah.linking.index.write import BONES, WIDEST
from dadkhah.linking.skeleton import skeleton

_MOST: Final = 96  # words compared letter by letter, per query word: those with the likest consonants
_JOINED: Final = 48  # the same for words written together, whose many consonants tell more
_LOOKED: Final = 700  # words whose consonants are compared, the most frequent first: more found no more names
_ALIKE: Final = 0.5  # of their consonants; what agrees less is another word
_COMMON: Final = 0.03  # of likeness in consonants, what being e times as frequent weighs
_FURTHEST: Final = 0.42  # cost per letter beyond which a word is another word
_SHORT: Final = 5  # letters; shorter words are judged as if they had as many
_BEGINNING: Final = 400  # words that begin as typed, the most frequent first


@dataclass(frozen=True, slots=True)
class Likeness:
    """Words that may stand for one query word, best first."""

    words: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of an index."""

    words: Strings
    letters: np.ndarray
    bones: np.ndarray
    letter_pairs: np.ndarray
    lengths: np.ndarray
    keys: Strings
    words_of_key: Lists
    shortened: np.ndarray
    shortened_key: Ints
    frequency: Floats

    @classmethod
    def open(cls, folder: Path, frequency: Floats) -> Vocabulary:
        """Map the files."""
        return cls(
            load_strings(folder, "words"),
            load(folder, "word-letters"),
            load(folder, "word-bones"),
            load(folder, "word-pairs"),
            load(folder, "word-lengths"),
            load_strings(folder, "keys"),
            load_lists(folder, "words-of-key"),
            load(folder, "shortened"),
            load(folder, "shortened-key"),
            frequency,
        )

    def alike(self, words: Sequence[tuple[str, bool]], costs: Costs) -> list[Likeness]:
        """Per word those that may be the same in another spelling or script; true: it is several written together.

        All are compared letter by letter in one go, which costs a few words as much as one.
        """
        proposed = [
            self._likest(word, self._proposed(key(word)), _JOINED if joined else _MOST) for word, joined in words
        ]
        every = np.concatenate([np.zeros(0, np.int32), *proposed])
        asked = np.repeat(np.arange(len(words), dtype=np.int32), [len(each) for each in proposed])
        lengths = self.lengths[every]
        values = _likeness(_rates([word for word, _ in words], asked, self._letters(every, lengths), costs))
        near = values > 0
        ends = np.cumsum(np.bincount(asked[near], minlength=len(words)))[:-1]
        parts = zip(np.split(every[near], ends), np.split(values[near], ends), strict=True)
        return [_best(numbers, likeness) for numbers, likeness in parts]

    def encoded(self, numbers: np.ndarray) -> Words:
        """Words of the index as `edit.encode` makes them of how they are spelled."""
        lengths = self.lengths[numbers].astype(np.int32)
        width = int(lengths.max(initial=1))
        if width >= WIDEST:  # the index holds no more letters
            return encode(self.words.several(numbers))
        letters, pairs = self.letters[numbers, :width], self.letter_pairs[numbers, :width]
        return Words(Chosen(self.words, numbers), letters.astype(np.int32), pairs.astype(np.int32), lengths)

    def skeletons(self, numbers: np.ndarray) -> npt.NDArray[np.object_]:
        """The skeletons of words of the index; those that it holds cut or in part are made anew."""
        held = self.bones[numbers]
        found: npt.NDArray[np.object_] = held.astype(f"U{BONES}").astype(object)
        letters = held.view(np.uint8).reshape(len(held), BONES)
        for place in np.flatnonzero((letters[:, -1] > 0) | (letters == ord("?")).any(axis=1)).tolist():
            found[place] = skeleton(self.words[int(numbers[place])])
        return found

    def beginning(self, word: str, full: Likeness, costs: Costs) -> Likeness:
        """Words that begin like this, as it is spelled or as it sounds, beside those that are like all of it."""
        low, high = self.words.range_of(word)
        literal = self._frequent(np.arange(low, high, dtype=np.int32), _BEGINNING)
        whole = key(word)
        sounding = np.zeros(0, np.int32)
        if len(whole) > 1:
            first, last = self.keys.range_of(whole)
            keys = np.arange(first, min(last, first + _BEGINNING))
            sounding = self._frequent(self.words_of_key.joined(keys), _BEGINNING)
        near = self._begun(word, sounding, costs)
        words = np.concatenate([literal, near.words, full.words])
        values = np.concatenate([np.ones(len(literal), np.float32), near.values * np.float32(0.9), full.values])
        return _best(words, values)

    def _proposed(self, whole: str) -> Ints:
        """Words of the key, and of keys that it can be turned into by one letter more, less or else."""
        own = self._keys_at([whole])
        found = self._frequent(self.words_of_key.joined(own), _LOOKED)
        if len(whole) < SHORTEST - 1 or len(found) == _LOOKED:
            return found
        near = dict.fromkeys(self._keys_at(shortened(whole)))
        others = self.words_of_key.joined([number for number in near if number not in own])
        return np.concatenate([found, self._frequent(others, _LOOKED - len(found))])

    def _likest(self, word: str, proposed: Ints, most: int) -> Ints:
        """The words with the likest consonants, of equal ones the most frequent."""
        if not len(proposed):
            return proposed
        own = skeleton(word)[:BONES].encode("ascii", "replace")
        alike = process.cdist(
            [own], self.bones[proposed].tolist(), scorer=Levenshtein.normalized_similarity,
            score_cutoff=_ALIKE, dtype=np.float32,
        )[0]  # fmt: skip
        near = np.flatnonzero(alike >= _ALIKE)
        proposed, alike = proposed[near], alike[near]
        if len(proposed) <= most:
            return proposed
        value = alike + np.float32(_COMMON) * np.log1p(self.frequency[proposed])
        return np.sort(proposed[np.argpartition(-value, most)[:most]])

    def _keys_at(self, texts: Sequence[str]) -> list[int]:
        # of the array's own type: another one would convert the whole array
        at = np.array([checksum(text) for text in texts], np.uint32)
        low, high = np.searchsorted(self.shortened, at, "left"), np.searchsorted(self.shortened, at, "right")
        parts = [self.shortened_key[start:end] for start, end in zip(low.tolist(), high.tolist(), strict=True)]
        numbers: list[int] = np.concatenate(parts).tolist()
        return numbers

    def _frequent(self, words: Ints, most: int) -> Ints:
        if len(words) <= most:
            return words
        kept = np.argpartition(-self.frequency[words], most)[:most]
        return words[np.sort(kept)]

    def _begun(self, word: str, proposed: Ints, costs: Costs) -> Likeness:
        """Words by how well they begin like another: with as many letters, one less, one or two more."""
        own = encode([word[:WIDEST]])
        longest = int(own.lengths[0]) + 2
        lengths = self.lengths[proposed].astype(np.int32)
        reached = beginnings(own, self._letters(proposed, np.minimum(lengths, longest)), costs)
        values = np.zeros(len(proposed), np.float32)
        least = max(len(word), _SHORT)
        for size in range(longest - 3, longest + 1):
            cut = np.clip(lengths, 1, max(1, size))
            cost = reached[cut, np.arange(len(cut))]
            values = np.maximum(values, _likeness((cost / np.maximum(cut, least)).astype(np.float32)))
        return _best(proposed[values > 0], values[values > 0])

    def _letters(self, numbers: Ints, lengths: np.ndarray) -> Words:
        """Words as rows of letters, cut to lengths."""
        width = int(lengths.max(initial=0))
        letters, pairs = self.letters[numbers, :width], self.letter_pairs[numbers, :width]
        return Words((), letters.astype(np.int32), pairs.astype(np.int32), lengths.astype(np.int32))


def _rates(words: Sequence[str], asked: Ints, many: Words, costs: Costs) -> Floats:
    """Cost per letter of turning the word asked for, by number, into each of the others."""
    own = encode([word[:WIDEST] for word in words])
    cost = distances(own, many, asked, np.arange(len(asked), dtype=np.int32), costs)
    # one odd letter in a short word is no more odd than in a longer one (عیسی, Isa)
    least = np.array([max(len(word), _SHORT) for word in words], np.int32)
    return (cost / np.maximum(many.lengths, least[asked])).astype(np.float32)


def _likeness(rates: Floats) -> Floats:
    values: Floats = np.clip(1 - rates / _FURTHEST, 0, 1).astype(np.float32)
    return values


def _best(words: Ints, values: Floats) -> Likeness:
    """Each word once, with its best value, best first."""
    order = np.lexsort((words, -values))
    words, values = words[order], values[order]
    _, first = np.unique(words, return_index=True)
    first.sort()
    return Likeness(words[first], values[first])
