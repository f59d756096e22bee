"""What changed from snapshot to snapshot: a page, a page for each switch, and a feed.

In: the change log. Out: HTML and Atom (RFC 4287). It tells nothing that the snapshot of today does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from dadkhah.browse.models import Assertion, Ref
from dadkhah.browse.records.changes import Change, Changed, ChangeLog
from dadkhah.browse.voices import voices_of
from dadkhah.web.api.asked import AskedList
from dadkhah.web.api.changes import COMPARED, compared, log_of, named, switch
from dadkhah.web.pages.file_route import FileRoute
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
feeds = APIRouter(include_in_schema=False, route_class=FileRoute)
_LISTED = 50
_RECORDS = 12


@dataclass(frozen=True, slots=True)
class _Shown:
    """A switch, what it changed where it was compared, and the names of the first records."""

    change: Change
    changed: Changed | None
    refs: tuple[Ref, ...]


async def _shown(view: View) -> list[_Shown]:
    if ChangeLog not in view.browsing.context.parts:
        return []
    listed = log_of(view.browsing).changes()[:_LISTED]
    told: list[Changed | None] = [*await compared(view.browsing, listed)]
    told += [None] * (len(listed) - len(told))
    names = await named(view.browsing, [record for each in told if each for record in each.records[:_RECORDS]])
    return [
        _Shown(change, changed, tuple(names[each.iri] for each in changed.records[:_RECORDS]) if changed else ())
        for change, changed in zip(listed, told, strict=True)
    ]


@router.get("/changes")
async def changes(view: ViewDep) -> Response:
    """Show which snapshots were served when, and what the newest of them changed."""
    return view.show("changes.html", changes=await _shown(view), compared=COMPARED)


@router.get("/changes/{after}")
async def one_change(after: str, view: ViewDep, asked: Annotated[AskedList, Query()]) -> Response:
    """Show the records that a snapshot added or changed, with the statements that came."""
    browsing = view.browsing
    change, changed = await switch(browsing, after)
    position = browsing.position(asked.cursor)
    end = position + asked.limit
    shown = changed.records[position:end]
    voices = await voices_of(browsing.ask, browsing.scheme, (one.graph for each in shown for one in each.came))
    cursor = browsing.cursor(end if len(changed.records) > end else 0)
    return view.show(
        "change.html",
        change=change,
        changed=changed,
        records=shown,
        named=await named(browsing, shown),
        spoken={graph: [Assertion(voice)] for graph, voice in voices.items()},
        following=f"?{browsing.request.url.include_query_params(cursor=cursor).query}" if cursor else "",
    )


@feeds.get("/changes.atom")
async def feed(view: ViewDep) -> Response:
    """Give the same as an Atom feed (RFC 4287)."""
    answer = view.show("changes.atom.xml", changes=await _shown(view), built=view.browsing.served.facts.built)
    answer.headers["content-type"] = "application/atom+xml; charset=utf-8"
    return answer
