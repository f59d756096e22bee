"""Why two names have the score they have: which words met, by which rule, and what each piece of evidence added.

In: a scored pair. Out: an `Explanation` whose evidence sums, with the intercept, to the log-odds of the score. Nothing
is computed anew but the letter steps of the words that met.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from dadkhah.linking.edit import operations
from dadkhah.linking.features import FEATURES
from dadkhah.linking.head import contributions
from dadkhah.linking.names import NOTHING, RECORDED, TYPES, ScoredPairs, score_pairs
from dadkhah.linking.prepared import MOST_WORDS, words_of
from dadkhah.linking.symbols import LATIN

_SAME: Final = 0.01  # cost per symbol: no difference that counts
_VARIANT: Final = 0.22  # cost per symbol: what one name's spellings differ by


_OTHER_WORD: Final = 0.42  # cost per symbol: another word

ONE_PLACE: Final = "recorded_place"  # evidence that is no feature of the letters: a list gives one place both names


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of one name and what stands for it in the other.

    Attributes:
        left, right: the words (two, joined by a space, where one side writes them apart).
        rule: `identical`, `orthography` (same letters), `transliteration` (the Latin of the Persian), `spelling` (a
            variant), `joined` (one word here is two there), `different` (nearest, but too far).
        cost: weighted letters that differ.
        steps: the letter steps that cost something, such as `و→o 0.12`; `-` is a letter left out.
    """

    left: str
    right: str
    rule: str
    cost: float
    steps: tuple[str, ...]

    @property
    def likeness(self) -> float:
        """1 for the same word, falling with the cost per letter, 0 for another word."""
        letters = max(len(self.left), len(self.right), 1)
        return round(max(0.0, 1 - self.cost / (_OTHER_WORD * letters)), 4)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measure of the pair: its value, and what it added to the log-odds."""

    feature: str
    value: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score and everything it rests on; `intercept` plus all evidence is the log-odds of `score`."""

    score: float
    left: str
    right: str
    pair_type: str
    domain: str
    words: tuple[WordMatch, ...]
    left_open: tuple[str, ...]
    right_open: tuple[str, ...]
    intercept: float
    evidence: tuple[Evidence, ...]
    weights: str

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    def summary(self) -> str:
        """One line: the words that met, by rule, and those that did not."""
        parts = [f"{word.left} = {word.right} ({word.rule})" for word in self.words if word.rule != "different"]
        parts += [f"{word.left} ≠ {word.right}" for word in self.words if word.rule == "different"]
        parts += [f"{word} alone" for word in (*self.left_open, *self.right_open)]
        return "; ".join(parts)


def compare(left: str, right: str, domain: str = "person") -> Explanation:
    """Compare two names; the score is the one that `names.score_pairs` gives."""
    return explain(score_pairs([(left, right)], domain), 0)


def explain(pairs: ScoredPairs, pair: int) -> Explanation:
    """Open up one score."""
    block, row = pairs.place(pair)
    x, y = int(block.lefts[row]), int(block.rights[row])
    head = pairs.model.head(TYPES[block.kinds[row]], pairs.domain)
    empty = not (pairs.a.counts[x] and pairs.b.counts[y])
    added = {} if empty else contributions(head, block.rows[row])
    evidence = [
        Evidence(FEATURES[number], round(float(block.rows[row, number]), 4), round(value, 4))
        for number, value in added.items()
        if abs(value) >= 0.00005
    ]
    if block.recorded[row] and not empty:
        # the letters alone, and what the list adds to them
        lifted = RECORDED - head.intercept - math.fsum(added.values())
        if lifted > 0:
            evidence.append(Evidence(ONE_PLACE, 1.0, round(lifted, 4)))
    opened = block.alignment.left_open[row], block.alignment.right_open[row]
    left_words, right_words = words_of(pairs.a.tokens[x]), words_of(pairs.b.tokens[y])
    return Explanation(
        score=float(pairs.scores[pair]),
        left=pairs.a.names[x],
        right=pairs.b.names[y],
        pair_type=TYPES[block.kinds[row]],
        domain=pairs.domain,
        words=_matches(pairs, pair, left_words, right_words),
        left_open=tuple(word for word, size in zip(left_words, opened[0], strict=False) if size),
        right_open=tuple(word for word, size in zip(right_words, opened[1], strict=False) if size),
        intercept=NOTHING if empty else round(head.intercept, 4),
        evidence=tuple(sorted(evidence, key=lambda item: -abs(item.log_odds))),
        weights=pairs.model.version,
    )


