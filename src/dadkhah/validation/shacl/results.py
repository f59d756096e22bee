"""What SHACL validation yields: results as SHACL section 3.6 defines them, and the report that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from dadkhah.validation.shacl.terms import Node, Term

ResultKey: TypeAlias = tuple[Term, Term | None, Term | None, Term, NamedNode, Node]


@dataclass(slots=True)
class Result:
    """One validation result.

    Attributes:
        focus: the focus node.
        path: a predicate, or the head of a path in the shapes graph, or None.
        value: the value node, or None.
        severity: IRI of the severity.
        component: IRI of the constraint component.
        shape: the source shape.
        constraint: the source constraint of a SPARQL constraint, or None.
        messages: the result messages, with variables filled in; empty where the shape states none.
        details: the results of the shape that `sh:node` names (`sh:detail`).
    """

    focus: Term
    path: Term | None
    value: Term | None
    severity: Term
    component: NamedNode
    shape: Node
    constraint: Node | None = None
    messages: tuple[Literal, ...] = ()
    details: tuple[Result, ...] = ()

    def key(self) -> ResultKey:
        """What two engines must agree on."""
        return (self.focus, self.path, self.value, self.severity, self.component, self.shape)


@dataclass(slots=True)
class ShaclReport:
    """The results of one validation, in no order.

    Attributes:
        results: top-level results; a result may stand more than once, as SHACL has it.
        uncompiled: shape → why it ran in pySHACL.
        ignored: shape → its properties of SHACL Advanced Features and SHACL-JS, which nothing here evaluates.
    """

    results: list[Result] = field(default_factory=list)
    uncompiled: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all (SHACL section 3.6.1)."""
        return not self.results

    def keys(self) -> list[str]:
        """What engines must agree on, as sorted text; a list, since results repeat."""
        return sorted(repr(result.key()) for result in self.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)
