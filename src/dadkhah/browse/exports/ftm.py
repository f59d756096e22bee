"""Records as FollowTheMoney entities (https://followthemoney.tech), for Aleph, OpenSanctions and their tools.

In: records as they are mentioned and dated, and who says so. Out: entity objects, one JSON object a line. The schema
has no place for who says what of each value, so an entity names all claimants as its publishers, tells in its notes who
gives the names, the dates, the people and the places, points to the works as its proof, and links back to the record.
Only what the schema has a property for is exported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from dadkhah.browse.models import Assertion, Ref, Voice
from dadkhah.browse.pictures.told import according, speakers
from dadkhah.browse.records.naming import Naming
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


class Exported(NamedTuple):
    """A record as an entity; who gives its names is told of it before it is written."""

    ref: Ref
    entity: Entity


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


def entity(scheme: Scheme, ref: Ref, *, aliases: Iterable[str] = (), voices: Iterable[Voice] = ()) -> Exported:
    """An entity with the names of a record; its publishers are these voices."""
    schema = schema_of(scheme, ref)
    names = list(dict.fromkeys(name.text for name in ref.names)) or [ref.label().text]
    title = {"Address": "full", "Note": "description", "Document": "title", "Article": "title"}.get(schema, "name")
    properties: dict[str, list[str]] = {title: names, "sourceUrl": [ref.iri] if ref.iri.startswith("http") else []}
    if title != "name":
        properties["name"] = names
    properties["alias"] = [alias for alias in dict.fromkeys(aliases) if alias not in names]
    properties["publisher"] = speakers(voice for voice in voices if voice.claimant)
    return Exported(ref, {"id": entity_id(ref), "schema": schema, "properties": _present(properties)})


def _present(properties: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in properties.items() if values}


def event_entities(scheme: Scheme, entries: Sequence[TimelineEntry]) -> list[Exported]:
    """Events, the people they name, and the works in which that is read, each once."""
    found: dict[str, Exported] = {}
    others: dict[str, Exported] = {}
    for entry in entries:
        said = [each.assertion.voice for each in entry.datings]
        said += [one.voice for each in (*entry.people_said, *entry.places_said) for one in each.assertions]
        event = entity(scheme, entry.event, voices=said)
        works = {voice.source.iri: voice.source for voice in said if voice.source is not None}
        if event.entity["schema"] == "Event":
            event.entity["properties"] |= _present(
                {
                    **_dates(entry.span),
                    "involved": [entity_id(person) for person in entry.people],
                    "location": [place.label().text for place in entry.places],
                    "notes": _claims(entry),
                    "proof": [entity_id(work) for work in works.values() if schema_of(scheme, work) in _PROOFS],
                }
            )
        found[event.entity["id"]] = event
        mentioned = [*entry.people, *(work for work in works.values() if schema_of(scheme, work) in _PROOFS)]
        for ref in mentioned:
            others.setdefault(entity_id(ref), entity(scheme, ref))
    return list({**others, **found}.values())


_PROOFS = ("Document", "Article")


def _claims(entry: TimelineEntry) -> list[str]:
    """Each date, person and place of an event with whoever says so."""
    claims: dict[str, list[Assertion]] = {}
    for dating in entry.datings:
        if dating.span.earliest or dating.span.latest:
            days = " to ".join(dict.fromkeys(day or "…" for day in (dating.span.earliest, dating.span.latest)))
            claims.setdefault(f"date {days}", []).append(dating.assertion)
    for each in (*entry.people_said, *entry.places_said):
        claims.setdefault(f"{each.role.label().text}: {each.thing.label().text}", []).extend(each.assertions)
    return [f"{claim}: {according((one.voice for one in held), 'en', 0)}" for claim, held in claims.items()]


def with_names_told(exported: Iterable[Exported], named_by: Mapping[str, Naming]) -> list[Entity]:
    """Entities whose notes tell who gives their names and classes, as far as that is known."""
    found = []
    for ref, held in exported:
        voices = named_by.get(ref.iri, Naming()).of(ref.types)
        notes = [f"names and kind: {according(voices, 'en', 0)}"] if voices else []
        properties = held["properties"] | _present({"notes": [*notes, *held["properties"].get("notes", ())]})
        found.append(held | {"properties": properties})
    return found


def _dates(span: Span) -> dict[str, list[str]]:
    if span.earliest and span.earliest == span.latest:
        return {"date": [span.earliest]}
    return {"startDate": [span.earliest] if span.earliest else [], "endDate": [span.latest] if span.latest else []}


def record_entities(scheme: Scheme, record: Record) -> list[Exported]:
    """A record and its events."""
    aliases = [name.text for name in record.names if not name.preferred]
    own = entity(scheme, record.ref, aliases=aliases, voices=record.voices)
    mine = [entry for entry in record.timeline if entry.event.iri == record.ref.iri]
    others = {each.ref.iri: each for each in event_entities(scheme, record.timeline)}
    if mine and own.ref.iri in others:
        own = Exported(own.ref, _joined(own.entity, others[own.ref.iri].entity))
    return [own, *(other for iri, other in others.items() if iri != own.ref.iri)]


def _joined(one: Entity, other: Entity) -> Entity:
    """An entity with what another of the same record has besides."""
    properties = {
        name: list(dict.fromkeys((*one["properties"].get(name, ()), *other["properties"].get(name, ()))))
        for name in {**one["properties"], **other["properties"]}
    }
    return one | {"properties": properties}


def write_entities(entities: Iterable[Entity]) -> bytes:
    """Entities as JSON lines, which FollowTheMoney's tools read."""
    return b"".join(orjson.dumps(each) + b"\n" for each in entities)
