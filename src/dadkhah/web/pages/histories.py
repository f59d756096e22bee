"""The history of a record: what was said of it, from snapshot to snapshot, as far as snapshots are kept."""

from __future__ import annotations

import asyncio
from itertools import chain

from fastapi import APIRouter, Response

from dadkhah.browse.models import Assertion
from dadkhah.browse.names import refs
from dadkhah.browse.records.history import RecordStates, Revision, revisions
from dadkhah.browse.terms import Iri
from dadkhah.browse.voices import voices_of
from dadkhah.web.api.presence import require
from dadkhah.web.pages.render import PageRoute, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_SHOWN = 60


@router.get("/history/{kind}/{slug:path}")
async def history(kind: str, slug: str, view: ViewDep) -> Response:
    """Show which statements about a record came and went with which snapshot."""
    browsing = view.browsing
    iri = browsing.scheme.iris.thing(kind, slug)
    await require(browsing, iri)
    held: RecordStates | None = browsing.context.parts.get(RecordStates)
    found: tuple[Revision, ...] = ()
    if held is not None:
        # it opens files
        found = revisions(await asyncio.to_thread(held.states, iri), browsing.served.facts.tombstones)
    told = [each for one in found for each in chain(one.came[:_SHOWN], one.went[:_SHOWN])]
    mentions = [each.property for each in told] + [each.value.value for each in told if isinstance(each.value, Iri)]
    named = await refs(browsing.ask, browsing.scheme, [iri, *mentions])
    voices = await voices_of(browsing.ask, browsing.scheme, (each.graph for each in told))
    return view.show(
        "history.html",
        ref=named[iri],
        revisions=found,
        named=named,
        spoken={graph: [Assertion(voice)] for graph, voice in voices.items()},
        most=_SHOWN,
    )
