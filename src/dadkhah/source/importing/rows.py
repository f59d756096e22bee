"""The rows of a dataset, whatever it is written in.

In: CSV or TSV (with a header, or columns named by the mapping), JSON lines, FollowTheMoney entities. Out: rows as texts
by column, with what makes a text sound: NFC, no control or direction marks, single spaces. A property of several values
comes as lines.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from dadkhah.errors import SourceSyntaxError
from dadkhah.source.importing.mapping import Rows

Row = Mapping[str, str]
_MARKS = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)


def read_rows(file: Path, how: Rows) -> Iterator[Row]:
    """Read a dataset; raises `SourceSyntaxError` with the line."""
    try:
        if file.suffix.lower() in {".json", ".jsonl", ".ndjson", ".ijson"}:
            yield from _objects(file)
        else:
            yield from _cells(file, how)
    except OSError as error:
        raise SourceSyntaxError(error.strerror or "cannot be read", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise SourceSyntaxError("not UTF-8; save the table as UTF-8", file=str(file)) from error


def sound(text: str) -> str:
    """A text as it may stand in data; lines stay lines."""
    lines = (" ".join(line.split()) for line in _MARKS.sub("", unicodedata.normalize("NFC", text)).splitlines())
    return "\n".join(line for line in lines if line)


def _cells(file: Path, how: Rows) -> Iterator[Row]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        tabs = first.count("\t") > first.count(",")
        reader = csv.reader(lines, delimiter="\t" if tabs else ",")
        columns = how.columns or tuple(next(reader, ()))
        for cells in reader:
            if len(cells) != len(columns):
                if how.skip_short and len(cells) < len(columns):
                    continue
                text = f"{len(cells)} cells for {len(columns)} columns"
                raise SourceSyntaxError(text, file=str(file), line=reader.line_num)
            values = (sound(cell) for cell in cells)
            yield {name: "" if text == how.null else text for name, text in zip(columns, values, strict=True)}


def _objects(file: Path) -> Iterator[Row]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                value: Any = orjson.loads(line)
                flat = {**value, **value.get("properties", {})}
            except (orjson.JSONDecodeError, AttributeError, TypeError) as error:
                raise SourceSyntaxError("not one JSON object in each line", file=str(file), line=number) from error
            yield {key: sound(_text(each)) for key, each in flat.items() if not isinstance(each, dict)}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)
