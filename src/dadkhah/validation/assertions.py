"""What a project must hold, as `data/assertions.toml` states it, so that a loss is a finding and not a surprise.

[[assertion]]
name = "voices of the article"
query = "SELECT (COUNT(DISTINCT ?v) AS ?n) { ?v a dk:Voice }"    (one number; dk:, skos: and the like are declared)
at_least = 9                                                     (or: exactly = 9)
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from dadkhah.errors import SourceSyntaxError
from dadkhah.iris import Iris
from dadkhah.validation.report import Finding

_PREFIXES = (
    f"PREFIX dk: <{Iris().ontology}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX id: <{Iris().base}id/> "
    f"PREFIX voice: <{Iris().base}voice/> PREFIX graph: <{Iris().base}graph/> "
)


def run_assertions(path: Path, store: ox.Store) -> Iterator[Finding]:
    """Every assertion that does not hold; nothing where there is no such file.

    Raises:
        SourceSyntaxError: the file, or a query in it, is malformed.
    """
    if not path.is_file():
        return
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceSyntaxError(f"it is no TOML: {error}", file=str(path), line=getattr(error, "lineno", 1)) from error
    for number, assertion in enumerate(stated.get("assertion", []), 1):
        yield from _judge(assertion, number, path, store)


def _judge(assertion: dict[str, Any], number: int, path: Path, store: ox.Store) -> Iterator[Finding]:
    name = assertion.get("name", f"number {number}")
    if "query" not in assertion or not {"at_least", "exactly"} & set(assertion):
        problem = f"assertion {name!r} needs a query and one of at_least, exactly"
        raise SourceSyntaxError(problem, file=str(path), line=1)
    found = _number(assertion["query"], name, path, store)
    if "exactly" in assertion and found != assertion["exactly"]:
        wanted = f"exactly {assertion['exactly']:,}"
    elif "at_least" in assertion and found < assertion["at_least"]:
        wanted = f"at least {assertion['at_least']:,}"
    else:
        return
    yield Finding(
        message=f"{name}: there are {found:,}, and there must be {wanted}",
        file=f"data/{path.name}",
        line=1,
        advice="bring back what was lost, or change the assertion together with the data",
        rule="assertion",
    )


def _number(query: str, name: str, path: Path, store: ox.Store) -> int:
    try:
        solutions = store.query(_PREFIXES + query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        term = next(iter(next(solutions)))
        return int(term.value) if isinstance(term, ox.Literal) else 0
    except (SyntaxError, ValueError, StopIteration, AssertionError) as error:
        problem = f"the query of assertion {name!r} does not give one number ({error})"
        raise SourceSyntaxError(problem, file=str(path), line=1) from error
