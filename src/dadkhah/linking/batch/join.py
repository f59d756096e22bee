"""All pairs of names of two sides that may be one, with scores, from any engine; interrupted work goes on.

In: two sides, an engine, a folder to keep finished portions in. Out: scored pairs of names. A portion that was finished
for the same names, weights and bounds is taken from the folder and not computed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dadkhah.linking.batch.engines.portion import PORTIONS, Engine, Keys, Scored, Watch
from dadkhah.linking.batch.keys import MOST_PAIRS, keys_of
from dadkhah.linking.batch.organisations import rarities
from dadkhah.linking.batch.scoring import Scorer, bones_of
from dadkhah.linking.batch.sides import Side
from dadkhah.linking.model import default_model


def scored_pairs(
    ours: Side, theirs: Side, engine: Callable[[], Engine], *, least: float, kept: Path | None, watch: Watch
) -> Scored:
    """Score every pair of names that shares a key.

    Args:
        ours: our names.
        theirs: the other names.
        engine: makes the engine; it is not made where every portion is there already.
        least: lowest score that is kept.
        kept: folder for finished portions; None keeps none.
        watch: told of progress.
    """
    folder = None if kept is None else kept / _fingerprint(ours, theirs, least)
    done = {number: found for number in range(PORTIONS) if folder and (found := _read(folder, number)) is not None}
    if len(done) < PORTIONS:
        _score(ours, theirs, engine(), least, folder, done, watch)
    parts = [done[number] for number in range(PORTIONS)]
    joined = Scored(
        np.concatenate([part.ours for part in parts]),
        np.concatenate([part.theirs for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )
    return joined.at_least(least)


def _score(
    ours: Side, theirs: Side, engine: Engine, least: float, folder: Path | None, done: dict[int, Scored], watch: Watch
) -> None:
    try:
        watch("keys", 0, 0)
        keys = _keys(ours, theirs)
        bodies = (name for side in (ours, theirs) for name, kind in zip(side.names, side.types, strict=True)
                  if kind == "organization")  # fmt: skip
        scorer = Scorer(ours.names, theirs.names, ours.types, dict(rarities(bodies)), _bones(ours, theirs))
        watch("pairs", 0, 0)
        engine.open(keys, scorer, MOST_PAIRS, one_side=ours is theirs)
        for number in range(PORTIONS):
            watch("scores", number, PORTIONS)
            if number not in done:
                done[number] = engine.portion(number, least)
                if folder:
                    _write(folder, number, done[number])
        watch("scores", PORTIONS, PORTIONS)
    finally:
        engine.close()


def _keys(ours: Side, theirs: Side) -> Keys:
    own = keys_of(ours.names, ours.types)
    return Keys(own, own if ours is theirs else keys_of(theirs.names, theirs.types))


def _bones(ours: Side, theirs: Side) -> tuple[list[str], list[str]]:
    own = bones_of(ours.names, ours.types)
    return own, own if ours is theirs else bones_of(theirs.names, theirs.types)


def _fingerprint(ours: Side, theirs: Side, least: float) -> str:
    """What a finished portion depends on; the engine is not part of it, since all give the same."""
    told = hashlib.sha256(f"{default_model().version} {MOST_PAIRS} {PORTIONS} {least!r}".encode())
    for side in (ours, theirs):
        for name, kind in zip(side.names, side.types, strict=True):
            told.update(f"\0{kind}\0{name}".encode())
        told.update(b"\1")
    told.update(str(ours is theirs).encode())
    return told.hexdigest()[:24]


def _read(folder: Path, number: int) -> Scored | None:
    file = folder / f"{number:02}.npy"
    if not file.is_file():
        return None
    try:
        table = np.load(file, allow_pickle=False)
        return Scored(table["ours"], table["theirs"], table["score"])
    except (OSError, ValueError, IndexError):  # half written by a process that was killed: computed again
        return None


def _write(folder: Path, number: int, found: Scored) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table = np.zeros(len(found.ours), [("ours", np.int32), ("theirs", np.int32), ("score", np.float64)])
    table["ours"], table["theirs"], table["score"] = found.ours, found.theirs, found.scores
    fresh = folder / f".{number:02}.npy"
    with fresh.open("wb") as out:
        np.save(out, table, allow_pickle=False)
    fresh.replace(folder / f"{number:02}.npy")
