r"""Tokens of SPARQL, read in one linear pass before anything parses.

In: any text. Out: tokens with their offsets. It judges nothing and builds no tree; what it must get right is where
strings, IRIs, comments, prefixed names and variables begin and end (SPARQL 1.1, section 19.8), since whatever stands
outside them is a keyword.

Texts are not always read alike: some engines replace codepoint escapes (`\\u0053`, section 19.2) before they tokenise,
others only inside strings and IRIs; some end a comment at a carriage return, others only at a line feed. `readings`
gives every way in which a text may be read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

# PN_CHARS_BASE and PN_CHARS (rules 164 and 167), without the ASCII letters and digits
_BASE = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FIRST = f"A-Za-z{_BASE}"
_MORE = f"0-9_\\-\u00b7\u0300-\u036f\u203f\u2040{_FIRST}"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = (
    f"(?:[0-9_:{_FIRST}]|{_LOCAL_ESCAPE})"
    f"(?:[:{_MORE}]|{_LOCAL_ESCAPE}|\\.++(?=[:%\\\\{_MORE}]))*+"
)  # fmt: skip
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"

# Possessive quantifiers: each character is looked at a bounded number of times, whatever the text.
TOKEN = re.compile(
    rf"""
     (?P<space>[\x00-\x20]++)
    |(?P<variable>[?$][0-9_{_FIRST}][{_MORE.replace(chr(92) + "-", "")}]*+)
    |(?P<prefixed>(?:[{_FIRST}](?:[{_MORE}]|\.++(?=[{_MORE}]))*+)?:(?:{_LOCAL})?)
    |(?P<blank>_:[0-9_{_FIRST}](?:[{_MORE}]|\.++(?=[{_MORE}]))*+)
    |(?P<word>[0-9_{_FIRST}](?:[{_MORE}]|\.++(?=[{_MORE}]))*+)
    |(?P<open>[(\[{{]|<<\(?)
    |(?P<close>\)?>>|[)\]}}])
    |(?P<iri>{_IRI})
    |(?P<string>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+'''
        |"(?:[^"\\\n\r]++|\\.)*+"|'(?:[^'\\\n\r]++|\\.)*+')
    |(?P<comment>\#[^\r\n]*+)
    |(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++|--[A-Za-z]++)*+)
    |(?P<operator>&&|\|\||\^\^|[!+*/|^=<>,?-])
    |(?P<quote>["'])
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(r"[A-Za-z0-9_]+")
_NUMBER = re.compile(r"[0-9][0-9.eE\-]*")
_OPERANDS = frozenset({"variable", "prefixed", "blank", "iri", "string", "language"})
CODEPOINT_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LONE_RETURN = re.compile(r"\r(?!\n)")


class Token(NamedTuple):
    """A token: its kind is the name of a group of `TOKEN`."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as some engine may read it.

    Attributes:
        text: what is tokenised.
        plain: whether this is the text as it was sent.
        offsets: where in `text` each replacement stands, in order; empty where nothing was replaced.
        shifts: by how much an offset in the original is larger, from each of `offsets` on.
    """

    text: str
    plain: bool = False
    offsets: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def original(self, offset: int) -> int:
        """The offset in the text as it was sent."""
        at = bisect_right(self.offsets, offset - 1)
        return offset + (self.shifts[at - 1] if at else 0)


def tokens(text: str) -> Iterator[Token]:
    """All tokens but space; every character that is not space belongs to one. Linear in the length.

    Stops after a token of kind `quote`: a string that is not closed, of which no parser would make anything.
    A word may be several for a parser that has no tokeniser (`1UNION`, `true.SERVICE`): see `parts`.
    """
    context = _Context()
    at, end = 0, len(text)
    match = TOKEN.match
    while at < end:
        found = match(text, at)
        assert found is not None, "the last alternative takes any character"
        kind = str(found.lastgroup)
        stop = found.end()
        if kind == "space":
            at = stop
            continue
        token = Token(kind, text[at:stop], at, stop)
        if text[at] == "<" and context.compares():
            # `<` compares here, whatever it would be elsewhere; an IRI may follow it at once
            token = Token("operator", "<", at, at + 1)
        elif token.text in (">>", ")>>") and not context.in_triple():
            token = Token("operator", ">", at, at + 1) if token.text == ">>" else Token("close", ")", at, at + 1)
        yield token
        if token.kind == "quote":
            return
        context.take(token)
        at = token.end


def parts(token: Token) -> Iterator[Token]:
    """The words that a token of kind `word` may consist of."""
    for match in _PART.finditer(token.text):
        yield Token("word", match[0], token.start + match.start(), token.start + match.end())


class _Context:
    """Tells where `<` compares and where it begins an IRI: `?a<'>'` in an expression, `?s <o'b> ?o` in a pattern.

    Inside the brackets of an expression `<` after an operand compares; elsewhere it never does. Which brackets hold an
    expression follows from what stands before them, in every text that is SPARQL.
    """

    def __init__(self) -> None:
        # each open bracket, and whether it is one of an expression
        self._open: list[tuple[str, bool]] = []
        # for each of them, and for the whole before: do brackets opened right in it hold expressions? In a SELECT
        # clause and behind GROUP BY, HAVING and ORDER BY they do
        self._clauses = [True]
        self._operand = False
        self._word = ""
        """The last token, in capitals, if it was a word."""
        self._calls = False
        """The last token was a name right after FILTER, HAVING or BY: a bracket makes it a call."""

    def compares(self) -> bool:
        """Whether `<` compares at this place."""
        return self._operand and bool(self._open) and self._open[-1] == ("(", True)

    def in_triple(self) -> bool:
        """Whether the innermost bracket is that of a triple."""
        return bool(self._open) and self._open[-1][0] in ("<<", "<<(")

    def take(self, token: Token) -> None:
        """Go on by one token."""
        kind = token.kind
        if kind == "comment":
            return
        calls, word = False, ""
        self._operand = kind in _OPERANDS
        if kind == "open":
            self._open.append((token.text, token.text == "(" and self._is_expression()))
            self._clauses.append(False)
        elif kind == "close":
            self._operand = True
            if self._open:
                self._open.pop()
                self._clauses.pop()
        elif kind == "word":
            word = token.text.upper()
            self._operand = word[0].isdigit() or word.endswith(("TRUE", "FALSE"))
            if word.endswith(("SELECT", "BY", "HAVING")):
                self._clauses[-1] = True
        elif kind in ("prefixed", "iri"):
            calls = self._word.endswith(("FILTER", "HAVING", "BY"))
        self._calls, self._word = calls, word

    def _is_expression(self) -> bool:
        """Whether a round bracket that opens here holds an expression, and not a list, a row or a path."""
        if self._open and self._open[-1][0] == "(":
            return self._open[-1][1]
        if self._clauses[-1] or self._calls:
            return True
        word = self._word
        return word not in ("", "A", "TRUE", "FALSE") and _NUMBER.fullmatch(word) is None


def readings(text: str) -> list[Reading]:
    """Every way in which an engine may read the text; first the text as it is."""
    found = [Reading(text, plain=True)]
    if "\\u" in text or "\\U" in text:
        # all escapes, or only those that cannot end a string or begin a comment
        found += (_unescaped(text, only_words=False), _unescaped(text, only_words=True))
    if "#" in text and "\r" in text and _LONE_RETURN.search(text):
        # same length, so offsets hold
        found.extend(
            Reading(_LONE_RETURN.sub(" ", reading.text), offsets=reading.offsets, shifts=reading.shifts)
            for reading in list(found)
        )
    return found


def _unescaped(text: str, *, only_words: bool) -> Reading:
    parts: list[str] = []
    offsets: list[int] = []
    shifts: list[int] = []
    length = at = shift = 0
    for match in CODEPOINT_ESCAPE.finditer(text):
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF or (only_words and not (chr(code).isalnum() or code == ord("_"))):
            continue
        parts += (text[at : match.start()], chr(code))
        length += match.start() - at + 1
        at = match.end()
        shift += at - match.start() - 1
        offsets.append(length - 1)
        shifts.append(shift)
    parts.append(text[at:])
    return Reading("".join(parts), offsets=tuple(offsets), shifts=tuple(shifts))


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1; lines end at a line feed, columns count code points."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
