"""Node shapes that look at one value only, folded into a single value test.

`[ sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ]` needs no sets of failing nodes: its verdict depends
on the value alone, so it becomes a filter and a verdict like any other value constraint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import cast

from pyoxigraph import Literal

from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import RDF_TYPE, Node, Term, sh
from dadkhah.validation.shacl.uncompiled import Uncompiled
from dadkhah.validation.shacl.value_tests import VALUE_PARAMETERS, Expression, ValueTest, value_tests
from dadkhah.vocab import SH

_LOGICAL = ("and", "or", "xone", "not", "node")
_SILENT = frozenset(
    {"name", "description", "message", "severity", "deactivated", "order", "group", "flags", "defaultValue"}
)


class Composites:
    """Folds shapes of one shapes graph over one data graph into value tests; remembers what it found."""

    def __init__(self, graph: ShapesGraph, data: DataGraph) -> None:
        self._graph = graph
        self._data = data
        self._known: dict[Node, ValueTest | None] = {}

    def fold(self, node: Node) -> ValueTest | None:
        """The shape as one value test, or None where it looks further than one value (or at itself)."""
        if node not in self._known:
            self._known[node] = None  # a shape that reaches itself again is not folded
            self._known[node] = self._fold(node)
        return self._known[node]

    def _fold(self, node: Node) -> ValueTest | None:
        graph = self._graph
        shape = graph.shapes.get(node)
        if shape is None or shape.path is not None:
            return None
        if graph.deactivated(shape):
            return ValueTest(sh("NodeConstraintComponent"), lambda _: False, lambda _: "true")
        allowed = VALUE_PARAMETERS | _SILENT | frozenset(_LOGICAL)
        for name in graph.predicates(node):
            if name.startswith(SH) and not name.startswith(SH + "target") and name[len(SH) :] not in allowed:
                return None
            if not name.startswith(SH) and name != RDF_TYPE.value:
                return None  # it may be a parameter of a custom constraint component
        tests = list(value_tests(graph, node, self._data))
        for name in _LOGICAL:
            for value in graph.values(node, name):
                test = self.logical(name, value)
                if test is None:
                    return None
                tests.append(test)
        return all_of(tests)

    def logical(self, name: str, value: Term) -> ValueTest | None:
        """The test of one `sh:and`, `sh:or`, `sh:xone`, `sh:not` or `sh:node`, or None where it cannot be folded."""
        members = [value] if name in {"not", "node"} else self._graph.items(value)
        if not members or any(isinstance(member, Literal) for member in members):
            raise Uncompiled(f"malformed: sh:{name} names no shape")
        tests = [self.fold(cast("Node", member)) for member in members]
        if any(test is None for test in tests):
            return None
        folded = cast("list[ValueTest]", tests)
        component = sh(f"{name.capitalize()}ConstraintComponent")
        test = _COMBINE[name](folded)
        nested = cast("Node", value) if name == "node" else None
        return ValueTest(component, test.violates, test.ok, test.bad, nested)

    def tests(self, node: Node) -> Iterator[tuple[str, Term, ValueTest]]:
        """The logical constraints of a shape that can be folded, each with its parameter and value."""
        for name in _LOGICAL:
            for value in self._graph.values(node, name):
                test = self.logical(name, value)
                if test is not None:
                    yield name, value, test


def _joined(expressions: Sequence[Expression], operator: str, var: str) -> str:
    return "(" + f" {operator} ".join(expression(var) for expression in expressions) + ")"


def _every(expressions: Sequence[Expression | None], operator: str) -> Expression | None:
    known = [expression for expression in expressions if expression is not None]
    return partial(_joined, known, operator) if known and len(known) == len(expressions) else None


def _some(expressions: Sequence[Expression | None], operator: str) -> Expression | None:
    known = [expression for expression in expressions if expression is not None]
    return partial(_joined, known, operator) if known else None


def all_of(tests: Sequence[ValueTest]) -> ValueTest:
    """The test that a value passes when it passes all of these."""
    if not tests:
        return ValueTest(sh("AndConstraintComponent"), lambda _: False, lambda _: "true")
    return ValueTest(
        sh("AndConstraintComponent"),
        lambda term: any(test.violates(term) for test in tests),
        _every([test.ok for test in tests], "&&"),
        _some([test.bad for test in tests], "||"),
    )


def _any_of(tests: Sequence[ValueTest]) -> ValueTest:
    return ValueTest(
        sh("OrConstraintComponent"),
        lambda term: all(test.violates(term) for test in tests),
        _some([test.ok for test in tests], "||"),
        _every([test.bad for test in tests], "&&"),
    )


def _one_of(tests: Sequence[ValueTest]) -> ValueTest:
    return ValueTest(sh("XoneConstraintComponent"), lambda term: sum(not test.violates(term) for test in tests) != 1)


def _none_of(tests: Sequence[ValueTest]) -> ValueTest:
    test = tests[0]
    return ValueTest(sh("NotConstraintComponent"), lambda term: not test.violates(term), test.bad, test.ok)


_COMBINE: dict[str, Callable[[Sequence[ValueTest]], ValueTest]] = {
    "and": all_of,
    "or": _any_of,
    "xone": _one_of,
    "not": _none_of,
    "node": all_of,
}
