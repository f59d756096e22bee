"""The short way for N-Triples and N-Quads: lines that are canonical as they stand need no parser.

In: a stream of N-Triples or N-Quads. Out: the plain lines go to a sink as they are, and a reader gives a parser all the
others, in order. A line is plain where its text is exactly what parsing and writing it again would give (N-Quads
canonical form, RDF 1.2 N-Quads, section 4): absolute IRIs of common schemes in ASCII, no blank node, no escape, no
control character, no language tag beyond language-script-region, no datatype that is left out in writing. The pattern
is narrower than the grammar on purpose: what it does not know is parsed. Must not change a byte.
"""

from __future__ import annotations

import re
from typing import IO

from dadkhah.source.formats.sink import Sink

_BLOCK = 1 << 20
_LONGEST = 65_535  # bytes of a literal; the parser takes no token beyond 16 MB, and says so
_IRI = (
    rb"<(?:https?://[A-Za-z0-9.-]++/|urn:[a-z0-9]++:)[A-Za-z0-9_~./:;,=&?@+!$*()'-]{0,2000}+"
    rb"(?:#[A-Za-z0-9_~./:;,=&?@+!$*()'-]{0,2000}+)?+>"
)
# xsd:string is left out in writing; rdf: datatypes go with language tags and directions
_DATATYPE = rb"\^\^(?!<http://www\.w3\.org/(?:2001/XMLSchema#string|1999/02/22-rdf-syntax-ns#))" + _IRI
_LITERAL = rb'"[^"\\\x00-\x1f\x7f]{0,%d}+"(?:@[a-z]{2,3}(?:-[a-z]{4})?+(?:-[a-z]{2})?+(?![A-Za-z0-9-])|%b)?+' % (
    _LONGEST,
    _DATATYPE,
)
_TRIPLE = rb"%b %b (?:%b|%b)" % (_IRI, _IRI, _IRI, _LITERAL)
_PLAIN_TRIPLES = re.compile(rb"(?:%b \.\n)*+" % _TRIPLE)
_PLAIN_QUADS = re.compile(rb"(?:%b(?: %b)?+ \.\n)*+" % (_TRIPLE, _IRI))
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE and U+FFFF are written as escapes


class PlainLines:
    """A reader of the lines that are not plain; while it is read, the plain ones go to the sink in large pieces."""

    def __init__(self, stream: IO[bytes], sink: Sink, *, quads: bool) -> None:
        self._stream = stream
        self._sink = sink
        self._plain = _PLAIN_QUADS if quads else _PLAIN_TRIPLES
        self._rest = b""
        self._inside = False  # the parser has been given the beginning of the line that comes next
        self._other = b""
        self._given = 0

    def read(self, size: int = -1) -> bytes:
        """Some bytes of lines that are not plain, at most `size`; none at the end."""
        while self._given >= len(self._other):
            block = self._stream.read(_BLOCK)
            if not block:
                self._other, self._rest, self._given = self._rest, b"", 0
                break
            self._other, self._given = self._sift(self._rest + block), 0
        end = len(self._other) if size < 0 else self._given + size
        data = self._other[self._given : end]
        self._given += len(data)
        return data

    def _sift(self, text: bytes) -> bytes:
        """Hand the plain lines of a text on; return the others, and keep the line that is cut at its end."""
        if self._inside:
            head, newline, text = text.partition(b"\n")
            if not newline:
                self._rest = b""
                return head
            head += newline
        else:
            head = b""
        cut = text.rfind(b"\n") + 1
        self._rest = text[cut:]
        self._inside = len(self._rest) > _BLOCK
        others = [head, *self._others(text[:cut])]
        if self._inside:  # longer than any plain line: it is not waited for
            others.append(self._rest)
            self._rest = b""
        return b"".join(others)

    def _others(self, lines: bytes) -> list[bytes]:
        if not _is_text(lines):
            return [lines]
        others, position = [], 0
        while position < len(lines):
            found = self._plain.match(lines, position)
            end = found.end() if found else position
            if end > position:
                self._sink.write(lines[position:end])
            position = lines.find(b"\n", end) + 1 or len(lines)
            others.append(lines[end:position])
        return others


def _is_text(lines: bytes) -> bool:
    if lines.isascii():
        return True
    try:
        lines.decode()
    except UnicodeDecodeError:
        return False
    return not any(lines.find(each) >= 0 for each in _NO_CHARACTERS)
