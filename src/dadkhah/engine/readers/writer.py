"""The file-like object that pyoxigraph serialises into: blocks go to the pool as they fill, under two caps.

The socket is blocking, so a slow consumer stops the evaluation itself: memory stays flat whatever the size of the
answer. Runs in the reader; imports only `frames` and `xml_clean` of this package.
"""

from __future__ import annotations

import socket

from dadkhah.engine.readers.frames import BLOCK_BYTES, CODES, FIRST_BLOCK_BYTES, REPLY, Kind
from dadkhah.engine.readers.xml_clean import XmlCleaner

# What ends or begins a row in each format, as pyoxigraph writes it. JSON: quotes inside literals are escaped, so the
# mark stands between two rows only. XML: `<` inside literals is escaped. CSV: a literal may hold a line end, so its
# rows may be counted too high.
_ROW_MARKS: dict[int, bytes] = {
    CODES["application/sparql-results+json"]: b'},{"',
    CODES["application/sparql-results+xml"]: b"<result>",
    CODES["text/csv"]: b"\r\n",
    CODES["text/tab-separated-values"]: b"\n",
    CODES["application/n-triples"]: b" .\n",
    CODES["application/n-quads"]: b" .\n",
}
_RDF_XML_CODE = CODES["application/rdf+xml"]
_XML_CODES = frozenset({CODES["application/sparql-results+xml"], _RDF_XML_CODE})
# how pyoxigraph writes a property whose IRI ends in no name of XML: the tag is malformed
_NAMELESS = b"<oxprefix: "


class CapReached(Exception):
    """The answer is over a cap, or beyond what its format can say; its text says which."""


class BlockWriter:
    """Collects what the serialiser writes and sends it in blocks; `finish` sends the rest."""

    __slots__ = (
        "_cleaner", "_limit", "_mark", "_max_bytes", "_max_rows", "_parts", "_rows", "_size", "_sock", "_tail", "sent",
    )  # fmt: skip

    def __init__(self, sock: socket.socket, code: int, max_bytes: int, max_rows: int | None) -> None:
        self._sock = sock
        self._parts: list[bytes] = []
        self._size = 0
        self._limit = FIRST_BLOCK_BYTES
        self._max_bytes = max_bytes
        self._max_rows = max_rows
        self._mark = _ROW_MARKS.get(code) if max_rows is not None else None
        self._rows = 0
        self._cleaner = XmlCleaner() if code in _XML_CODES else None
        self._tail = b"" if code == _RDF_XML_CODE else None
        self.sent = 0

    def write(self, piece: bytes) -> int:
        """Take a piece; sends a block, and waits for room, when enough has come together."""
        length = len(piece)
        if self._cleaner is not None:
            piece = self._cleaner.clean(piece)
        self._parts.append(piece)
        self._size += len(piece)
        if self._size > self._limit:
            self._push()
        return length

    def flush(self) -> None:
        """Do nothing: blocks are sent by size."""

    def _push(self) -> None:
        total = self.sent + self._size
        if total > self._max_bytes:
            raise CapReached(
                f"the answer is over {self._max_bytes:,} bytes; ask for less of it, for example with LIMIT"
            )
        if self._mark is not None and self._max_rows is not None:
            self._count_rows(self._max_rows)
        self._refuse_nameless()
        send_all(self._sock, [REPLY.pack(self._size, 0, Kind.DATA, 0), *self._parts])
        self.sent = total
        self._parts.clear()
        self._size = 0
        self._limit = BLOCK_BYTES

    def _refuse_nameless(self) -> None:
        """Refuse RDF/XML with a property that it has no name for."""
        if self._tail is None:
            return
        text = b"".join((self._tail, *self._parts))
        if _NAMELESS in text:
            raise CapReached("RDF/XML has no name for a property in the answer; ask for another format")
        self._tail = text[-len(_NAMELESS) :]

    def _count_rows(self, max_rows: int) -> None:
        assert self._mark is not None
        self._rows += b"".join(self._parts).count(self._mark)
        if self._rows > max_rows:
            raise CapReached(f"the answer is over {max_rows:,} rows; ask for less of it, for example with LIMIT")

    def finish(self, micros: int, *, worn: bool) -> None:
        """Send what is left and say that the answer is whole."""
        if self._cleaner is not None and (rest := self._cleaner.rest()):
            self._parts.append(rest)
            self._size += len(rest)
        if self.sent == 0:
            if self._mark is not None and self._max_rows is not None:
                self._count_rows(self._max_rows)
            self._refuse_nameless()
            body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._sock.sendall(REPLY.pack(self._size, micros, Kind.WHOLE, worn) + body)
            return
        if self._size:
            self._push()
        self._sock.sendall(REPLY.pack(0, micros, Kind.END, worn))


def send_all(sock: socket.socket, parts: list[bytes]) -> None:
    """Send all parts in one call, without joining them; waits for room."""
    expected = sum(map(len, parts))
    sent = sock.sendmsg(parts)
    if sent < expected:
        # a signal came in between: rare, so the copy does not matter
        sock.sendall(b"".join(parts)[sent:])
