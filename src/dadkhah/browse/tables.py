"""Lists written as CSV that spreadsheets open as they should.

In: a header and rows of text. Out: bytes with a UTF-8 mark (without it Excel reads Persian as Latin letters) and CRLF
(RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe before it. It must not choose columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence

# what starts a formula, also after white space and in full-width letters, in Excel, LibreOffice and Google Sheets
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a plain number such as -12.5 stays as it is."""
    bare = text.lstrip()
    if not (text.startswith(_FORMULA) or bare.startswith(_FORMULA)):
        return text
    return text if _is_number(text) else f"'{text}"


def _is_number(text: str) -> bool:
    sign_and_digits = text[1:] if text[:1] in "+-" else text
    whole, _, fraction = sign_and_digits.partition(".")
    return whole.isascii() and whole.isdigit() and (not fraction or (fraction.isascii() and fraction.isdigit()))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A table in CSV, UTF-8 with mark, line by line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    yield codecs.BOM_UTF8
    for row in itertools.chain([header], ([safe_cell(cell) for cell in row] for row in rows)):
        writer.writerow(row)
        yield text.getvalue().encode("utf-8", errors="replace")
        text.seek(0)
        text.truncate()


def csv_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table in CSV, UTF-8 with mark."""
    return b"".join(csv_lines(header, rows))
