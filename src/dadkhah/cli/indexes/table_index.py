"""The tables that a snapshot offers as CSV, written when it is built.

In: a finished store and the stored queries of `queries/tables/`. Out: `indexes/tables/<name>.csv`, whose sizes and
hashes the manifest states, so that whoever downloads one can check it. A table without rows is not written: a graph of
a user's own has none. Cells are safe for spreadsheets (`browse.tables`). It must not decide what is in a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dadkhah.browse.tables import csv_lines
from dadkhah.cli.places import ontology_here

if TYPE_CHECKING:
    import pyoxigraph as ox

    from dadkhah.engine.queries.catalog import Catalog, StoredQuery

NAME = "tables"
_FORMAT = "1"


class TableIndexer:
    """Writes the tables into a snapshot; `dadkhah.snapshot.plan.Indexer`."""

    name = NAME

    def __init__(self, queries: Catalog | None = None) -> None:
        self._given = queries

    @property
    def version(self) -> str:
        """Changes with the form of the tables and with the text of any query."""
        texts = "\0".join(query.text for query in self._queries.values())
        return f"{_FORMAT}.{hashlib.sha256(texts.encode()).hexdigest()[:12]}"

    @property
    def _queries(self) -> Mapping[str, StoredQuery]:
        if self._given is None:
            project = ontology_here()
            if project is None:
                return {}
            from dadkhah.engine.queries.catalog import Catalog  # noqa: PLC0415 - not needed where there is no project: 0.2 s

            self._given = Catalog.load(project.queries / NAME)
        return self._given

    def build(self, store: ox.Store, folder: Path) -> None:
        """Write each table that has rows."""
        for name, query in self._queries.items():
            solutions: Any = store.query(query.bind({}))
            header = [variable.value for variable in solutions.variables]
            rows = ([_text(row[column]) for column in header] for row in solutions)
            first = next(rows, None)
            if first is not None:
                _write(folder / f"{name}.csv", csv_lines(header, _with(first, rows)))


def _with(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _write(path: Path, lines: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(lines)


def _text(term: Any) -> str:
    """An IRI or literal as its text; a blank node as it is named in this snapshot."""
    if term is None:
        return ""
    value = getattr(term, "value", None)
    return str(term) if value is None else str(value)