def word_matches(pairs: ScoredPairs, pair: int) -> tuple[WordMatch, ...]:
    """The words of one pair that met, without the letter steps: a tenth of the cost of `explain`."""
    block, row = pairs.place(pair)
    left = words_of(pairs.a.tokens[int(block.lefts[row])])
    right = words_of(pairs.b.tokens[int(block.rights[row])])
    return _matches(pairs, pair, left, right, steps=False)


def alone(pairs: ScoredPairs, pair: int) -> tuple[str, ...]:
    """The words of the left name that nothing in the right one stands for."""
    block, row = pairs.place(pair)
    left = words_of(pairs.a.tokens[int(block.lefts[row])])
    return tuple(word for word, size in zip(left, block.alignment.left_open[row], strict=False) if size)


def log_odds_of(explanation: Explanation) -> float:
    """The log-odds that the evidence sums to."""
    return explanation.intercept + math.fsum(item.log_odds for item in explanation.evidence)


def _matches(
    pairs: ScoredPairs, pair: int, left_words: list[str], right_words: list[str], *, steps: bool = True
) -> tuple[WordMatch, ...]:
    """The aligned units of a pair, in the order of the left name."""
    block, row = pairs.place(pair)
    x, y = block.lefts[row], block.rights[row]
    found = []
    aligned = block.alignment
    columns = (each[row].tolist() for each in (aligned.left, aligned.right, aligned.cost, aligned.size))
    for p, q, cost, length in zip(*columns, strict=True):
        if p < 0:
            continue
        letters = _letter_steps(pairs, int(pairs.a.units[x, p]), int(pairs.b.units[y, q])) if steps else ()
        size = max(1, length)
        left, right = _written(left_words, p), _written(right_words, q)
        found.append((p % MOST_WORDS, WordMatch(left, right, _rule(left, right, cost / size), round(cost, 3), letters)))
    return tuple(match for _, match in sorted(found, key=lambda item: item[0]))


def _written(words: list[str], unit: int) -> str:
    return words[unit] if unit < MOST_WORDS else f"{words[unit - MOST_WORDS]} {words[unit - MOST_WORDS + 1]}"


def _rule(left: str, right: str, rate: float) -> str:
    if left == right:
        return "identical"
    if rate > _VARIANT:
        return "different"
    if (" " in left) != (" " in right):
        return "joined"
    if (left[0] in LATIN) != (right[0] in LATIN):
        return "transliteration"
    return "orthography" if rate < _SAME else "spelling"


def _letter_steps(pairs: ScoredPairs, x: int, y: int) -> tuple[str, ...]:
    """The steps of the cheapest way that cost something, from left to right."""
    a, b, costs = pairs.a.words, pairs.b.words, pairs.model.costs
    _, done = operations(a, b, np.array([x], np.int32), np.array([y], np.int32), costs)
    left, right = a.phones[x], b.phones[y]
    steps = []
    for kind, i, j in zip(done.kind[::-1].tolist(), done.left[::-1].tolist(), done.right[::-1].tolist(), strict=True):
        if kind == 0:
            cost = costs.swap[a.symbols[x, i - 1], b.symbols[y, j - 1]]
            text = f"{left[i - 1]}→{right[j - 1]}"
        elif kind == 1:
            cost, text = costs.gap[a.symbols[x, i - 1]], f"{left[i - 1]}→-"
        elif kind == 2:
            cost, text = costs.gap[b.symbols[y, j - 1]], f"-→{right[j - 1]}"
        elif kind == 3:
            cost = costs.pair[a.symbols[x, i - 1], b.pairs[y, j - 1]]
            text = f"{left[i - 1]}→{right[j - 2 : j]}"
        else:
            cost = costs.pair[b.symbols[y, j - 1], a.pairs[x, i - 1]]
            text = f"{left[i - 2 : i]}→{right[j - 1]}"
        if cost >= 0.0005:
            steps.append(f"{text} {cost:.2f}")
    return tuple(steps)
