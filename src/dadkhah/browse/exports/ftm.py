"""Records as FollowTheMoney entities (https://followthemoney.tech), for Aleph, OpenSanctions and their tools.

In: records as they are mentioned and dated. Out: entity objects, one JSON object a line. The schema has no place for
who says what of each value, so an entity names its publisher and links back to the record, where that is told. Only
what the schema has a property for is exported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from dadkhah.browse.models import Ref
from dadkhah.browse.records.record import Record
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.spans import Span
from dadkhah.browse.time_and_place.timelines import TimelineEntry

# class of ours -> schema, the first that a record has; what has none of them is a mere Thing of the schema "Note"
_SCHEMATA = (
    ("Person", "Person"),
    ("Court", "PublicBody"),
    ("SecurityForce", "PublicBody"),
    ("Prison", "PublicBody"),
    ("Office", "Position"),
    ("Organization", "Organization"),
    ("Event", "Event"),
    ("PressArticle", "Article"),
    ("Source", "Document"),
    ("Place", "Address"),
)
_FOREIGN = {
    "http://xmlns.com/foaf/0.1/Person": "Person",
    "https://schema.org/Person": "Person",
    "http://schema.org/Person": "Person",
    "https://schema.org/Organization": "Organization",
    "http://schema.org/Organization": "Organization",
    "https://schema.org/Event": "Event",
    "http://schema.org/Event": "Event",
}
Entity = dict[str, Any]


def entity_id(ref: Ref) -> str:
    """A stable identifier: of our address, or a hash of the IRI."""
    if ref.kind:
        return f"dk-{ref.kind}-{ref.slug}"
    return f"iri-{hashlib.sha1(ref.iri.encode(), usedforsecurity=False).hexdigest()}"


def schema_of(scheme: Scheme, ref: Ref) -> str:
    """The FollowTheMoney schema of a record, "Note" where none of the narrower ones fits."""
    for name, schema in _SCHEMATA:
        if scheme.term(name) in ref.types:
            return schema
    if scheme.term("PersonGroup") in ref.types:
        return "Organization"
    return next((schema for kind, schema in _FOREIGN.items() if kind in ref.types), "Note")


def entity(scheme: Scheme, ref: Ref, *, aliases: Iterable[str] = (), publishers: Iterable[str] = ()) -> Entity:
    """An entity with the names of a record."""
    schema = schema_of(scheme, ref)
    names = list(dict.fromkeys(name.text for name in ref.names)) or [ref.label().text]
    title = {"Address": "full", "Note": "description", "Document": "title", "Article": "title"}.get(schema, "name")
    properties: dict[str, list[str]] = {title: names, "sourceUrl": [ref.iri] if ref.iri.startswith("http") else []}
    if title != "name":
        properties["name"] = names
    properties["alias"] = [alias for alias in dict.fromkeys(aliases) if alias not in names]
    properties["publisher"] = list(dict.fromkeys(publishers))
    return {"id": entity_id(ref), "schema": schema, "properties": _present(properties)}


def _present(properties: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in properties.items() if values}


def event_entities(scheme: Scheme, entries: Sequence[TimelineEntry]) -> list[Entity]:
    """Events, and the people and places they name, each once."""
    found: dict[str, Entity] = {}
    for entry in entries:
        claimants = [
            dating.assertion.voice.claimant.label().text
            for dating in entry.datings
            if dating.assertion.voice.claimant is not None
        ]
        event = entity(scheme, entry.event, publishers=claimants)
        if event["schema"] == "Event":
            event["properties"] |= _present(
                {
                    **_dates(entry.span),
                    "involved": [entity_id(person) for person in entry.people],
                    "location": [place.label().text for place in entry.places],
                }
            )
        found[event["id"]] = event
        for person in entry.people:
            found.setdefault(entity_id(person), entity(scheme, person))
    return list(found.values())


def _dates(span: Span) -> dict[str, list[str]]:
    if span.earliest and span.earliest == span.latest:
        return {"date": [span.earliest]}
    return {"startDate": [span.earliest] if span.earliest else [], "endDate": [span.latest] if span.latest else []}


def record_entities(scheme: Scheme, record: Record) -> list[Entity]:
    """A record and its events."""
    aliases = [name.text for name in record.names if not name.preferred]
    publishers = [voice.claimant.label().text for voice in record.voices if voice.claimant is not None]
    own = entity(scheme, record.ref, aliases=aliases, publishers=publishers)
    others = event_entities(scheme, [entry for entry in record.timeline if entry.event.iri != record.ref.iri])
    return [own, *(other for other in others if other["id"] != own["id"])]


def write_entities(entities: Iterable[Entity]) -> bytes:
    """Entities as JSON lines, which FollowTheMoney's tools read."""
    return b"".join(orjson.dumps(each) + b"\n" for each in entities)
