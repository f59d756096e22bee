"""JSON lines as targets: FollowTheMoney entities, or plain objects with the columns of a table.

In: one JSON object in each line. Out: `Target`s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from dadkhah.errors import SourceSyntaxError
from dadkhah.linking.batch.tables import BORN, DIED, IDS, KIND, NAMES, day_of
from dadkhah.linking.batch.target import Target, absolute, kind_of, make

_FTM_NAMES = ("name", "alias", "weakAlias", "previousName")


def read_entities(file: Path, base: str) -> Iterator[Target]:
    """Read entities; see `targets.read_targets` for what it raises."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entity: Any = orjson.loads(line)
                target = _entity(entity, base, file) if "properties" in entity else _plain(entity, base, file)
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, StopIteration) as error:
                text = "not an entity with id and properties (or id and name), one in each line"
                raise SourceSyntaxError(text, file=str(file), line=number) from error
            if target:
                yield target


def _entity(entity: Mapping[str, Any], base: str, file: Path) -> Target | None:
    properties: Mapping[str, list[str]] = entity["properties"]
    names = [name for key in _FTM_NAMES for name in properties.get(key, ())]
    born = next(iter(properties.get("birthDate", ())), "")
    died = next(iter(properties.get("deathDate", ())), "")
    kind = kind_of(str(entity.get("schema", "")))
    return make(absolute(str(entity["id"]), base, str(file)), names, born=day_of(born), kind=kind, died=day_of(died))


def _plain(entity: Mapping[str, Any], base: str, file: Path) -> Target | None:
    identifier = str(entity[next(key for key in IDS if key in entity)])
    if not any(key in entity for key in NAMES):
        raise KeyError("name")
    names = [name for key in NAMES for name in _texts(entity.get(key))]
    born, died, kind = (next((str(entity[key]) for key in keys if entity.get(key)), "") for keys in (BORN, DIED, KIND))
    iri = absolute(identifier, base, str(file))
    return make(iri, names, born=day_of(born), kind=kind_of(kind), died=day_of(died))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]
