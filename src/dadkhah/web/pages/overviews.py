"""Lists and overviews: events, patterns, conflicts, sources, figures, changes, and the pages about the whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from dadkhah.browse.changes import Change, ChangeLog
from dadkhah.browse.conflicts import ConflictFilter, conflicts
from dadkhah.browse.events import EventFilter, events
from dadkhah.browse.patterns import pattern_list, pattern_view
from dadkhah.browse.sources import source_list, source_view
from dadkhah.web.api.asked import AskedConflicts, AskedEvents
from dadkhah.web.api.browsing import first_day, last_day
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.pages.home import overview
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)


def _following(view: View, position: int) -> str:
    cursor = view.browsing.cursor(position)
    return f"?{view.browsing.request.url.include_query_params(cursor=cursor).query}" if cursor else ""


@router.get("/timeline")
async def timeline(view: ViewDep, asked: Annotated[AskedEvents, Query()]) -> Response:
    """Show events in order of time."""
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
    page, after = await events(
        browsing.ask, browsing.scheme, where, position=browsing.position(asked.cursor), limit=asked.limit
    )
    query = browsing.request.url.query
    return view.show("timeline.html", asked=asked, page=page, following=_following(view, after), query=query)


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
    return view.show("pattern.html", pattern=found)


@router.get("/conflicts")
async def disagreements(view: ViewDep, asked: Annotated[AskedConflicts, Query()]) -> Response:
    """Show disagreements side by side."""
    browsing = view.browsing
    where = ConflictFilter(
        subject=browsing.record(asked.subject, "subject"),
        property=browsing.term(asked.on, "property"),
        source=browsing.record(asked.source, "source"),
    )
    page, after = await conflicts(browsing.ask, browsing.scheme, where, browsing.position(asked.cursor), asked.limit)
    return view.show("conflicts.html", page=page, following=_following(view, after))


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
    return view.show("source.html", source=found)


@router.get("/quality")
async def quality(view: ViewDep) -> Response:
    """Show the graph in figures, voice by voice."""
    found = await overview(view.browsing)
    return view.show("quality.html", figures=found.figures)


def _changes(view: View) -> tuple[Change, ...]:
    log: ChangeLog | None = view.browsing.context.parts.get(ChangeLog)
    return tuple(log.changes()) if log else ()


@router.get("/changes")
async def changes(view: ViewDep) -> Response:
    """Show which snapshots were served when."""
    return view.show("changes.html", changes=_changes(view))


@router.get("/changes.atom")
async def feed(view: ViewDep) -> Response:
    """Give the same as an Atom feed (RFC 4287)."""
    answer = view.show("changes.atom.xml", changes=_changes(view))
    answer.headers["content-type"] = "application/atom+xml; charset=utf-8"
    return answer


@router.get("/data")
async def data(view: ViewDep) -> Response:
    """Say how to take the data away."""
    return view.show("data.html")


@router.get("/ontology")
async def ontology(view: ViewDep) -> Response:
    """Show the classes in use."""
    found = await overview(view.browsing)
    return view.show("ontology.html", figures=found.figures, namespace=view.browsing.scheme.iris.ontology)


@router.get("/about")
async def about(view: ViewDep) -> Response:
    """Say what this is and is not."""
    return view.show("words.html", title="about", paragraphs="about_words")


@router.get("/method")
async def method(view: ViewDep) -> Response:
    """Say how statements come into the graph."""
    return view.show("words.html", title="method", paragraphs="method_words")
