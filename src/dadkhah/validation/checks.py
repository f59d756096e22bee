"""Checks as queries: any row of a query in `queries/checks/` is a finding.

In: the whole project as one dataset, and the queries. Out: findings. A query's header says what its rows mean:

    # title: …       what the check is about
    # severity: error | warning | info
    # message: …     with {?variable} filled in from the row
    # fix: …         what to do

A row names the record as ?this; ?property and ?value, where bound, find the line; ?graph finds the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import SourceSyntaxError
from dadkhah.source.files.problems import Severity
from dadkhah.source.project.turtle_file import Document
from dadkhah.validation.report import Finding

_HEADER = re.compile(r"^#\s*(title|severity|message|fix):\s*(.+?)\s*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{\?(\w+)\}")


@dataclass(frozen=True, slots=True)
class Check:
    """One query and what its rows mean."""

    name: str
    text: str
    title: str
    severity: Severity
    message: str
    fix: str


def read_checks(folder: Path) -> list[Check]:
    """The checks of a folder, by name.

    Raises:
        SourceSyntaxError: a header lacks a line, or the severity is none of the three.
    """
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def run_checks(checks: Iterable[Check], store: ox.Store, documents: Iterable[Document]) -> Iterator[Finding]:
    """Run checks over a dataset in which each document is in the graph of its file."""
    places = _Places(documents)
    for check in checks:
        try:
            solutions = store.query(check.text)
        except (SyntaxError, ValueError) as error:
            raise SourceSyntaxError(f"the check does not parse: {error}", file=f"{check.name}.rq") from error
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            row = {name: solution[name] for name in names if solution[name] is not None}
            yield places.finding(check, row)


class _Places:
    """Which file and line a row is about."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by_graph: dict[str, list[Document]] = {}
        for document in documents:
            self._by_graph.setdefault(document.file.graph, []).append(document)

    def finding(self, check: Check, row: Mapping[str, object]) -> Finding:
        values = {name: str(getattr(term, "value", term)) for name, term in row.items()}
        file, line, column = self._where(values)
        return Finding(
            message=_VARIABLE.sub(lambda match: values.get(match[1], "?"), check.message),
            severity=check.severity,
            file=file,
            line=line,
            column=column,
            advice=check.fix,
            rule=check.name,
            path=f"<{values['property']}>" if "property" in values else "",
            focus=str(row.get("this", "")),
            value=str(row.get("value", "")),
        )

    def _where(self, values: Mapping[str, str]) -> tuple[str, int | None, int | None]:
        graphs = [values["graph"]] if "graph" in values else list(self._by_graph)
        for graph in graphs:
            for document in self._by_graph.get(graph, ()):
                place = document.positions.find(values.get("this", ""), values.get("property"), values.get("value"))
                if place is not None:
                    return document.file.name, place.line, place.column
        first = next(iter(self._by_graph.get(values.get("graph", ""), ())), None)
        return (first.file.name if first else "", 1 if first else None, None)


def _read(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    missing = sorted({"title", "severity", "message", "fix"} - set(header))
    if missing:
        raise SourceSyntaxError(f"the header lacks “# {missing[0]}: …”", file=str(path), line=1)
    try:
        severity = Severity(header["severity"])
    except ValueError as error:
        raise SourceSyntaxError("severity is error, warning or info", file=str(path), line=1) from error
    return Check(path.stem, text, header["title"], severity, header["message"], header["fix"])
