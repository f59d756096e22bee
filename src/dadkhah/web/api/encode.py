"""View models as JSON: one spelling for each of the shared ones, their fields in camelCase for all others.

In: frozen values of `dadkhah.browse`. Out: bytes. Labels are objects from language tag to text ("" where none is
stated). It must not leave out a voice.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache, singledispatch
from typing import Any

import orjson

from dadkhah.browse.models import Assertion, Locator, Name, Ref, Statement, Value, Voice
from dadkhah.browse.overviews.patterns import PatternView
from dadkhah.browse.overviews.stats import ClassCount
from dadkhah.browse.spans import Span
from dadkhah.browse.terms import BlankNode, Iri, Literal, TripleTerm
from dadkhah.browse.time_and_place.timelines import Dating

_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_NON_STR_KEYS


def to_json(value: Any) -> bytes:
    """Write any view model, or dicts and lists that hold some."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _encode(value)
    raise TypeError(type(value).__name__)


@singledispatch
def _encode(value: Any) -> dict[str, Any]:
    kind: type = type(value)
    return {key: getattr(value, name) for key, name in _keys(kind)}


@lru_cache(maxsize=256)
def _keys(kind: type) -> tuple[tuple[str, str], ...]:
    return tuple((camel(field.name), field.name) for field in fields(kind))


def camel(name: str) -> str:
    """A field name in camelCase."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def label_of(ref: Ref) -> dict[str, str]:
    """Language to name, the first of each language; the words of the IRI where it has no name."""
    if not ref.names:
        return {"": ref.label().text}
    return {name.language: name.text for name in reversed(ref.names)}


def mention(value: Ref) -> dict[str, Any]:
    """A record as it is mentioned: IRI, names, classes, and `id` (kind/slug) where it is one of ours."""
    found: dict[str, Any] = {"iri": value.iri, "label": label_of(value)}
    if value.kind:
        found["id"] = f"{value.kind}/{value.slug}"
    if value.types:
        found["types"] = value.types
    return found


_encode.register(Ref, mention)


@_encode.register
def _(value: Name) -> dict[str, Any]:
    return {"text": value.text, "language": value.language, "preferred": value.preferred}


@_encode.register
def _(value: Voice) -> dict[str, Any]:
    found: dict[str, Any] = {"iri": value.iri, "role": value.role}
    for name, ref in (("claimant", value.claimant), ("source", value.source), ("party", value.party)):
        if ref is not None:
            found[name] = {"iri": ref.iri, "label": label_of(ref)}
    if value.origin_group:
        found["originGroup"] = value.origin_group
    if value.relayed_by:
        found["relayedBy"] = value.relayed_by
    return found


@_encode.register
def _(value: Locator) -> dict[str, Any]:
    held = {
        "start": value.start,
        "end": value.end,
        "line": value.line,
        "sha256": value.sha256,
        "locator": value.locator,
        "fragment": value.fragment,
        "source": value.source,
        "snapshotSha256": value.snapshot_sha256,
    }
    known = {name: each for name, each in held.items() if each not in ("", None)}
    return {"iri": value.iri, "label": value.label, **known}


@_encode.register
def _(value: Assertion) -> dict[str, Any]:
    return {**_encode(value.voice), "passages": value.passages}


@_encode.register
def _(value: Value) -> dict[str, Any]:
    return {"value": _term(value), "voices": value.assertions}


def _term(value: Value) -> dict[str, Any]:
    found = _encode(value.term)
    if value.ref is not None:
        found |= {key: held for key, held in _encode(value.ref).items() if key != "iri"}
    return found


@_encode.register
def _(value: Statement) -> dict[str, Any]:
    return {
        "property": value.property,
        "value": _term(value.value),
        "voices": value.value.assertions,
        "rivals": value.rivals,
        "conflicts": value.conflicts,
    }


@_encode.register
def _(value: Iri) -> dict[str, Any]:
    return {"type": "iri", "value": value.value}


@_encode.register
def _(value: BlankNode) -> dict[str, Any]:
    return {"type": "blank", "value": value.value}


@_encode.register
def _(value: Literal) -> dict[str, Any]:
    if value.language:
        return {"type": "literal", "value": value.value, "language": value.language}
    return {"type": "literal", "value": value.value, "datatype": value.datatype}


@_encode.register
def _(value: TripleTerm) -> dict[str, Any]:
    return {"type": "triple", "subject": value.subject, "predicate": value.predicate, "object": value.object}


@_encode.register
def _(value: Span) -> dict[str, Any]:
    earliest, latest = value.solar_hijri
    return {
        "earliest": value.earliest or None,
        "latest": value.latest or None,
        "edtf": value.edtf or None,
        "precision": value.precision,
        "solarHijri": {"earliest": earliest or None, "latest": latest or None},
    }


@_encode.register
def _(value: PatternView) -> dict[str, Any]:
    cells = [
        {"stage": stage, "event": event, "matches": [match.ref.iri for match in matches],
         "proposed": all(match.proposed for match in matches)}
        for (stage, event), matches in value.cells.items()
    ]  # fmt: skip
    return {"pattern": value.ref, "stages": value.stages, "events": value.events, "cells": cells}


@_encode.register
def _(value: Dating) -> dict[str, Any]:
    return {"span": value.span, "voice": value.assertion}


@_encode.register
def _(value: ClassCount) -> dict[str, Any]:
    return {"class": value.kind, "count": value.count}
