"""The answers to the questions about the whole graph, as a part of snapshots and of the service.

In: a finished store. Out: `indexes/answers/answers.jsonl`, a query and its rows on each line, for the queries of the
pages that tell of the whole (start page, timeline, map, quality, conflicts). They read everything, so a service that
asked them itself would run into its own deadline on a large graph. What is not there is asked of the engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
import pyoxigraph as ox

from dadkhah import __version__
from dadkhah.browse.kept import Bindings
from dadkhah.browse.overviews.questions import overview_answers
from dadkhah.browse.scheme import Scheme
from dadkhah.cli.indexes.risk_framework import framework
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.snapshot.publishing.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

NAME = "answers"
_FILE = "answers.jsonl"
_FORMAT = "3"
# statements that are looked at to tell whether the default graph is the merge of all others
_SAMPLE = 200
# a graph of ten million statements takes about two minutes
_MOST_SECONDS = 900.0
# longer answers are asked of the engine; twenty thousand rows of disagreements take half of this
_MOST_BYTES = 16 << 20


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
        lines = [orjson.dumps([query, rows], option=orjson.OPT_SORT_KEYS) for query, rows in sorted(found.items())]
        (folder / _FILE).write_bytes(b"".join(line + b"\n" for line in lines if len(line) <= _MOST_BYTES))


def is_merged(store: ox.Store) -> bool:
    """Whether the default graph seems to repeat the named ones; an error costs speed only, never a wrong answer."""
    named = (quad for graph in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, graph))
    sample = list(islice(named, _SAMPLE))
    return bool(sample) and all(
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph()) in store for quad in sample
    )


class _Lines(Mapping[str, Bindings]):
    """Answers as they were written, each read when it is asked for: read at once they take ten times the memory."""

    def __init__(self, text: bytes) -> None:
        self._lines = {orjson.loads(line)[0]: line for line in text.splitlines()}

    def __getitem__(self, query: str) -> Bindings:
        rows: Bindings = orjson.loads(self._lines[query])[1]
        return rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class SnapshotAnswers:
    """The answers of a snapshot, read when they are first asked for; `dadkhah.browse.kept.StoredAnswers`."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def of(self, snapshot_hash: str) -> Mapping[str, Bindings]:
        """The answers that came with a snapshot; none where it was built without."""
        try:
            folder = self._registry.holding(snapshot_hash).index_path(NAME)
            return _Lines((folder / _FILE).read_bytes())
        except (NotFound, SnapshotError, OSError, orjson.JSONDecodeError):
            return {}
