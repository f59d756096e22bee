"""Records of another dataset, read from its file as it is published.

In: a CSV table with a header, JSON lines (FollowTheMoney or plain), OFAC's `sdn.csv` with its `alt.csv` beside it, the
list of a Union act as CSV, or RDF. Out: `Target`s. The reader goes by the file's name and its first line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dadkhah.errors import SourceSyntaxError
from dadkhah.linking.batch.entities import read_entities
from dadkhah.linking.batch.graphs import read_graph
from dadkhah.linking.batch.ofac import is_ofac, read_ofac
from dadkhah.linking.batch.tables import read_table
from dadkhah.linking.batch.target import Target
from dadkhah.source.formats.reading import format_of

__all__ = ("Target", "read_targets")

_LINES: Final = {".json", ".jsonl", ".ndjson", ".ijson"}


def read_targets(file: Path, id_base: str = "") -> Iterator[Target]:
    """Read a file; `id_base` goes before identifiers that are no IRIs.

    Raises:
        ParameterError: the file has identifiers that are no IRIs, and no base was given.
        SourceSyntaxError: the file is missing, not UTF-8, or has none of the columns that are looked for.
    """
    try:
        if is_ofac(file):
            yield from read_ofac(file)
        elif file.suffix.lower() in _LINES:
            yield from read_entities(file, id_base)
        elif format_of(file) is not None:
            yield from read_graph(file)
        else:
            yield from read_table(file, id_base)
    except OSError as error:
        raise SourceSyntaxError(error.strerror or "cannot be read", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise SourceSyntaxError("not UTF-8; save the table as UTF-8", file=str(file)) from error
