"""Lists: events in order of time and in lanes, places, patterns, disagreements, sources, risk indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from markupsafe import Markup
from pydantic import Field

from dadkhah.browse.overviews.patterns import Match, pattern_list, pattern_view
from dadkhah.browse.overviews.sources import source_list, source_view
from dadkhah.browse.pictures.lanes import BY, lanes, lanes_svg
from dadkhah.browse.pictures.point_map import map_svg
from dadkhah.browse.pictures.told import according
from dadkhah.browse.records.conflicts import ConflictFilter, conflicts
from dadkhah.browse.time_and_place.events import EventFilter, events
from dadkhah.browse.time_and_place.places import place_counts, place_points, place_voices
from dadkhah.browse.time_and_place.years import year_counts
from dadkhah.web.api.asked import AskedConflicts, AskedEvents, AskedList, AskedRisk, Period
from dadkhah.web.api.browsing import first_day, last_day
from dadkhah.web.api.lists import found_risk
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.pages.files import land_behind
from dadkhah.web.pages.markup import Words
from dadkhah.web.pages.named import ANYTHING, PLACES, Named, identified, named, offers, understood
from dadkhah.web.pages.render import PageRoute, View, ViewDep
from dadkhah.web.pages.years import Bar, Calendar, bars, years_svg

router = APIRouter(include_in_schema=False, route_class=PageRoute)
# events on one page of lanes, where each is a bar of about 250 bytes
_IN_LANES = 120
_LONGEST = 500


class AskedTimeline(AskedEvents):
    """Events, and by what they are parted into lanes."""

    lanes: str = Field("", max_length=20, description="prison, court, person or type")
    calendar: Calendar | Literal[""] = Field("", description="Calendar of the chart; that of the language if empty")
    limit: int = Field(20, ge=1, le=_LONGEST, description="Events on one page")


def _following(view: View, position: int) -> str:
    cursor = view.browsing.cursor(position)
    return f"?{view.browsing.request.url.include_query_params(cursor=cursor).query}" if cursor else ""


_ONLY_PAGES = ("cursor", "limit", "lanes", "calendar", "format")


def _asked_text(view: View, *named_fields: Named) -> str:
    """The query string for the same as data."""
    return identified(view.browsing, named_fields, _ONLY_PAGES)


@router.get("/timeline")
async def timeline(view: ViewDep, asked: Annotated[AskedTimeline, Query()]) -> Response:
    """Show events in order of time, as a chart by year and as a list or in lanes."""
    browsing = view.browsing
    place = await named(browsing, "place", asked.place, among=PLACES)
    person = await named(browsing, "person", asked.person)
    parted = asked.lanes if asked.lanes in BY else ""
    values: dict[str, Any] = {"asked": asked, "place": place, "person": person} | understood(browsing, place, person)
    values |= {"parted": parted, "choices": BY}
    values |= {"offers": await browsing.once(offers), "kind": browsing.term(asked.kind, "type")}
    if values["unclear"]:
        return view.show("timeline.html", **values, page=None)
    where = EventFilter(
        kind=values["kind"],
        first=first_day(asked.first, "from"),
        last=last_day(asked.last, "to"),
        place=place.iri,
        person=person.iri,
        source=browsing.record(asked.source, "source"),
        party=browsing.term(asked.party, "party"),
    )
    page, after = await events(
        browsing.ask,
        browsing.scheme,
        where,
        position=browsing.position(asked.cursor),
        limit=_IN_LANES if parted else asked.limit,
    )
    found = await lanes(browsing.ask, browsing.scheme, page.items, parted) if parted else ()
    words = Words(view.language)
    title = words.texts["timeline"]
    # an XML serialiser wrote the drawing: everything from the data is escaped
    drawn = Markup(lanes_svg(found, view.language, words.address, title)) if found else ""  # noqa: S704 - see above
    return view.show(
        "timeline.html",
        **values,
        page=page,
        lanes=found,
        drawn=drawn,
        following=_following(view, after),
        query=_asked_text(view, place, person),
        **await _chart(view, where, asked.calendar),
    )


async def _chart(view: View, where: EventFilter, wanted: str) -> dict[str, Any]:
    """Events by year, drawn and as rows with the address of each; nothing where all fall into one year."""
    url = view.browsing.request.url.remove_query_params("cursor")
    calendar: Calendar = "solar" if (wanted or ("solar" if view.language == "fa" else "")) == "solar" else "gregorian"
    counts = await year_counts(view.browsing.ask, view.browsing.scheme, where)
    shown = bars(counts, calendar, view.language)

    def address(bar: Bar) -> str:
        return f"?{url.include_query_params(**dict(zip(('from', 'to'), bar.span, strict=True))).query}"

    title = Words(view.language).texts["by_year"]
    # an XML serialiser wrote the drawing
    svg = Markup(years_svg(shown, view.language, address, title)) if len(shown) > 1 else ""  # noqa: S704 - see above
    other = "gregorian" if calendar == "solar" else "solar"
    return {
        "chart": svg,
        "years": [(bar, address(bar)) for bar in shown if bar.events],
        "calendar": calendar,
        "other_calendar": (other, f"?{url.include_query_params(calendar=other).query}"),
        "whole": f"?{url.remove_query_params(['from', 'to']).query}" if where.first or where.last else "",
    }


class AskedPlaces(Period, AskedList):
    """A span of time, and where the lists of places go on."""


@router.get("/map")
@router.get("/places")
async def places(view: ViewDep, asked: Annotated[AskedPlaces, Query()]) -> Response:
    """Show places, those with the most events first: on a map where a source gives coordinates, and as lists.

    The points listed on this page are drawn with their names, all others as dots.
    """
    browsing = view.browsing
    days = first_day(asked.first, "from"), last_day(asked.last, "to")
    points, notes = await place_points(browsing.ask, browsing.scheme, *days)
    counted, more = await place_counts(browsing.ask, browsing.scheme, *days)
    position = browsing.position(asked.cursor)
    end = position + asked.limit
    ordered = sorted(points, key=lambda point: -point.events)
    shown, dots = ordered[position:end], ordered[:position] + ordered[end:]
    words = Words(view.language)
    title = words.texts["map"]
    # an XML serialiser wrote the drawing: everything from the data is escaped
    drawn = map_svg(shown, view.language, words.address, title, land_behind, dots=dots) if points else ""
    return view.show(
        "places.html",
        asked=asked,
        points=shown,
        dots=dots,
        counted=counted[position:end],
        told=await place_voices(browsing.ask, browsing.scheme, counted[position:end], *days),
        position=position,
        total=max(len(counted), len(points)),
        following=_following(view, end) if end < max(len(counted), len(points)) else "",
        notes=(*notes, *more),
        drawn=Markup(drawn),  # noqa: S704 - see above
        query=_asked_text(view),
    )


@router.get("/risk")
async def risk(view: ViewDep, asked: Annotated[AskedRisk, Query()]) -> Response:
    """Show how often indicators are met, and by whose claims; never who may be next."""
    place = await named(view.browsing, "place", asked.place, among=PLACES)
    found = None
    if not place.unclear:
        found = await found_risk(view.browsing, asked.model_copy(update={"place": place.iri}))
    offered = await view.browsing.once(offers)
    values = understood(view.browsing, place) | {"place": place, "offers": offered}
    return view.show("risk.html", asked=asked, risk=found, query=_asked_text(view, place), **values)


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
    who = _who(view.language)
    return view.show("pattern.html", pattern=found, asserted=asserted, proposed=proposed, slug=slug, who=who)


def _who(language: str) -> Callable[[Iterable[Match]], str]:
    """Tells in plain text who asserts some matches."""
    return lambda matches: according((one.voice for match in matches for one in match.assertions), language)


def _asserted(found: Any, event: str) -> bool:
    """Whether anybody asserts a match of this event."""
    return any(not match.proposed for stage in found.stages for match in found.cells.get((stage.ref.iri, event), ()))


@router.get("/conflicts")
async def disagreements(view: ViewDep, asked: Annotated[AskedConflicts, Query()]) -> Response:
    """Show disagreements side by side."""
    browsing = view.browsing
    subject = await named(browsing, "subject", asked.subject, among=ANYTHING)
    source = await named(browsing, "source", asked.source, among=("Source",))
    values = understood(browsing, subject, source) | {"asked": asked, "subject": subject, "source": source}
    if values["unclear"]:
        return view.show("conflicts.html", page=None, **values)
    where = ConflictFilter(
        subject=subject.iri,
        property=browsing.term(asked.on, "property"),
        source=source.iri,
    )
    limit = asked.limit if "limit" in browsing.request.query_params else 20
    page, after = await conflicts(browsing.ask, browsing.scheme, where, browsing.position(asked.cursor), limit)
    return view.show(
        "conflicts.html",
        page=page,
        following=_following(view, after),
        query=_asked_text(view, subject, source),
        **values,
    )


@router.get("/sources")
async def sources(view: ViewDep, asked: Annotated[AskedList, Query()]) -> Response:
    """List the works that were read."""
    browsing = view.browsing
    position = browsing.position(asked.cursor)
    found, total = await source_list(browsing.ask, browsing.scheme, position=position, limit=asked.limit)
    after = position + asked.limit if total > position + asked.limit else 0
    return view.show("sources.html", found=found, total=total, position=position, following=_following(view, after))


@router.get("/sources/{slug:path}")
async def one_source(slug: str, view: ViewDep) -> Response:
    """Show a work: its voices, its passages, what is claimed from each."""
    iri = view.browsing.scheme.iris.thing("source", slug)
    refuse_withdrawn(view.browsing, iri)
    found = await source_view(view.browsing.ask, view.browsing.scheme, iri)
    if found is None:
        raise await missing(view.browsing, iri)
    return view.show("source.html", source=found, slug=slug)
