"""The exact verdict on one literal, as pySHACL gives it.

In: literals as they were written. Plain literals (see `literals`) are judged here; anything odd is judged by rdflib and
pySHACL's own comparison, loaded only then, since loading takes longer than most validations.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from dadkhah.validation.shacl.literals import INTEGERS, REWRITTEN, is_plain
from dadkhah.validation.shacl.terms import RDF_LANG_STRING, RDFS_LITERAL
from dadkhah.vocab import RDF, XSD

if TYPE_CHECKING:
    import rdflib

_BINARY = frozenset({XSD + "hexBinary", XSD + "base64Binary", RDF + "XMLLiteral", RDF + "HTML"})
_RANGES = {  # rdflib checks the bounds of these only; the other integer types it takes at any size
    XSD + "integer": (None, None),
    XSD + "long": (None, None),
    XSD + "int": (-(2**31), 2**31 - 1),
    XSD + "short": (-(2**15), 2**15 - 1),
    XSD + "byte": (-(2**7), 2**7 - 1),
    XSD + "nonNegativeInteger": (0, None),
    XSD + "positiveInteger": (1, None),
    XSD + "nonPositiveInteger": (None, 0),
    XSD + "negativeInteger": (None, -1),
    XSD + "unsignedLong": (0, None),
    XSD + "unsignedInt": (0, 2**32 - 1),
    XSD + "unsignedShort": (0, 2**16 - 1),
    XSD + "unsignedByte": (0, 2**8 - 1),
}
_DIGITS = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


@contextmanager
def quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from logging and warning about ill-typed literals: they become findings."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def to_rdflib_literal(literal: Literal) -> rdflib.Literal:
    """The literal with its lexical form untouched; a plain string has no datatype, as rdflib's parsers give it."""
    import rdflib as library  # noqa: PLC0415 # slow to load, and needed for odd literals only

    if literal.language is not None:
        return library.Literal(literal.value, lang=literal.language)
    datatype = literal.datatype.value
    if datatype == XSD + "string":
        return library.Literal(literal.value)
    return library.Literal(literal.value, datatype=library.URIRef(datatype), normalize=False)


def has_datatype(literal: Literal, datatype: str) -> bool:
    """Whether the literal is a well-formed value of the datatype (sh:datatype)."""
    if datatype == RDFS_LITERAL:
        return True
    if literal.datatype.value != datatype:
        return False
    if datatype not in REWRITTEN and datatype not in _BINARY:
        return True
    return is_plain(literal) or _is_well_formed(literal.value, datatype)


@lru_cache(maxsize=65536)
def _is_well_formed(lexical: str, datatype: str) -> bool:
    if datatype in INTEGERS and _DIGITS.fullmatch(lexical):
        low, high = _RANGES[datatype]
        return (low is None or int(lexical) >= low) and (high is None or int(lexical) <= high)
    if datatype == XSD + "decimal" and _DECIMAL.fullmatch(lexical):
        return True
    import rdflib  # noqa: PLC0415 # slow to load, and needed for odd literals only
    from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent  # noqa: PLC0415 # as above

    with quiet_rdflib():
        literal = rdflib.Literal(lexical, datatype=rdflib.URIRef(datatype), normalize=False)
        if literal.ill_typed is True:
            return False
        judge: Any = DatatypeConstraintComponent._assert_actual_datatype  # noqa: SLF001 # the verdict must be its own
        return bool(judge(None, literal, literal.datatype))  # it reads nothing of its object


@cache
def _plain_value(literal: Literal) -> Decimal | date | None:
    datatype = literal.datatype.value
    if datatype in INTEGERS and _DIGITS.fullmatch(literal.value):
        # out of the bounds of its type it has no value
        return Decimal(literal.value) if _is_well_formed(literal.value, datatype) else None
    if datatype == XSD + "decimal" and _DECIMAL.fullmatch(literal.value):
        return Decimal(literal.value)
    if datatype == XSD + "date" and is_plain(literal):
        return date.fromisoformat(literal.value)
    return None


def compare(left: Literal, right: Literal) -> int | None:
    """-1, 0 or 1 as the left is less than, equal to or greater than the right; None where they do not compare."""
    ours, theirs = _plain_value(left), _plain_value(right)
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return (ours > theirs) - (ours < theirs)
    if isinstance(ours, date) and isinstance(theirs, date):
        return (ours > theirs) - (ours < theirs)
    return _compare_in_rdflib(left, right)


def _compare_in_rdflib(left: Literal, right: Literal) -> int | None:
    from pyshacl.rdfutil.compare import compare_literal  # noqa: PLC0415 # slow to load, and needed for odd literals only

    with quiet_rdflib():
        ours, theirs = to_rdflib_literal(left), to_rdflib_literal(right)
        if isinstance(ours.value, str) != isinstance(theirs.value, str):
            return None
        judge: Any = compare_literal
        try:
            return int(judge(ours, theirs))
        except (TypeError, NotImplementedError, ArithmeticError):  # the last: NaN beside a decimal
            return None


def is_less(left: Literal, right: Literal, *, or_equal: bool) -> bool:
    """Whether sh:lessThan (or sh:lessThanOrEquals) holds between two literals, in the order that rdflib gives them."""
    ours, theirs = _plain_value(left), _plain_value(right)
    if (isinstance(ours, Decimal) and isinstance(theirs, Decimal)) or (
        isinstance(ours, date) and isinstance(theirs, date)
    ):
        less: Any = ours
        return bool(less <= theirs if or_equal else less < theirs)
    if left.datatype.value in _TEXT and right.datatype.value in _TEXT:
        return left.value <= right.value if or_equal else left.value < right.value
    with quiet_rdflib():
        first, second = to_rdflib_literal(left), to_rdflib_literal(right)
        strings = isinstance(first.value, str), isinstance(second.value, str)
        if strings[0] != strings[1]:
            return False
        if strings[0]:
            return str(first.value) <= str(second.value) if or_equal else str(first.value) < str(second.value)
        try:
            return bool(first <= second) if or_equal else bool(first < second)
        except (TypeError, ArithmeticError):
            return False


_TEXT = frozenset({XSD + "string", RDF_LANG_STRING})
