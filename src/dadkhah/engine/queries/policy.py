"""What this service accepts as a query, decided before anything parses it.

In: the text of a query. Out: its form, or an error that says why it is refused, with line and column.

It refuses updates, SERVICE (but to endpoints on an allow-list), and texts that are too long, too deeply nested or of
too many operators. It is a scan of tokens and not a parser: what it accepts may still be no SPARQL, which the engine
then says. Every way in which an engine may read the text is looked at (`scan.readings`), so a keyword cannot hide
behind escapes, comments, strings or odd whitespace, and `?service` or `ex:insert` are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dadkhah.engine.interface import QueryForm
from dadkhah.engine.queries import prologue
from dadkhah.engine.queries.scan import Reading, Token, parts, position, readings, tokens
from dadkhah.errors import QueryRefused, QuerySyntaxError, QueryTooLarge

UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"})
_FORMS = {form.value: form for form in QueryForm}
_PROLOGUE_WORDS = frozenset({"BASE", "PREFIX", "VERSION"})
_OPERATOR_WORDS = frozenset(
    {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "EXISTS", "IN", "VALUES", "SELECT", "LATERAL"}
)
# None of these words in a text, in capitals or not: then no token can be one of them, and no escape hides one.
_MARKS = ("SERVICE", *sorted(UPDATES), "DEFINE", "\\U")
NO_SERVICE = "SERVICE is refused: this service sends no requests to others"
_NO_FORM = "this is no query: SELECT, ASK, CONSTRUCT or DESCRIBE is missing"
_SPACE = r"(?:[\x20\t\r\n]|\#[^\r\n]*+(?=[\r\n]))"
_QUICK_FORM = re.compile(
    rf"{_SPACE}*+(?:(?:BASE{_SPACE}*+|PREFIX{_SPACE}++[^\s:<>\"'#{{}}()]*+:{_SPACE}*+)<[^<>\"{{}}\x00-\x20]*+>{_SPACE}*+)*+"
    r"(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:.\-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Bounds of a query.

    Attributes:
        query_bytes: length in UTF-8.
        depth: nested brackets of any kind.
        operators: operators and keywords that nest or repeat (`+`, `&&`, `,`, UNION, FILTER, …). Engines recurse over
            flat chains of them too.
        service_endpoints: IRIs that SERVICE may name; empty: SERVICE is refused.
    """

    query_bytes: int = 65_536
    depth: int = 256
    operators: int = 5_000
    service_endpoints: frozenset[str] = frozenset()


DEFAULT = Policy()
REMOTE = replace(DEFAULT, depth=64, operators=1_000)
"""For engines that are not ours: 3,000 UNIONs or a long CONCAT stop Virtuoso 7.2.5 altogether."""


def check(text: str, policy: Policy = DEFAULT) -> QueryForm:
    """Accept a query and say what form it has. Linear in its length; about 5 µs for a usual one.

    Raises QueryTooLarge, QueryRefused, or QuerySyntaxError where the text cannot be a query of SPARQL 1.1.
    """
    _check_length(text, policy)
    upper = text.upper()
    suspicious = any(mark in upper for mark in _MARKS)
    quick = None if suspicious else _QUICK_FORM.match(text)
    brackets = text.count("(") + text.count("{") + text.count("[")
    if quick is not None and brackets <= policy.depth and len(text) <= policy.operators:
        return _FORMS[quick[1].upper()]
    for reading in readings(text):
        _Judge(text, reading, policy).judge()
    return classify(text)


def classify(text: str) -> QueryForm:
    """The form of a query; QuerySyntaxError where it has none."""
    quick = _QUICK_FORM.match(text)
    if quick is not None:
        return _FORMS[quick[1].upper()]
    first: Token | None = None
    for reading in readings(text):
        for token in tokens(reading.text):
            if token.kind == "comment":
                continue
            first = first or token
            word = token.text.upper()
            if token.kind != "word" or word in _PROLOGUE_WORDS:
                continue
            form = _FORMS.get(word)
            if form is not None:
                return form
            break
    line, column = (1, 1) if first is None else position(text, first.start)
    raise QuerySyntaxError(_NO_FORM, line=line, column=column)


