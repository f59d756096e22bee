"""Labelled name pairs read from a gold folder, and word pairs drawn from them.

In: `dev.tsv` (columns of its README). Out: pairs with their kind; pairs of units (words) that stand for each other and
pairs that do not, each with the kind of comparison. Rows are read, learned from and never written anywhere.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dadkhah.errors import ConfigurationError, SourceSyntaxError
from dadkhah.linking.alignment import align
from dadkhah.linking.edit import Costs, Ints
from dadkhah.linking.normalise import fold
from dadkhah.linking.prepared import prepare
from dadkhah.linking.skeleton import skeleton

_NEEDED: Final = {"name_a", "name_b", "pair_type", "domain", "label"}
_NEAR: Final = 8  # wrong partners per word: the nearest ones, where confusion is likely


@dataclass(frozen=True, slots=True)
class GoldPair:
    """One labelled pair; `pair_type` is LL, PL or PP, `kind` how the label was derived."""

    name_a: str
    name_b: str
    pair_type: str
    domain: str
    same: bool
    kind: str
    record: str
    other: str


@dataclass(frozen=True, slots=True)
class WordPairs:
    """Pairs of phone strings with their label; `latin` marks Latin–Latin."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    same: np.ndarray
    latin: np.ndarray


def read_pairs(file: Path) -> list[GoldPair]:
    """Read labelled pairs; raises `SourceSyntaxError` with the line of a row that cannot be used."""
    if not file.is_file():
        raise ConfigurationError(f"{file}: no such file; name the folder of labelled pairs with --gold")
    found = []
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = _NEEDED - set(reader.fieldnames or ())
        if missing:
            raise SourceSyntaxError(f"columns missing: {', '.join(sorted(missing))}", file=str(file), line=1)
        for row in reader:
            if row["label"] not in {"0", "1"}:
                raise SourceSyntaxError(f"label is {row['label']!r}, not 0 or 1", file=str(file), line=reader.line_num)
            record = row.get("id_a") or row["name_a"]
            found.append(
                GoldPair(
                    row["name_a"], row["name_b"], row["pair_type"], row["domain"], row["label"] == "1",
                    row.get("kind") or "", record, row.get("id_b") or row["name_b"],
                )
            )  # fmt: skip
    return found


