"""The part of SPARQL SELECT that constraints are compiled from: tokens, groups, expressions.

In: the text of a `sh:select` with its prefixes. Out: a `Select` that says which variables stand where, so that a
target pattern can be joined to it soundly. Anything outside this part (MINUS, VALUES, SERVICE, sub-selects, GRAPH,
LIMIT, blank nodes, collections, functions not named here) raises `Unsupported` with the reason, and the constraint
goes to pySHACL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<var>[?$]\w+)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))
    |(?P<name>(?:[A-Za-z][\w.-]*)?:(?:[\w:](?:[\w.:-]*[\w:-])?)?)
    |(?P<word>[A-Za-z_]+)
    |(?P<mark>\^\^|&&|\|\||<=|>=|!=|[{}()\[\].,;=<>!+*/?|^-])""",
    re.VERBOSE | re.DOTALL,
)


class Unsupported(Exception):  # a reason, not an error: the constraint goes to pySHACL
    """The text is outside the compiled part of SPARQL; the message says where."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: kind (`iri`, `string`, `var`, `tag`, `number`, `name`, `word`, `mark`) and text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression: `var`, `constant`, `call` or `exists`, with its operands.

    `name` is a variable's name, a constant's kind (`iri`, `number`, `string`, `boolean`, `typed`, `tagged`), or what is
    called: an operator or a function in capitals.
    """

    kind: str
    name: str
    operands: tuple[Expression, ...] = ()
    text: str = ""
    group: Group | None = None

    def walk(self) -> Iterator[Expression]:
        """This expression and all below it, not entering groups."""
        yield self
        for operand in self.operands:
            yield from operand.walk()


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """A triple pattern; subject and object are variable names (without mark) or None for constants; path as tokens.

    `literal` tells whether the object is a literal.
    """

    subject: str | None
    path: tuple[Token, ...]
    object: str | None
    literal: bool = False


@dataclass(slots=True)
class Group:
    """A group graph pattern; `start` is the index of the token after its brace."""

    start: int
    triples: list[TriplePattern] = field(default_factory=list)
    filters: list[Expression] = field(default_factory=list)
    binds: list[tuple[Expression, str]] = field(default_factory=list)
    children: list[Group] = field(default_factory=list)

    def groups(self) -> Iterator[Group]:
        """This group and every group inside it, those of EXISTS too."""
        yield self
        for child in self.children:
            yield from child.groups()
        for expression in (*self.filters, *(expression for expression, _ in self.binds)):
            for part in expression.walk():
                if part.group is not None:
                    yield from part.group.groups()


@dataclass(slots=True)
class Select:
    """A parsed SELECT; `where` and `tail` cut `tokens` into projection, pattern and solution modifiers."""

    tokens: list[Token]
    projected: list[str]
    computed: list[tuple[Expression, str]]
    group: Group
    where: int
    tail: int
    grouped_by: list[str]
    having: list[Expression]


_FUNCTIONS = frozenset(
    [
        "STR",
        "LANG",
        "LANGMATCHES",
        "DATATYPE",
        "BOUND",
        "SAMETERM",
        "ISIRI",
        "ISURI",
        "ISBLANK",
        "ISLITERAL",
        "ISNUMERIC",
        "REGEX",
        "STRLEN",
        "CONTAINS",
        "STRSTARTS",
        "STRENDS",
        "LCASE",
        "UCASE",
    ]
)


