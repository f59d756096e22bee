"""Constraints that look at one value at a time, each as a SPARQL filter and an exact verdict.

In: a shape's node and the data graph. Out: `ValueTest`s. `ok` is a SPARQL expression that is true only for values
that surely conform, so a query that drops these keeps every violation; `violates` then decides, exactly as pySHACL
does, about the few that are left. `bad` is the mirror of `ok`, needed under `sh:not`. Expressions are not to be
trusted on carriers (see `literals`): whoever uses them lets carriers through to the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from dadkhah.validation.shacl.common_regex import is_common_regex
from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.judge import compare, has_datatype
from dadkhah.validation.shacl.literals import INTEGERS, is_plain, to_store
from dadkhah.validation.shacl.shapes import ShapesGraph
from dadkhah.validation.shacl.terms import RDF_LANG_STRING, RDFS_DATATYPE, RDFS_LITERAL, Node, Term, sh
from dadkhah.validation.shacl.uncompiled import Uncompiled
from dadkhah.vocab import RDF, XSD

Expression: TypeAlias = Callable[[str], str]
_MAX_INLINE = 64  # terms of sh:in tested in the query; a longer list is left to a Python set


@dataclass(frozen=True, slots=True)
class ValueTest:
    """One constraint on single values.

    Attributes:
        component: the constraint component it reports.
        violates: the exact verdict on a value, as it was written.
        ok: variable → SPARQL expression, true only where the value surely conforms; None where nothing is sure.
        bad: variable → SPARQL expression, true only where the value surely violates; None where nothing is sure.
        nested: the node shape that `sh:node` names, whose results become details.
    """

    component: NamedNode
    violates: Callable[[Term], bool]
    ok: Expression | None = None
    bad: Expression | None = None
    nested: Node | None = None


def value_tests(graph: ShapesGraph, node: Node, data: DataGraph) -> Iterator[ValueTest]:
    """The value tests that the shape states itself, without those of logical constraints.

    Raises:
        Uncompiled: a parameter is malformed, or has a meaning that is left to pySHACL.
    """
    for name, build in _BUILDERS.items():
        values = graph.values(node, name)
        if not values:
            continue
        if name not in _REPEATABLE and len(values) > 1:
            raise Uncompiled(f"malformed: more than one sh:{name}")
        for value in values:
            yield build(_Parameter(graph, node, value, data))


@dataclass(frozen=True, slots=True)
class _Parameter:
    graph: ShapesGraph
    node: Node
    value: Term
    data: DataGraph


def _class(parameter: _Parameter) -> ValueTest:
    cls = parameter.value
    if isinstance(cls, Literal):
        raise Uncompiled("malformed: sh:class is a literal")
    data = parameter.data
    classes = data.subclasses(cls)
    if any(isinstance(below, BlankNode) for below in classes):
        raise Uncompiled("a class is a blank node")

    def ok(var: str) -> str:
        if len(classes) == 1:
            return f"EXISTS {{ {var} a {cls} }}"
        return f"EXISTS {{ VALUES {var}Class {{ {' '.join(map(str, classes))} }} {var} a {var}Class }}"

    return ValueTest(
        sh("ClassConstraintComponent"),
        lambda term: not data.is_instance(term, classes),
        ok,
        lambda var: f"!({ok(var)})",
    )


def _datatype(parameter: _Parameter) -> ValueTest:
    if not isinstance(parameter.value, NamedNode) or parameter.value.value == RDFS_DATATYPE:
        raise Uncompiled("sh:datatype is no IRI, or is rdfs:Datatype, which pySHACL reads in its own way")
    datatype = parameter.value.value

    def ok(var: str) -> str:
        if datatype == RDF_LANG_STRING:
            return f'(isLiteral({var}) && LANG({var}) != "")'
        if datatype == RDFS_LITERAL:
            return f"isLiteral({var})"
        return f"(isLiteral({var}) && DATATYPE({var}) = <{datatype}>)"

    checked = datatype in {XSD + "hexBinary", XSD + "base64Binary", RDF + "XMLLiteral", RDF + "HTML"}
    return ValueTest(
        sh("DatatypeConstraintComponent"),
        lambda term: not (isinstance(term, Literal) and has_datatype(term, datatype)),
        None if checked else ok,
        lambda var: f"!isLiteral({var})",
    )


_NODE_KINDS: dict[str, tuple[type[Term], ...]] = {
    "BlankNode": (BlankNode,),
    "IRI": (NamedNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}
_KIND_FUNCTIONS: dict[type[Term], str] = {BlankNode: "isBlank", NamedNode: "isIRI", Literal: "isLiteral"}


def _node_kind(parameter: _Parameter) -> ValueTest:
    kinds = next((kinds for name, kinds in _NODE_KINDS.items() if parameter.value == sh(name)), ())

    def ok(var: str) -> str:
        return "(" + (" || ".join(f"{_KIND_FUNCTIONS[kind]}({var})" for kind in kinds) or "false") + ")"

    return ValueTest(
        sh("NodeKindConstraintComponent"),
        lambda term: not isinstance(term, kinds),
        ok,
        lambda var: f"!{ok(var)}",
    )


def _range(name: str, holds: Callable[[int], bool], operator: str) -> Callable[[_Parameter], ValueTest]:
    component = sh(f"{name[0].upper()}{name[1:]}ConstraintComponent")

    def build(parameter: _Parameter) -> ValueTest:
        bound = parameter.value
        if not isinstance(bound, Literal):
            raise Uncompiled(f"malformed: sh:{name} is not a literal")

        def violates(term: Term) -> bool:
            if not isinstance(term, Literal):
                return True
            order = compare(term, bound)
            return order is None or not holds(order)

        return ValueTest(component, violates, _range_filter(bound, operator))

    return build


def _range_filter(bound: Literal, operator: str) -> Expression | None:
    if not is_plain(bound):
        return None
    if bound.datatype.value in {XSD + "integer", XSD + "decimal"}:
        return lambda var: f"(isNumeric({var}) && {var} {operator} {bound})"
    if bound.datatype.value == XSD + "date":
        return lambda var: f"(isLiteral({var}) && DATATYPE({var}) = <{XSD}date> && {var} {operator} {bound})"
    return None


def _length(name: str, holds: Callable[[int, int], bool], operator: str) -> Callable[[_Parameter], ValueTest]:
    component = sh(f"{name[0].upper()}{name[1:]}ConstraintComponent")

    def build(parameter: _Parameter) -> ValueTest:
        value = parameter.value
        if not (isinstance(value, Literal) and value.datatype.value in INTEGERS and value.value.isdecimal()):
            raise Uncompiled(f"malformed: sh:{name} is not a whole number of at least zero")
        limit = int(value.value)
        if name == "minLength" and limit == 0:  # blank nodes too, in pySHACL
            return ValueTest(component, lambda _: False, lambda _: "true")

        def violates(term: Term) -> bool:
            return isinstance(term, BlankNode) or not holds(len(term.value), limit)

        def ok(var: str) -> str:
            return f"(!isBlank({var}) && STRLEN(STR({var})) {operator} {limit})"

        return ValueTest(component, violates, ok, lambda var: f"isBlank({var})")

    return build


def _pattern(parameter: _Parameter) -> ValueTest:
    if not isinstance(parameter.value, Literal):
        raise Uncompiled("malformed: sh:pattern is not a literal")
    text = parameter.value.value
    stated = [
        value.value.lower() for value in parameter.graph.values(parameter.node, "flags") if isinstance(value, Literal)
    ]
    if len(stated) > 1:
        raise Uncompiled("more than one sh:flags")
    letters = stated[0] if stated else ""
    flags = (re.IGNORECASE if "i" in letters else 0) | (
        re.MULTILINE if "m" in letters else 0
    )  # pySHACL reads these two
    try:
        matcher = re.compile(text, flags)
    except re.error as error:
        raise Uncompiled(f"malformed: sh:pattern {text!r}: {error}") from error

    def violates(term: Term) -> bool:
        return isinstance(term, BlankNode) or matcher.search(term.value) is None

    ok: Expression | None = None
    if not letters and is_common_regex(text):

        def ok(var: str) -> str:
            return f"(!isBlank({var}) && REGEX(STR({var}), {Literal(text)}))"

    return ValueTest(sh("PatternConstraintComponent"), violates, ok, lambda var: f"isBlank({var})")


def _language_in(parameter: _Parameter) -> ValueTest:
    members = parameter.graph.items(parameter.value)
    languages = {member.value.lower() for member in members if isinstance(member, Literal)}
    if not members or len(languages) < len(set(members)):
        raise Uncompiled("malformed: sh:languageIn is not a list of distinct strings")

    def violates(term: Term) -> bool:
        if not isinstance(term, Literal) or not term.language:
            return True
        language = term.language.lower()
        return not ("*" in languages or language in languages or language.split("-")[0] in languages)

    def ok(var: str) -> str:
        tags = " || ".join(f"LCASE(LANG({var})) = {Literal(language)}" for language in sorted(languages))
        return f"(isLiteral({var}) && ({tags}))"

    return ValueTest(sh("LanguageInConstraintComponent"), violates, ok, lambda var: f"!isLiteral({var})")


def _in(parameter: _Parameter) -> ValueTest:
    if parameter.value != NamedNode(RDF + "nil") and not parameter.graph.items(parameter.value):
        raise Uncompiled("malformed: sh:in is not a list")
    members = frozenset(parameter.graph.items(parameter.value))

    def ok(var: str) -> str:
        tests = " || ".join(f"sameTerm({var}, {to_store(member)})" for member in sorted(members, key=str))
        return f"({tests or 'false'})"

    inline = len(members) <= _MAX_INLINE and not any(isinstance(member, BlankNode) for member in members)
    return ValueTest(
        sh("InConstraintComponent"),
        lambda term: term not in members,
        ok if inline else None,
        (lambda var: f"!{ok(var)}") if inline else None,
    )


_BUILDERS: dict[str, Callable[[_Parameter], ValueTest]] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": _range("minExclusive", lambda order: order > 0, ">"),
    "minInclusive": _range("minInclusive", lambda order: order >= 0, ">="),
    "maxExclusive": _range("maxExclusive", lambda order: order < 0, "<"),
    "maxInclusive": _range("maxInclusive", lambda order: order <= 0, "<="),
    "minLength": _length("minLength", lambda length, limit: length >= limit, ">="),
    "maxLength": _length("maxLength", lambda length, limit: length <= limit, "<="),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
_REPEATABLE = frozenset({"class", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "pattern"})
VALUE_PARAMETERS = frozenset(_BUILDERS)
