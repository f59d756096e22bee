"""Lists and overviews: events, places, patterns, conflicts, sources, risk, statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response

from dadkhah.browse.exports.ftm import entity, event_entities
from dadkhah.browse.models import Assertion
from dadkhah.browse.overviews.patterns import Match, PatternView, pattern_list, pattern_view
from dadkhah.browse.overviews.risk import Framework, RiskView, risk_view
from dadkhah.browse.overviews.sources import SourceView, source_list, source_view
from dadkhah.browse.overviews.stats import Stats, stats
from dadkhah.browse.records.conflicts import ConflictFilter, conflicts
from dadkhah.browse.tables import csv_table
from dadkhah.browse.time_and_place.events import EventFilter, events
from dadkhah.browse.time_and_place.places import place_counts, place_points, place_voices
from dadkhah.web.api.asked import AskedConflicts, AskedEvents, AskedList, AskedRisk, Period
from dadkhah.web.api.browsing import Browsing, BrowsingDep, first_day, last_day
from dadkhah.web.api.encode import to_json
from dadkhah.web.api.exports import feature_collection, list_response
from dadkhah.web.api.formats import LIST_FORMATS, chosen, respond
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.api.rows import (
    CONFLICT_HEADER,
    RISK_HEADER,
    TIMELINE_HEADER,
    claimant_of,
    conflict_rows,
    risk_rows,
    timeline_rows,
    voice_cells,
)

router = APIRouter(prefix="/api/v1", tags=["lists"])


def _listed(browsing: Browsing, items: Sequence[Any], following: int, **more: Any) -> dict[str, Any]:
    cursor = browsing.cursor(following)
    return {
        "items": items, **more, "cursor": cursor, "next": browsing.next_url(cursor), "snapshot": browsing.snapshot_hash,
    }  # fmt: skip


@router.get("/events", summary="Events in order of time, with the span each voice gives")
async def list_events(browsing: BrowsingDep, asked: Annotated[AskedEvents, Query()]) -> Response:
    """List events; one is within a span of time where it may have happened in it."""
    form = chosen(browsing, LIST_FORMATS)
    where = EventFilter(
        kind=browsing.term(asked.kind, "type"),
        first=first_day(asked.first, "from"),
        last=last_day(asked.last, "to"),
        place=browsing.record(asked.place, "place"),
        person=browsing.record(asked.person, "person"),
        source=browsing.record(asked.source, "source"),
        party=browsing.term(asked.party, "party"),
    )
    page, following = await events(
        browsing.ask, browsing.scheme, where, position=browsing.position(asked.cursor), limit=asked.limit
    )
    return await list_response(
        browsing,
        form,
        name="events",
        document=_listed(browsing, page.items, following, total=page.total, notes=page.notes),
        iris=[entry.event.iri for entry in page.items],
        table=(TIMELINE_HEADER, timeline_rows(page.items)),
        entities=event_entities(browsing.scheme, page.items),
    )


@router.get("/places.geojson", summary="Places with sourced coordinates, and how much happened there")
async def places(browsing: BrowsingDep, asked: Annotated[Period, Query()]) -> Response:
    """Give a GeoJSON feature for each place (RFC 7946)."""
    points, notes = await place_points(
        browsing.ask, browsing.scheme, first_day(asked.first, "from"), last_day(asked.last, "to")
    )
    return respond(to_json(feature_collection(browsing, points, notes)), "geojson")


@router.get("/places", summary="Places that events name, with how many do")
async def list_places(browsing: BrowsingDep, asked: Annotated[Period, Query()]) -> Response:
    """List places, most events first, whether or not a source gives their coordinates."""
    form = chosen(browsing, LIST_FORMATS)
    days = first_day(asked.first, "from"), last_day(asked.last, "to")
    found, notes = await place_counts(browsing.ask, browsing.scheme, *days)
    told = await place_voices(browsing.ask, browsing.scheme, found, *days)
    items = [{"place": e.ref, "events": e.events, "voices": told.get(e.ref.iri, ())} for e in found]
    return await list_response(
        browsing,
        form,
        name="places",
        document=_listed(browsing, items, 0, total=len(found), notes=notes),
        iris=[each.ref.iri for each in found],
        table=(
            ("place", "label", "events", "voices", "claimants"),
            ((e.ref.iri, e.ref.label().text, str(e.events), *voice_cells(told.get(e.ref.iri, ()))) for e in found),
        ),
        entities=(entity(browsing.scheme, each.ref) for each in found),
    )


@router.get("/patterns", summary="All patterns")
async def list_patterns(browsing: BrowsingDep) -> Response:
    """List the patterns that somebody describes."""
    found = await pattern_list(browsing.ask, browsing.scheme)
    return await _refs_response(browsing, "patterns", found)


async def _refs_response(browsing: Browsing, name: str, found: Sequence[Any]) -> Response:
    return await list_response(
        browsing,
        chosen(browsing, LIST_FORMATS),
        name=name,
        document=_listed(browsing, found, 0, total=len(found)),
        iris=[ref.iri for ref in found],
        table=(("iri", "label"), ((ref.iri, ref.label().text) for ref in found)),
        entities=(entity(browsing.scheme, ref) for ref in found),
    )


@router.get("/patterns/{slug}", summary="A pattern: stages by events, asserted and proposed matches apart")
async def one_pattern(slug: str, browsing: BrowsingDep) -> Response:
    """Give a pattern's stages, also those without matches."""
    form = chosen(browsing, LIST_FORMATS)
    iri = browsing.scheme.iris.thing("pattern", slug)
    refuse_withdrawn(browsing, iri)
    view = await pattern_view(browsing.ask, browsing.scheme, iri)
    if view is None:
        raise await missing(browsing, iri)
    matches = [match for stage in view.stages for match in (*stage.matches, *stage.proposals)]
    shown = [view.ref, *(stage.ref for stage in view.stages), *(match.ref for match in matches), *view.events]
    return await list_response(
        browsing,
        form,
        name=slug,
        document={**_as_dict(view), "snapshot": browsing.snapshot_hash},
        iris=[ref.iri for ref in shown],
        table=(_PATTERN_HEADER, _pattern_rows(view)),
        entities=(entity(browsing.scheme, ref) for ref in view.events),
    )


