"""Linking: the thresholds of link types on pairs held out, and the time of 13,000 records against 13,000.

`python -m bench.link thresholds` learns anew in four folds (minutes) and prints precision and recall at each threshold;
`python -m bench.link speed [spark]` links the given memorial records to themselves. Both need the given folder
(DADKHAH_GIVEN, or `shared` beside the checkout).
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from dadkhah.linking.batch.engines.duckdb import DuckDbEngine
from dadkhah.linking.batch.engines.portion import Engine
from dadkhah.linking.batch.linktypes import LINK_TYPES
from dadkhah.linking.batch.organisations import compare_bodies, rarities, words_of_body
from dadkhah.linking.batch.propose import Candidate, Task, duplicates
from dadkhah.linking.batch.sides import our_side
from dadkhah.linking.batch.target import ORGANIZATION
from dadkhah.linking.batch.targets import read_targets
from dadkhah.linking.head import log_odds
from dadkhah.linking.index.keys import key
from dadkhah.linking.training.corpus import read_pairs
from dadkhah.linking.training.train import KINDS, by_record, describe, of_kind, train

GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[2] / "shared"))
FOLDS = 4
SEED = 20251125


def report(name: str, scores: np.ndarray, same: np.ndarray, levels: Iterable[float]) -> None:
    for level in levels:
        up = scores >= level
        precision, recall = same[up].mean(), up[same].mean()
        print(
            f"{name:14} {level:.2f}  precision {precision:.3f}  recall {recall:.3f}  ({same.sum()} + {(~same).sum()})"
        )


def names() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Scores of every labelled pair by weights that have not seen its record."""
    pairs = read_pairs(GIVEN / "gold/dev.tsv")
    fold = np.array([zlib.crc32(by_record(pair).encode()) % FOLDS for pair in pairs])
    scores: dict[str, list[np.ndarray]] = {"person": [], "place": []}
    same: dict[str, list[bool]] = {"person": [], "place": []}
    for number in range(FOLDS):
        learned = train([pairs[k] for k in np.flatnonzero(fold != number).tolist()], SEED)
        held = [pairs[k] for k in np.flatnonzero(fold == number).tolist()]
        for kind in KINDS:
            own = of_kind(held, kind)
            if own:
                odds = log_odds(learned.heads[kind], describe(own, kind[1], learned.costs, learned.lexicon))
                scores[kind[1]].append(1 / (1 + np.exp(-odds.astype(float))))
                same[kind[1]].extend(pair.same for pair in own)
    for domain, parts in scores.items():
        yield domain, np.concatenate(parts), np.array(same[domain])


def bodies(sample: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Two names of one body of the list, and for each name the nearest name of another body that shares a rare word."""
    listed = [t for t in read_targets(GIVEN / "datasets/ofac-sdn/sdn.csv") if t.kind == ORGANIZATION]
    rarity = rarities(name for target in listed for name in target.names)
    by_word: dict[str, list[int]] = {}
    for number, target in enumerate(listed):
        for word in {word for name in target.names[:1] for word in words(name)}:
            by_word.setdefault(word, []).append(number)
    scores, same = [], []
    several = [n for n, target in enumerate(listed) if len(target.names) > 1]
    for number in random.Random(SEED).sample(several, min(sample, len(several))):
        first, other = listed[number].names[0], random.Random(number).choice(listed[number].names[1:])
        scores.append(compare_bodies(first, other, rarity).score)
        same.append(True)
        rare = min(words(other), key=lambda word: len(by_word.get(word, range(10**6))), default="")
        near = [n for n in by_word.get(rare, ()) if n != number]
        if near:
            scores.append(max(compare_bodies(listed[n].names[0], other, rarity).score for n in near[:200]))
            same.append(False)
    return np.array(scores), np.array(same)


def words(name: str) -> set[str]:
    return {key(word) for word in words_of_body(name)}


def thresholds() -> None:
    least = {each.name: each.least for each in LINK_TYPES}
    report("organization", *bodies(), sorted({0.5, 0.7, least["organization"], 0.9}))
    for domain, scores, same in names():
        report(domain, scores, same, sorted({0.5, 0.7, least[domain], 0.9}))


def speed(engine: Callable[[], Engine]) -> list[Candidate]:
    records = list(read_targets(GIVEN / "datasets/iran-memorial/records.csv", "urn:x:"))
    start = time.perf_counter()
    side = our_side(records)
    found = list(
        duplicates(side, Task(engine=engine, watch=lambda phase, done, _: done or print(f"  {elapsed(start)} {phase}")))
    )
    own, helpers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(each.ru_utime + each.ru_stime for each in (own, helpers))
    print(
        f"{len(records):,} x {len(records):,}: {len(found):,} pairs in {elapsed(start)}, {cpu:.1f} s of CPU since the"
        f" start, {own.ru_maxrss / 1024:,.0f} MB and {helpers.ru_maxrss / 1024:,.0f} MB in the largest helper",
        flush=True,
    )
    return found


def elapsed(start: float) -> str:
    return f"{time.perf_counter() - start:6.1f} s"


def main(arguments: Sequence[str]) -> None:
    if "thresholds" in arguments:
        thresholds()
    if "speed" in arguments or "spark" in arguments:
        found = speed(DuckDbEngine)
        if "spark" in arguments:
            from dadkhah.linking.batch.engines.spark import SparkEngine  # noqa: PLC0415 an optional extra

            again = speed(SparkEngine)
            same = [(a.subject, a.target) for a in found] == [(b.subject, b.target) for b in again]
            worst = max((abs(a.score - b.score) for a, b in zip(found, again, strict=False)), default=0)
            print(f"the same pairs: {same}; largest difference {worst:.1e}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["speed"])
