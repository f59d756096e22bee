"""The shapes graph as Python objects: which shapes there are, where they point, what they demand.

In: the triples of a shapes graph. Out: `ShapesGraph`, an index of these triples with the shapes found as SHACL section
2.1 defines them. Nothing is evaluated here, and the shapes graph never meets the data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from dadkhah.errors import ShapesError
from dadkhah.validation.shacl.terms import (
    OWL_CLASS,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    RDFS_CLASS,
    RDFS_SUBCLASS_OF,
    Node,
    Term,
    sh,
)
from dadkhah.vocab import SH

_SHAPE_VALUED = ("property", "node", "not", "qualifiedValueShape")
_SHAPE_LISTS = ("and", "or", "xone")
_TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
_NOT_CORE = ("target", "rule", "expression", "values", "js")


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of a shapes graph; `path` is the head of its property path, None for a node shape."""

    node: Node
    path: Node | None

    def __str__(self) -> str:
        return self.node.value


class ShapesGraph:
    """An index of the triples of a shapes graph."""

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        self._objects: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[str, list[tuple[Node, Term]]] = defaultdict(list)
        seen: set[tuple[object, ...]] = set()
        for triple in triples:
            key = (triple.subject, triple.predicate, triple.object)
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple) or key in seen:
                continue
            seen.add(key)
            self._objects[triple.subject][triple.predicate.value].append(triple.object)
            self._subjects[triple.predicate.value].append((triple.subject, triple.object))

    def objects(self, node: Node, predicate: str) -> list[Term]:
        """Objects of a node's triples with this predicate IRI, in document order."""
        return self._objects[node][predicate] if node in self._objects else []

    def values(self, node: Node, name: str) -> list[Term]:
        """Objects for the SHACL property of this local name."""
        return self.objects(node, SH + name)

    def predicates(self, node: Node) -> list[str]:
        """Predicate IRIs that the node has."""
        return [name for name, values in self._objects[node].items() if values] if node in self._objects else []

    def pairs(self, predicate: str) -> list[tuple[Node, Term]]:
        """Subject and object of every triple with this predicate IRI."""
        return self._subjects.get(predicate, [])

    def triples(self) -> Iterator[tuple[Node, NamedNode, Term]]:
        """All triples."""
        for subject, properties in self._objects.items():
            for predicate, values in properties.items():
                for value in values:
                    yield subject, NamedNode(predicate), value

    def items(self, head: Term) -> list[Term]:
        """Members of an RDF list; empty for anything that is not a whole list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != RDF_NIL:
            if isinstance(head, Literal) or head in seen:
                return []
            seen.add(head)
            first, rest = self.objects(head, RDF_FIRST.value), self.objects(head, RDF_REST.value)
            if len(first) != 1 or len(rest) != 1:
                return []
            found.append(first[0])
            head = rest[0]
        return found

    @cached_property
    def shapes(self) -> dict[Node, Shape]:
        """Every shape of the graph (SHACL section 2.1), by node.

        Raises:
            ShapesError: a node is both kinds of shape, or a property shape has not exactly one path.
        """
        declared = [
            (node, kind) for node, kind in self.pairs(RDF_TYPE.value) if kind in (sh("NodeShape"), sh("PropertyShape"))
        ]
        found: dict[Node, Shape] = {}
        for node, kind in declared:
            paths = self.values(node, "path")
            wants_path = kind == sh("PropertyShape")
            if wants_path != (len(paths) == 1) or (node in found and bool(found[node].path) != wants_path):
                raise ShapesError(
                    f"{node}: a sh:PropertyShape has exactly one sh:path, a sh:NodeShape has none and is not both"
                )
            found[node] = Shape(node, cast("Node", paths[0]) if paths else None)
        for node in self._implied():
            if node not in found:
                paths = self.values(node, "path")
                if len(paths) > 1:
                    raise ShapesError(f"{node}: a property shape has exactly one sh:path")
                found[node] = Shape(node, cast("Node", paths[0]) if paths else None)
        return found

    def _implied(self) -> Iterator[Node]:
        for name in (*_TARGETS, "property", "node"):
            for subject, _ in self.pairs(SH + name):
                yield subject
        values = [value for name in _SHAPE_VALUED for _, value in self.pairs(SH + name)]
        for name in _SHAPE_LISTS:
            for subject, head in self.pairs(SH + name):
                members = self.items(head)
                if not members:
                    raise ShapesError(f"{subject}: sh:{name} needs a list of at least one shape")
                values += members
        yield from (value for value in values if not isinstance(value, Literal))

    def owner(self, node: Node) -> Node:
        """The nearest node with a name from which this one hangs: a property shape is mostly a blank node."""
        seen: set[Node] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            node = self._above.get(node, node)
        return node

    @cached_property
    def _above(self) -> dict[Node, Node]:
        return {
            value: subject
            for pairs in self._subjects.values()
            for subject, value in pairs
            if isinstance(value, BlankNode)
        }

    @cached_property
    def _class_types(self) -> set[Term]:
        below = {subject for subject, above in self.pairs(RDFS_SUBCLASS_OF.value) if above == RDFS_CLASS}
        return {RDFS_CLASS, OWL_CLASS, *below}

    def is_implicit_class(self, shape: Shape) -> bool:
        """Whether the shape is a class too, and so targets its own instances (SHACL section 2.1.3.3)."""
        return any(kind in self._class_types for kind in self.objects(shape.node, RDF_TYPE.value))

    def target_classes(self, shape: Shape) -> list[Node]:
        """Classes whose instances the shape targets, declared or implicit."""
        classes = [value for value in self.values(shape.node, "targetClass") if not isinstance(value, Literal)]
        if self.is_implicit_class(shape):
            classes.append(shape.node)
        return list(dict.fromkeys(classes))

    @cached_property
    def ignored(self) -> dict[str, str]:
        """Named nodes that state something of SHACL Advanced Features or SHACL-JS, with what they state."""
        found: dict[str, set[str]] = defaultdict(set)
        for name in _NOT_CORE:
            for subject, _ in self.pairs(SH + name):
                found[self.owner(subject).value].add(f"sh:{name}")
        return {node: ", ".join(sorted(names)) for node, names in found.items()}

    @cached_property
    def targeted(self) -> list[Shape]:
        """The shapes that find focus nodes by themselves and are not switched off."""
        return [shape for shape in self.shapes.values() if self.has_target(shape) and not self.deactivated(shape)]

    def only_target_classes(self, shape: Shape) -> list[Node]:
        """The target classes of a shape that has no other target; empty for others."""
        if any(self.values(shape.node, name) for name in _TARGETS[1:]):
            return []
        return self.target_classes(shape)

    def has_target(self, shape: Shape) -> bool:
        """Whether the shape finds focus nodes by itself."""
        return any(self.values(shape.node, name) for name in _TARGETS) or self.is_implicit_class(shape)

    def deactivated(self, shape: Shape) -> bool:
        """Whether the shape is switched off."""
        return any(
            isinstance(value, Literal) and value.value in {"true", "1"}
            for value in self.values(shape.node, "deactivated")
        )

    def severity(self, shape: Shape) -> NamedNode:
        """The shape's severity, sh:Violation where it states none."""
        stated = [value for value in self.values(shape.node, "severity") if isinstance(value, NamedNode)]
        return stated[0] if stated else sh("Violation")

    def messages(self, node: Node) -> list[Literal]:
        """The sh:message literals of a shape or SPARQL constraint."""
        return [value for value in self.values(node, "message") if isinstance(value, Literal)]

    def text(self, node: Node, name: str) -> str:
        """The English or else the first literal of a SHACL property, or an empty string."""
        literals = [value for value in self.values(node, name) if isinstance(value, Literal)]
        english = [value for value in literals if value.language in (None, "en")]
        return (english or literals)[0].value if literals else ""

    @cached_property
    def custom_components(self) -> list[list[str]]:
        """Mandatory parameters (predicate IRIs) of each constraint component that the graph itself declares."""
        kinds: set[Node] = {sh("ConstraintComponent")}
        kinds |= {node for node, above in self.pairs(RDFS_SUBCLASS_OF.value) if above == sh("ConstraintComponent")}
        components = {
            node for node, kind in self.pairs(RDF_TYPE.value) if kind in kinds and not node.value.startswith(SH)
        }
        found = []
        for component in components:
            names = []
            for parameter in self.values(component, "parameter"):
                if isinstance(parameter, Literal):
                    continue
                optional = any(value.value in {"true", "1"} for value in self.values(parameter, "optional"))
                names += [] if optional else [value.value for value in self.values(parameter, "path")]
            found.append(names)
        return found