def digest(file: Path) -> str:
    """The SHA-256 of a training file, for the model's provenance."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def aligned_words(pairs: Sequence[GoldPair], costs: Costs) -> list[tuple[str, str, float]]:
    """Aligned units with their cost per symbol: all of every positive pair, the worst one of every negative pair."""
    a = prepare([pair.name_a for pair in pairs])
    b = prepare([pair.name_b for pair in pairs])
    every: Ints = np.arange(len(pairs), dtype=np.int32)
    found = align(a, b, every, every, costs)
    units = []
    for n in range(len(pairs)):
        steps = [
            (
                a.words.phones[a.units[n, found.left[n, k]]],
                b.words.phones[b.units[n, found.right[n, k]]],
                float(found.cost[n, k]) / max(1, int(found.size[n, k])),
            )
            for k in range(found.left.shape[1])
            if found.left[n, k] >= 0
        ]
        units.extend(steps if pairs[n].same else sorted(steps, key=lambda step: -step[2])[:1])
    return units


def derived_persian(pairs: Sequence[GoldPair]) -> list[GoldPair]:
    """Persian–Persian pairs that follow from the labels: a name with and without its spaces, and two records' names.

    Where a Persian name was paired with another record's Latin name as different, the Persian names of the two are
    different as well, unless they fold to one.
    """
    persian = {(pair.domain, pair.record): pair.name_a for pair in pairs if pair.pair_type == "PL" and pair.same}
    found: dict[tuple[str, str, str], GoldPair] = {}
    for pair in pairs:
        if pair.pair_type != "PL":
            continue
        one = pair.name_a
        other = one.replace(" ", "") if pair.same and pair.domain == "place" else one
        if not pair.same:
            other = persian.get((pair.domain, pair.other), one)
            if fold(other).replace(" ", "") == fold(one).replace(" ", ""):
                continue
        kind = "derived_same" if pair.same else "derived_different"
        found.setdefault(
            (pair.domain, one, other),
            GoldPair(one, other, "PP", pair.domain, pair.same, kind, pair.record, pair.other),
        )
    return list(found.values())


def identical(pairs: Sequence[GoldPair]) -> list[GoldPair]:
    """A name and itself, for the Latin names of persons in same pairs.

    Labelled pairs never are alike letter by letter, so a head that has seen only those rates the same name with a word
    more above the name itself.
    """
    names = {
        name: pair.record
        for pair in pairs
        if (pair.pair_type, pair.domain) == ("LL", "person") and pair.same
        for name in (pair.name_a, pair.name_b)
    }
    return [
        GoldPair(name, name, "LL", "person", same=True, kind="identical", record=record, other=record)
        for name, record in names.items()
    ]


def word_pairs(pairs: Iterable[GoldPair], costs: Costs, seed: int) -> WordPairs:
    """Draw word pairs for learning the edit costs, from person and place names alike."""
    chosen = [
        pair for pair in pairs if pair.pair_type in {"PL", "LL"} and pair.kind not in {"aka_other", "alternate_other"}
    ]
    cross = [pair for pair in chosen if pair.pair_type == "PL"]
    latin = [pair for pair in chosen if pair.pair_type == "LL"]
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for left, right, loss in aligned_words([pair for pair in cross if pair.same], costs):
        if left and loss < _DOUBTFUL:
            spellings[left][right] += 1
    positive = {(left, right, False) for left, rights in spellings.items() for right in rights}
    meanings: dict[str, set[str]] = defaultdict(set)
    for left, rights in spellings.items():
        for right in rights:
            meanings[right].add(left)
    positive |= {
        (one, other, True) for rights in spellings.values() for one in rights for other in rights if one < other
    }
    for left, right, loss in aligned_words([pair for pair in latin if pair.same], costs):
        if left and left != right and loss < _DOUBTFUL:
            positive.add((*sorted((left, right)), True))  # type: ignore[arg-type] # two strings, sorted
    negative = _near_misses(spellings, meanings, seed)
    for group, is_latin in ((cross, False), (latin, True)):
        for left, right, loss in aligned_words([pair for pair in group if not pair.same], costs):
            if left and loss > _CERTAIN:
                negative.add((left, right, is_latin))
    negative -= positive
    rows = [(*row, 1.0) for row in sorted(positive)] + [(*row, 0.0) for row in sorted(negative)]
    return WordPairs(
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        np.array([row[3] for row in rows], np.float32),
        np.array([row[2] for row in rows], bool),
    )


_DOUBTFUL: Final = 0.35  # cost per symbol above which an aligned word of a positive pair is likely another word
_CERTAIN: Final = 0.12  # cost per symbol above which the worst word of a negative pair is the one that differs


def _near_misses(
    spellings: dict[str, Counter[str]], meanings: dict[str, set[str]], seed: int
) -> set[tuple[str, str, bool]]:
    """Wrong partners that share most of the skeleton: across scripts and within Latin."""
    random = np.random.default_rng(seed)
    persian, latin = sorted(spellings), sorted(meanings)
    latin_keys = [skeleton(word) for word in latin]
    found: set[tuple[str, str, bool]] = set()
    for words, is_latin in ((persian, False), (latin, True)):
        for start in range(0, len(words), 512):
            part = words[start : start + 512]
            near = process.cdist(
                [skeleton(word) for word in part],
                latin_keys,
                scorer=Levenshtein.normalized_similarity,
                dtype=np.float32,
            )
            near += random.random(near.shape, dtype=np.float32) * 0.25
            for word, row in zip(part, np.argpartition(-near, _NEAR * 2, axis=1)[:, : _NEAR * 2], strict=True):
                own = meanings[word] if is_latin else {word}
                wrong = [latin[k] for k in row if not meanings[latin[k]] & own][:_NEAR]
                found |= {(*((min(word, w), max(word, w)) if is_latin else (word, w)), is_latin) for w in wrong}
    return found