def tokenize(text: str) -> list[Token]:
    """Split a query into tokens, without white space and comments."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Unsupported(f"{text[position : position + 10]!r} is outside the compiled part of SPARQL")
        position = match.end()
        if match.lastgroup:
            found.append(Token(match.lastgroup, match.group()))
    return found


class Parser:
    """A recursive-descent parser over the tokens of one query."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def select(self) -> Select:
        """Parse the whole query."""
        self._expect("SELECT")
        self._accept("DISTINCT", "REDUCED")
        projected: list[str] = []
        computed: list[tuple[Expression, str]] = []
        while not self._peek("WHERE", "{"):
            if self._accept("("):
                expression = self._expression()
                self._expect("AS")
                computed.append((expression, self._variable()))
                self._expect(")")
                projected.append(computed[-1][1])
            else:
                projected.append(self._variable())
        self._accept("WHERE")
        where = self.at
        group = self._group()
        tail = self.at
        grouped: list[str] = []
        having: list[Expression] = []
        if self._accept("GROUP"):
            self._expect("BY")
            while self.at < len(self.tokens) and self.tokens[self.at].kind == "var":
                grouped.append(self._variable())
        if self._accept("HAVING"):
            while self._peek("("):
                having.append(self._primary())
        if self.at != len(self.tokens):
            raise Unsupported(f"{self.tokens[self.at].text} is not compiled")
        return Select(self.tokens, projected, computed, group, where, tail, grouped, having)

    # --- tokens ---

    def _peek(self, *texts: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text.upper() in texts

    def _accept(self, *texts: str) -> str | None:
        if self._peek(*texts):
            self.at += 1
            return self.tokens[self.at - 1].text.upper()
        return None

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise Unsupported(f"{self._next().text} stands where {text} is compiled")

    def _next(self) -> Token:
        if self.at >= len(self.tokens):
            raise Unsupported("the query ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def _variable(self) -> str:
        token = self._next()
        if token.kind != "var":
            raise Unsupported(f"{token.text} stands where a variable is compiled")
        return token.text[1:]

    # --- patterns ---

    def _group(self) -> Group:
        self._expect("{")
        group = Group(self.at)
        while not self._accept("}"):
            if self._accept("FILTER"):
                group.filters.append(self._primary())
            elif self._accept("OPTIONAL"):
                group.children.append(self._group())
            elif self._accept("BIND"):
                self._expect("(")
                expression = self._expression()
                self._expect("AS")
                group.binds.append((expression, self._variable()))
                self._expect(")")
            elif self._peek("{"):
                group.children.append(self._group())
                while self._accept("UNION"):
                    group.children.append(self._group())
            elif not self._accept("."):
                self._triples(group)
        return group

    def _triples(self, group: Group) -> None:
        subject = self._node()
        while True:
            path = self._path()
            self._object(group, subject, path)
            while self._accept(","):
                self._object(group, subject, path)
            if not self._accept(";"):
                return
            while self._accept(";"):
                pass
            if self._peek(".", "}"):
                return

    def _object(self, group: Group, subject: str | None, path: tuple[Token, ...]) -> None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        literal = token is not None and (token.kind in {"number", "string"} or token.text in {"true", "false"})
        group.triples.append(TriplePattern(subject, path, self._node(), literal))

    def _node(self) -> str | None:
        token = self._next()
        if token.kind == "var":
            return token.text[1:]
        if token.kind in {"iri", "name", "number", "string"} or token.text in {"true", "false"}:
            self._literal_suffix(token)
            return None
        raise Unsupported(f"{token.text} in a triple pattern is not compiled")

    def _literal_suffix(self, token: Token) -> str:
        if token.kind == "number":
            return "number"
        if token.kind == "string":
            if self.at < len(self.tokens) and self.tokens[self.at].kind == "tag":
                self.at += 1
                return "tagged"
            if self._accept("^^"):
                self._next()
                return "typed"
            return "string"
        return "boolean" if token.text in {"true", "false"} else "iri"

    def _path(self) -> tuple[Token, ...]:
        start, depth = self.at, 0
        while True:
            token = self._next()
            if token.kind == "var":
                raise Unsupported("a variable as predicate is not compiled")
            if token.text in {"(", ")"}:
                depth += 1 if token.text == "(" else -1
            elif token.text == "!":
                raise Unsupported("a negated property set is not compiled")
            elif not (token.kind in {"iri", "name"} or token.text in {"a", "^", "/", "|", "*", "+", "?"}):
                raise Unsupported(f"{token.text} in a property path is not compiled")
            if token.text in {"^", "/", "|", "("} or depth or self._peek("/", "|", "*", "+", "?"):
                continue
            return tuple(self.tokens[start : self.at])

    # --- expressions ---

    def _expression(self) -> Expression:
        return self._chain(self._conjunction, "||")

    def _conjunction(self) -> Expression:
        return self._chain(self._relation, "&&")

    def _relation(self) -> Expression:
        left = self._sum()
        negated = self._accept("NOT")
        if negated or self._peek("IN"):
            self._expect("IN")
            self._expect("(")
            members = [left]
            while not self._accept(")"):
                members.append(self._expression())
                self._accept(",")
            return Expression("call", "IN", tuple(members))
        operator = self._accept("=", "!=", "<", ">", "<=", ">=")
        return Expression("call", operator, (left, self._sum())) if operator else left

    def _sum(self) -> Expression:
        return self._chain(lambda: self._chain(self._unary, "*"), "+", "-")

    def _chain(self, inner: Callable[[], Expression], *operators: str) -> Expression:
        left = inner()
        while operator := self._accept(*operators):
            left = Expression("call", operator, (left, inner()))
        return left

    def _unary(self) -> Expression:
        operator = self._accept("!", "-")
        if operator:
            return Expression("call", "NEGATE" if operator == "-" else "!", (self._unary(),))
        return self._primary()

    def _primary(self) -> Expression:
        if self._accept("("):
            inner = self._expression()
            self._expect(")")
            return inner
        if self._accept("NOT") and not self._peek("EXISTS"):
            raise Unsupported("NOT without EXISTS or IN is not compiled")
        if self._accept("EXISTS"):
            return Expression("exists", "EXISTS", group=self._group())
        token = self._next()
        if token.kind == "var":
            return Expression("var", token.text[1:])
        if token.kind == "word" and token.text.upper() in _FUNCTIONS | {"COUNT"}:
            return self._call(token.text.upper())
        if token.kind in {"iri", "name", "number", "string"} or token.text in {"true", "false"}:
            kind = self._literal_suffix(token)
            if self._peek("("):
                raise Unsupported(f"the function {token.text} is not compiled")
            return Expression("constant", kind, text=token.text)
        raise Unsupported(f"{token.text} in an expression is not compiled")

    def _call(self, name: str) -> Expression:
        self._expect("(")
        if name == "COUNT":
            self._accept("DISTINCT")
            if self._accept("*"):
                self._expect(")")
                return Expression("call", name)
        arguments = []
        while not self._accept(")"):
            arguments.append(self._expression())
            self._accept(",")
        return Expression("call", name, tuple(arguments))
