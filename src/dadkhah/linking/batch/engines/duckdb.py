"""DuckDB in this process: the default engine.

In: keys, a scorer. Out: scored pairs. The join runs in DuckDB on all cores and spills to disk where memory is short;
the scores are ours, in a process for each core, since no distance that DuckDB has compares Persian with Latin (its
string distances count bytes).
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from dadkhah.linking.batch.engines.crew import Crew
from dadkhah.linking.batch.engines.portion import PORTIONS, Keys, Scored, pairs_sql
from dadkhah.linking.batch.scoring import Scorer
from dadkhah.linking.edit import Ints


class DuckDbEngine:
    """See `portion.Engine`.

    Args:
        workers: processes that score; None is one for each core.
    """

    name = "duckdb"

    def __init__(self, workers: int | None = None) -> None:
        self._connection: Any = duckdb.connect()
        self._workers = workers
        self._crew: Crew | None = None

    def open(self, keys: Keys, scorer: Scorer, cap: int, *, one_side: bool) -> int:
        """Bring pairs together; returns how many there are."""
        for table, (names, values) in (("ours", keys.ours), ("theirs", keys.theirs)):
            self._connection.register(table, {"name": names, "name_key": values})
        self._connection.execute(f"CREATE TEMP TABLE pairs AS {pairs_sql(cap, one_side=one_side)}")
        (count,) = self._connection.execute("SELECT COUNT(*) FROM pairs").fetchone()
        self._crew = Crew(scorer, int(count), self._workers)
        return int(count)

    def portion(self, number: int, least: float) -> Scored:
        """Score one portion."""
        assert self._crew is not None
        asked = "SELECT ours, theirs FROM pairs WHERE ours % ? = ? ORDER BY ours, theirs"
        rows = self._connection.execute(asked, [PORTIONS, number]).fetchnumpy()
        ours: Ints = np.asarray(rows["ours"], np.int32)
        theirs: Ints = np.asarray(rows["theirs"], np.int32)
        return Scored(ours, theirs, self._crew.scores(ours, theirs)).at_least(least)

    def close(self) -> None:
        """Close the database, which was in memory, and end the processes."""
        if self._crew is not None:
            self._crew.close()
        self._connection.close()
