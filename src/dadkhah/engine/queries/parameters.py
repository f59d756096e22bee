"""Parameters of stored queries: their kinds, and how a value that a client sends becomes a term of SPARQL.

In: text from a client. Out: a term as SPARQL writes it, escaped by the engine that will read it, or a ParameterError
that names the parameter. A value is never spliced into a query as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

import pyoxigraph as ox

from dadkhah.errors import ParameterError
from dadkhah.vocab import XSD

MAX_VALUE_CHARACTERS = 4_000
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_CURIE = re.compile(r"([A-Za-z][\w.-]*)?:(.*)", re.DOTALL)
_N = TypeVar("_N", int, Decimal)
_ESCAPED = re.compile(r"\\\\([uU])|\\.")
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}


class Kind(StrEnum):
    """What a parameter takes."""

    IRI = "iri"
    CURIE = "curie"
    STRING = "string"
    LANG_STRING = "lang-string"
    LANGUAGE = "language"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATE_TIME = "datetime"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a stored query.

    Attributes:
        name: as in `$name`.
        kind: what it takes.
        required: whether a request without it is refused.
        default: the value where a request has none, as a client would send it.
        several: whether it takes more than one value.
        minimum: smallest value of a number.
        maximum: largest value of a number.
        choices: the only values it takes, where there are any.
        label: what it means, for people.
    """

    name: str
    kind: Kind
    required: bool = False
    default: str | None = None
    several: bool = False
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    label: str = ""

    def term(self, value: str, prefixes: Mapping[str, str]) -> str:
        """The value as a term of SPARQL; ParameterError says what it should have been."""
        if len(value) > MAX_VALUE_CHARACTERS:
            raise self.error(f"is over {MAX_VALUE_CHARACTERS} characters")
        if self.choices and value not in self.choices:
            raise self.error(f"has to be one of {', '.join(self.choices)}")
        try:
            return self._term(value, prefixes)
        except UnicodeEncodeError as error:
            raise self.error("is not valid Unicode") from error
        except (ValueError, InvalidOperation) as error:
            raise self.error(f"has to be {_EXPECTED[self.kind]}, not {value[:80]!r}") from error

    def error(self, problem: str) -> ParameterError:
        """An error that names this parameter."""
        return ParameterError(f"the parameter “{self.name}” {problem}")

    def _term(self, value: str, prefixes: Mapping[str, str]) -> str:
        if self.kind is Kind.CURIE:
            return str(ox.NamedNode(_expanded(value, prefixes)))
        if self.kind is Kind.INTEGER:
            # bare digits: LIMIT takes nothing else
            return str(self._bounded(int(_matched(_INTEGER, value))))
        if self.kind is Kind.DECIMAL:
            return _typed(f"{self._bounded(Decimal(_matched(_DECIMAL, value))):f}", "decimal")
        return _WRITERS[self.kind](value)

    def _bounded(self, number: _N) -> _N:
        if self.minimum is not None and number < self.minimum:
            raise self.error(f"has to be {self.minimum} or more")
        if self.maximum is not None and number > self.maximum:
            raise self.error(f"has to be {self.maximum} or less")
        return number


_EXPECTED = {
    Kind.IRI: "an absolute IRI",
    Kind.CURIE: "a prefixed name (ex:name) with a known prefix, or an absolute IRI",
    Kind.STRING: "text",
    Kind.LANG_STRING: "text with a language (text@en)",
    Kind.LANGUAGE: "a language tag (en, fa)",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.DATE: "a date (2026-01-31)",
    Kind.DATE_TIME: "a date and time (2026-01-31T12:00:00Z)",
    Kind.BOOLEAN: "true or false",
}


def _literal(literal: ox.Literal) -> str:
    # A value may hold a backslash and a u. Escaped, it is `\\u`; an engine that replaces codepoint escapes before it
    # tokenises might take its end for one. Written as backslash and codepoint of u it means the same to both.
    return _ESCAPED.sub(lambda match: f"\\\\\\u{ord(match[1]):04x}" if match[1] else match[0], str(literal))


def _lang_string(value: str) -> str:
    text, at, language = value.rpartition("@")
    return _literal(ox.Literal(text if at else value, language=_matched(_LANGUAGE, language)))


def _boolean(value: str) -> str:
    if value not in _BOOLEANS:
        raise ValueError(value)
    return _BOOLEANS[value]


def _typed(lexical: str, datatype: str) -> str:
    return str(ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype)))


def _matched(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError(value)
    return value


def _expanded(value: str, prefixes: Mapping[str, str]) -> str:
    match = _CURIE.fullmatch(value)
    if match is not None and (match[1] or "") in prefixes:
        return prefixes[match[1] or ""] + match[2]
    if "://" in value or value.startswith("urn:"):
        return value
    raise ValueError(value)


_WRITERS: dict[Kind, Callable[[str], str]] = {
    Kind.IRI: lambda value: str(ox.NamedNode(value)),
    Kind.STRING: lambda value: _literal(ox.Literal(value)),
    Kind.LANG_STRING: _lang_string,
    Kind.LANGUAGE: lambda value: _literal(ox.Literal(_matched(_LANGUAGE, value).lower())),
    Kind.DATE: lambda value: _typed(date.fromisoformat(value).isoformat(), "date"),
    Kind.DATE_TIME: lambda value: _typed(datetime.fromisoformat(value).isoformat(), "dateTime"),
    Kind.BOOLEAN: _boolean,
}
