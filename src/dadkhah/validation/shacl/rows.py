"""Queries over focus nodes and their values: the one place that writes SPARQL for a shape's rows.

In: a focus and a path. Out: rows of terms as they were written, each pair of focus node and value once. Oxigraph
answers `?f p ?v FILTER(…) FILTER EXISTS { ?f a C }` several times faster than the join that starts from `?f a C`,
because the class is looked up for the few rows that the first filter lets through; so a scan of the predicate is
preferred where the focus nodes are a good part of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal

from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.focus import Focus
from dadkhah.validation.shacl.literals import CARRIER, from_store
from dadkhah.validation.shacl.paths import Path
from dadkhah.validation.shacl.terms import Term

_SCAN_SHARE = 50  # a scan pays when at least one triple in fifty types a focus node; measured on persons and places


class Rows:
    """Asks one data graph."""

    def __init__(self, data: DataGraph) -> None:
        self.data = data
        self._counts: dict[Focus, int] = {}
        self._triples = len(data.store)

    def count(self, focus: Focus) -> int:
        """Number of focus nodes."""
        if focus not in self._counts:
            pattern = focus.bind("?f")
            self._counts[focus] = self._number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "n")
        return self._counts[focus]

    def nodes(self, focus: Focus) -> list[Term]:
        """The focus nodes."""
        return [term for (term,) in self._select("?f", focus.bind("?f"))]

    def pairs(self, focus: Focus, path: Path | None, where: str = "", more: str = "") -> Iterator[tuple[Term, ...]]:
        """Rows of focus node, value and what `more` names (variables), filtered by `where`; without repeats.

        For a node shape (`path` None) the value is the focus node; `where` sees `?f` and `?v` in either case.
        """
        seen: set[tuple[Term, ...]] = set()
        for row in self._select(f"?f ?v {more}", self.pattern(focus, path, where)):
            if row not in seen:
                seen.add(row)
                yield row

    def pattern(self, focus: Focus, path: Path | None, where: str = "") -> str:
        """The graph pattern of `pairs`."""
        if path is None:
            return f"{focus.bind('?f')} BIND(?f AS ?v) {where}"
        if path.nullable:  # a path pattern gives no node that is missing in the data
            both = f"{{ {focus.bind('?f')} BIND(?f AS ?v) }} UNION {{ {focus.bind('?f')} ?f {path.sparql} ?v }}"
            return f"{both} {where}"
        if self.prefers_scan(focus, path):
            return f"?f {path.sparql} ?v . {where} FILTER EXISTS {{ {focus.bind('?f')} }}"
        return f"{focus.bind('?f')} ?f {path.sparql} ?v . {where}"

    def prefers_scan(self, focus: Focus, path: Path) -> bool:
        """Whether to read the predicate first and test the focus last."""
        return focus.test and path.predicate is not None and self.count(focus) * _SCAN_SHARE >= self._triples

    def without_value(self, focus: Focus, path: Path, value: str = "?v") -> Iterator[Term]:
        """Focus nodes that have no value, or not this one (as SPARQL writes it)."""
        if path.nullable and value == "?v":
            return
        pattern = f"{focus.bind('?f')} FILTER NOT EXISTS {{ ?f {path.sparql} {value} }}"
        if path.nullable:
            pattern += f" FILTER(!sameTerm(?f, {value}))"
        for (term,) in self._select("?f", pattern):
            yield term

    def counted(self, focus: Focus, path: Path, condition: str) -> Iterator[Term]:
        """Focus nodes whose number of values (at least one) fulfils a condition such as `> 3`."""
        if self.prefers_scan(focus, path):
            inner = f"SELECT ?f WHERE {{ ?f {path.sparql} ?v }} GROUP BY ?f HAVING (COUNT(*) {condition})"
            pattern = f"{{ {inner} }} FILTER EXISTS {{ {focus.bind('?f')} }}"
        else:
            inner = f"SELECT ?f WHERE {{ {self.pattern(focus, path)} }}"
            pattern = f"{{ {inner} GROUP BY ?f HAVING (COUNT(DISTINCT ?v) {condition}) }}"
        for (term,) in self._select("?f", pattern):
            yield term

    def one_value_each(self, focus: Focus, path: Path) -> tuple[bool, bool] | None:
        """Whether every focus node has a value, and whether none has two; None where that costs as much as asking."""
        if not self.prefers_scan(focus, path):
            return None
        text = (
            f"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?f) AS ?m) WHERE {{ ?f {path.sparql} ?v . "
            f"FILTER EXISTS {{ {focus.bind('?f')} }} }}"
        )
        row = next(self.data.query(text))
        values, nodes = (int(term.value) if isinstance(term, Literal) else 0 for term in (row["n"], row["m"]))
        return nodes == self.count(focus), values == nodes

    def repeated_languages(self, focus: Focus, path: Path) -> Iterator[Term]:
        """A focus node for each language that two of its values share."""
        tagged = 'FILTER(isLiteral(?v) && LANG(?v) != "") BIND(LANG(?v) AS ?l)'
        if self.prefers_scan(focus, path):
            inner = f"SELECT ?f ?l WHERE {{ ?f {path.sparql} ?v . {tagged} }} GROUP BY ?f ?l HAVING (COUNT(*) > 1)"
            pattern = f"{{ {inner} }} FILTER EXISTS {{ {focus.bind('?f')} }}"
        else:
            where = self.pattern(focus, path, tagged)
            pattern = f"{{ SELECT ?f ?l WHERE {{ {where} }} GROUP BY ?f ?l HAVING (COUNT(DISTINCT ?v) > 1) }}"
        for term, _ in self._select("?f ?l", pattern):
            yield term

    def _select(self, variables: str, pattern: str) -> Iterator[tuple[Term, ...]]:
        solutions = self.data.query(f"SELECT {variables} WHERE {{ {pattern} }}")
        if self.data.has_carriers or CARRIER.value in pattern:  # a shape may name one that the data has not
            for solution in solutions:
                yield tuple(from_store(term) for term in solution)
        else:
            for solution in solutions:
                yield tuple(solution)

    def _number(self, text: str, variable: str) -> int:
        term = next(self.data.query(text))[variable]
        return int(term.value) if isinstance(term, Literal) else 0