def _check_length(text: str, policy: Policy) -> None:
    too_long = len(text) > policy.query_bytes
    if not too_long and len(text) * 4 > policy.query_bytes:
        try:
            too_long = len(text.encode()) > policy.query_bytes
        except UnicodeEncodeError as error:
            line, column = position(text, error.start)
            raise QuerySyntaxError("the query is not valid Unicode", line=line, column=column) from None
    if too_long:
        raise QueryTooLarge(f"the query is over {policy.query_bytes:,} bytes; send less text")


class _Judge:
    """Walks the tokens of one reading."""

    def __init__(self, text: str, reading: Reading, policy: Policy) -> None:
        self._text = text
        self._reading = reading
        self._policy = policy
        self._depth = 0
        self._operators = 0
        self._hidden: Token | None = None
        self._declared: frozenset[str] | None = None

    def judge(self) -> None:
        """Raise what is wrong with the reading, if anything is."""
        stream = tokens(self._reading.text)
        for token in stream:
            kind = token.kind
            if kind == "word":
                self._run(token, stream)
            elif kind == "open":
                self._open(token)
            elif kind == "close":
                self._depth -= 1
            elif kind == "operator":
                self._count(token)
            elif kind == "quote" and self._reading.plain:
                # another reading ends here: an engine that reads so would refuse the text
                line, column = self._place(token)
                raise QuerySyntaxError("a string is not closed", line=line, column=column)
            if kind != "comment":
                self._hidden = token if kind == "prefixed" and self._hides(token) else None

    def _open(self, token: Token) -> None:
        if token.text == "{" and self._hidden is not None:
            raise self._refused(NO_SERVICE, self._hidden)
        self._depth += 1
        if self._depth > self._policy.depth:
            raise self._refused(f"the query is nested over {self._policy.depth} deep", token)

    def _hides(self, token: Token) -> bool:
        """Whether a parser without a tokeniser may read the name as a keyword with a shorter name behind it.

        It does so with `service:x {` and `true.SERVICE:x {` where the prefix is not declared.
        """
        prefix = token.text.partition(":")[0]
        if "SERVICE" not in prefix.upper():
            return False
        if self._declared is None:
            self._declared = frozenset(prologue.prefixes(self._reading.text)[1])
        return prefix not in self._declared

    def _run(self, token: Token, stream: Iterator[Token]) -> None:
        for part in parts(token):
            word = part.text.upper()
            # `1SERVICE` and `trueSERVICE` are two tokens each for a parser without a tokeniser
            if "SERVICE" in word:
                self._service(part, stream)
            elif word in UPDATES:
                raise self._refused(f"{word} is an update, and this service only answers queries", part)
            elif word == "DEFINE":
                raise self._refused("DEFINE is not SPARQL and is refused", part)
            elif word in _OPERATOR_WORDS:
                self._count(part)
        for _ in range(token.text.count("-")):
            self._count(token)

    def _count(self, token: Token) -> None:
        self._operators += 1
        if self._operators > self._policy.operators:
            raise self._refused(f"the query has over {self._policy.operators:,} operators", token)

    def _service(self, token: Token, stream: Iterator[Token]) -> None:
        allowed = self._policy.service_endpoints
        if not allowed:
            raise self._refused(NO_SERVICE, token)
        target = next((each for each in stream if each.kind != "comment" and each.text.upper() != "SILENT"), None)
        iri = None if target is None else prologue.resolve(self._reading.text, target)
        if iri not in allowed:
            raise self._refused("SERVICE is refused: it may name only endpoints that this service allows", token)

    def _place(self, token: Token) -> tuple[int, int]:
        return position(self._text, self._reading.original(token.start))

    def _refused(self, message: str, token: Token) -> QueryRefused:
        line, column = self._place(token)
        return QueryRefused(message, line=line, column=column)
