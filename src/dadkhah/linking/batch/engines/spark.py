"""Spark: the same job where one machine is outgrown.

In: keys, a scorer. Out: the same scored pairs. Join and scoring run in Spark's executors (`--master`, `local[2]` unless
told otherwise), where this package has to be installed; the names go to them with the job. Needs Java 17 and the extra
`spark`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from dadkhah.errors import ConfigurationError
from dadkhah.linking.batch.engines.portion import PORTIONS, Keys, Scored, pairs_sql
from dadkhah.linking.batch.scoring import Scorer

_TASKS: Final = 8  # per portion; a task holds its names in memory, and ends within seconds
Row = tuple[int, int, float]


class SparkEngine:
    """See `portion.Engine`."""

    name = "spark"

    def __init__(self, master: str = "local[2]") -> None:
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415 an optional extra
        except ImportError as error:
            raise ConfigurationError("no pyspark: install the extra, pip install 'dadkhah[spark]'") from error
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise ConfigurationError("no Java: install one, such as the Debian package openjdk-17-jre-headless")
        # executors are to run the Python that has this package; Spark asks the environment for it
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings: dict[str, bool | float | int | str | None] = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": str(_TASKS),
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.log.level": "ERROR",
        }
        self._session: Any = (
            SparkSession.builder.master(master).appName("dadkhah link").config(map=settings).getOrCreate()
        )
        self._scorer: Any = None

    def open(self, keys: Keys, scorer: Scorer, cap: int, *, one_side: bool) -> int:
        """Bring pairs together; returns how many there are."""
        for table, (names, values) in (("ours", keys.ours), ("theirs", keys.theirs)):
            rows = zip(names.tolist(), values.tolist(), strict=True)
            spread = self._session.sparkContext.parallelize(rows, _TASKS)
            frame = self._session.createDataFrame(spread, "name int, name_key bigint")
            frame.createOrReplaceTempView(table)
        pairs = self._session.sql(pairs_sql(cap, one_side=one_side)).persist()
        pairs.createOrReplaceTempView("pairs")
        self._scorer = self._session.sparkContext.broadcast(scorer)
        return int(pairs.count())

    def portion(self, number: int, least: float) -> Scored:
        """Score one portion."""
        shared = self._scorer
        asked = f"SELECT ours, theirs FROM pairs WHERE ours % {PORTIONS} = {int(number)}"  # noqa: S608 two numbers
        rows: list[Row] = (
            self._session.sql(asked).rdd.map(tuple).mapPartitions(lambda part: _score(shared, part, least)).collect()
        )
        table = np.array(rows, np.float64).reshape(-1, 3)
        return Scored(table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2]).at_least(least)

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()


def _score(shared: Any, part: Iterable[tuple[int, int]], least: float) -> Iterator[Row]:
    """One task: score the pairs of a partition."""
    pairs = np.array(list(part), np.int32).reshape(-1, 2)
    if not len(pairs):
        return
    scores = shared.value.scores(np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]))
    for (ours, theirs), value in zip(pairs.tolist(), scores.tolist(), strict=True):
        if value >= least:
            yield ours, theirs, value
