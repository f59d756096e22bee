"""Candidates, suggestions and values as JSON, in both versions.

In: values of `linking.reconcile` and names. Out: plain values that the schemas of the specification accept.
"""

from __future__ import annotations

import re
from typing import Any, Final

from dadkhah.browse.terms import XSD, Iri, Literal, Term
from dadkhah.linking.reconcile.asked import Candidate

_DAY: Final = re.compile(r"^-?\d{4,}-(?:1[0-2]|0[1-9])-(?:3[01]|0[1-9]|[12]\d)$")
_TIME: Final = re.compile(
    r"^(-?(?:[1-9][0-9]*)?[0-9]{4})-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])T(2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9]"
    r"(\.[0-9]+)?(Z|[+-](?:2[0-3]|[01][0-9]):[0-5][0-9])?$"
)
_WHOLE: Final = frozenset(
    f"{XSD}{name}" for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
)
_REAL: Final = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))


def candidate(found: Candidate, *, draft: bool) -> dict[str, Any]:
    """One candidate; the draft also has languages and names of features."""
    features: list[dict[str, Any]] = [{"id": one.id, "name": one.name, "value": one.value} for one in found.features]
    written: dict[str, Any] = {
        "id": found.iri,
        "name": found.name,
        "score": found.score,
        "match": found.match,
        "type": [{"id": iri, "name": name} for iri, name in found.types],
        "features": features,
    }
    if found.description:
        written["description"] = found.description
    if draft and found.language:
        written["lang"] = found.language
    return written


def cell(value: Term, names: dict[str, str], *, draft: bool) -> dict[str, Any]:
    """One value of a data extension."""
    if isinstance(value, Iri):
        return {"id": value.value, "name": names[value.value]} if value.value in names else {"str": value.value}
    if not isinstance(value, Literal):
        return {"str": value.value}
    text = value.value
    if value.datatype == f"{XSD}date" and _DAY.match(text):
        return {"date": f"{text}T00:00:00Z"} if _TIME.match(f"{text}T00:00:00Z") else {"str": text}
    if value.datatype == f"{XSD}dateTime" and _TIME.match(text):
        return {"date": text}
    number = _number(text, value.datatype)
    if number is not None:
        return number
    return {"str": text, "lang": value.language} if draft and value.language else {"str": text}


def _number(text: str, datatype: str) -> dict[str, Any] | None:
    try:
        if datatype in _WHOLE and abs(int(text)) < 1 << 63:
            return {"int": int(text)}
        if datatype in _REAL and abs(float(text)) < float("inf"):
            return {"float": float(text)}
    except ValueError:
        return None
    return None
