"""Reconciliation queries as JSON, in both versions.

In: bytes or text of a request. Out: `asked.Query` values, in order. What the schemas of the specification refuse is
refused here with a `ParameterError` that says where; nothing is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from dadkhah.errors import ParameterError
from dadkhah.linking.reconcile.asked import Condition, Plain, Query
from dadkhah.web.wire.problems import HttpError

BATCH: Final = 50  # queries in one request, as the manifest says
MOST: Final = 100  # candidates of one query
_STABLE: Final = {"query", "type", "limit", "properties", "type_strict"}
_DRAFT: Final = {"type", "limit", "lang", "dir", "conditions"}


def parsed(text: str | bytes, what: str) -> Any:
    """Read JSON; raises `ParameterError` with the reason."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ParameterError(f"{what} is not JSON: {error}") from error


def stable_batch(document: Any) -> dict[str, Query]:
    """A batch of version 0.2: an object of queries by key."""
    if not isinstance(document, dict):
        raise ParameterError('queries: give an object such as {"q0": {"query": "a name"}}')
    _bounded(len(document))
    return {key: _stable_query(value, f"queries.{key}") for key, value in document.items()}


def draft_batch(document: Any) -> list[Query]:
    """A batch of the draft: an object with a list of queries."""
    if not isinstance(document, dict) or not isinstance(document.get("queries"), list):
        raise ParameterError('give an object such as {"queries": [{"conditions": [...]}]}')
    _bounded(len(document["queries"]))
    return [_draft_query(value, f"queries.{number}") for number, value in enumerate(document["queries"])]


def extension(document: Any) -> tuple[list[str], list[tuple[str, dict[str, Any]]]]:
    """A data extension query of either version: identifiers, and properties with their settings."""
    if not isinstance(document, dict):
        raise ParameterError('extend: give an object with "ids" and "properties"')
    ids, properties = document.get("ids"), document.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise ParameterError("extend.ids: give a list of identifiers")
    if not isinstance(properties, list):
        raise ParameterError("extend.properties: give a list of objects with an id")
    found = []
    for number, one in enumerate(properties):
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            raise ParameterError(f"extend.properties.{number}: give an object with an id")
        settings = one.get("settings", {})
        if not isinstance(settings, dict):
            raise ParameterError(f"extend.properties.{number}.settings: give an object")
        found.append((one["id"], settings))
    return ids, found


def _bounded(size: int) -> None:
    if size > BATCH:
        raise HttpError(413, f"{size} queries in one batch; send at most {BATCH} at once.")


def _stable_query(value: Any, where: str) -> Query:
    given = _object(value, _STABLE, where)
    name = _text(given, "query", where)
    properties = given.get("properties", [])
    if not isinstance(properties, list):
        raise ParameterError(f"{where}.properties: give a list")
    if "query" not in given and not properties:
        raise ParameterError(f"{where}: give a query or properties")
    conditions = []
    for number, one in enumerate(properties):
        at = f"{where}.properties.{number}"
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str) or "v" not in one:
            raise ParameterError(f"{at}: give an object with pid and v")
        conditions.append(Condition(one["pid"], *_values(one["v"], at)))
    types = given.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise ParameterError(f"{where}.type: give a type identifier or a list of them")
    strict = given.get("type_strict", "any")
    if strict not in {"any", "should", "all"}:
        raise ParameterError(f"{where}.type_strict: any, should or all")
    return Query(
        name=name,
        types=tuple(one for one in types if one),
        every_type=strict == "all",
        types_preferred=strict == "should",
        conditions=tuple(conditions),
        limit=_limit(given, where),
    )


def _draft_query(value: Any, where: str) -> Query:
    given = _object(value, _DRAFT, where)
    conditions = given.get("conditions")
    if not isinstance(conditions, list) or not conditions:
        raise ParameterError(f"{where}.conditions: give a list of at least one condition")
    name, identifier, found = "", "", []
    for number, one in enumerate(conditions):
        at = f"{where}.conditions.{number}"
        if not isinstance(one, dict) or "propertyValue" not in one:
            raise ParameterError(f"{at}: give an object with matchType and propertyValue")
        values, entity = _values(one["propertyValue"], at)
        quantifier = one.get("matchQuantifier", "any")
        if quantifier not in {"any", "all", "none"} or not isinstance(one.get("required", False), bool):
            raise ParameterError(f"{at}: matchQuantifier is any, all or none; required is true or false")
        match one.get("matchType"):
            case "name":
                name = name or " ".join(map(str, values[:1]))
            case "id":
                identifier = identifier or " ".join(map(str, values[:1]))
            case "property" if isinstance(one.get("propertyId"), str):
                required = one.get("required", False)
                found.append(Condition(one["propertyId"], values, entity, quantifier, required))
            case "property":
                raise ParameterError(f"{at}.propertyId: give the property's identifier")
            case _:
                raise ParameterError(f"{at}.matchType: name, id or property")
    kind = _text(given, "type", where)
    return Query(
        name=name,
        identifier=identifier,
        types=(kind,) if kind else (),
        conditions=tuple(found),
        limit=_limit(given, where),
    )


def _object(value: Any, allowed: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ParameterError(f"{where}: give an object")
    unknown = sorted(set(value) - allowed)
    if unknown:
        raise ParameterError(f"{where}: unknown member {unknown[0][:80]!r}; known are {', '.join(sorted(allowed))}")
    return value


def _text(given: Mapping[str, Any], name: str, where: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise ParameterError(f"{where}.{name}: give a text")
    return value


def _limit(given: Mapping[str, Any], where: str) -> int:
    value = given.get("limit", 10)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 1:
        raise ParameterError(f"{where}.limit: give a number of at least 1")
    return int(min(value, MOST))


def _values(value: Any, where: str) -> tuple[tuple[Plain, ...], tuple[bool, ...]]:
    """Values of a condition, and which of them name entities."""
    values: list[Plain] = []
    entity: list[bool] = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and isinstance(one.get("id"), str):
            values.append(one["id"])
            entity.append(True)
        elif isinstance(one, (str, int, float)):
            values.append(one)
            entity.append(False)
        else:
            raise ParameterError(f"{where}: a value is a text, a number, true, false, or an object with an id")
    return tuple(values), tuple(entity)
