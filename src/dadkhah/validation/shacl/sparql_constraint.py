"""SPARQL constraints (SHACL section 5) over all focus nodes at once.

SHACL evaluates `sh:select` once for each focus node, with `$this` pre-bound. Here the target pattern is joined to the
query, once at its start and once in every inner group that uses `$this` in an expression without binding it there;
for the part of SPARQL that `sparql_syntax` reads, the union of the per-node answers is the answer of this one query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal

from dadkhah.validation.shacl.data import Values
from dadkhah.validation.shacl.focus import Focus
from dadkhah.validation.shacl.paths import compile_path
from dadkhah.validation.shacl.results import Result
from dadkhah.validation.shacl.rows import Rows
from dadkhah.validation.shacl.shapes import Shape, ShapesGraph
from dadkhah.validation.shacl.sparql_syntax import Group, Parser, Token, Unsupported, tokenize
from dadkhah.validation.shacl.sparql_types import TypeCheck
from dadkhah.validation.shacl.terms import OWL_ONTOLOGY, RDF_TYPE, Node, Term, sh
from dadkhah.validation.shacl.uncompiled import Uncompiled
from dadkhah.vocab import OWL, RDF, RDFS

_RESERVED = {"currentShape", "shapesGraph"}


def sparql_results(graph: ShapesGraph, rows: Rows, shape: Shape, focus: Focus) -> Iterator[Result]:
    """Results of all SPARQL constraints of a shape.

    Raises:
        Uncompiled: a constraint is outside the compiled part of SPARQL, or the data holds values on which the engines
            could disagree.
    """
    for node in graph.values(shape.node, "sparql"):
        if isinstance(node, Literal):
            raise Uncompiled("malformed: sh:sparql is a literal")
        if any(value.value == "true" for value in graph.values(node, "deactivated")):
            continue
        try:
            yield from _Constraint(graph, rows, shape, node).results(focus)
        except Unsupported as reason:
            raise Uncompiled(f"its SPARQL constraint: {reason}") from None


class _Constraint:
    """One `sh:sparql` value."""

    def __init__(self, graph: ShapesGraph, rows: Rows, shape: Shape, node: Node) -> None:
        self.graph, self.rows, self.shape, self.node = graph, rows, shape, node
        texts = graph.values(node, "select")
        if len(texts) != 1 or not isinstance(texts[0], Literal):
            raise Uncompiled("malformed: sh:sparql needs one sh:select")
        self.prefixes = prefixes_of(graph, node)
        self.select = Parser(self._with_path(tokenize(texts[0].value))).select()
        self._refuse()

    def _with_path(self, tokens: list[Token]) -> list[Token]:
        if not any(token.text in {"$PATH", "?PATH"} for token in tokens):
            return tokens
        if self.shape.path is None:
            raise Unsupported("$PATH on a node shape")
        path = tokenize(compile_path(self.graph, self.shape.path).sparql)
        wrapped = [Token("mark", "("), *path, Token("mark", ")")] if len(path) > 1 else path
        return [part for token in tokens for part in (wrapped if token.text in {"$PATH", "?PATH"} else [token])]

    def _refuse(self) -> None:
        select = self.select
        names = {token.text[1:] for token in select.tokens if token.kind == "var"}
        if names & _RESERVED or "failure" in select.projected:
            raise Unsupported("$currentShape, $shapesGraph and ?failure are left to pySHACL")
        counts = any(part.name == "COUNT" for expression in select.having for part in expression.walk())
        if (select.computed or counts or select.grouped_by) and "this" not in select.grouped_by:
            raise Unsupported("an aggregate that is not grouped by $this")
        if any(
            name == "this" for _, name in (*select.computed, *(bind for g in select.group.groups() for bind in g.binds))
        ):
            raise Unsupported("$this is bound again")

    def results(self, focus: Focus) -> Iterator[Result]:
        select = self.select
        check = TypeCheck(self.rows.data, select, self.prefixes, resources=focus.resources)
        check.check(select)
        if not {"this", "value", "path"} & set(select.projected):
            return
        names = list(dict.fromkeys(("this", *select.projected)))
        shown = {"this"} & set(select.projected)
        seen: set[tuple[Term | None, ...]] = set()
        try:
            names_read = check.predicates(select)
            if focus.predicates is None and names_read & self.rows.data.carrier_predicates:
                raise Unsupported("it reads literals in uncommon forms from inside another shape")
            values = self.rows.data.values(names_read | (focus.predicates or frozenset()))
            rows = values.query(self._text(focus, names))
        except (SyntaxError, ValueError) as error:
            raise Unsupported(f"Oxigraph does not read it: {error}") from error
        counted = {name for _, name in select.computed}
        for row in rows:
            terms = tuple(row[name] if name in counted else _written(values, row[name]) for name in names)
            if terms in seen:
                continue
            seen.add(terms)
            bound = dict(zip(names, terms, strict=True))
            if shown or bound.get("value") is not None or bound.get("path") is not None:
                yield self._result(bound)

    def _result(self, bound: dict[str, Term | None]) -> Result:
        this = bound["this"]
        assert this is not None
        value = bound.get("value")
        if value is None and self.shape.path is None:
            value = this
        path = bound.get("path")
        own = self.graph.messages(self.node)
        messages = tuple(_filled(message, bound) for message in (*own, *self.graph.messages(self.shape.node)))
        return Result(
            this,
            path if path is not None else self.shape.path,
            value,
            self.graph.severity(self.shape),
            sh("SPARQLConstraintComponent"),
            self.shape.node,
            self.node,
            messages,
        )

    def _text(self, focus: Focus, names: list[str]) -> str:
        select = self.select
        inserts: dict[int, str] = {}
        for group in select.group.groups():
            if group is select.group:
                inserts[group.start] = focus.bind("?this")
            elif _uses_unbound_this(group):
                if not focus.test:
                    raise Unsupported("an inner group compares $this, and the target is no single class")
                inserts[group.start] = focus.bind("?this")
        body = _joined(
            select.tokens[select.where : select.tail], {at - select.where: text for at, text in inserts.items()}
        )
        computed = {name: index for index, (_, name) in enumerate(select.computed)}
        head = " ".join(self._projection(name, computed) for name in names)
        prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in self.prefixes.items())
        tail = _joined(select.tokens[select.tail :], {})
        return f"{prefixes}SELECT DISTINCT {head} WHERE {body} {tail}"

    def _projection(self, name: str, computed: dict[str, int]) -> str:
        if name not in computed:
            return f"?{name}"
        tokens = self.select.tokens[: self.select.where]
        end = max(i for i, token in enumerate(tokens) if token.kind == "var" and token.text[1:] == name)
        start = max(i for i in range(end) if tokens[i].text == "(" and tokens[i + 1].text.upper() == "COUNT")
        return _joined(tokens[start : end + 2], {})


def prefixes_of(graph: ShapesGraph, node: Node) -> dict[str, str]:
    """The prefixes of a SPARQL constraint, read as pySHACL reads them: rdf, rdfs and owl are always there."""
    found = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}
    ontologies = {subject for subject, kind in graph.pairs(RDF_TYPE.value) if kind == OWL_ONTOLOGY}
    for source in graph.values(node, "prefixes"):
        if isinstance(source, Literal):
            continue
        declared = declarations(graph, source)
        if not (declared and source in ontologies):
            declared = [*(d for ontology in ontologies for d in graph.values(ontology, "declare")), *declared]
        for declaration in declared:
            if isinstance(declaration, Literal):
                raise Uncompiled("malformed: sh:declare is a literal")
            prefix, namespace = graph.values(declaration, "prefix"), graph.values(declaration, "namespace")
            if len(prefix) != 1 or len(namespace) != 1:
                raise Uncompiled("malformed: sh:declare needs one sh:prefix and one sh:namespace")
            found[prefix[0].value] = namespace[0].value
    return found


def _written(values: Values, term: Term | None) -> Term | None:
    if not isinstance(term, Literal):
        return term
    written = values.as_written(term)
    if written is None:
        raise Unsupported("it returns a literal that is written in more than one way")
    return written


def _uses_unbound_this(group: Group) -> bool:
    used = any(
        part.kind == "var" and part.name == "this"
        for expression in (*group.filters, *(expression for expression, _ in group.binds))
        for part in expression.walk()
    )
    return used and not any("this" in (triple.subject, triple.object) for triple in group.triples)


def declarations(graph: ShapesGraph, source: Node) -> list[Term]:
    """Values of `sh:declare` of a node and of the ontologies that it imports (SHACL section 5.2.1)."""
    found: list[Term] = []
    seen: set[Term] = set()
    todo: list[Term] = [source]
    while todo:
        node = todo.pop()
        if node not in seen and not isinstance(node, Literal):
            seen.add(node)
            found += graph.values(node, "declare")
            todo += graph.objects(node, OWL + "imports")
    return found


def _joined(tokens: list[Token], inserts: dict[int, str]) -> str:
    pieces: list[str] = []
    for index, token in enumerate(tokens):
        pieces.append(inserts.get(index, ""))
        glued = token.kind == "tag" or token.text == "^^" or (index > 0 and tokens[index - 1].text == "^^")
        pieces.append("" if glued else " ")
        pieces.append("?" + token.text[1:] if token.kind == "var" else token.text)
    return "".join(pieces)


def _filled(message: Literal, bound: dict[str, Term | None]) -> Literal:
    def value(match: re.Match[str]) -> str:
        term = bound.get(match.group(1))
        return match.group() if term is None else term.value

    text = re.sub(r"\{[?$](\w+)\}", value, message.value)
    return Literal(text, language=message.language) if message.language else Literal(text)
