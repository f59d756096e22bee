"""Which snapshots were taken up, and which records each of them changed.

In: the change log of the service. Out: lists in JSON and CSV. What is no longer said is counted, not told again: it may
have been taken out to protect somebody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from dadkhah.browse.models import Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.records.changes import Change, Changed, ChangedRecord, ChangeLog
from dadkhah.browse.tables import csv_table
from dadkhah.browse.terms import Iri
from dadkhah.browse.voices import voices_of
from dadkhah.errors import NotFound
from dadkhah.web.api.asked import AskedList
from dadkhah.web.api.browsing import Browsing, BrowsingDep
from dadkhah.web.api.encode import mention, to_json
from dadkhah.web.api.formats import chosen, respond
from dadkhah.web.api.rows import voice_cells

router = APIRouter(prefix="/api/v1", tags=["lists"])
# switches of one answer that are compared: a second or two each, once for each snapshot
COMPARED = 5
_RECORDS = 20
_HEADER = ("record", "label", "change", "statementsAdded", "statementsRemoved", "voices", "claimants")


def log_of(browsing: Browsing) -> ChangeLog:
    """The change log of this service.

    Raises:
        NotFound: it keeps none.
    """
    log: ChangeLog | None = browsing.context.parts.get(ChangeLog)
    if log is None:
        raise NotFound("This service keeps no history of snapshots.")
    return log


async def compared(browsing: Browsing, changes: Sequence[Change]) -> list[Changed]:
    """What the first switches of a list changed, `COMPARED` of them at most."""
    # it reads files
    log = log_of(browsing)
    return [await asyncio.to_thread(log.changed, each) for each in changes[:COMPARED]]


async def switch(browsing: Browsing, after: str) -> tuple[Change, Changed]:
    """The newest switch to a snapshot, or the `latest` of all, and what it changed.

    Raises:
        NotFound: there was none, with those that there were.
    """
    found = log_of(browsing).changes()
    change = next((each for each in found if after in (each.after, "latest")), None)
    if change is None:
        near = tuple(f"{browsing.request.url.path.rpartition('/')[0]}/{each.after}" for each in found[:5])
        raise NotFound("No snapshot of this name was taken up.", near=near)
    return change, (await compared(browsing, [change]))[0]


async def named(browsing: Browsing, records: Sequence[ChangedRecord]) -> dict[str, Ref]:
    """Names of records, and of the properties and values of what came; one query."""
    told = [one for each in records for one in each.came]
    mentions = [one.value.value for one in told if isinstance(one.value, Iri)]
    iris = [*(each.iri for each in records), *(one.property for one in told), *mentions]
    return await refs(browsing.ask, browsing.scheme, iris)


@router.get("/changes", summary="Which snapshots were taken up, newest first, and what they changed")
async def changes(browsing: BrowsingDep, asked: Annotated[AskedList, Query()]) -> Response:
    """List the switches from snapshot to snapshot, the first of them with the records that changed."""
    form = chosen(browsing, ("json", "csv"))
    found = log_of(browsing).changes()
    position = browsing.position(asked.cursor)
    end = position + asked.limit
    shown = found[position:end]
    if form == "csv":
        rows = ((each.at, each.before, each.after, each.reason) for each in shown)
        return respond(csv_table(("at", "before", "after", "reason"), rows), form, name="changes")
    told: list[Changed | None] = [*await compared(browsing, shown)]
    told += [None] * (len(shown) - len(told))
    records = [record for each in told if each for record in each.records[:_RECORDS]]
    names, voices = await named(browsing, records), await _voices(browsing, records)
    items = [_item(browsing, change, changed, names, voices) for change, changed in zip(shown, told, strict=True)]
    cursor = browsing.cursor(end if len(found) > end else 0)
    document = {"items": items, "total": len(found), "cursor": cursor, "next": browsing.next_url(cursor)}
    return respond(to_json({**document, "snapshot": browsing.snapshot_hash}), form)


@router.get("/changes/{after}", summary="The records that one snapshot added or changed")
async def one_change(after: str, browsing: BrowsingDep, asked: Annotated[AskedList, Query()]) -> Response:
    """List the records that came or changed with a snapshot, with the first of the statements that came."""
    form = chosen(browsing, ("json", "csv"))
    change, changed = await switch(browsing, after)
    position = browsing.position(asked.cursor)
    end = position + asked.limit
    shown = changed.records[position:end]
    names, voices = await named(browsing, shown), await _voices(browsing, shown)
    if form == "csv":
        rows = (
            (
                each.iri, names[each.iri].label().text, each.change, str(each.added), str(each.removed),
                *voice_cells({one.graph: voices[one.graph] for one in each.came}.values()),
            )
            for each in shown
        )  # fmt: skip
        return respond(csv_table(_HEADER, rows), form, name="changes")
    cursor = browsing.cursor(end if len(changed.records) > end else 0)
    document = {
        **_item(browsing, change, None, names, voices),
        "changed": _counts(changed),
        "items": [_record(each, names, voices) for each in shown],
        "total": len(changed.records),
        "cursor": cursor,
        "next": browsing.next_url(cursor),
    }
    return respond(to_json({**document, "snapshot": browsing.snapshot_hash}), form)


async def _voices(browsing: Browsing, records: Sequence[ChangedRecord]) -> dict[str, Voice]:
    """Who makes the statements that came: two queries at most."""
    return await voices_of(browsing.ask, browsing.scheme, (one.graph for each in records for one in each.came))


def _item(
    browsing: Browsing, change: Change, changed: Changed | None, names: dict[str, Ref], voices: dict[str, Voice]
) -> dict[str, Any]:
    found: dict[str, Any] = {"at": change.at, "before": change.before, "after": change.after, "reason": change.reason}
    found["url"] = f"{browsing.base_url}/api/v1/changes/{quote(change.after)}"
    if changed is not None:
        found["changed"] = _counts(changed)
        found["records"] = [_record(each, names, voices) for each in changed.records[:_RECORDS]]
    return found


def _counts(changed: Changed) -> dict[str, Any]:
    if changed.unknown:
        return {"unknown": changed.unknown}
    return {
        "recordsAdded": changed.added,
        "recordsChanged": changed.changed,
        "recordsRemoved": changed.removed,
        "statementsAdded": changed.statements_added,
        "statementsRemoved": changed.statements_removed,
    }


def _record(record: ChangedRecord, names: dict[str, Ref], voices: dict[str, Voice]) -> dict[str, Any]:
    came = [
        {"property": one.property, "value": one.value, "graph": one.graph, "voice": voices[one.graph]}
        for one in record.came
    ]
    counts = {"statementsAdded": record.added, "statementsRemoved": record.removed}
    return {**mention(names[record.iri]), "change": record.change, **counts, "came": came}
