"""What a project must hold, as `data/assertions.toml` states it, so that a loss is a finding and not a surprise.

    [prefixes]
    person = "https://w3id.org/dadkhah/id/person/"       (dk:, skos:, rdfs:, id:, voice: and graph: are declared)

    [[assertion]]
    name = "voices of the article"
    reason = "nine are read in it"                       (why it must be so: told with the finding)
    query = "SELECT (COUNT(DISTINCT ?v) AS ?n) { ?v a dk:Voice }"
    exactly = 9                                          (or: at_least = 9, for a query that gives one number)

An `answer = ["…", …]` instead of a number demands exactly these rows, in any order, repeats counted once; a row of
several columns is a list. Terms stand without datatype and language; an unbound variable is "".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from dadkhah.errors import SourceSyntaxError
from dadkhah.iris import Iris
from dadkhah.validation.report import Finding
from dadkhah.vocab import RDFS, SKOS

_PREFIXES = {
    "dk": Iris().ontology,
    "skos": SKOS,
    "rdfs": RDFS,
    "id": f"{Iris().base}id/",
    "voice": f"{Iris().base}voice/",
    "graph": f"{Iris().base}graph/",
}
_DEMANDS = ("exactly", "at_least", "answer")
_HEAD = re.compile(r"^\s*\[\[\s*assertion\s*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion; exactly one of the three demands is not None."""

    name: str
    query: str
    reason: str
    line: int
    exactly: int | None
    at_least: int | None
    answer: frozenset[tuple[str, ...]] | None


def run_assertions(path: Path, store: ox.Store) -> Iterator[Finding]:
    """Every assertion that does not hold; nothing where there is no such file.

    Raises:
        SourceSyntaxError: the file, or a query in it, is malformed.
    """
    for assertion in read_assertions(path) if path.is_file() else ():
        problem = _problem(assertion, _rows(assertion, path, store), path)
        if problem:
            reason = f" ({assertion.reason})" if assertion.reason else ""
            yield Finding(
                message=f"{assertion.name}: {problem}{reason}",
                file=f"data/{path.name}",
                line=assertion.line,
                advice="bring back what was lost, or change the assertion together with the data",
                rule="assertion",
            )


def read_assertions(path: Path) -> list[Assertion]:
    """The assertions of a file, in order; each query begins with its prefixes.

    Raises:
        SourceSyntaxError: it is no TOML, or an assertion lacks a part.
    """
    try:
        text = path.read_text(encoding="utf-8")
        stated = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceSyntaxError(f"it is no TOML: {error}", file=str(path), line=getattr(error, "lineno", 1)) from error
    unknown = sorted(set(stated) - {"prefixes", "assertion"})
    if unknown:
        raise SourceSyntaxError(f"unknown table {unknown[0]!r}: write [[assertion]]", file=str(path), line=1)
    prefixes = {**_PREFIXES, **stated.get("prefixes", {})}
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    lines = [text.count("\n", 0, match.end()) + 1 for match in _HEAD.finditer(text)]
    found = stated.get("assertion", [])
    lines += [1] * (len(found) - len(lines))
    return [
        _assertion(each, number, line, prologue, path)
        for number, (each, line) in enumerate(zip(found, lines, strict=False), 1)
    ]


def _assertion(stated: dict[str, Any], number: int, line: int, prologue: str, path: Path) -> Assertion:
    name = str(stated.get("name", f"number {number}"))
    demands = [demand for demand in _DEMANDS if demand in stated]
    if "query" not in stated or len(demands) != 1:
        problem = f"assertion {name!r} needs a query and one of {', '.join(_DEMANDS)}"
        raise SourceSyntaxError(problem, file=str(path), line=line)
    unknown = sorted(set(stated) - {"name", "query", "reason", *_DEMANDS})
    if unknown:
        raise SourceSyntaxError(f"assertion {name!r} has an unknown key {unknown[0]!r}", file=str(path), line=line)
    rows = stated.get("answer")
    return Assertion(
        name=name,
        query=prologue + stated["query"],
        reason=str(stated.get("reason", "")),
        line=line,
        exactly=stated.get("exactly"),
        at_least=stated.get("at_least"),
        answer=None
        if rows is None
        else frozenset(tuple(map(str, r)) if isinstance(r, list) else (str(r),) for r in rows),
    )


def _problem(assertion: Assertion, rows: set[tuple[str, ...]], path: Path) -> str:
    """What does not hold; empty where it holds."""
    if assertion.answer is not None:
        return _difference(assertion.answer, rows)
    try:
        ((number,),) = rows
        found = int(number)
    except ValueError as error:
        problem = f"the query of assertion {assertion.name!r} does not give one whole number"
        raise SourceSyntaxError(problem, file=str(path), line=assertion.line) from error
    if assertion.exactly is not None and found != assertion.exactly:
        return f"there are {found:,}, and there must be exactly {assertion.exactly:,}"
    if assertion.at_least is not None and found < assertion.at_least:
        return f"there are {found:,}, and there must be at least {assertion.at_least:,}"
    return ""


def _difference(wanted: frozenset[tuple[str, ...]], rows: set[tuple[str, ...]]) -> str:
    parts = []
    for word, some in (("missing", wanted - rows), ("not expected", rows - wanted)):
        if some:
            parts.append(f"{word}: {'; '.join(' '.join(row) for row in sorted(some))}")
    return ", ".join(parts)


def _rows(assertion: Assertion, path: Path, store: ox.Store) -> set[tuple[str, ...]]:
    try:
        solutions = store.query(assertion.query, use_default_graph_as_union=True)
        rows = iter(solutions) if isinstance(solutions, ox.QuerySolutions) else iter(())
        return {tuple(getattr(term, "value", "") for term in row) for row in rows}
    except (SyntaxError, ValueError, OSError) as error:
        problem = f"the query of assertion {assertion.name!r} cannot be answered: {error}"
        raise SourceSyntaxError(problem, file=str(path), line=assertion.line) from error
