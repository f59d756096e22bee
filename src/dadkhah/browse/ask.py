"""The one way from browse to the data: a query goes in, rows or bytes of RDF come out.

Wraps an `Engine` for one request of ours: its time, its client key, and a count of the queries made, so that a view
can be held to a constant number of them. Our own queries are written in this package with values bound as terms
(`dadkhah.browse.terms`), so they do not pass the policy for strangers' queries. It must not interpret what it reads.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import orjson

from dadkhah.browse.kept import Kept
from dadkhah.browse.terms import Iri, Row, read
from dadkhah.engine.interface import Answer, Engine, QueryRequest, ResultFormat


class Ask(Protocol):
    """Something that answers a SELECT with rows."""

    @property
    def kept(self) -> Kept:
        """What was read already of what is asked."""
        ...

    async def __call__(self, query: str) -> list[Row]:
        """Rows in the order of the answer; raises what the engine raises."""
        ...


class EngineAsk:
    """An `Ask` over an engine; make one for each request that is served.

    Args:
        engine: what answers.
        timeout_seconds: time for each query.
        client: opaque key for fairness between clients.
        kept: what was read already of the snapshot that the engine answers from; nothing yet by default.
    """

    def __init__(self, engine: Engine, *, timeout_seconds: float, client: str = "", kept: Kept | None = None) -> None:
        self._engine = engine
        self._timeout_seconds = timeout_seconds
        self._client = client
        self._kept = kept or Kept()
        self.queries = 0
        """How many queries have been made."""

    @property
    def snapshot_hash(self) -> str:
        """Content hash of what answers."""
        return self._engine.snapshot_hash

    @property
    def kept(self) -> Kept:
        """What was read already of what answers."""
        return self._kept

    async def __call__(self, query: str) -> list[Row]:
        """Rows of a SELECT query, from what came with the snapshot where that holds them."""
        bindings = self._kept.answers.get(query)
        if bindings is None:
            answer = await self._begin(query, ResultFormat.JSON)
            bindings = orjson.loads(await whole(answer))["results"]["bindings"]
        return [
            {name: _iri(term["value"]) if term["type"] == "uri" else read(term) for name, term in row.items()}
            for row in bindings
        ]

    async def rdf(self, query: str, result_format: ResultFormat) -> Answer:
        """The answer of a CONSTRUCT query, as a stream in an RDF format."""
        return await self._begin(query, result_format)

    async def _begin(self, query: str, result_format: ResultFormat) -> Answer:
        self.queries += 1
        request = QueryRequest(
            text=query, format=result_format, timeout_seconds=self._timeout_seconds, client=self._client
        )
        return await self._engine.query(request)


# most IRIs repeat, within an answer and from one to the next
_iri = lru_cache(20_000)(Iri)


async def whole(answer: Answer) -> bytes:
    """All bytes of an answer; a cut answer raises and is never returned."""
    if answer.whole is not None:
        return answer.whole
    return b"".join([chunk async for chunk in answer.chunks])
