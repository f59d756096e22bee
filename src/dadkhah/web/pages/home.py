"""The start page and the results of a search."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dadkhah.browse.models import Ref, Voice
from dadkhah.browse.overviews.questions import DATED, LATEST
from dadkhah.browse.overviews.stats import ClassCount, Stats, stats
from dadkhah.browse.records.naming import Naming, naming
from dadkhah.browse.search.facets import SearchFilter
from dadkhah.browse.search.hits import SearchHit, SearchPage, search
from dadkhah.browse.time_and_place.events import events
from dadkhah.browse.time_and_place.timelines import TimelineEntry
from dadkhah.web.api.asked import AskedSearch
from dadkhah.web.api.browsing import Browsing, first_day, last_day
from dadkhah.web.pages.named import PLACES, identified, is_id, named, understood
from dadkhah.web.pages.render import PageRoute, ViewDep
from dadkhah.web.pages.texts import TEXTS

router = APIRouter(include_in_schema=False, route_class=PageRoute)
# filter of a search by name -> our classes that it takes
_AMONG: dict[str, tuple[str, ...]] = {
    "place": PLACES, "prison": ("Prison",), "court": ("Court",), "judge": ("Person",), "source": ("Source",),
}  # fmt: skip
_SHOWN = ("Person", "Event", "Court", "Prison", "Organization", "Source", "Pattern")


@dataclass(frozen=True, slots=True)
class Overview:
    """What the start page tells of a snapshot; read once for each."""

    figures: Stats
    latest: tuple[TimelineEntry, ...]


async def overview(browsing: Browsing) -> Overview:
    """The figures of the snapshot being served; for `Browsing.once`."""
    figures = await stats(browsing.ask, browsing.scheme, browsing.snapshot_hash)
    first, _ = await events(browsing.ask, browsing.scheme, DATED, limit=1)
    start = max(0, (first.total or 0) - LATEST)
    last, _ = await events(browsing.ask, browsing.scheme, DATED, position=start, limit=LATEST)
    return Overview(figures, tuple(reversed(last.items)))


def shown_classes(browsing: Browsing, figures: Stats) -> list[ClassCount]:
    """The classes that a reader looks for, or the largest ones of a graph of the user's own."""
    wanted = set(browsing.scheme.terms(*_SHOWN))
    return [each for each in figures.classes if each.kind.iri in wanted] or list(figures.classes[:8])


@router.get("")
@router.get("/")
async def home(view: ViewDep) -> Response:
    """Show the start page."""
    browsing = view.browsing
    found = await browsing.once(overview)
    plurals = {browsing.scheme.term(name): text for name, text in TEXTS[view.language]["plurals"].items()}
    return view.show(
        "home.html",
        counts=shown_classes(browsing, found.figures),
        plurals=plurals,
        figures=found.figures,
        latest=found.latest,
    )


@router.get("/search")
async def results(view: ViewDep, asked: Annotated[AskedSearch, Query()]) -> Response:
    """Show what a search found, and why."""
    browsing = view.browsing
    texts = {name: getattr(asked, name) for name in _AMONG}
    fields = [await named(browsing, name, text, among=_AMONG[name]) for name, text in texts.items() if text]
    meant = {each.name: each.iri for each in fields}
    told = understood(browsing, *(each for each in fields if each.unclear or not is_id(each.text)))
    where = SearchFilter(
        kind=browsing.term(asked.kind, "type"),
        first=first_day(asked.first, "from"),
        last=last_day(asked.last, "to"),
        party=browsing.term(asked.party, "party"),
        **meant,
    )
    found = SearchPage((), (), 0)
    if not told["unclear"]:
        found = await search(
            browsing.ask,
            browsing.scheme,
            asked.q,
            index=browsing.index,
            where=where,
            position=browsing.position(asked.cursor),
            limit=asked.limit,
            columns=browsing.traits,
        )
    url = browsing.request.url
    following = browsing.cursor(found.following)
    kinds = _kinds(found)
    return view.show(
        "search.html",
        asked=asked,
        found=found,
        **told,
        chosen=_chosen(where, found, {each.iri: each.ref for each in fields}),
        dated=[text for text in (asked.first, asked.last) if text],
        others=[pair for pair in browsing.request.query_params.multi_items() if pair[0] not in _REFORMED],
        kinds=kinds,
        **await _named_by(browsing, found, kinds),
        whys={hit.ref.iri: _whys(hit, TEXTS[view.language]["reasons"]) for hit in found.hits},
        narrowed=lambda name, iri: f"?{url.remove_query_params('cursor').include_query_params(**{name: iri}).query}",
        widened=lambda *names: f"?{url.remove_query_params(['cursor', *names]).query}",
        following=f"?{url.include_query_params(cursor=following).query}" if following else "",
        data=f"/api/v1/search?{identified(browsing, fields)}",
    )


# fields of the form for dates, and what is void once they change
_REFORMED = ("from", "to", "cursor", "q")


def _chosen(where: SearchFilter, found: SearchPage, known: dict[str, Ref | None]) -> list[tuple[str, Ref | None]]:
    """Filters in force, with the name of the value where it was read."""
    refs = known | {value.ref.iri: value.ref for facet in found.facets for value in facet.values}
    return [(name, refs.get(iri)) for name, iri in where.wanted().items()]


async def _named_by(browsing: Browsing, found: SearchPage, kinds: dict[str, Ref]) -> dict[str, Any]:
    """Who gives each hit its name and the class that is shown; the usual ones are told once, above the hits."""
    known = await naming(browsing.ask, browsing.scheme, (hit.ref.iri for hit in found.hits))
    told: dict[str, tuple[Voice, ...]] = {}
    for hit in found.hits:
        shown = kinds.get(hit.ref.iri)
        told[hit.ref.iri] = known.get(hit.ref.iri, Naming()).of([shown.iri] if shown else [])
    ((usual, _),) = Counter(told.values()).most_common(1) or [((), 0)]
    return {"usual": usual, "unusual": {iri: voices for iri, voices in told.items() if voices != usual}}


def _kinds(found: SearchPage) -> dict[str, Ref]:
    """The class of each hit that fewest results have: of those counted, the most telling."""
    counted = {value.ref.iri: value for facet in found.facets if facet.name == "type" for value in facet.values}
    kinds = {}
    for hit in found.hits:
        held = [counted[iri] for iri in hit.ref.types if iri in counted]
        if held:
            kinds[hit.ref.iri] = min(held, key=lambda value: (value.count, value.ref.iri)).ref
    return kinds


def _whys(hit: SearchHit, words: dict[str, str]) -> list[tuple[str, str]]:
    """Why a name matched: the words that were held together, and in which way; nothing for the same words."""
    pairs = [(reason.rpartition(": ")[0], reason.rpartition(": ")[2]) for reason in hit.reasons]
    return [(held, words.get(way, way)) for held, way in pairs if way not in ("same word", "same name")]
