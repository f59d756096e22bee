"""DuckDB in this process: the default engine.

In: keys, a scorer. Out: scored pairs. The join runs in DuckDB on all cores and spills to disk where memory is short;
the scores are ours, since no distance that DuckDB has compares Persian with Latin (its string distances count bytes).
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from dadkhah.linking.batch.engines.portion import PORTIONS, Keys, Scored, pairs_sql
from dadkhah.linking.batch.scoring import Scorer
from dadkhah.linking.edit import Ints


class DuckDbEngine:
    """See `portion.Engine`."""

    name = "duckdb"

    def __init__(self) -> None:
        self._connection: Any = duckdb.connect()
        self._scorer: Scorer | None = None

    def open(self, keys: Keys, scorer: Scorer, cap: int, *, one_side: bool) -> int:
        """Bring pairs together; returns how many there are."""
        self._scorer = scorer
        for table, (names, values) in (("ours", keys.ours), ("theirs", keys.theirs)):
            self._connection.register(table, {"name": names, "name_key": values})
        self._connection.execute(f"CREATE TEMP TABLE pairs AS {pairs_sql(cap, one_side=one_side)}")
        (count,) = self._connection.execute("SELECT COUNT(*) FROM pairs").fetchone()
        return int(count)

    def portion(self, number: int, least: float) -> Scored:
        """Score one portion."""
        assert self._scorer is not None
        asked = "SELECT ours, theirs FROM pairs WHERE ours % ? = ? ORDER BY ours, theirs"
        rows = self._connection.execute(asked, [PORTIONS, number]).fetchnumpy()
        ours: Ints = np.asarray(rows["ours"], np.int32)
        theirs: Ints = np.asarray(rows["theirs"], np.int32)
        return Scored(ours, theirs, self._scorer.scores(ours, theirs)).at_least(least)

    def close(self) -> None:
        """Close the database; it was in memory."""
        self._connection.close()
