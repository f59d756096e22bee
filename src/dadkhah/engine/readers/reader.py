"""One reader: a process that holds the snapshot read-only and answers one query after the other over its socket.

Forked by `zygote`. The evaluation runs in a thread with a big stack, since deeply nested queries overflow the usual
eight megabytes; the first thread only waits for the pool to hang up, and then ends the process whatever it is doing.
Nothing that a query does can harm more than this process: it has no network, no way to start programs, and bounded
memory. Imports the standard library, pyoxigraph and modules of this package that do the same.
"""

from __future__ import annotations

import os
import re
import select
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from dadkhah.engine.readers import confine, frames
from dadkhah.engine.readers.frames import Failure, Kind
from dadkhah.engine.readers.functions import UnknownFunctions, named_in, without_value
from dadkhah.engine.readers.writer import BlockWriter, CapReached

SOLUTIONS = (
    ox.QueryResultsFormat.JSON,
    ox.QueryResultsFormat.XML,
    ox.QueryResultsFormat.CSV,
    ox.QueryResultsFormat.TSV,
)
GRAPHS = (
    ox.RdfFormat.TURTLE,
    ox.RdfFormat.N_TRIPLES,
    ox.RdfFormat.RDF_XML,
    ox.RdfFormat.JSON_LD,
    ox.RdfFormat.TRIG,
    ox.RdfFormat.N_QUADS,
    ox.RdfFormat.N3,
)
_SOME_PREFIX = "a prefix is used that no PREFIX line declares"
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_MAX_RETRIES = 32
SLOW_MICROS = 20_000
"""Quicker queries are not asked how much memory they left behind: they cannot have taken much."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """What a reader is allowed.

    Attributes:
        headroom_bytes: memory beyond what the reader holds once the snapshot is open.
        max_result_bytes: cap of one answer.
        max_result_rows: cap of one answer in rows, or None.
        stack_bytes: stack of the evaluating thread; 512 MB takes any query of 64 KiB.
        worn_bytes: a reader that has grown by so much is replaced when its answer is out.
        allow_network: whether SERVICE may reach the network.
    """

    headroom_bytes: int = 512 << 20
    max_result_bytes: int = 1 << 30
    max_result_rows: int | None = None
    stack_bytes: int = 512 << 20
    worn_bytes: int = 128 << 20
    allow_network: bool = False


def run(sock: socket.socket, store: ox.Store | str, settings: ReaderSettings) -> None:
    """Answer queries until the pool hangs up; never returns.

    Args:
        sock: our end of the pair; its other end is the pool's.
        store: an open store, inherited by fork, or the folder of one to open read-only.
        settings: what this reader is allowed.
    """
    threading.stack_size(settings.stack_bytes)
    threading.Thread(target=_live, args=(sock, store, settings), daemon=True).start()
    hang_up = select.poll()
    hang_up.register(sock.fileno(), select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    hang_up.poll()
    os._exit(0)


def _live(sock: socket.socket, store: ox.Store | str, settings: ReaderSettings) -> None:
    try:
        reader = _Reader(sock, ox.Store.read_only(store) if isinstance(store, str) else store, settings)
        confine.be_first_to_go()
        confine.limit_memory(settings.headroom_bytes)
        confine.deny_network_and_programs(allow_network=settings.allow_network)
        itself = os.pidfd_open(os.getpid())
        socket.send_fds(sock, [frames.reply(Kind.READY, os.getpid().to_bytes(4, "little"))], [itself])
        os.close(itself)
        reader.serve()
    except (OSError, ValueError, RuntimeError) as error:
        # the pool is told why; when the pool itself is gone, there is nobody to tell
        try:
            sock.sendall(frames.reply(Kind.FAILED, frames.failure(Failure.UNREADABLE, str(error))))
        finally:
            os._exit(1)
    finally:
        os._exit(0)


class _Reader:
    """Reads requests, evaluates, answers."""

    def __init__(self, sock: socket.socket, store: ox.Store, settings: ReaderSettings) -> None:
        self._sock = sock
        self._store = store
        self._settings = settings
        self._functions = UnknownFunctions()
        self._buffer = bytearray(frames.MAX_REQUEST_BYTES)
        self._worn_at = confine.resident_bytes() + settings.worn_bytes

    def serve(self) -> None:
        """Answer requests until the pool hangs up."""
        sock, buffer, header = self._sock, self._buffer, frames.REQUEST
        view = memoryview(buffer)
        while True:
            have = sock.recv_into(buffer)
            while 0 < have < header.size or (have and have < header.size + int.from_bytes(view[:4], "little")):
                more = sock.recv_into(view[have:])
                if more == 0:
                    return
                have += more
            if have == 0:
                return
            _, query_length, base_length, defaults, named, code = header.unpack_from(buffer)
            at = header.size
            query = str(view[at : at + query_length], "utf-8")
            options: dict[str, Any] = {}
            try:
                if base_length or defaults:
                    at += query_length
                    options = _options(view[at:have], base_length, defaults, named)
            except ValueError as error:
                self._fail(Failure.PARAMETER, str(error))
                continue
            if self._answer(query, code, options):
                confine.give_back_memory()

    def _answer(self, query: str, code: int, options: dict[str, Any]) -> bool:
        """Answer; says whether that was much, and made of much that is free again when this has returned."""
        started = time.perf_counter()
        if unknown := self._functions.of(query):
            options["custom_functions"] = unknown
        much = False
        out = BlockWriter(self._sock, code, self._settings.max_result_bytes, self._settings.max_result_rows)
        for _ in range(_MAX_RETRIES):
            try:
                results = self._store.query(query, **options) if options else self._store.query(query)
                _serialise(results, out, code)
                micros = int((time.perf_counter() - started) * 1e6)
                out.finish(micros, worn=micros > SLOW_MICROS and self._is_worn())
                much = micros > SLOW_MICROS and out.sent > 0
            except RuntimeError as error:
                iri = named_in(error)
                if iri is None or out.sent:
                    self._fail(Failure.EVALUATION, str(error))
                    return False
                options["custom_functions"] = {**options.get("custom_functions", {}), **without_value(iri)}
                out = BlockWriter(self._sock, code, self._settings.max_result_bytes, self._settings.max_result_rows)
                continue
            except BrokenPipeError:
                os._exit(0)
            except BaseException as error:  # noqa: BLE001 - pyoxigraph panics derive from BaseException
                self._fail(*_explain(error, query))
            return much
        self._fail(Failure.EVALUATION, "too many unknown functions")
        return False

    def _is_worn(self) -> bool:
        return confine.resident_bytes() > self._worn_at

    def _fail(self, kind: Failure, message: str, line: int = 0, column: int = 0) -> None:
        worn = kind in (Failure.MEMORY, Failure.EVALUATION) or self._is_worn()
        payload = frames.failure(kind, message, line, column)
        self._sock.sendall(frames.reply(Kind.FAILED, payload, worn=worn))


def _options(tail: memoryview, base_length: int, defaults: int, named: int) -> dict[str, Any]:
    """Keyword arguments of `Store.query` for a base IRI and a dataset; ValueError names what is not an IRI."""
    options: dict[str, Any] = {}
    if base_length:
        options["base_iri"] = str(tail[:base_length], "utf-8")
    if defaults:
        graphs = []
        for iri in frames.graphs_of(tail[base_length:], defaults - 1 + named):
            try:
                graphs.append(ox.NamedNode(iri))
            except ValueError as error:
                raise ValueError(f"the name of a graph has to be an absolute IRI: {iri[:200]!r} ({error})") from error
        options["default_graph"] = graphs[: defaults - 1]
        options["named_graphs"] = graphs[defaults - 1 :]
    return options


def _serialise(results: ox.QueryBoolean | ox.QuerySolutions | ox.QueryTriples, out: BlockWriter, code: int) -> None:
    is_graph = isinstance(results, ox.QueryTriples)
    if is_graph != (code >= frames.SOLUTION_FORMATS):
        what = "a graph" if is_graph else "solutions"
        raise ValueError(f"{what} cannot be written as {frames.FORMATS[code]}")
    if isinstance(results, ox.QueryBoolean):
        # always small: bytes at once cost ten microseconds less than a file to write into
        out.write(results.serialize(format=SOLUTIONS[code]) or b"")
    elif isinstance(results, ox.QueryTriples):
        results.serialize(out, format=GRAPHS[code - frames.SOLUTION_FORMATS])  # type: ignore[arg-type]  # a writer is enough of a file
    else:
        results.serialize(out, format=SOLUTIONS[code])  # type: ignore[arg-type]  # as above


def _explain(error: BaseException, query: str) -> tuple[Failure, str, int, int]:
    """What to tell the pool about an exception of pyoxigraph or of the writer."""
    text = str(error)
    kind, line, column = Failure.EVALUATION, 0, 0
    if isinstance(error, SyntaxError):
        kind = Failure.SYNTAX
        if match := _POSITION.match(text):
            text, line, column = match[3], int(match[1]), int(match[2])
            if "Prefix not found" in text:
                text = _undeclared_prefix(query, line, column)
    elif isinstance(error, CapReached):
        kind = Failure.TOO_LARGE
    elif isinstance(error, MemoryError):
        kind = Failure.MEMORY
    elif isinstance(error, ValueError):
        kind = Failure.PARAMETER
    elif isinstance(error, OSError):
        kind, text = Failure.REFUSED, "the query reaches for something outside the data, which is not done here"
    else:
        text = f"the query cannot be evaluated: {text[:500]}"
    return kind, text, line, column


def _undeclared_prefix(query: str, line: int, column: int) -> str:
    """Name the prefix of the name that the parser stopped behind."""
    before = query.split("\n")[line - 1][: column - 1] if line <= query.count("\n") + 1 else ""
    names = re.findall(r"([^\s:<>\"'(){}\[\],;|^/!?*+]*):", before)
    return f"the prefix {names[-1]!r} is used and no PREFIX line declares it" if names else _SOME_PREFIX
