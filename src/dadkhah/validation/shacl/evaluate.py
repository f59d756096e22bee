"""The compiled path: one shape over all its focus nodes, a few SPARQL queries for each constraint.

In: a shapes graph, a data graph. Out: the results of one shape with everything it refers to. The semantics are those of
SHACL Core as pySHACL has them; where the two engines could differ, the shape is not compiled and `Uncompiled` says why.
Nested shapes are evaluated over the set of all nodes that reach them, never node by node.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode

from dadkhah.validation.shacl.composite import Composites
from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.focus import Focus, listed_focus, target_focus, value_focus
from dadkhah.validation.shacl.judge import is_less
from dadkhah.validation.shacl.literals import CARRIER, to_store
from dadkhah.validation.shacl.paths import Path, compile_path
from dadkhah.validation.shacl.results import Result
from dadkhah.validation.shacl.rows import Rows
from dadkhah.validation.shacl.shapes import Shape, ShapesGraph
from dadkhah.validation.shacl.sparql_constraint import sparql_results
from dadkhah.validation.shacl.terms import RDF_TYPE, RDFS_RESOURCE, Node, Term, sh
from dadkhah.validation.shacl.uncompiled import Uncompiled
from dadkhah.validation.shacl.value_tests import ValueTest, value_tests
from dadkhah.vocab import SH, XSD

Owned: TypeAlias = tuple[Term, Result]  # the focus node that fails, and why
_LISTED = 2000  # nodes named in a query; more are reached again by their path
_MAX_DEPTH = 14  # pySHACL gives up at fifteen


class Evaluator:
    """Evaluates shapes of one shapes graph over one data graph."""

    def __init__(self, graph: ShapesGraph, data: DataGraph) -> None:
        self.graph = graph
        self.data = data
        self.rows = Rows(data)
        self._composites = Composites(graph, data)
        self._nested: dict[tuple[Node, Focus], dict[Term, list[Result]]] = {}
        self._value_focus: dict[tuple[Focus, Path], Focus] = {}
        self._stack: list[Node] = []

    def results(self, shape: Shape) -> list[Result]:
        """All results of a shape over its own targets.

        Raises:
            Uncompiled: the shape, or one that it names, has to run in pySHACL.
        """
        classes = self.graph.only_target_classes(shape)
        if classes and not self.data.has_instances(classes):
            return []  # sooner than by a query; most shapes of a project say nothing about most files
        focus = target_focus(self.graph, shape, self.data)
        if not self.rows.count(focus):
            return []
        return [result for _, result in self.evaluate(shape, focus)]

    def evaluate(self, shape: Shape, focus: Focus) -> Iterator[Owned]:
        """Results of a shape over a focus, each with the focus node that it makes fail."""
        if self.graph.deactivated(shape):
            return
        if shape.node in self._stack:
            raise Uncompiled("it refers to itself; SHACL leaves recursive shapes undefined")
        if len(self._stack) >= _MAX_DEPTH:
            raise Uncompiled("it is nested too deeply")
        self._stack.append(shape.node)
        try:
            yield from _ShapeRun(self, shape, focus).results()
        finally:
            self._stack.pop()

    def reached(self, focus: Focus, path: Path | None) -> Focus:
        """The focus of the values."""
        if path is None:
            return focus
        if (focus, path) not in self._value_focus:
            self._value_focus[focus, path] = value_focus(focus, path)
        return self._value_focus[focus, path]

    def failing(self, node: Term, focus: Focus) -> dict[Term, list[Result]]:
        """The nodes of a focus that do not conform to a shape, with their results."""
        shape = None if isinstance(node, Literal) else self.graph.shapes.get(node)
        if shape is None:
            raise Uncompiled("malformed: it names a shape that does not exist")
        key = (shape.node, focus)
        if key not in self._nested:
            found: dict[Term, list[Result]] = defaultdict(list)
            for owner, result in self.evaluate(shape, focus):
                found[owner].append(result)
            self._nested[key] = dict(found)
        return self._nested[key]

    def composite_tests(self, shape: Shape) -> list[tuple[str, Term, ValueTest]]:
        """The logical constraints of a shape that depend on one value only."""
        return list(self._composites.tests(shape.node))


class _ShapeRun:
    """One shape over one focus."""

    def __init__(self, evaluator: Evaluator, shape: Shape, focus: Focus) -> None:
        self.evaluator = evaluator
        self.graph = evaluator.graph
        self.rows = evaluator.rows
        self.shape = shape
        self.focus = focus
        self.path = None if shape.path is None else compile_path(self.graph, shape.path)
        self.severity = self.graph.severity(shape)
        self.messages = tuple(self.graph.messages(shape.node))
        self.folded = evaluator.composite_tests(shape)
        self._refuse_custom_components()

    def results(self) -> Iterator[Owned]:
        yield from self._values()
        for result in self._cardinality():
            yield result.focus, result
        for result in (*self._property_pairs(), *self._closed(), *self._has_value(), *self._qualified()):
            yield result.focus, result
        yield from self._properties()
        for result in (*self._nodes(), *self._logical()):
            yield result.focus, result
        for result in sparql_results(self.evaluator.graph, self.rows, self.shape, self.focus):
            yield result.focus, result

    def result(self, focus: Term, value: Term | None, component: NamedNode, path: Term | None = None) -> Result:
        return Result(
            focus, path or self.shape.path, value, self.severity, component, self.shape.node, None, self.messages
        )

    def pairs(self, where: str = "", more: str = "") -> Iterator[tuple[Term, ...]]:
        return self.rows.pairs(self.focus, self.path, where, more)

    def _refuse_custom_components(self) -> None:
        for component in self.graph.custom_components:
            if all(self.graph.objects(self.shape.node, name) for name in component):
                raise Uncompiled("it uses a constraint component of its own (SHACL section 6)")

    # --- one value at a time ---

    def _values(self) -> Iterator[Owned]:
        tests = [*value_tests(self.graph, self.shape.node, self.evaluator.data), *(test for _, _, test in self.folded)]
        if not tests:
            return
        sure = [test.ok("?v") for test in tests if test.ok is not None]
        where = f"FILTER({self._may_be_carrier()}!({' && '.join(sure)}))" if len(sure) == len(tests) else ""
        failed: dict[Node, list[Result]] = defaultdict(list)
        for focus, value in self.pairs(where):
            for test in tests:
                if test.violates(value):
                    result = self.result(focus, value, test.component)
                    if test.nested is not None:
                        failed[test.nested].append(result)
                    yield focus, result
        for nested, results in failed.items():
            self._add_details(nested, results)

    def _may_be_carrier(self) -> str:
        known = self.path.last if self.path is not None else None
        carriers = self.evaluator.data.carrier_predicates
        named = CARRIER.value in self.focus.template  # a target may be one that the data has not
        if not named and not (carriers if known is None else carriers & known):
            return ""
        return f"(isLiteral(?v) && DATATYPE(?v) = {CARRIER}) || "

    def _add_details(self, nested: Node, results: list[Result]) -> None:
        values = {cast("Term", result.value) for result in results}
        focus = listed_focus(values) if len(values) <= _LISTED else None
        details = self.evaluator.failing(nested, focus or self.evaluator.reached(self.focus, self.path))
        for result in results:
            result.details = tuple(details.get(cast("Term", result.value), ()))

    # --- how many values ---

    def _count(self, name: str) -> int | None:
        values = self.graph.values(self.shape.node, name)
        if not values:
            return None
        value = values[0]
        whole = isinstance(value, Literal) and value.datatype.value == XSD + "integer" and value.value.isdecimal()
        if len(values) > 1 or not whole or self.path is None:
            raise Uncompiled(f"malformed: sh:{name} is one whole number, on a property shape")
        return int(cast("Literal", value).value)

    def _cardinality(self) -> Iterator[Result]:
        least, most = self._count("minCount"), self._count("maxCount")
        if self.path is not None and (least is not None or most is not None):
            yield from self._counted(
                self.path, least or 0, most, sh("MinCountConstraintComponent"), sh("MaxCountConstraintComponent")
            )
        yield from self._unique_language()

    def _counted(
        self, path: Path, least: int, most: int | None, too_few: NamedNode, too_many: NamedNode
    ) -> Iterator[Result]:
        probe = self.rows.one_value_each(self.focus, path) if least >= 1 and most is not None else None
        every_has_one, none_has_two = probe or (False, False)
        if least >= 1 and not every_has_one:
            for node in self.rows.without_value(self.focus, path):
                yield self.result(node, None, too_few)
        if least >= 2:
            for node in self.rows.counted(self.focus, path, f"< {least}"):
                yield self.result(node, None, too_few)
        if most is not None and not (most >= 1 and none_has_two):
            for node in self.rows.counted(self.focus, path, f"> {most}"):
                yield self.result(node, None, too_many)

    def _unique_language(self) -> Iterator[Result]:
        values = self.graph.values(self.shape.node, "uniqueLang")
        if not values:
            return
        if len(values) > 1 or self.path is None or values[0].value not in {"true", "false", "1", "0"}:
            raise Uncompiled("malformed: sh:uniqueLang is one boolean, on a property shape")
        if values[0].value == "true":  # `"1"^^xsd:boolean` is not the RDF term true (suite: uniqueLang-002)
            for node in self.rows.repeated_languages(self.focus, self.path):
                yield self.result(node, None, sh("UniqueLangConstraintComponent"))

    # --- pairs of properties ---

    def _property_pairs(self) -> Iterator[Result]:
        for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
            for other in self.graph.values(self.shape.node, name):
                if not isinstance(other, NamedNode) or (name.startswith("less") and self.path is None):
                    raise Uncompiled(f"malformed: sh:{name} names no property, or stands on a node shape")
                component = sh(f"{name[0].upper()}{name[1:]}ConstraintComponent")
                if name == "equals":
                    found = self._unequal(other)
                elif name == "disjoint":
                    found = ((row[0], row[1]) for row in self.pairs(f"FILTER EXISTS {{ ?f {other} ?v }}"))
                else:
                    found = self._not_less(other, or_equal=name == "lessThanOrEquals")
                for focus, value in found:
                    yield self.result(focus, value, component)

    def _unequal(self, other: NamedNode) -> Iterator[tuple[Term, Term]]:
        for row in self.pairs(f"FILTER NOT EXISTS {{ ?f {other} ?v }}"):
            yield row[0], row[1]
        path = self.path
        if path is None:
            missing = "FILTER(!sameTerm(?v, ?f))"
        else:
            missing = f"FILTER NOT EXISTS {{ ?f {path.sparql} ?v }}"
            if path.nullable:
                missing += " FILTER(!sameTerm(?v, ?f))"
        for row in self.rows.pairs(self.focus, Path(str(other), predicate=other.value), missing):
            yield row[0], row[1]

    def _not_less(self, other: NamedNode, *, or_equal: bool) -> Iterator[tuple[Term, Term]]:
        operator = "<=" if or_equal else "<"
        date = f"<{XSD}date>"
        sure = (
            f"((isNumeric(?v) && isNumeric(?c)) || (isLiteral(?v) && isLiteral(?c) && "
            f"DATATYPE(?v) = {date} && DATATYPE(?c) = {date})) && ?v {operator} ?c"
        )
        for focus, value, bound in self.pairs(f"?f {other} ?c . FILTER(!({sure}))", "?c"):
            if not _is_in_order(value, bound, or_equal=or_equal):
                yield focus, value

    # --- closed, hasValue ---

    def _closed(self) -> Iterator[Result]:
        closed = self.graph.values(self.shape.node, "closed")
        ignored = self.graph.values(self.shape.node, "ignoredProperties")
        if not closed and not ignored:
            return
        if len(closed) != 1 or not isinstance(closed[0], Literal) or closed[0].value not in {"true", "false", "1", "0"}:
            raise Uncompiled("malformed: sh:closed is one boolean, and goes with sh:ignoredProperties")
        if closed[0].value in {"false", "0"}:
            return
        allowed = {member for head in ignored for member in self.graph.items(head)}
        for node in self.graph.values(self.shape.node, "property"):
            shape = None if isinstance(node, Literal) else self.graph.shapes.get(node)
            if shape is not None and shape.path is not None:
                allowed.add(shape.path)
        names = " ".join(str(term) for term in sorted(allowed, key=str) if isinstance(term, NamedNode)).split()
        where = f"?v ?p ?o . FILTER(?p NOT IN ({', '.join(names)}))" if names else "?v ?p ?o ."
        for focus, _, predicate, value in self.pairs(where, "?p ?o"):
            if not (predicate == RDF_TYPE and value == RDFS_RESOURCE):
                yield self.result(focus, value, sh("ClosedConstraintComponent"), predicate)

    def _has_value(self) -> Iterator[Result]:
        component = sh("HasValueConstraintComponent")
        for wanted in self.graph.values(self.shape.node, "hasValue"):
            if isinstance(wanted, BlankNode):
                raise Uncompiled("sh:hasValue is a blank node")
            term = to_store(wanted)
            if self.path is not None:
                nodes: Iterable[Term] = self.rows.without_value(self.focus, self.path, str(term))
            else:
                nodes = (row[0] for row in self.pairs(f"FILTER(!sameTerm(?v, {term}))"))
            for node in nodes:
                yield self.result(node, None, component)

    # --- shapes of shapes ---

    def _properties(self) -> Iterator[Owned]:
        reached = self.evaluator.reached(self.focus, self.path)
        for node in self.graph.values(self.shape.node, "property"):
            shape = None if isinstance(node, Literal) else self.graph.shapes.get(node)
            if shape is None or shape.path is None:
                raise Uncompiled("malformed: sh:property names no property shape")
            if self.path is None:
                yield from self.evaluator.evaluate(shape, reached)
                continue
            failing = self.evaluator.failing(node, reached)
            for row in self.pairs() if failing else ():
                for result in failing.get(row[1], ()):
                    yield row[0], result

    def _unfolded(self, name: str) -> Iterator[Term]:
        folded = [value for kind, value, _ in self.folded if kind == name]
        for value in self.graph.values(self.shape.node, name):
            if value not in folded:
                yield value

    def _nodes(self) -> Iterator[Result]:
        for node in self._unfolded("node"):
            shape = None if isinstance(node, Literal) else self.graph.shapes.get(node)
            if shape is not None and shape.path is not None:
                raise Uncompiled("malformed: sh:node names a property shape")
            failing = self.evaluator.failing(node, self.evaluator.reached(self.focus, self.path))
            for row in self.pairs() if failing else ():
                if row[1] in failing:
                    result = self.result(row[0], row[1], sh("NodeConstraintComponent"))
                    result.details = tuple(failing[row[1]])
                    yield result

    def _logical(self) -> Iterator[Result]:
        for name in ("not", "and", "or", "xone"):
            for value in self._unfolded(name):
                members = [value] if name == "not" else self.graph.items(value)
                component = sh(f"{name.capitalize()}ConstraintComponent")
                if name in {"and", "or"}:
                    bad = self._failing_all(members) if name == "or" else self._failing_some(members)
                    rows = (row for row in self.pairs() if row[1] in bad) if bad else iter(())
                else:
                    reached = self.evaluator.reached(self.focus, self.path)
                    failures = [self.evaluator.failing(member, reached) for member in members]
                    right = 1 if name == "xone" else 0
                    rows = (row for row in self.pairs() if sum(row[1] not in failed for failed in failures) != right)
                for row in rows:
                    yield self.result(row[0], row[1], component)

    def _failing_some(self, members: list[Term]) -> set[Term]:
        reached = self.evaluator.reached(self.focus, self.path)
        return {node for member in members for node in self.evaluator.failing(member, reached)}

    def _failing_all(self, members: list[Term]) -> set[Term]:
        focus = self.evaluator.reached(self.focus, self.path)
        bad: set[Term] | None = None
        for member in members:
            listed = listed_focus(bad) if bad is not None and len(bad) <= _LISTED else None
            failing = self.evaluator.failing(member, listed or focus)
            bad = set(failing) if bad is None else bad & set(failing)
        return bad or set()

    # --- qualified value shapes ---

    def _qualified(self) -> Iterator[Result]:
        if self.path is None:
            return  # ignored on node shapes
        wanted = self.graph.values(self.shape.node, "qualifiedValueShape")
        least, most = self._count("qualifiedMinCount"), self._count("qualifiedMaxCount")
        counted = least is not None or most is not None
        if counted != bool(wanted):
            raise Uncompiled("malformed: sh:qualifiedValueShape and a qualified count go together")
        few, many = sh("QualifiedMinCountConstraintComponent"), sh("QualifiedMaxCountConstraintComponent")
        reached = self.evaluator.reached(self.focus, self.path)
        for node in wanted:
            failing = self.evaluator.failing(node, reached)
            others = [self.evaluator.failing(sibling, reached) for sibling in self._siblings(node)]
            if not failing and not others:
                yield from self._counted(self.path, least or 0, most, few, many)
                continue
            for focus, number in self._conforming(failing, others).items():
                if most is not None and number > most:
                    yield self.result(focus, None, many)
                if least is not None and number < least:
                    yield self.result(focus, None, few)

    def _conforming(self, failing: Container[Term], others: Sequence[Container[Term]]) -> Counter[Term]:
        """How many values of each focus node conform, and to no sibling."""
        counts = Counter(dict.fromkeys(self.rows.nodes(self.focus), 0))
        for focus, value in self.pairs():
            if value not in failing and all(value in other for other in others):
                counts[focus] += 1
        return counts

    def _siblings(self, own: Term) -> list[Term]:
        stated = self.graph.values(self.shape.node, "qualifiedValueShapesDisjoint")
        if not any(value.value == "true" for value in stated):
            return []
        parents = [node for node, value in self.graph.pairs(SH + "property") if value == self.shape.node]
        found = {
            sibling
            for parent in parents
            for child in self.graph.values(parent, "property")
            if not isinstance(child, Literal)
            for sibling in self.graph.values(child, "qualifiedValueShape")
        }
        return sorted(found - {own}, key=str)


def _is_in_order(value: Term, bound: Term, *, or_equal: bool) -> bool:
    if isinstance(value, Literal) and isinstance(bound, Literal):
        return is_less(value, bound, or_equal=or_equal)
    if isinstance(value, BlankNode) or isinstance(bound, BlankNode):
        return False  # pySHACL stops here; by the recommendation, what does not compare is a result
    # pySHACL compares IRIs as strings, with each other and with strings
    texts = []
    for term in (value, bound):
        if isinstance(term, Literal) and term.datatype.value != XSD + "string" and term.language is None:
            return False
        texts.append(term.value)
    return texts[0] <= texts[1] if or_equal else texts[0] < texts[1]
