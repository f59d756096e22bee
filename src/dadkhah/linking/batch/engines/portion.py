"""What every engine does: bring names that share a key together, and score them, in portions that can be resumed.

The join is one SQL text for all engines, over whole numbers only, so that they cannot differ in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from dadkhah.linking.batch.scoring import Scorer
from dadkhah.linking.edit import Ints

Watch = Callable[[str, int, int], None]
"""Told the phase, how much of it is done, and how much there is."""

PORTIONS: Final = 16
# cap: most pairs that one key may bring together; once: keeps a pair of one side from coming twice
_PAIRS: Final = """
SELECT DISTINCT o.name AS ours, t.name AS theirs
FROM ours o JOIN theirs t ON o.name_key = t.name_key
WHERE o.name_key IN (
  SELECT a.name_key
  FROM (SELECT name_key, COUNT(*) AS held FROM ours GROUP BY name_key) a
  JOIN (SELECT name_key, COUNT(*) AS held FROM theirs GROUP BY name_key) b ON a.name_key = b.name_key
  WHERE a.held * b.held <= {cap}
){once}
"""


def pairs_sql(cap: int, *, one_side: bool) -> str:
    """The join; of one side with itself each pair comes once, the lower number first."""
    return _PAIRS.format(cap=int(cap), once=" AND o.name <= t.name" if one_side else "")


@dataclass(frozen=True, slots=True)
class Scored:
    """Scored pairs of names: numbers of ours and theirs ascending, and the score of each."""

    ours: Ints
    theirs: Ints
    scores: np.ndarray

    def at_least(self, least: float) -> Scored:
        """Those that reach a score, in order."""
        order = np.lexsort((self.theirs, self.ours))
        kept = order[self.scores[order] >= least]
        return Scored(self.ours[kept], self.theirs[kept], self.scores[kept])


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of both sides as `keys.keys_of` gives them."""

    ours: tuple[Ints, np.ndarray]
    theirs: tuple[Ints, np.ndarray]


class Engine(Protocol):
    """An engine; it is opened with the keys and closed after the last portion."""

    name: str

    def open(self, keys: Keys, scorer: Scorer, cap: int, *, one_side: bool) -> int:
        """Bring pairs together, of one side with itself each once; returns how many there are."""

    def portion(self, number: int, least: float) -> Scored:
        """Score one of `PORTIONS` portions (our names by their number modulo that), and keep what reaches `least`."""

    def close(self) -> None:
        """Let go of everything."""
