"""Lists: events in order of time and in lanes, places, patterns, disagreements, sources, risk indicators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from markupsafe import Markup
from pydantic import Field

from dadkhah.browse.conflicts import ConflictFilter, conflicts
from dadkhah.browse.events import EventFilter, events
from dadkhah.browse.lanes import BY, lanes, lanes_svg
from dadkhah.browse.patterns import pattern_list, pattern_view
from dadkhah.browse.places import place_counts, place_points
from dadkhah.browse.point_map import map_svg
from dadkhah.browse.sources import source_list, source_view
from dadkhah.web.api.asked import AskedConflicts, AskedEvents, AskedRisk, Period
from dadkhah.web.api.browsing import first_day, last_day
from dadkhah.web.api.lists import found_risk
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.pages.markup import Words
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
# events in lanes are drawn, not listed one by one
_IN_LANES = 500


class AskedTimeline(AskedEvents):
    """Events, and by what they are parted into lanes."""

    lanes: str = Field("", max_length=20, description="prison, court, person or type")
    limit: int = Field(30, ge=1, le=_IN_LANES, description="Events on one page")


def _following(view: View, position: int) -> str:
    cursor = view.browsing.cursor(position)
    return f"?{view.browsing.request.url.include_query_params(cursor=cursor).query}" if cursor else ""


def _asked_text(view: View, *, without: tuple[str, ...] = ("cursor", "limit", "lanes", "format")) -> str:
    """The query string for the same as data."""
    return view.browsing.request.url.remove_query_params(list(without)).query


@router.get("/timeline")
async def timeline(view: ViewDep, asked: Annotated[AskedTimeline, Query()]) -> Response:
    """Show events in order of time, as a list or in lanes."""
    browsing = view.browsing
    where = EventFilter(
        kind=browsing.term(asked.kind, "type"),
        first=first_day(asked.first, "from"),
        last=last_day(asked.last, "to"),
        place=browsing.record(asked.place, "place"),
        person=browsing.record(asked.person, "person"),
        source=browsing.record(asked.source, "source"),
        party=browsing.term(asked.party, "party"),
    )
    parted = asked.lanes if asked.lanes in BY else ""
    position = 0 if parted else browsing.position(asked.cursor)
    page, after = await events(
        browsing.ask, browsing.scheme, where, position=position, limit=_IN_LANES if parted else asked.limit
    )
    found = await lanes(browsing.ask, browsing.scheme, page.items, parted) if parted else ()
    words = Words(view.language)
    title = words.texts["timeline"]
    # an XML serialiser wrote the drawing: everything from the data is escaped
    drawn = Markup(lanes_svg(found, view.language, words.address, title)) if found else ""  # noqa: S704 - see above
    return view.show(
        "timeline.html",
        asked=asked,
        page=page,
        parted=parted,
        lanes=found,
        drawn=drawn,
        following="" if parted else _following(view, after),
        query=_asked_text(view),
        choices=BY,
    )


@router.get("/map")
@router.get("/places")
async def places(view: ViewDep, asked: Annotated[Period, Query()]) -> Response:
    """Show places: on a map where a source gives coordinates, and all of them as a list."""
    browsing = view.browsing
    days = first_day(asked.first, "from"), last_day(asked.last, "to")
    points, notes = await place_points(browsing.ask, browsing.scheme, *days)
    counted, more = await place_counts(browsing.ask, browsing.scheme, *days)
    words = Words(view.language)
    title = words.texts["map"]
    # an XML serialiser wrote the drawing: everything from the data is escaped
    drawn = Markup(map_svg(points, view.language, words.address, title)) if points else ""  # noqa: S704 - see above
    return view.show(
        "places.html",
        asked=asked,
        points=points,
        counted=counted,
        notes=(*notes, *more),
        drawn=drawn,
        query=_asked_text(view),
    )


@router.get("/risk")
async def risk(view: ViewDep, asked: Annotated[AskedRisk, Query()]) -> Response:
    """Show how often indicators are met, and by whose claims; never who may be next."""
    found = await found_risk(view.browsing, asked)
    return view.show("risk.html", asked=asked, risk=found, query=_asked_text(view))


@router.get("/patterns")
async def patterns(view: ViewDep) -> Response:
    """List the patterns."""
    return view.show("patterns.html", found=await pattern_list(view.browsing.ask, view.browsing.scheme))


@router.get("/patterns/{slug:path}")
async def one_pattern(slug: str, view: ViewDep) -> Response:
    """Show a pattern: stages by events, proposals of machines apart."""
    iri = view.browsing.scheme.iris.thing("pattern", slug)
    refuse_withdrawn(view.browsing, iri)
    found = await pattern_view(view.browsing.ask, view.browsing.scheme, iri)
    if found is None:
        raise await missing(view.browsing, iri)
    proposed = [event for event in found.events if not _asserted(found, event.iri)]
    asserted = [event for event in found.events if event not in proposed]
    return view.show("pattern.html", pattern=found, asserted=asserted, proposed=proposed, slug=slug)


def _asserted(found: Any, event: str) -> bool:
    """Whether anybody asserts a match of this event."""
    return any(not match.proposed for stage in found.stages for match in found.cells.get((stage.ref.iri, event), ()))


@router.get("/conflicts")
async def disagreements(view: ViewDep, asked: Annotated[AskedConflicts, Query()]) -> Response:
    """Show disagreements side by side."""
    browsing = view.browsing
    where = ConflictFilter(
        subject=browsing.record(asked.subject, "subject"),
        property=browsing.term(asked.on, "property"),
        source=browsing.record(asked.source, "source"),
    )
    limit = asked.limit if "limit" in browsing.request.query_params else 20
    page, after = await conflicts(browsing.ask, browsing.scheme, where, browsing.position(asked.cursor), limit)
    return view.show(
        "conflicts.html", page=page, asked=asked, following=_following(view, after), query=_asked_text(view)
    )


@router.get("/sources")
async def sources(view: ViewDep) -> Response:
    """List the works that were read."""
    return view.show("sources.html", found=await source_list(view.browsing.ask, view.browsing.scheme))


@router.get("/sources/{slug:path}")
async def one_source(slug: str, view: ViewDep) -> Response:
    """Show a work: its voices, its passages, what is claimed from each."""
    iri = view.browsing.scheme.iris.thing("source", slug)
    refuse_withdrawn(view.browsing, iri)
    found = await source_view(view.browsing.ask, view.browsing.scheme, iri)
    if found is None:
        raise await missing(view.browsing, iri)
    return view.show("source.html", source=found, slug=slug)
