"""Where focus nodes come from, as SPARQL graph patterns.

A `Focus` writes a pattern that binds one variable to each focus node exactly once. Targets (SHACL section 2.1.3) give
the first, paths lead from one focus to the next, and a set of nodes found earlier gives one too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal

from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.literals import to_store
from dadkhah.validation.shacl.paths import Path
from dadkhah.validation.shacl.shapes import Shape, ShapesGraph
from dadkhah.validation.shacl.terms import Term
from dadkhah.validation.shacl.uncompiled import Uncompiled

_numbers = itertools.count()
_F = "\x01"  # stands for the focus variable in a template; neither an IRI nor an escaped literal can hold it


@dataclass(frozen=True, slots=True)
class Focus:
    """A set of focus nodes.

    Attributes:
        template: the pattern, U+0001 standing for the variable.
        test: whether the pattern is cheap to test for one bound node, so that it may stand in an EXISTS.
        resources: whether all nodes are IRIs or blank nodes.
        explicit: whether the nodes are named and may be missing in the data.
        predicates: IRIs of the predicates that the pattern reads beside `rdf:type`; None where it is derived.
    """

    template: str
    test: bool = False
    resources: bool = True
    explicit: bool = False
    predicates: frozenset[str] | None = None

    def bind(self, var: str) -> str:
        """The pattern over a variable (with its question mark)."""
        return self.template.replace(_F, var)


def target_focus(graph: ShapesGraph, shape: Shape, data: DataGraph) -> Focus:
    """The focus nodes of a shape's targets.

    Raises:
        Uncompiled: a target is a blank node.
    """
    patterns = []
    classes: dict[Term, None] = {}
    for cls in graph.target_classes(shape):
        classes.update(dict.fromkeys(data.subclasses(cls)))
    nodes = graph.values(shape.node, "targetNode")
    if any(isinstance(term, BlankNode) for term in (*classes, *nodes)):
        raise Uncompiled("a target is a blank node")
    if len(classes) == 1:
        patterns.append(f"{_F} a {next(iter(classes))} .")
    elif classes:
        patterns.append(f"VALUES {_F}Class {{ {' '.join(map(str, classes))} }} {_F} a {_F}Class .")
    objects_of = graph.values(shape.node, "targetObjectsOf")
    patterns += [
        f"{_F} {predicate} {_F}Any{n} ." for n, predicate in enumerate(graph.values(shape.node, "targetSubjectsOf"))
    ]
    patterns += [f"{_F}One{n} {predicate} {_F} ." for n, predicate in enumerate(objects_of)]
    if nodes:
        patterns.append(f"VALUES {_F} {{ {' '.join(str(to_store(node)) for node in nodes)} }}")
    only_class = len(patterns) == 1 and len(classes) == 1
    body = patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    return Focus(
        body if only_class else f"{{ SELECT DISTINCT {_F} WHERE {{ {body} }} }}",
        test=only_class,
        resources=not objects_of and not any(isinstance(node, Literal) for node in nodes),
        explicit=bool(nodes),
        predicates=frozenset(
            term.value for name in ("targetObjectsOf", "targetSubjectsOf") for term in graph.values(shape.node, name)
        ),
    )


def value_focus(focus: Focus, path: Path) -> Focus:
    """The nodes that a path reaches from the nodes of a focus."""
    parent = f"?P{next(_numbers)}"
    steps = f"{focus.bind(parent)} {parent} {path.sparql} {_F} ."
    if path.nullable:  # a path pattern gives no node that is missing in the data
        steps = f"{{ {steps} }} UNION {{ {focus.bind(_F)} }}"
    return Focus(
        f"{{ SELECT DISTINCT {_F} WHERE {{ {steps} }} }}",
        resources=False,
        explicit=focus.explicit and path.nullable,
    )


def listed_focus(nodes: Iterable[Term]) -> Focus | None:
    """These nodes; None where SPARQL cannot name one of them, because it is a blank node."""
    terms = [to_store(node) for node in nodes]
    if any(isinstance(term, BlankNode) for term in terms):
        return None
    return Focus(f"VALUES {_F} {{ {' '.join(map(str, terms))} }}", resources=False, explicit=True)
