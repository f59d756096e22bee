"""The derived graph: everything that the build adds, in one list."""

from __future__ import annotations

from pathlib import Path

from dadkhah.iris import Iris
from dadkhah.snapshot.derive.closure import inverse_statements, role_types, superclass_types
from dadkhah.snapshot.derive.conflicts import conflict_records
from dadkhah.snapshot.derive.independence import independent_claimants
from dadkhah.snapshot.derive.proposals import proposed_matches
from dadkhah.snapshot.derive.schema import read_schema
from dadkhah.snapshot.dump.statements import Statement, Statements


def derive(found: Statements, patterns: Path, iris: Iris) -> list[Statement]:
    """Derive from statements that may be published; a triple that is stated anywhere is not repeated.

    Args:
        found: the statements, after protection.
        patterns: the folder of pattern queries.
        iris: the base of all IRIs.
    """
    ontology, name = iris.graph("ontology"), iris.graph("derived")
    schema = read_schema((each.triple for each in found.all if each.graph == ontology), iris)
    data = Statements([each for each in found.all if each.graph != ontology])
    stated = {each.triple for each in data.all}
    fresh = list[Statement]()

    for triple in (
        *role_types(data, schema, iris),
        *inverse_statements(data, schema),
        *conflict_records(data, schema, iris),
        *independent_claimants(data, iris),
    ):
        if triple not in stated:
            stated.add(triple)
            fresh.append(Statement(name, triple))
    # roles first: a judge is also of the classes above a judge
    for triple in superclass_types(Statements([*data.all, *fresh]), schema):
        if triple not in stated:
            stated.add(triple)
            fresh.append(Statement(name, triple))
    complete = Statements([*found.all, *fresh])
    fresh.extend(Statement(name, triple) for triple in proposed_matches(complete, patterns, iris))
    return fresh
