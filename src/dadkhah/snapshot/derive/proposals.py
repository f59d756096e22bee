"""Matches of pattern stages that a stored query proposes and nobody has confirmed.

In: `queries/patterns/*.rq`, each a SELECT that projects `?event` or `?item`, and `?stage` where it speaks of more
than the stage whose `dk:indicator` names its file. Out: `dk:PatternMatch` records with `dk:method dk:ProposedByQuery`.
A pair that a voice or an analyst has already asserted is not proposed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import QuerySyntaxError
from dadkhah.iris import Iris
from dadkhah.snapshot.dump.statements import Statements
from dadkhah.vocab import RDF_TYPE

_KINDS = {"event": "matchedEvent", "item": "matchedItem"}


def proposed_matches(found: Statements, folder: Path, iris: Iris) -> Iterator[ox.Triple]:
    """Run the pattern queries over the merged statements.

    Raises:
        QuerySyntaxError: a query does not parse.
    """
    queries = sorted(folder.glob("*.rq")) if folder.is_dir() else []
    if not queries:
        return
    store = ox.Store()
    store.extend(ox.Quad(each.triple.subject, each.triple.predicate, each.triple.object) for each in found.all)
    known = _asserted(found, iris)
    for path in queries:
        stages = _stages_of(found, path.name, iris)
        for stage, kind, value in sorted(_rows(store, path, stages)):
            if (stage, value) not in known:
                yield from _match(stage, kind, value, iris)


def _rows(store: ox.Store, path: Path, stages: list[str]) -> set[tuple[str, str, str]]:
    try:
        solutions = store.query(path.read_text())
    except SyntaxError as error:
        raise QuerySyntaxError(f"{path.name}: {error}") from error
    if not isinstance(solutions, ox.QuerySolutions):
        raise QuerySyntaxError(f"{path.name}: a pattern query is a SELECT with ?event or ?item")
    names = {variable.value for variable in solutions.variables}
    kinds = [kind for kind in _KINDS if kind in names]
    if not kinds:
        raise QuerySyntaxError(f"{path.name}: a pattern query projects ?event or ?item")
    rows = set()
    for solution in solutions:
        stage = solution["stage"] if "stage" in names else None
        targets = [stage.value] if isinstance(stage, ox.NamedNode) else stages
        for kind in kinds:
            value = solution[kind]
            if isinstance(value, ox.NamedNode):
                rows |= {(target, kind, value.value) for target in targets}
    return rows


def _match(stage: str, kind: str, value: str, iris: Iris) -> Iterator[ox.Triple]:
    digest = hashlib.sha256(f"{stage} {value}".encode()).hexdigest()[:16]
    record = ox.NamedNode(iris.thing("match", f"proposed-{digest}"))
    yield ox.Triple(record, ox.NamedNode(RDF_TYPE), ox.NamedNode(iris.term("PatternMatch")))
    yield ox.Triple(record, ox.NamedNode(iris.term("matchedStage")), ox.NamedNode(stage))
    yield ox.Triple(record, ox.NamedNode(iris.term(_KINDS[kind])), ox.NamedNode(value))
    yield ox.Triple(record, ox.NamedNode(iris.term("method")), ox.NamedNode(iris.term("ProposedByQuery")))


def _asserted(found: Statements, iris: Iris) -> set[tuple[str, str]]:
    stages = {each.subject: each.object_iri for each in found.by_predicate.get(iris.term("matchedStage"), ())}
    pairs = set()
    for name in _KINDS.values():
        for statement in found.by_predicate.get(iris.term(name), ()):
            stage = stages.get(statement.subject)
            if stage and statement.object_iri:
                pairs.add((stage, statement.object_iri))
    return pairs


def _stages_of(found: Statements, file_name: str, iris: Iris) -> list[str]:
    names = {file_name, file_name.removesuffix(".rq")}
    indicators = found.by_predicate.get(iris.term("indicator"), ())
    return sorted({each.subject for each in indicators if getattr(each.triple.object, "value", None) in names})
