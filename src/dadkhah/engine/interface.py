"""The one interface to anything that answers SPARQL: a local pool of readers or a remote engine.

Nothing above this module knows which of the two it talks to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class QueryForm(StrEnum):
    """The four query forms of SPARQL 1.1 (section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


class ResultFormat(StrEnum):
    """A serialisation of an answer; the value is its media type."""

    JSON = "application/sparql-results+json"
    XML = "application/sparql-results+xml"
    CSV = "text/csv"
    TSV = "text/tab-separated-values"
    TURTLE = "text/turtle"
    N_TRIPLES = "application/n-triples"
    RDF_XML = "application/rdf+xml"
    JSON_LD = "application/ld+json"
    TRIG = "application/trig"
    N_QUADS = "application/n-quads"
    N3 = "text/n3"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The RDF dataset that a request names (SPARQL 1.1 Protocol, section 2.1.4); it overrides FROM and FROM NAMED."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query as it goes to an engine.

    Attributes:
        text: the query, already accepted by the policy (`dadkhah.engine.queries.policy`).
        format: how the answer is written; must suit the query form.
        dataset: None where the request names no dataset.
        timeout_seconds: time from now until the query is ended.
        client: an opaque key for fairness between clients; never logged.
        base_iri: against which relative IRIs of the query are resolved (section 4.1.1.2), unless it says BASE.
    """

    text: str
    format: ResultFormat
    timeout_seconds: float
    dataset: Dataset | None = None
    client: str = ""
    base_iri: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has begun: its status is certain, its rest streams.

    `chunks` yields bytes with back-pressure. It ends normally only when the answer is whole; an answer that
    cannot be completed raises a `LimitError` from the iterator, so that a cut answer is never taken for a whole one.
    Closing the iterator early ends the query.
    """

    chunks: AsyncIterator[bytes]
    whole: bytes | None = None
    """All bytes, where the answer was small enough to be complete already; `chunks` is then empty."""


class Engine(Protocol):
    """Something that answers SPARQL queries; safe for use by many tasks of one event loop."""

    @property
    def snapshot_hash(self) -> str:
        """Content hash of what is being served, or an opaque key that changes whenever the data may have."""
        ...

    async def query(self, request: QueryRequest) -> Answer:
        """Answer one query.

        Returns once the first bytes are there (at most the first 64 KiB are buffered), so that every failure up to
        then is an exception here: `QuerySyntaxError`, `QueryRefused`, `QueryTimeout`, `ResultTooLarge`, `OutOfMemory`,
        `ReaderLost`, `Busy`, `RemoteError`.
        """
        ...

    async def close(self) -> None:
        """End all readers or connections."""
        ...


class Outlet(Protocol):
    """Where the beginning of an answer goes, without a task that waits for it."""

    def done(self) -> bool:
        """Whether nothing is wanted any more."""
        ...

    def cancelled(self) -> bool:
        """Whether whoever asked has gone."""
        ...

    def set_result(self, whole: bytes | None, /) -> None:
        """Take the whole answer, or None when its first block is there and more comes."""
        ...

    def set_exception(self, error: BaseException, /) -> None:
        """Take the reason why there is no answer."""
        ...
