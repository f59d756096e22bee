"""Where in a Turtle text each statement stands, and where its comments are.

The parser gives a place only for errors; findings about statements need one too. In: Turtle text that parses. Out:
lines by subject, predicate and object. A scanner of tokens, not a second parser: what it cannot follow has no place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dadkhah.vocab import RDF_TYPE

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\n]*)
  | (?P<iri><[^<>\n]*>)
  | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<mark>\^\^|[;,.()\[\]{}])
  | (?P<word>(?:\\.|[^\s<>"'(){}\[\];,\#^@\\.]|\.(?=[^\s<>"'(){}\[\];,\#^@]))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Place:
    """A 1-based line and column, in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `alone` where it has a line of its own, `subject` of the statement in which it stands, or empty."""

    place: Place
    text: str
    alone: bool
    subject: str


@dataclass(slots=True)
class Positions:
    """Places of the statements of one file; IRIs are given without brackets, literals by their value."""

    subjects: dict[str, Place] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Place] = field(default_factory=dict)
    triples: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    blank_node: Place | None = None
    """The first bracket, list or label of a blank node."""

    def find(self, subject: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        """The nearest place that is known: of the statement, else of the property, else of the subject."""
        if predicate is not None and value is not None and (found := self.triples.get((subject, predicate, value))):
            return found
        if predicate is not None and (found := self.pairs.get((subject, predicate))):
            return found
        return self.subjects.get(subject)


def locate(text: str, *, to_blank_node: bool = False) -> Positions:
    """Scan a Turtle text, five microseconds a token; or only as far as its first blank node."""
    scanner = _Scanner(text)
    scanner.run(to_blank_node=to_blank_node)
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Positions()
        self.prefixes: dict[str, str] = {}
        self.base = ""
        self.terms: list[str] = []  # subject and predicate of the statement being read
        self.outer: list[list[str]] = []  # those of the statements around a bracket
        self.directive: list[str] = []
        self.line = 1
        self.line_start = 0
        self.datatype_next = False

    def run(self, *, to_blank_node: bool) -> None:
        """Read token by token; stops where the text is no Turtle."""
        offset = 0
        while not (to_blank_node and self.found.blank_node) and (match := _TOKEN.match(self.text, offset)):
            kind, token = match.lastgroup or "", match[0]
            place = Place(self.line, match.start() - self.line_start + 1)
            if kind == "comment":
                alone = not self.text[self.line_start : match.start()].strip()
                self.found.comments.append(Comment(place, token, alone, self.terms[0] if self.terms else ""))
            elif kind != "space":
                self._take(kind, token, place)
            newlines = token.count("\n")
            if newlines:
                self.line += newlines
                self.line_start = match.start() + token.rfind("\n") + 1
            offset = match.end()

    def _take(self, kind: str, token: str, place: Place) -> None:
        if self.directive or (not self.terms and token.lower() in {"@prefix", "@base", "prefix", "base"}):
            self._direct(token)
        elif kind == "mark":
            self._punctuate(token, place)
        elif kind == "tag":
            pass
        elif self.datatype_next:
            self.datatype_next = False
        else:
            if token.startswith("_:"):
                self.found.blank_node = self.found.blank_node or place
            self._term(self._value(kind, token), place)

    def _direct(self, lexeme: str) -> None:
        self.directive.append(lexeme)
        word = self.directive[0].lower().lstrip("@")
        dotted = self.directive[0].startswith("@")  # the SPARQL forms end without a dot
        if lexeme == ".":
            self.directive = []
        elif word == "prefix" and len(self.directive) == 3:
            self.prefixes[self.directive[1].removesuffix(":")] = self._resolve(lexeme)
            self.directive = self.directive if dotted else []
        elif word == "base" and len(self.directive) == 2:
            self.base = lexeme[1:-1]
            self.directive = self.directive if dotted else []

    def _punctuate(self, mark: str, place: Place) -> None:
        if mark == "^^":
            self.datatype_next = True
        elif mark in "[(":
            self.found.blank_node = self.found.blank_node or place
            if not self.terms:
                self._term("", place)
            self.outer.append(self.terms)
            self.terms = [self.terms[0]] if mark == "[" else [*self.terms[:2]]
        elif mark in "])":
            self.terms = self.outer.pop() if self.outer else []
        elif mark == ";":
            self.terms = self.terms[:1]
        elif mark == "." and not self.outer:
            self.terms = []

    def _term(self, value: str, place: Place) -> None:
        if not self.terms:
            self.found.subjects.setdefault(value, place)
            self.terms = [value]
        elif len(self.terms) == 1:
            self.found.pairs.setdefault((self.terms[0], value), place)
            self.terms.append(value)
        else:
            self.found.triples.setdefault((self.terms[0], self.terms[1], value), place)

    def _value(self, kind: str, lexeme: str) -> str:
        if kind == "iri":
            return self._resolve(lexeme)
        if kind == "string":
            quotes = 3 if lexeme[:3] in {'"""', "'''"} else 1
            return unescape(lexeme[quotes:-quotes])
        if lexeme == "a":
            return RDF_TYPE
        prefix, colon, local = lexeme.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        return lexeme

    def _resolve(self, lexeme: str) -> str:
        iri = unescape(lexeme[1:-1])
        return iri if ":" in iri else self.base + iri


def unescape(text: str) -> str:
    """Replace Turtle's escapes (Turtle 1.1, section 6.4)."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        return chr(min(int(code[1:], 16), 0x10FFFF))
    return _CHARACTERS.get(code, code)
