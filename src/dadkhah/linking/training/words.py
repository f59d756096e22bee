"""Learn the lexicon: which spellings were seen for one name, and how common each word is.

In: aligned words of positive pairs, all names. Out: a `Lexicon` of checksums. Words of fewer than two records are left
out: they would say nothing about other people, and would say something about one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from dadkhah.linking.lexicon import MEANINGS, Lexicon, checksums
from dadkhah.linking.normalise import tokens_of
from dadkhah.linking.prepared import words_of
from dadkhah.linking.symbols import phones
from dadkhah.linking.training.corpus import GoldPair

_LEAST: Final = 2


def learn_lexicon(pairs: Sequence[GoldPair], aligned: Sequence[tuple[str, str]]) -> Lexicon:
    """Count words by record and spellings by name; `aligned` holds (Persian, Latin) words of positive pairs."""
    records: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for name in (pair.name_a, pair.name_b):
            for word in words_of(tokens_of(name, pair.domain)):
                records[phones(word)].add(pair.record)
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for persian, latin in aligned:
        spelled[latin][persian] += 1
        spelled[persian][persian] += 1
    kept = sorted(word for word in records if len(records[word]) >= _LEAST or sum(spelled[word].values()) >= _LEAST)
    keys = checksums(kept)
    order = np.argsort(keys, kind="stable")
    number = {word: n for n, word in enumerate(sorted(word for word in kept if word in spelled))}
    names = np.full((len(kept), MEANINGS), -1, np.int32)
    shares = np.zeros((len(kept), MEANINGS), np.float32)
    seen = np.array([max(len(records[word]), 1) for word in kept], np.float32)
    for row, word in enumerate(kept):
        total = sum(spelled[word].values())
        if total < _LEAST:
            continue
        for place, (name, count) in enumerate(
            sorted(spelled[word].items(), key=lambda item: (-item[1], item[0]))[:MEANINGS]
        ):
            names[row, place] = number.setdefault(name, len(number))
            shares[row, place] = count / total
    rarity = 1 - np.log(seen / _LEAST).clip(0) / np.log(max(float(seen.max(initial=2)) / _LEAST, 2.0))
    return Lexicon(keys[order], names[order], shares[order], rarity.astype(np.float32)[order])


def empty_lexicon() -> Lexicon:
    """A lexicon that knows no word."""
    none = np.zeros((0, MEANINGS), np.float32)
    return Lexicon(np.zeros(0, np.uint32), none.astype(np.int32), none, np.zeros(0, np.float32))
