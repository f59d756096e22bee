"""The wire between the pool and its readers: one socketpair per reader, length-prefixed frames both ways.

    to a reader     REQUEST   header, then query (UTF-8), base IRI and graph IRIs
    from a reader   READY     once, with a descriptor of its own process attached (SCM_RIGHTS)
                    WHOLE     a small answer in one frame
                    DATA …    a large answer in blocks, then END
                    FAILED    an error, before or after DATA

Used on both sides, so standard library only; it must not import anything of this package.
"""

from __future__ import annotations

import struct
from enum import IntEnum

FIRST_BLOCK_BYTES = 64 * 1024
"""Up to here an answer is buffered, so that what fails before is an error and never a cut answer."""

BLOCK_BYTES = 192 * 1024
"""Size of later blocks: as much as a socket buffer takes at once; larger ones only wait."""

SOCKET_BUFFER_BYTES = 208 * 1024
"""What Linux grants by default (net.core.wmem_max)."""

MAX_REQUEST_BYTES = 192 * 1024
"""A request is sent in one call to an idle reader, so it has to fit into the socket buffer."""

REPLY = struct.Struct("<IIBB2x")
"""Length of the payload, microseconds of work, kind, worn (1: replace this reader, it has grown)."""

REQUEST = struct.Struct("<IIHHHB3x")
"""Length of all that follows, of the query, of the base IRI; number of default graphs (plus one, 0: no dataset
given), of named graphs; code of the format."""

FAILURE = struct.Struct("<BII")
"""Kind, line and column (0: unknown); the message follows as UTF-8."""


class Kind(IntEnum):
    """What a frame from a reader holds."""

    READY = 1
    WHOLE = 2
    DATA = 3
    END = 4
    FAILED = 5


class Failure(IntEnum):
    """Why a query failed in the reader."""

    SYNTAX = 1
    PARAMETER = 2
    REFUSED = 3
    MEMORY = 4
    TOO_LARGE = 5
    EVALUATION = 6
    UNREADABLE = 7
    """The snapshot could not be opened; the reader ends."""


FORMATS: tuple[str, ...] = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/trig",
    "application/n-quads",
    "text/n3",
)
"""Media types by code; the first four are for solutions, the others for graphs."""

CODES = {media_type: code for code, media_type in enumerate(FORMATS)}
"""Code by media type."""

SOLUTION_FORMATS = 4


def reply(kind: Kind, payload: bytes = b"", *, micros: int = 0, worn: bool = False) -> bytes:
    """A frame from a reader."""
    return REPLY.pack(len(payload), micros, kind, worn) + payload


def failure(kind: Failure, message: str, line: int = 0, column: int = 0) -> bytes:
    """The payload of a FAILED frame."""
    return FAILURE.pack(kind, line, column) + message.encode("utf-8", "replace")[:4000]


def request(
    query: bytes, code: int, base: str | None, default_graphs: tuple[str, ...] | None, named_graphs: tuple[str, ...]
) -> bytes:
    """A frame to a reader; `default_graphs` is None where the request names no dataset."""
    base_bytes = base.encode("utf-8", "replace") if base else b""
    if default_graphs is None:
        body = query + base_bytes
        return REQUEST.pack(len(body), len(query), len(base_bytes), 0, 0, code) + body
    graphs = [*default_graphs, *named_graphs]
    # each graph is length-prefixed: an IRI taken from a request may hold any character
    tail = b"".join(struct.pack("<I", len(g)) + g for g in (graph.encode("utf-8", "replace") for graph in graphs))
    body = query + base_bytes + tail
    defaults = len(default_graphs) + 1
    return REQUEST.pack(len(body), len(query), len(base_bytes), defaults, len(named_graphs), code) + body


def graphs_of(body: memoryview, count: int) -> list[str]:
    """The graph IRIs at the end of a request."""
    found = []
    at = 0
    for _ in range(count):
        (length,) = struct.unpack_from("<I", body, at)
        found.append(str(body[at + 4 : at + 4 + length], "utf-8"))
        at += 4 + length
    return found
