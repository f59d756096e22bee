"""Search and suggestions by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dadkhah.browse.exports.ftm import entity
from dadkhah.browse.records.naming import Naming, naming
from dadkhah.browse.search.facets import SearchFilter
from dadkhah.browse.search.hits import SearchHit, search, suggest
from dadkhah.web.api.asked import AskedSearch, AskedSuggestions
from dadkhah.web.api.browsing import BrowsingDep, first_day, last_day
from dadkhah.web.api.encode import mention, to_json
from dadkhah.web.api.exports import list_response
from dadkhah.web.api.formats import LIST_FORMATS, chosen, respond
from dadkhah.web.api.rows import voice_cells

router = APIRouter(prefix="/api/v1", tags=["search"])
HEADER = ("iri", "label", "matched", "score", "reasons", "types", "voices", "claimants")


@router.get("/search", summary="Search by name across scripts and spellings, with facets")
async def search_names(browsing: BrowsingDep, asked: Annotated[AskedSearch, Query()]) -> Response:
    """Find records; each hit says which name matched and why."""
    form = chosen(browsing, LIST_FORMATS)
    where = SearchFilter(
        kind=browsing.term(asked.kind, "type"),
        first=first_day(asked.first, "from"),
        last=last_day(asked.last, "to"),
        place=browsing.record(asked.place, "place"),
        prison=browsing.record(asked.prison, "prison"),
        court=browsing.record(asked.court, "court"),
        judge=browsing.record(asked.judge, "judge"),
        source=browsing.record(asked.source, "source"),
        party=browsing.term(asked.party, "party"),
    )
    page = await search(
        browsing.ask,
        browsing.scheme,
        asked.q,
        index=browsing.index,
        where=where,
        position=browsing.position(asked.cursor),
        limit=asked.limit,
        facets=asked.facets,
        columns=browsing.traits,
    )
    named_by = await naming(browsing.ask, browsing.scheme, (hit.ref.iri for hit in page.hits))
    after = browsing.cursor(page.following)
    document = {
        "query": asked.q,
        "items": [hit_of(hit, named_by) for hit in page.hits],
        "total": page.total,
        "facets": {
            facet.name: [{**mention(value.ref), "count": value.count} for value in facet.values]
            for facet in page.facets
        },
        "notes": page.notes,
        "cursor": after,
        "next": browsing.next_url(after),
        "snapshot": browsing.snapshot_hash,
    }
    return await list_response(
        browsing,
        form,
        name="search",
        document=document,
        iris=[hit.ref.iri for hit in page.hits],
        table=(HEADER, (_row(hit, named_by) for hit in page.hits)),
        entities=(entity(browsing.scheme, hit.ref) for hit in page.hits),
    )


def hit_of(hit: SearchHit, named_by: Mapping[str, Naming]) -> dict[str, Any]:
    """A hit as JSON, with whoever gives its names and classes."""
    voices = named_by.get(hit.ref.iri, Naming()).of(hit.ref.types)
    matched = {"matched": hit.matched, "language": hit.language, "score": round(hit.score, 4), "why": hit.reasons}
    return {**mention(hit.ref), **matched, "voices": voices}


def _row(hit: SearchHit, named_by: Mapping[str, Naming]) -> tuple[str, ...]:
    told = voice_cells(named_by.get(hit.ref.iri, Naming()).of(hit.ref.types))
    label, types = hit.ref.label().text, " ".join(hit.ref.types)
    return hit.ref.iri, label, hit.matched, f"{hit.score:.4f}", "; ".join(hit.reasons), types, *told


@router.get("/suggest", summary="Records to offer while a name is being typed")
async def suggest_names(browsing: BrowsingDep, asked: Annotated[AskedSuggestions, Query()]) -> Response:
    """Complete a name."""
    hits = await suggest(browsing.ask, browsing.scheme, asked.q, index=browsing.index, limit=asked.limit)
    named_by = await naming(browsing.ask, browsing.scheme, (hit.ref.iri for hit in hits))
    return respond(to_json({"query": asked.q, "items": [hit_of(hit, named_by) for hit in hits]}), "json")