_PATTERN_HEADER = (
    "order", "stage", "stageLabel", "match", "target", "targetLabel", "earliest", "latest", "proposed", "method",
    "claimant",
)  # fmt: skip


def _pattern_rows(view: PatternView) -> list[tuple[str, ...]]:
    rows = []
    for stage in view.stages:
        head = (str(stage.order), stage.ref.iri, stage.ref.label().text)
        matches = (*stage.matches, *stage.proposals)
        rows += [(*head, *_match_cells(match)) for match in matches]
        if not matches:
            rows.append((*head, "", "", "", "", "", "", "", ""))
    return rows


def _match_cells(match: Match) -> tuple[str, ...]:
    return (
        match.ref.iri,
        match.target.iri,
        match.target.label().text,
        match.span.earliest,
        match.span.latest,
        "yes" if match.proposed else "",
        match.method.label().text if match.method else "",
        "; ".join(claimant_of(assertion) for assertion in match.assertions),
    )


@router.get("/conflicts", summary="Every disagreement, side by side with voices and passages")
async def list_conflicts(browsing: BrowsingDep, asked: Annotated[AskedConflicts, Query()]) -> Response:
    """List conflicts; nothing is resolved."""
    form = chosen(browsing, LIST_FORMATS)
    where = ConflictFilter(
        subject=browsing.record(asked.subject, "subject"),
        property=browsing.term(asked.on, "property"),
        source=browsing.record(asked.source, "source"),
    )
    page, following = await conflicts(
        browsing.ask, browsing.scheme, where, browsing.position(asked.cursor), asked.limit
    )
    return await list_response(
        browsing,
        form,
        name="conflicts",
        document=_listed(browsing, page.items, following, total=page.total, notes=page.notes),
        iris=[conflict.iri for conflict in page.items],
        table=(CONFLICT_HEADER, conflict_rows(page.items)),
        entities=(entity(browsing.scheme, conflict.subject) for conflict in page.items),
    )


@router.get("/sources", summary="All sources, with the number of voices read in each")
async def list_sources(browsing: BrowsingDep, asked: Annotated[AskedList, Query()]) -> Response:
    """List the works that were read."""
    form = chosen(browsing, LIST_FORMATS)
    position = browsing.position(asked.cursor)
    shown, total = await source_list(browsing.ask, browsing.scheme, position=position, limit=asked.limit)
    following = position + asked.limit if total > position + asked.limit else 0
    return await list_response(
        browsing,
        form,
        name="sources",
        document=_listed(browsing, shown, following, total=total),
        iris=[item.ref.iri for item in shown],
        table=(
            ("iri", "label", "voices", "passages", "cited"),
            ((i.ref.iri, i.ref.label().text, str(i.voices), str(i.passages), str(i.cited)) for i in shown),
        ),
        entities=(entity(browsing.scheme, item.ref) for item in shown),
    )


