"""The whole of learning, and its figures on pairs that it did not see.

In: labelled pairs and a seed. Out: costs, heads and lexicon; and for cross-validation, scores of every pair by weights
learned from the other folds. The lexicon that a head is trained with never holds the head's own training records.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dadkhah.linking.alignment import align
from dadkhah.linking.edit import Costs, Floats
from dadkhah.linking.features import features
from dadkhah.linking.head import Head, log_odds
from dadkhah.linking.lexicon import Lexicon
from dadkhah.linking.model import KINDS
from dadkhah.linking.normalise import tokens_of
from dadkhah.linking.prepared import prepare
from dadkhah.linking.skeleton import skeleton
from dadkhah.linking.symbols import phones
from dadkhah.linking.training.corpus import GoldPair, aligned_words, derived_persian, identical, word_pairs
from dadkhah.linking.training.figures import figures
from dadkhah.linking.training.fit import learn, start
from dadkhah.linking.training.heads import PLANS, learn_head
from dadkhah.linking.training.start import base_costs
from dadkhah.linking.training.words import learn_lexicon

_EPOCHS: Final = 8
_INNER: Final = 5
_SURE: Final = 0.25  # cost per symbol below which an aligned word enters the lexicon


@dataclass(frozen=True, slots=True)
class Learned:
    """What `model.to_bytes` takes."""

    costs: Costs
    heads: dict[tuple[str, str], Head]
    lexicon: Lexicon


def train(pairs: Sequence[GoldPair], seed: int) -> Learned:
    """Learn from labelled pairs; deterministic for one seed. About half a minute for 15,000 pairs."""
    base = base_costs()
    costs = learn(word_pairs(pairs, start(base).costs(), seed), base, epochs=_EPOCHS, seed=seed).costs()
    costs = Costs(np.round(costs.swap, 3), np.round(costs.gap, 3), np.round(costs.pair, 3))
    part = np.array([zlib.crc32(pair.record.encode()) % _INNER for pair in pairs])
    rows: dict[tuple[str, str], list[Floats]] = {kind: [] for kind in KINDS}
    same: dict[tuple[str, str], list[bool]] = {kind: [] for kind in KINDS}
    for inner in range(_INNER):
        lexicon = _lexicon([pairs[k] for k in np.flatnonzero(part != inner).tolist()], costs)
        own = [pairs[k] for k in np.flatnonzero(part == inner).tolist()]
        own += [*derived_persian(own), *identical(own)]
        for kind in KINDS:
            chosen = of_kind(own, kind)
            if chosen:
                rows[kind].append(describe(chosen, kind[1], costs, lexicon))
                same[kind].extend(pair.same for pair in chosen)
    heads = {kind: learn_head(PLANS[kind], np.concatenate(rows[kind]), np.array(same[kind])) for kind in KINDS}
    return Learned(costs, heads, _lexicon(pairs, costs))


def of_kind(pairs: Sequence[GoldPair], kind: tuple[str, str]) -> list[GoldPair]:
    """The pairs of one kind of comparison and domain."""
    return [pair for pair in pairs if (pair.pair_type, pair.domain) == kind]


def describe(pairs: Sequence[GoldPair], domain: str, costs: Costs, lexicon: Lexicon) -> Floats:
    """The features of labelled pairs."""
    a = prepare([pair.name_a for pair in pairs], domain)
    b = prepare([pair.name_b for pair in pairs], domain)
    every = np.arange(len(pairs), dtype=np.int32)
    return features(a, b, every, every, align(a, b, every, every, costs), lexicon)


def _lexicon(pairs: Sequence[GoldPair], costs: Costs) -> Lexicon:
    positive = [pair for pair in pairs if pair.pair_type == "PL" and pair.same]
    steps = aligned_words(positive, costs)
    return learn_lexicon(pairs, [(left, right) for left, right, loss in steps if left and loss < _SURE])


def by_record(pair: GoldPair) -> str:
    """What must not be on both sides of a split: the record."""
    return pair.record


def by_surname(pair: GoldPair) -> str:
    """The surname's skeleton: held-out surnames are then unseen in any spelling."""
    tokens = tokens_of(pair.name_a, pair.domain).tokens
    return skeleton(phones(tokens[-1])) if tokens else ""


def cross_validate(
    pairs: Sequence[GoldPair], key: Callable[[GoldPair], str], seed: int, folds: int = 4
) -> dict[str, dict[str, Any]]:
    """Figures per kind, each pair scored by weights that were learned without its fold."""
    part = np.array([zlib.crc32(key(pair).encode()) % folds for pair in pairs])
    scores: dict[tuple[str, str], list[Floats]] = {kind: [] for kind in KINDS}
    held: dict[tuple[str, str], list[GoldPair]] = {kind: [] for kind in KINDS}
    for fold in range(folds):
        learned = train([pairs[k] for k in np.flatnonzero(part != fold).tolist()], seed)
        for kind in KINDS:
            own = of_kind([pairs[k] for k in np.flatnonzero(part == fold).tolist()], kind)
            if own:
                rows = describe(own, kind[1], learned.costs, learned.lexicon)
                scores[kind].append(log_odds(learned.heads[kind], rows))
                held[kind].extend(own)
    held = {kind: own for kind, own in held.items() if len({pair.same for pair in own}) == len((True, False))}
    return {
        f"{kind[0]} {kind[1]}": figures(np.concatenate(scores[kind]), np.array([pair.same for pair in held[kind]]))
        for kind in held
    }
