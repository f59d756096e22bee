"""Whether a literal's text is one that its datatype knows.

Parsers let `"2025-02-30"^^xsd:date` pass, and some rewrite it. In: value and datatype. Out: what is wrong, or None.
XML Schema Definition Language 1.1, part 2.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable

from dadkhah.vocab import RDF, XSD

_ZONE = r"(?P<zone>Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DURATION = r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_DOUBLE = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_PATTERNS: dict[str, re.Pattern[str]] = {
    XSD + name: re.compile(pattern)
    for name, pattern in {
        "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
        "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
        "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?:Z|[+-]\\d\\d:\\d\\d)",
        "time": f"{_TIME}{_ZONE}",
        "gYear": f"{_YEAR}{_ZONE}",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
        "gMonth": f"--{_MONTH}{_ZONE}",
        "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
        "gDay": f"---{_DAY}{_ZONE}",
        "boolean": "true|false|1|0",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "double": _DOUBLE,
        "float": _DOUBLE,
        "duration": _DURATION,
        "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
        "dayTimeDuration": r"-?P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
        "hexBinary": "(?:[0-9a-fA-F]{2})*",
        "base64Binary": r"(?:[A-Za-z0-9+/]\s?)*={0,2}",
        "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
        "anyURI": r"\S*",
        "string": "(?s:.*)",
        "normalizedString": "[^\r\n\t]*",
        "token": r"(?!\s)[^\r\n\t]*(?<!\s)",
        "NCName": r"[^\W\d][\w.\-]*",
        "Name": r"[^\W\d][\w.:\-]*|:[\w.:\-]*",
        "NMTOKEN": r"[\w.:\-]+",
    }.items()
}
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    XSD + name: bounds
    for name, bounds in {
        "integer": (None, None),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
        "long": (-(2**63), 2**63 - 1),
        "int": (-(2**31), 2**31 - 1),
        "short": (-(2**15), 2**15 - 1),
        "byte": (-128, 127),
        "unsignedLong": (0, 2**64 - 1),
        "unsignedInt": (0, 2**32 - 1),
        "unsignedShort": (0, 2**16 - 1),
        "unsignedByte": (0, 255),
    }.items()
}
_INTEGER = re.compile(r"[+-]?\d{1,1000}")
_LARGEST = {XSD + "double": 1.7976931348623157e308, XSD + "float": 3.4028234663852886e38}
OTHER_DATATYPES = frozenset(
    {RDF + "langString", RDF + "dirLangString", RDF + "JSON", "http://www.opengis.net/ont/geosparql#wktLiteral"}
)


def lexical_problem(value: str, datatype: str, *, language: str | None) -> str | None:
    """Say what is wrong with a literal, or None."""
    if datatype == RDF + "langString" and not language:
        return "rdf:langString without a language tag"
    if datatype in _BOUNDS:
        return _integer(value, datatype)
    pattern = _PATTERNS.get(datatype)
    if pattern is None:
        return None if datatype in OTHER_DATATYPES else f"unknown datatype <{datatype}>"
    match = pattern.fullmatch(value)
    name = datatype.removeprefix(XSD)
    if match is None or (not value.isascii() and name not in _TEXTUAL):
        return f"{value[:60]!r} is no xsd:{name}"
    check = _CHECKS.get(name)
    return check(value, match, name) if check else None


_TEXTUAL = frozenset({"string", "normalizedString", "token", "anyURI", "NCName", "Name", "NMTOKEN"})


def _integer(value: str, datatype: str) -> str | None:
    name = datatype.removeprefix(XSD)
    if not (_INTEGER.fullmatch(value) and value.isascii()):
        return f"{value[:60]!r} is no xsd:{name}"
    lower, upper = _BOUNDS[datatype]
    number = int(value)
    if (lower is not None and number < lower) or (upper is not None and number > upper):
        return f"{value[:60]} is outside of xsd:{name}"
    return None


def _day(value: str, match: re.Match[str], name: str) -> str | None:
    year, month, day = abs(int(match["year"][:9])), int(match["month"]), int(match["day"])
    if year == 0:
        return f"{value!r}: there is no year 0 here; the year before 1 is -0001"
    if day > calendar.monthrange(year if year <= 9999 else 2000 + year % 400, month)[1]:
        return f"{value!r} is no xsd:{name}: that month has no day {day}"
    return None


def _year(value: str, match: re.Match[str], name: str) -> str | None:
    del name
    return f"{value!r}: there is no year 0 here" if int(match["year"][:9]) == 0 else None


def _month_day(value: str, match: re.Match[str], name: str) -> str | None:
    # a leap year: 29 February is a day of some years
    if int(match["day"]) > calendar.monthrange(2024, int(match["month"]))[1]:
        return f"{value!r} is no xsd:{name}: that month has no such day"
    return None


def _double(value: str, match: re.Match[str], name: str) -> str | None:
    del match
    if value[-1] in "FN":
        return None
    return f"{value[:60]} is too large for xsd:{name}" if abs(float(value)) > _LARGEST[XSD + name] else None


_CHECKS: dict[str, Callable[[str, re.Match[str], str], str | None]] = {
    "date": _day,
    "dateTime": _day,
    "dateTimeStamp": _day,
    "gYear": _year,
    "gYearMonth": _year,
    "gMonthDay": _month_day,
    "double": _double,
    "float": _double,
}
