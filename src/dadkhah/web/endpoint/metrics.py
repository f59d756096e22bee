"""Counts and latencies, kept as plain numbers and shown in Prometheus' text format.

The numbers of all worker processes lie in one shared piece of memory, a row for each, so that any worker can show the
sum; it has no name in the file system and needs no locks, since each process writes its own row only.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

OUTCOMES: Final = (
    "ok",
    "cached",
    "not-modified",
    "bad-request",
    "refused",
    "timeout",
    "too-large",
    "out-of-memory",
    "reader-lost",
    "busy",
    "cut",
    "remote-error",
    "error",
)
# seconds; the first bounds resolve a point look-up, the last the longest time limit in use
BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
GAUGES: Final = ("cache_entries", "cache_bytes", "connections")
COUNTERS: Final = ("cache_hits", "cache_misses", "cache_evictions", "snapshot_swaps")
# what engines count: readers ended by reason, and the like; more kinds than places are left out
_ENGINE_PLACES = 32
_PER_OUTCOME = len(BUCKETS) + 2  # buckets with the one above the last, and the sum
_FIRST_GAUGE = len(OUTCOMES) * _PER_OUTCOME
_FIRST_ENGINE = _FIRST_GAUGE + len(GAUGES) + len(COUNTERS)
_ROW = _FIRST_ENGINE + _ENGINE_PLACES
_INDEX = {name: place * _PER_OUTCOME for place, name in enumerate(OUTCOMES)}


class Metrics:
    """The numbers of this process, and the sum over all.

    Made before the workers are forked; each then calls `attach`.
    """

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._numbers = memoryview(mmap.mmap(-1, workers * _ROW * 8)).cast("d")
        self._start = 0
        self._engine_names: list[str] = []

    def attach(self, worker: int) -> None:
        """Write into the row of this worker; a worker that takes another's place goes on with its counts."""
        self._start = worker * _ROW

    def observe(self, outcome: str, seconds: float) -> None:
        """Count one request to the SPARQL endpoint."""
        place = self._start + _INDEX[outcome]
        self._numbers[place + bisect_left(BUCKETS, seconds)] += 1
        self._numbers[place + _PER_OUTCOME - 1] += seconds

    def set_figures(self, figures: Mapping[str, float], engine: Mapping[str, float]) -> None:
        """Note the present state of what counts for itself: cache, connections, engine."""
        for place, name in enumerate(GAUGES + COUNTERS):
            self._numbers[self._start + _FIRST_GAUGE + place] = figures.get(name, 0.0)
        self._engine_names += [name for name in engine if name not in self._engine_names]
        for place, name in enumerate(self._engine_names[:_ENGINE_PLACES]):
            self._numbers[self._start + _FIRST_ENGINE + place] = engine.get(name, 0.0)

    def total(self, place: int) -> float:
        """One number summed over all workers."""
        return sum(self._numbers[worker * _ROW + place] for worker in range(self._workers))

    def render(self, snapshot: str) -> bytes:
        """Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(_Families(self, snapshot))
        return generate_latest(registry)

    @property
    def engine_names(self) -> list[str]:
        """Names of what the engine counts, in the order of their places."""
        return self._engine_names[:_ENGINE_PLACES]


class _Families(Collector):
    def __init__(self, metrics: Metrics, snapshot: str) -> None:
        self._metrics = metrics
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        """The families of metrics."""
        yield self._latency()
        for place, name in enumerate(GAUGES + COUNTERS):
            value = self._metrics.total(_FIRST_GAUGE + place)
            kind = GaugeMetricFamily if name in GAUGES else CounterMetricFamily
            yield kind(f"dadkhah_{name}", name.replace("_", " ").capitalize() + ".", value=value)
        engine = GaugeMetricFamily("dadkhah_engine", "What the engine counts since it was started.", labels=["figure"])
        for place, name in enumerate(self._metrics.engine_names):
            engine.add_metric([name], self._metrics.total(_FIRST_ENGINE + place))
        yield engine
        snapshot = GaugeMetricFamily("dadkhah_snapshot_info", "The snapshot being served.", labels=["hash"])
        snapshot.add_metric([self._snapshot], 1)
        yield snapshot

    def _latency(self) -> HistogramMetricFamily:
        family = HistogramMetricFamily(
            "dadkhah_query_seconds", "Time from request to the end of the answer, by outcome.", labels=["outcome"]
        )
        for outcome, first in _INDEX.items():
            counts = [self._metrics.total(first + place) for place in range(len(BUCKETS) + 1)]
            running, cumulated = 0.0, []
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                running += count
                cumulated.append((bound, running))
            family.add_metric([outcome], cumulated, self._metrics.total(first + _PER_OUTCOME - 1))
        return family
