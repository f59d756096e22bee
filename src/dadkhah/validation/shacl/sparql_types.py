"""Whether rdflib and Oxigraph agree on a query's comparisons, judged by the data they will meet.

rdflib orders literals of any two datatypes where SPARQL says error; it knows no `xsd:gYear`; STR of a number depends on
how it was written. So a constraint is compiled only where each operator meets operands on which both engines agree. The
kinds of value that a variable can take are read from the data: the kinds of object of the predicates that bind it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from dadkhah.validation.shacl.common_regex import is_common_regex
from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.judge import has_datatype
from dadkhah.validation.shacl.literals import CARRIER, INTEGERS
from dadkhah.validation.shacl.sparql_syntax import Expression, Select, Token, Unsupported
from dadkhah.vocab import XSD

RESOURCE, NUMBER, STRING, TAGGED, BOOLEAN, DATE, TIME, ZONED, ODD, REWRITTEN = (
    "IRI or blank node",
    "number",
    "string",
    "tagged string",
    "boolean",
    "date",
    "date and time",
    "date and time with zone",
    "other literal",
    "literal written in an uncommon form",
)
_KINDS = {
    XSD + "integer": NUMBER,
    XSD + "decimal": NUMBER,
    XSD + "string": STRING,
    XSD + "boolean": BOOLEAN,
    XSD + "date": DATE,
    "tag": TAGGED,
    "iri": RESOURCE,
    "local": TIME,
    "zoned": ZONED,
}
_ORDERED = (NUMBER, STRING, BOOLEAN, DATE, TIME, ZONED)
_ANYTHING = frozenset({ODD, REWRITTEN, RESOURCE, STRING, NUMBER})


class TypeCheck:
    """Checks one query against one data graph."""

    def __init__(self, data: DataGraph, select: Select, prefixes: dict[str, str], *, resources: bool) -> None:
        self._data = data
        self._prefixes = prefixes
        self._kinds: dict[str, frozenset[str]] = {"this": frozenset({RESOURCE}) if resources else _ANYTHING}
        self._predicates: dict[str, frozenset[str]] = {}
        self._collect(select)

    def check(self, select: Select) -> None:
        """Raise `Unsupported` where the engines could disagree."""
        for group in select.group.groups():
            for expression in group.filters:
                self._boolean(expression)
            for expression, _ in group.binds:
                self._kind(expression)
        for expression in select.having:
            self._boolean(expression)
        for expression, _ in select.computed:
            if expression.name != "COUNT":
                raise Unsupported("a computed projection other than COUNT is not compiled")

    def predicates(self, select: Select) -> set[str]:
        """IRIs of the predicates that the query reads.

        Raises:
            Unsupported: it matches a literal among the objects of a predicate that has literals in uncommon forms.
        """
        found: set[str] = set()
        for group in select.group.groups():
            for triple in group.triples:
                names = {self._expand(token) for token in triple.path if token.kind in {"iri", "name"}}
                if triple.literal and names & self._data.carrier_predicates:
                    raise Unsupported(f"it matches a literal against a {REWRITTEN}")
                found |= names
        return found

    # --- what variables can hold ---

    def _collect(self, select: Select) -> None:
        for group in select.group.groups():
            for triple in group.triples:
                if triple.subject not in (None, "this"):
                    self._widen(str(triple.subject), {RESOURCE})
                if triple.object not in (None, "this"):
                    self._widen(str(triple.object), self._path_kinds(triple.path))
        for group in select.group.groups():
            for expression, name in group.binds:
                if name in select.projected and expression.kind == "call":
                    raise Unsupported(f"?{name} is computed and projected")
                self._widen(name, self._kind(expression))
        for expression, name in select.computed:
            self._widen(name, self._kind(expression))

    def _widen(self, name: str, kinds: Iterable[str]) -> None:
        self._kinds[name] = self._kinds.get(name, frozenset()) | frozenset(kinds)

    def _path_kinds(self, path: tuple[Token, ...]) -> frozenset[str]:
        kinds: set[str] = set()
        plain = len(path) == 1
        for token in path:
            if token.kind in {"iri", "name"}:
                kinds |= self._objects(self._expand(token))
        return frozenset(kinds if plain else kinds | {RESOURCE})

    def _expand(self, token: Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes:
            raise Unsupported(f"the prefix {prefix}: is not declared")
        return self._prefixes[prefix] + local

    def _objects(self, predicate: str) -> frozenset[str]:
        if predicate not in self._predicates:
            term = NamedNode(predicate)
            text = (
                f"SELECT DISTINCT ?k WHERE {{ ?s {term} ?o BIND(IF(!isLiteral(?o), 'iri', IF(LANG(?o) != '', 'tag', "
                f"IF(DATATYPE(?o) = <{XSD}dateTime>, IF(STRENDS(STR(?o), 'Z'), 'zoned', 'local'), "
                f"STR(DATATYPE(?o))))) AS ?k) }}"
            )
            names = {str(row["k"].value) for row in self._data.query(text)}
            kinds = {_KINDS.get(name, ODD) for name in names if name != CARRIER.value}
            for _, literal in self._data.carriers_of(term):
                kinds |= {REWRITTEN, _carrier_kind(literal)}
            self._predicates[predicate] = frozenset(kinds)
        return self._predicates[predicate]

    # --- what expressions yield ---

    def _kind(self, expression: Expression) -> frozenset[str]:
        if expression.kind == "var":
            return self._kinds.get(expression.name, _ANYTHING)
        if expression.kind == "constant":
            names = {"iri": RESOURCE, "number": NUMBER, "string": STRING, "boolean": BOOLEAN, "tagged": TAGGED}
            return frozenset({names.get(expression.name, ODD)})
        if expression.kind == "exists":
            self._boolean(expression)
            return frozenset({BOOLEAN})
        return self._call_kind(expression)

    def _call_kind(self, expression: Expression) -> frozenset[str]:
        name = expression.name
        if name in {"+", "-", "*", "NEGATE"}:
            for operand in expression.operands:
                self._demand(operand, {NUMBER, REWRITTEN}, "arithmetic")
            return frozenset({NUMBER})
        if name in {"COUNT", "STRLEN"}:
            self._boolean_or_text(expression)
            return frozenset({NUMBER})
        if name in {"STR", "LANG", "LCASE", "UCASE"}:
            self._boolean_or_text(expression)
            return frozenset({STRING})
        if name == "DATATYPE":
            self._boolean_or_text(expression)
            return frozenset({RESOURCE})
        self._boolean(expression)
        return frozenset({BOOLEAN})

    def _boolean_or_text(self, expression: Expression) -> None:
        name = expression.name
        for operand in expression.operands:
            kinds = self._kind(operand)
            if name in {"STR", "DATATYPE", "SAMETERM", "ISNUMERIC"} and REWRITTEN in kinds:
                raise Unsupported(f"{name} meets a {REWRITTEN}")
            if name in {"STRLEN", "LCASE", "UCASE", "CONTAINS", "STRSTARTS", "STRENDS", "LANGMATCHES", "REGEX"}:
                self._demand(operand, {STRING} if name in {"LCASE", "UCASE"} else {STRING, TAGGED}, name)

    def _boolean(self, expression: Expression) -> None:
        name = expression.name
        if expression.kind == "exists":
            return  # its group is checked like every other
        if expression.kind != "call":
            self._demand(expression, {BOOLEAN}, "a condition")
        elif name in {"&&", "||", "!"}:
            for operand in expression.operands:
                self._boolean(operand)
        elif name in {"=", "!=", "IN"}:
            for member in expression.operands[1:]:
                self._same(expression.operands[0], member, (STRING,) if name == "IN" else (*_ORDERED, TAGGED))
        elif name in {"<", ">", "<=", ">="}:
            self._ordered(expression)
        elif name in {"STR", "LANG", "LCASE", "UCASE", "DATATYPE", "COUNT", "STRLEN", "+", "-", "*", "NEGATE"}:
            raise Unsupported(f"{name} as a condition is not compiled")
        else:
            if name == "REGEX":
                self._regex(expression)
            self._boolean_or_text(expression)

    def _ordered(self, expression: Expression) -> None:
        kinds = (self._kind(expression.operands[0]) | self._kind(expression.operands[1])) - {REWRITTEN}
        if not any(kinds <= {kind} for kind in _ORDERED):
            raise Unsupported(f"{expression.name} compares {' and '.join(sorted(kinds))}")

    def _same(self, left: Expression, right: Expression, alike: tuple[str, ...]) -> None:
        ours, theirs = self._kind(left), self._kind(right)
        if ours <= {RESOURCE} or theirs <= {RESOURCE}:
            return
        kinds = ours | theirs
        if REWRITTEN in kinds and NUMBER not in kinds:
            raise Unsupported(f"a comparison meets a {REWRITTEN}")
        if not any(kinds - {REWRITTEN} <= {kind} for kind in alike):
            raise Unsupported(f"equality of {' and '.join(sorted(kinds))}")

    def _demand(self, expression: Expression, allowed: set[str], what: str) -> None:
        kinds = self._kind(expression)
        if not kinds <= allowed:
            raise Unsupported(f"{what} meets {' and '.join(sorted(kinds - allowed))}")

    def _regex(self, expression: Expression) -> None:
        if len(expression.operands) != 2 or expression.operands[1].kind != "constant":
            raise Unsupported("REGEX with flags or a computed pattern is not compiled")
        if not is_common_regex(expression.operands[1].text[1:-1].replace("\\\\", "\\"), exact=True):
            raise Unsupported("REGEX with a pattern that the engines may read differently")


def _carrier_kind(literal: Literal) -> str:
    datatype = literal.datatype.value
    is_number = datatype in INTEGERS or datatype == XSD + "decimal"
    return NUMBER if is_number and has_datatype(literal, datatype) and len(literal.value) <= 18 else ODD
