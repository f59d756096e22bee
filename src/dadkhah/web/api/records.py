"""One record: everything, its statements, its timeline, its relations.

By `/api/v1/{type}/{slug}` for records of ours, by `/api/v1/record?iri=` for any IRI of any graph.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dadkhah.browse.exports.ftm import record_entities
from dadkhah.browse.models import Relation
from dadkhah.browse.records.rdf import json_ld
from dadkhah.browse.records.record import Record, record, relation_slice
from dadkhah.browse.tables import csv_table
from dadkhah.web.api.asked import AskedList, AskedRecord, AskedRelations
from dadkhah.web.api.browsing import Browsing, BrowsingDep
from dadkhah.web.api.encode import to_json
from dadkhah.web.api.exports import DRAWN_FORMATS, drawn_response, ftm_response
from dadkhah.web.api.formats import LIST_FORMATS, chosen, rdf_response, respond
from dadkhah.web.api.presence import missing, refuse_withdrawn, require
from dadkhah.web.api.rows import TIMELINE_HEADER, claimant_of, passages_of, timeline_rows
from dadkhah.web.api.things import CSV_HEADER, statement_rows

router = APIRouter(prefix="/api/v1", tags=["records"])


@router.get("/record", summary="A record by its IRI, of any graph")
async def record_by_iri(browsing: BrowsingDep, asked: Annotated[AskedRecord, Query()]) -> Response:
    """Everything about one record; see `/api/v1/{kind}/{slug}`."""
    return await _record(browsing, browsing.record(asked.iri, "iri"))


@router.get("/record/statements", summary="The statements of a record by its IRI")
async def statements_by_iri(browsing: BrowsingDep, asked: Annotated[AskedRecord, Query()]) -> Response:
    """See `/api/v1/{kind}/{slug}/statements`."""
    return await _statements(browsing, browsing.record(asked.iri, "iri"))


@router.get("/record/timeline", summary="The timeline of a record by its IRI")
async def timeline_by_iri(browsing: BrowsingDep, asked: Annotated[AskedRecord, Query()]) -> Response:
    """See `/api/v1/{kind}/{slug}/timeline`."""
    return await _timeline(browsing, browsing.record(asked.iri, "iri"))


@router.get("/record/relations", summary="What points to a record, by its IRI")
async def relations_by_iri(browsing: BrowsingDep, asked: Annotated[AskedRelations, Query()]) -> Response:
    """See `/api/v1/{kind}/{slug}/relations`."""
    return await _relations(browsing, browsing.record(asked.iri, "iri"), asked)


@router.get(
    "/{kind}/{slug}", summary="A record: statements with voices, passages and rival values, relations, timeline"
)
async def record_by_name(kind: str, slug: str, browsing: BrowsingDep) -> Response:
    """Give a record; the JSON is also JSON-LD and holds the same statements as the RDF formats."""
    return await _record(browsing, browsing.scheme.iris.thing(kind, slug))


@router.get("/{kind}/{slug}/statements", summary="The statements of a record, each with every voice that makes it")
async def statements_by_name(kind: str, slug: str, browsing: BrowsingDep) -> Response:
    """Give property, value, voices with sources and passages, and the values of those who say otherwise."""
    return await _statements(browsing, browsing.scheme.iris.thing(kind, slug))


@router.get("/{kind}/{slug}/timeline", summary="The events of a record in order of time")
async def timeline_by_name(kind: str, slug: str, browsing: BrowsingDep) -> Response:
    """Give events with the span each voice gives, in the Gregorian and the Solar Hijri calendar."""
    return await _timeline(browsing, browsing.scheme.iris.thing(kind, slug))


@router.get("/{kind}/{slug}/relations", summary="Statements of other records that point to this one")
async def relations_by_name(
    kind: str, slug: str, browsing: BrowsingDep, asked: Annotated[AskedList, Query()]
) -> Response:
    """Give a slice of the relations, however many there are."""
    return await _relations(browsing, browsing.scheme.iris.thing(kind, slug), asked)


async def _found(browsing: Browsing, iri: str) -> Record:
    """The record; 410 where it was withdrawn, 404 with near matches where it never was."""
    refuse_withdrawn(browsing, iri)
    found = await record(browsing.ask, browsing.scheme, iri, browsing.snapshot_hash)
    if found is None:
        raise await missing(browsing, iri)
    if any(kind.iri == browsing.scheme.term("Tombstone") for kind in found.types):
        await require(browsing, iri)
    return found


async def _record(browsing: Browsing, iri: str) -> Response:
    form = chosen(browsing, LIST_FORMATS)
    name = iri.rstrip("/").rpartition("/")[2]
    if form in DRAWN_FORMATS:
        await require(browsing, iri)
        return await drawn_response(browsing, form, [iri], name=name)
    if form not in ("json", "jsonld", "csv", "ftm"):
        await require(browsing, iri)
        return await rdf_response(browsing, form, [iri], name=name)
    found = await _found(browsing, iri)
    if form == "csv":
        return respond(csv_table(CSV_HEADER, statement_rows(found)), form, name=name)
    if form == "ftm":
        return await ftm_response(browsing, record_entities(browsing.scheme, found), name=name)
    document = await json_ld(browsing.ask, browsing.scheme, iri)
    return respond(to_json({**document, **view_of(found)}), form)


def view_of(found: Record) -> dict[str, Any]:
    """A record as JSON; no key is an IRI by the context, so that JSON-LD leaves all of it out."""
    return {
        "record": found.ref,
        "names": found.names,
        "types": found.types,
        "statements": found.statements,
        "relations": found.relations,
        "relationCounts": found.relation_counts,
        "timeline": found.timeline,
        "sameAs": found.same_as,
        "conflicts": found.conflicts,
        "voices": found.voices,
        "independentClaimants": found.independent_claimants,
        "protection": found.protection,
        "notes": found.notes,
        "snapshot": found.snapshot_hash,
    }


async def _statements(browsing: Browsing, iri: str) -> Response:
    form = chosen(browsing, LIST_FORMATS)
    if form not in ("json", "csv", "ftm"):
        return await _record(browsing, iri)
    found = await _found(browsing, iri)
    if form == "csv":
        return respond(csv_table(CSV_HEADER, statement_rows(found)), form, name="statements")
    if form == "ftm":
        return await ftm_response(browsing, record_entities(browsing.scheme, found), name="statements")
    document = {
        "record": found.ref,
        "statements": found.statements,
        "conflicts": found.conflicts,
        "notes": found.notes,
        "snapshot": found.snapshot_hash,
    }
    return respond(to_json(document), form)


async def _timeline(browsing: Browsing, iri: str) -> Response:
    form = chosen(browsing, LIST_FORMATS)
    found = await _found(browsing, iri)
    if form == "csv":
        return respond(csv_table(TIMELINE_HEADER, timeline_rows(found.timeline)), form, name="timeline")
    if form == "ftm":
        return await ftm_response(browsing, record_entities(browsing.scheme, found), name="timeline")
    if form != "json":
        events = [entry.event.iri for entry in found.timeline]
        if form in DRAWN_FORMATS:
            return await drawn_response(browsing, form, events, name="timeline")
        return await rdf_response(browsing, form, events, name="timeline")
    document = {"record": found.ref, "timeline": found.timeline, "notes": found.notes, "snapshot": found.snapshot_hash}
    return respond(to_json(document), form)


async def _relations(browsing: Browsing, iri: str, asked: AskedList) -> Response:
    form = chosen(browsing, ("json", "csv"))
    await require(browsing, iri)
    relations, following = await relation_slice(
        browsing.ask, browsing.scheme, iri, browsing.position(asked.cursor), asked.limit
    )
    if form == "csv":
        header = ("subject", "subjectLabel", "property", "propertyLabel", "voice", "claimant", "passages")
        return respond(csv_table(header, _relation_rows(relations)), form, name="relations")
    after = browsing.cursor(following)
    document = {"items": relations, "cursor": after, "next": browsing.next_url(after)}
    return respond(to_json(document), form)


def _relation_rows(relations: tuple[Relation, ...]) -> list[tuple[str, ...]]:
    return [
        (
            relation.subject.iri,
            relation.subject.label().text,
            relation.property.iri,
            relation.property.label().text,
            assertion.voice.iri,
            claimant_of(assertion),
            passages_of(assertion),
        )
        for relation in relations
        for assertion in relation.assertions
    ]
