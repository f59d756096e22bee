"""The answers to the questions about the whole graph, as a part of snapshots and of the service.

In: a finished store. Out: `indexes/answers/answers.json`: query to rows, for the queries of the pages that tell of the
whole (start page, timeline, map, quality, conflicts). They read everything, so a service that asked them itself would
run into its own deadline on a large graph. What is not there is asked of the engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
import pyoxigraph as ox

from dadkhah import __version__
from dadkhah.browse.kept import Bindings
from dadkhah.browse.overviews import overview_answers
from dadkhah.browse.scheme import Scheme
from dadkhah.cli.risk_framework import framework
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

NAME = "answers"
_FILE = "answers.json"
_FORMAT = "2"
# statements that are looked at to tell whether the default graph is the merge of all others
_SAMPLE = 200
# a graph of ten million statements takes about two minutes
_MOST_SECONDS = 900.0
# longer answers are asked of the engine, which is quick for what it finds by an index
_MOST_BYTES = 1 << 20


class AnswerIndexer:
    """Writes the answers into a snapshot; `dadkhah.snapshot.plan.Indexer`."""

    name = NAME
    version = f"{_FORMAT}.{__version__}"

    def build(self, store: ox.Store, folder: Path) -> None:
        """Ask everything once, without a deadline."""

        def answering(query: str) -> list[dict[str, Any]]:
            # a SELECT gives solutions, which the stubs cannot tell from the results of other forms
            solutions: Any = store.query(query)
            given = solutions.serialize(format=ox.QueryResultsFormat.JSON)
            rows: list[dict[str, Any]] = orjson.loads(given)["results"]["bindings"]
            return rows

        scheme = Scheme(merged=is_merged(store))
        asking = overview_answers(answering, scheme, framework=framework(), most_seconds=_MOST_SECONDS)
        # a thread of its own: whoever builds may be inside of an event loop
        with ThreadPoolExecutor(1) as pool:
            found = pool.submit(asyncio.run, asking).result()
        kept = {query: rows for query, rows in found.items() if len(orjson.dumps(rows)) <= _MOST_BYTES}
        (folder / _FILE).write_bytes(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS))


def is_merged(store: ox.Store) -> bool:
    """Whether the default graph seems to repeat the named ones; an error costs speed only, never a wrong answer."""
    named = (quad for graph in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, graph))
    sample = list(islice(named, _SAMPLE))
    return bool(sample) and all(
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph()) in store for quad in sample
    )


class SnapshotAnswers:
    """The answers of a snapshot, read when they are first asked for; `dadkhah.browse.kept.StoredAnswers`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def of(self, snapshot_hash: str) -> Mapping[str, Bindings]:
        """The answers that came with a snapshot; none where it was built without."""
        try:
            folder = self._registry.holding(snapshot_hash).index_path(NAME)
            answers: dict[str, Bindings] = orjson.loads((folder / _FILE).read_bytes())
        except (NotFound, SnapshotError, OSError, orjson.JSONDecodeError):
            return {}
        return answers