@router.get("/sources/{slug}", summary="A source: voices, passages, claims of each, coverage")
async def one_source(slug: str, browsing: BrowsingDep) -> Response:
    """Give a source; the text of its passages is not held here."""
    form = chosen(browsing, LIST_FORMATS)
    iri = browsing.scheme.iris.thing("source", slug)
    refuse_withdrawn(browsing, iri)
    view = await source_view(browsing.ask, browsing.scheme, iri)
    if view is None:
        raise await missing(browsing, iri)
    document = {**_as_dict(view), "coverage": {"passages": len(view.passages), "covered": view.covered}}
    return await list_response(
        browsing,
        form,
        name=slug,
        document={**document, "snapshot": browsing.snapshot_hash},
        iris=[iri, *(passage.locator.iri for passage in view.passages)],
        table=(_PASSAGE_HEADER, _passage_rows(view)),
        entities=[entity(browsing.scheme, view.ref)],
    )


_PASSAGE_HEADER = (
    "passage",
    "label",
    "start",
    "end",
    "sha256",
    "locator",
    "claims",
    "statements",
    "noClaim",
    "covered",
)


def _passage_rows(view: SourceView) -> list[tuple[str, ...]]:
    return [
        (
            each.locator.iri,
            each.locator.label,
            "" if each.locator.start is None else str(each.locator.start),
            "" if each.locator.end is None else str(each.locator.end),
            each.locator.sha256,
            each.locator.locator,
            str(each.claims),
            str(each.statements),
            "; ".join(name.text for name in each.no_claim),
            "yes" if each.covered else "",
        )
        for each in view.passages
    ]


def _as_dict(view: Any) -> dict[str, Any]:
    """A view as a dict that further keys can be put beside."""
    found: dict[str, Any] = orjson.loads(to_json(view))
    return found


@router.get("/risk", summary="Risk indicators met in a period and place, as counts with their claims")
async def risk(browsing: BrowsingDep, asked: Annotated[AskedRisk, Query()]) -> Response:
    """Count indicators of the UN Framework of Analysis, and factors that voices name; never who may be next."""
    form = chosen(browsing, ("json", "csv"))
    view = await found_risk(browsing, asked)
    if form == "csv":
        return respond(csv_table(RISK_HEADER, risk_rows(view.indicators)), form, name="risk")
    items = [
        {
            "number": each.number or None,
            "label": {name.language: name.text for name in reversed(each.titles)},
            "counts": {name.language: name.text for name in each.notes},
            "count": each.count,
            "independentOrigins": each.independent_origins,
            "span": each.span,
            "claims": each.claims,
            "voices": each.assertions,
        }
        for each in view.indicators
    ]
    document = {"items": items, "from": view.first, "to": view.last, "place": view.place}
    return respond(to_json({**document, "snapshot": browsing.snapshot_hash}), form)


async def found_risk(browsing: Browsing, asked: AskedRisk) -> RiskView:
    """The view that was asked for."""
    framework: Framework = browsing.context.parts.get(Framework) or Framework()
    return await risk_view(
        browsing.ask,
        browsing.scheme,
        framework,
        first=first_day(asked.first, "from"),
        last=last_day(asked.last, "to"),
        place=browsing.record(asked.place, "place"),
    )


@router.get("/stats", summary="The graph in figures")
async def statistics(browsing: BrowsingDep) -> Response:
    """Count records by class and statements by voice; counted once for each snapshot."""
    form = chosen(browsing, ("json", "csv"))
    found = await browsing.once(_stats)
    if form == "csv":
        classes = [("class", each.kind.iri, each.kind.label().text, str(each.count)) for each in found.classes]
        voices = [
            ("voice", each.voice.iri, claimant_of(Assertion(each.voice)), str(each.statements)) for each in found.voices
        ]
        return respond(csv_table(("what", "iri", "label", "count"), [*classes, *voices]), form, name="stats")
    return respond(to_json(found), form)


async def _stats(browsing: Browsing) -> Stats:
    return await stats(browsing.ask, browsing.scheme, browsing.snapshot_hash)
