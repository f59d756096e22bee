"""Literals that the store would rewrite, and how they survive it.

Oxigraph holds numbers, booleans, dates and durations in binary: `"25.10"^^xsd:decimal` comes back as `"25.1"`,
`"5"^^xsd:nonNegativeInteger` as an `xsd:integer`. Validation must see what was written. So a literal is *plain* when
the store gives it back unchanged and when Oxigraph and rdflib read the same value in it; any other literal of such a
datatype is stored as a *carrier*, a literal of a datatype of our own whose lexical form holds datatype and lexical
form. A carrier is never equal to, comparable with, or of the datatype of anything else, so a query that lets through
only what surely conforms never lets one through, and Python judges it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from pyoxigraph import Literal, NamedNode

from dadkhah.validation.shacl.terms import Term
from dadkhah.vocab import XSD

CARRIER = NamedNode("urn:dadkhah:lexical")

INTEGERS = frozenset(
    XSD + name
    for name in [
        "integer",
        "long",
        "int",
        "short",
        "byte",
        "nonNegativeInteger",
        "nonPositiveInteger",
        "positiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    ]
)
# what Oxigraph 0.5 encodes in binary (oxigraph::storage::numeric_encoder)
REWRITTEN = INTEGERS | frozenset(
    XSD + name
    for name in [
        "decimal",
        "double",
        "float",
        "boolean",
        "date",
        "dateTime",
        "dateTimeStamp",
        "time",
        "gYear",
        "gYearMonth",
        "gMonth",
        "gMonthDay",
        "gDay",
        "duration",
        "dayTimeDuration",
        "yearMonthDuration",
    ]
)

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")  # always within 64 bits
_DECIMAL = re.compile(
    r"(?:0|-?[1-9][0-9]{0,11})(?:\.[0-9]{0,5}[1-9])?|-0\.[0-9]{0,5}[1-9]"
)  # within Oxigraph's 18 digits
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?")
_YEAR = re.compile(r"[0-9]{4}")


def _is_day(lexical: str, pattern: re.Pattern[str], read: Callable[[str], object]) -> bool:
    """Whether a text has this form and its day is one of the calendar."""
    if not pattern.fullmatch(lexical):
        return False
    try:
        read(lexical)
    except ValueError:
        return False
    return True


_PLAIN: dict[str, Callable[[str], bool]] = {
    XSD + "integer": lambda lexical: _INTEGER.fullmatch(lexical) is not None,
    XSD + "decimal": lambda lexical: _DECIMAL.fullmatch(lexical) is not None,
    XSD + "boolean": lambda lexical: lexical in {"true", "false"},
    XSD + "date": lambda lexical: _is_day(lexical, _DATE, date.fromisoformat),
    XSD + "dateTime": lambda lexical: _is_day(lexical, _DATE_TIME, datetime.fromisoformat),
    XSD + "gYear": lambda lexical: _YEAR.fullmatch(lexical) is not None and lexical != "0000",
}


def is_plain(literal: Literal) -> bool:
    """Whether the store keeps this literal as it is and every engine reads the same value in it."""
    datatype = literal.datatype.value
    if datatype not in REWRITTEN:
        return datatype != CARRIER.value
    test = _PLAIN.get(datatype)
    return test is not None and test(literal.value)


def to_store(term: Term) -> Term:
    """The form in which a term stands in the store; a bijection, undone by `from_store`."""
    if isinstance(term, Literal) and not is_plain(term):
        return Literal(f"{term.datatype.value} {term.value}", datatype=CARRIER)
    return term


def is_carrier(term: object) -> bool:
    """Whether a term of the store stands for a literal that the store would have rewritten."""
    return isinstance(term, Literal) and term.datatype == CARRIER


def from_store(term: Term) -> Term:
    """The term as it was written."""
    if isinstance(term, Literal) and term.datatype == CARRIER:
        datatype, _, lexical = term.value.partition(" ")
        return Literal(lexical, datatype=NamedNode(datatype))
    return term
