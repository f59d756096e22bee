"""Load a snapshot's graphs into a remote SPARQL 1.1 engine, and say whether they arrived.

In: the store of a snapshot and the addresses of the engine. Out: one outcome per graph: how many statements it should
have, how many the engine counts, and whether it gives the same statements back. Each graph is replaced as a whole, by
the Graph Store Protocol where the engine has it, else by SPARQL Update; other graphs of the engine are left alone.
Nothing is called published that was not counted.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

import aiohttp
import orjson
import pyoxigraph as ox

from dadkhah.errors import ConfigurationError, ParameterError, RemoteError

BATCH_STATEMENTS = 500
"""Of one INSERT DATA: Virtuoso compiles each to a procedure and refuses longer ones."""
BATCH_BYTES = 256 * 1024
COMPARE_STATEMENTS = 200_000
"""Graphs up to here are read back and compared; larger ones are counted only."""
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class PublishTarget:
    """The addresses of an engine.

    Attributes:
        query: its SPARQL query service.
        update: its SPARQL update service; used where there is no `gsp`.
        gsp: its Graph Store Protocol service (indirect: `?graph=`).
        user: for HTTP Basic or Digest, whichever the engine asks for.
        password: belongs to the user.
        seconds: the longest one request may take.
    """

    query: str
    update: str | None = None
    gsp: str | None = None
    user: str | None = None
    password: str = field(default="", repr=False)
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class GraphOutcome:
    """What became of one graph.

    Attributes:
        graph: its IRI, or `default`.
        expected: statements that it has in the snapshot.
        found: statements that the engine counts.
        same: whether the engine gives back the same statements; None where the counts differ already, or the graph
            was too large to compare, for us or for the engine's limit of rows, or holds blank nodes, whose names do
            not travel.
    """

    graph: str
    expected: int
    found: int
    same: bool | None

    @property
    def arrived(self) -> bool:
        """Whether the counts agree and no comparison failed."""
        return self.expected == self.found and self.same is not False


async def publish(
    store: Path,
    target: PublishTarget,
    *,
    with_default_graph: bool = False,
    told: Callable[[GraphOutcome], None] = lambda _: None,
) -> list[GraphOutcome]:
    """Replace the snapshot's graphs in the engine, one by one, and verify each.

    Args:
        store: the RocksDB folder of the snapshot.
        target: where to load it.
        with_default_graph: also the default graph, unless it is empty; leave it out where it only repeats the others.
        told: hears each outcome as it comes.

    Raises:
        ConfigurationError: the target has neither `gsp` nor `update`.
        RemoteError: a request failed; graphs before it are in place.
    """
    if target.gsp is None and target.update is None:
        raise ConfigurationError("to publish, name the engine's Graph Store Protocol or update service")
    source = ox.Store.read_only(str(store))
    named = [graph for graph in source.named_graphs() if isinstance(graph, ox.NamedNode)]
    graphs: list[ox.NamedNode | ox.DefaultGraph] = [*sorted(named, key=lambda graph: graph.value)]
    # an empty one would only wipe what the engine has there
    if with_default_graph and next(source.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is not None:
        graphs.append(ox.DefaultGraph())
    outcomes = []
    async with _Remote(target) as remote:
        for graph in graphs:
            outcome = await _publish_graph(source, graph, remote)
            told(outcome)
            outcomes.append(outcome)
    return outcomes


async def _publish_graph(source: ox.Store, graph: ox.NamedNode | ox.DefaultGraph, remote: _Remote) -> GraphOutcome:
    with tempfile.TemporaryFile() as file:
        source.dump(file, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        file.seek(0)
        lines = list(_statements(file)) if remote.by_update else None
        file.seek(0)
        if lines is None:
            await remote.put(graph, file)
        else:
            await remote.insert(graph, lines)
        file.seek(0)
        expected, has_blank = _facts(file)
        found = await remote.count(graph)
        same = None
        if expected == found and expected <= COMPARE_STATEMENTS and not has_blank:
            file.seek(0)
            theirs, given = await remote.fingerprint(graph)
            # an engine that counts them all and gives fewer has a limit of rows: that tells nothing about the rest
            same = _fingerprint(_statements(file)) == theirs if given is None or given >= found else None
    return GraphOutcome(_name(graph), expected, found, same)


def _name(graph: ox.NamedNode | ox.DefaultGraph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else DEFAULT


def _pattern(graph: ox.NamedNode | ox.DefaultGraph) -> str:
    """What every statement of a graph matches."""
    return f"GRAPH {graph} {{ ?s ?p ?o }}" if isinstance(graph, ox.NamedNode) else "?s ?p ?o"


def _statements(file: BinaryIO) -> Iterator[bytes]:
    return (line for line in file if line.strip())


def _facts(file: BinaryIO) -> tuple[int, bool]:
    """How many statements, and whether any holds a blank node."""
    count, has_blank = 0, False
    for line in _statements(file):
        count += 1
        has_blank = has_blank or line.startswith(b"_:") or b"> _:" in line
    return count, has_blank


def _fingerprint(lines: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for line in sorted(line.strip() for line in lines):
        digest.update(line + b"\n")
    return digest.hexdigest()


class _Remote:
    """Requests to the engine."""

    def __init__(self, target: PublishTarget) -> None:
        self._target = target
        self.by_update = target.gsp is None

    async def __aenter__(self) -> Self:
        target = self._target
        digest = () if target.user is None else (aiohttp.DigestAuthMiddleware(target.user, target.password),)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=target.seconds),
            middlewares=digest,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def put(self, graph: ox.NamedNode | ox.DefaultGraph, file: BinaryIO) -> None:
        """Replace a graph through the Graph Store Protocol."""
        assert self._target.gsp is not None
        body = file.read()
        where = {"graph": graph.value} if isinstance(graph, ox.NamedNode) else {"default": ""}
        await self._request("PUT", self._target.gsp, params=where, data=lambda: body, type_="application/n-triples")

    async def insert(self, graph: ox.NamedNode | ox.DefaultGraph, lines: list[bytes]) -> None:
        """Replace a graph through SPARQL Update, in batches."""
        assert self._target.update is not None
        named = isinstance(graph, ox.NamedNode)
        opening, closing = (f"INSERT DATA {{ GRAPH {graph} {{\n", "}}") if named else ("INSERT DATA {\n", "}")
        batches = list(_batches(lines))
        if len(batches) > 1 and any(b"_:" in line for line in lines):
            raise ParameterError(
                f"{_name(graph)}: a graph with blank nodes is too large for one update; use the Graph Store Protocol"
            )
        await self._update(f"CLEAR SILENT GRAPH {graph}" if named else "CLEAR SILENT DEFAULT")
        for batch in batches:
            await self._update(opening + b"".join(batch).decode() + closing)

    async def count(self, graph: ox.NamedNode | ox.DefaultGraph) -> int:
        """How many statements the engine counts in a graph."""
        body = await self._query(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ {_pattern(graph)} }}", "application/sparql-results+json"
        )
        try:
            return int(orjson.loads(body)["results"]["bindings"][0]["n"]["value"])
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise RemoteError("the remote engine does not count statements as SPARQL 1.1 says") from error

    async def fingerprint(self, graph: ox.NamedNode | ox.DefaultGraph) -> tuple[str, int | None]:
        """Hash and number of the statements that the engine gives back for a graph; None where they do not parse."""
        body = await self._query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_pattern(graph)} }}", "application/n-triples")
        try:
            triples = {str(quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}
        except SyntaxError:
            # what does not parse is not the same; the counts tell the rest
            return "", None
        return _fingerprint(f"{triple} .".encode() for triple in triples), len(triples)

    async def _update(self, text: str) -> None:
        assert self._target.update is not None
        await self._request("POST", self._target.update, data=text.encode, type_="application/sparql-update")

    async def _query(self, text: str, accept: str) -> bytes:
        return await self._request(
            "POST", self._target.query, data=lambda: aiohttp.FormData({"query": text}), headers={"Accept": accept}
        )

    async def _request(
        self,
        method: str,
        url: str,
        *,
        data: Callable[[], bytes | aiohttp.FormData],
        params: dict[str, str] | None = None,
        type_: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        sent = {**(headers or {}), **({"Content-Type": type_} if type_ else {})}
        try:
            status, body, asks_basic = await self._send(method, url, data=data(), params=params, headers=sent)
            if asks_basic and self._target.user is not None:
                basic = aiohttp.BasicAuth(self._target.user, self._target.password, "utf-8").encode()
                status, body, _ = await self._send(
                    method, url, data=data(), params=params, headers={**sent, "Authorization": basic}
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RemoteError(f"the remote engine failed ({type(error).__name__})") from error
        if not 200 <= status < 300 or status == 206:
            said = " ".join(body[:300].decode("utf-8", "replace").split())
            raise RemoteError(f"the remote engine answered {method} with status {status}: {said}")
        return body

    async def _send(
        self,
        method: str,
        url: str,
        *,
        data: bytes | aiohttp.FormData,
        params: dict[str, str] | None,
        headers: dict[str, str],
    ) -> tuple[int, bytes, bool]:
        """Status, body, and whether the engine asks for HTTP Basic; Digest is answered by the session itself."""
        async with self._session.request(
            method, url, data=data, params=params, headers=headers, allow_redirects=False
        ) as response:
            challenge = response.headers.get("WWW-Authenticate", "")
            return (
                response.status,
                await response.read(),
                response.status == 401 and challenge.lower().startswith("basic"),
            )


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines in batches that one update can hold."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and (len(batch) >= BATCH_STATEMENTS or size + len(line) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch
