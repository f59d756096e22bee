"""Result tables as spreadsheets may open them: no cell runs as a formula.

In: the bytes of a CSV result of SPARQL, piece by piece. Out: the same with an apostrophe before each cell that a
spreadsheet would take for a formula. The result format of the W3C itself stays as it is: `Accept: text/csv` gets it
unaltered, `format=csv`, which is what links for downloads carry, gets this.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Final, cast

from dadkhah.browse.tables import safe_cell
from dadkhah.engine.interface import Answer, ResultFormat

NAME: Final = "csv"
# a cell that may be one: a sign after white space, which beyond ASCII is judged by the second look
_SUSPECT: Final = re.compile(rb"""(?:\A|[,\n"])[\s\x1c-\x1f\x80-\xff]*[=+\-@\t\r\xef]""")
_CELL: Final = re.compile(rb'("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|\Z)')


def is_sheet(name: str | None, form: ResultFormat) -> bool:
    """Whether the value of `format=` asks for a table that spreadsheets open."""
    return form is ResultFormat.CSV and name is not None and name.strip().lower() == NAME


def as_sheet(answer: Answer) -> Answer:
    """The same answer as a table for spreadsheets."""
    if answer.whole is not None:
        return replace(answer, whole=safe_rows(answer.whole))
    return replace(answer, chunks=_safe_chunks(answer.chunks))


async def _safe_chunks(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    coder = SheetCoder()
    # closing this one ends the query
    async with aclosing(cast("AsyncGenerator[bytes]", chunks)):
        async for chunk in chunks:
            if rows := coder.feed(chunk):
                yield rows
    if rest := coder.finish():
        yield rest


class SheetCoder:
    """Makes a stream of CSV safe; holds back the last row until it is whole, and looks at each byte once."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._in_quotes = False

    def feed(self, data: bytes) -> bytes:
        """The rows that are whole now."""
        end = self._end_of_rows(data)
        if not end:
            self._held.append(data)
            return b""
        rows = b"".join((*self._held, data[:end]))
        self._held = [data[end:]]
        return safe_rows(rows)

    def finish(self) -> bytes:
        """What is left."""
        rows = b"".join(self._held)
        self._held.clear()
        return safe_rows(rows)

    def _end_of_rows(self, data: bytes) -> int:
        """Where the last whole row in these bytes ends: after a line end that is not in quotes; 0 for nowhere."""
        end = place = 0
        for part in data.split(b'"'):
            found = -1 if self._in_quotes else part.rfind(b"\n")
            if found >= 0:
                end = place + found + 1
            place += len(part) + 1
            self._in_quotes = not self._in_quotes
        # the last part is followed by no quote
        self._in_quotes = not self._in_quotes
        return end


def safe_rows(rows: bytes) -> bytes:
    """Whole rows with no formula in them."""
    return _CELL.sub(_safe, rows) if _SUSPECT.search(rows) else rows


def _safe(found: re.Match[bytes]) -> bytes:
    cell, end = found[1], found[2]
    quoted = cell.startswith(b'"')
    text = (cell[1:-1] if quoted else cell).decode("utf-8", "surrogateescape")
    if safe_cell(text) == text:
        return cell + end
    return (b"\"'" + cell[1:] if quoted else b"'" + cell) + end
