"""Scoring in several processes: comparing names is arithmetic that one process does on one core only.

In: a scorer, index pairs. Out: the same scores in the same order as the scorer gives alone, since no score depends on
which pairs stand beside it. Few pairs are scored where they are: a process takes a second to start.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Final

import numpy as np

from dadkhah.linking.batch.scoring import Scorer, Scores
from dadkhah.linking.edit import Ints

_WORTH_IT: Final = 100_000  # pairs in all from which processes are started; one scores about so many in three seconds
_MOST: Final = 8


class Crew:
    """A scorer with helpers.

    Args:
        scorer: scores pairs; it is sent to each process once.
        pairs: how many there will be in all.
        workers: processes; None is one for each core that this process may use.
    """

    def __init__(self, scorer: Scorer, pairs: int, workers: int | None = None) -> None:
        self._scorer = scorer
        self._workers = workers or min(_MOST, len(os.sched_getaffinity(0)))
        self._pool: ProcessPoolExecutor | None = None
        if pairs >= _WORTH_IT and self._workers > 1:
            # a fork would take over the threads of the database half alive
            self._pool = ProcessPoolExecutor(
                self._workers, multiprocessing.get_context("spawn"), initializer=_take, initargs=(scorer,)
            )

    def scores(self, lefts: Ints, rights: Ints) -> Scores:
        """The scores of pairs, in order; neighbours in order go to the same process, since they share names."""
        if self._pool is None:
            return self._scorer.scores(lefts, rights)
        # twice as many parts as processes, so that none waits long for the slowest
        parts = 2 * self._workers
        found = self._pool.map(_score, np.array_split(lefts, parts), np.array_split(rights, parts))
        return np.concatenate(list(found))

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


_held: list[Scorer] = []
"""In a process of the crew: its scorer."""


def _take(scorer: Scorer) -> None:
    _held[:] = [scorer]


def _score(lefts: Ints, rights: Ints) -> Scores:
    return _held[0].scores(np.ascontiguousarray(lefts), np.ascontiguousarray(rights))
