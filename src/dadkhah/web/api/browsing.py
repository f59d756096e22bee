"""What the routes of the API work with, and what they make of parameters.

In: a request and what is being served. Out: a `Browsing` that asks the engine as this client, within its time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.cursors import read_cursor, request_key, write_cursor
from dadkhah.browse.days_asked import FIRST_GREGORIAN, days_asked
from dadkhah.browse.kept import Kept, StoredAnswers
from dadkhah.browse.resolve import resolve_record, resolve_term
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search.facets import TraitColumns, TraitIndexes
from dadkhah.browse.search.hits import NameIndex, NameIndexes
from dadkhah.errors import ParameterError
from dadkhah.iris import Iris
from dadkhah.web.endpoint.answers import client_key
from dadkhah.web.endpoint.serving import Served
from dadkhah.web.routing.context import Context
from dadkhah.web.routing.deps import ContextDep, ServedDep

Found = TypeVar("Found")

LONGEST_LIST = 500


@dataclass(frozen=True, slots=True)
class Browsing:
    """One request over what is being served."""

    request: Request
    context: Context
    served: Served
    ask: EngineAsk
    scheme: Scheme

    @property
    def snapshot_hash(self) -> str:
        """Content hash of the data."""
        return self.served.engine.snapshot_hash

    @property
    def base_url(self) -> str:
        """Address of the service, without a slash at the end."""
        return self.context.settings.base_url

    @property
    def index(self) -> NameIndex | None:
        """The names of this snapshot, where they are indexed."""
        indexes: NameIndexes | None = self.context.parts.get(NameIndexes)
        return None if indexes is None else indexes.of(self.snapshot_hash)

    @property
    def traits(self) -> TraitColumns | None:
        """What results of a search are counted and filtered by, where it came with this snapshot."""
        indexes: TraitIndexes | None = self.context.parts.get(TraitIndexes)
        return None if indexes is None else indexes.of(self.snapshot_hash)

    def record(self, text: str, name: str) -> str:
        """The IRI of a record from a parameter; empty for an empty one."""
        return resolve_record(self.scheme, text, name) if text.strip() else ""

    def term(self, text: str, name: str) -> str:
        """The IRI of a class, property or concept from a parameter; empty for an empty one."""
        return resolve_term(self.scheme, text, name) if text.strip() else ""

    def position(self, cursor: str) -> int:
        """Where a list goes on."""
        return read_cursor(self._key(), cursor)

    def cursor(self, position: int) -> str:
        """A cursor to a position, empty for 0: the end of the list."""
        return write_cursor(self._key(), position) if position else ""

    def next_url(self, cursor: str) -> str:
        """The address of the next slice, empty at the end."""
        if not cursor:
            return ""
        url = self.request.url.include_query_params(cursor=cursor)
        return f"{self.base_url}{url.path}?{url.query}"

    async def once(self, read: Callable[[Browsing], Awaitable[Found]]) -> Found:
        """What `read` reads of the snapshot being served: read when first asked for, kept until another is served."""
        kept: dict[Callable[..., Any], tuple[str, Found]] = self.context.parts.setdefault(_ReadOnce, {})
        known = kept.get(read)
        if known is None or known[0] != self.snapshot_hash:
            known = kept[read] = self.snapshot_hash, await read(self)
        return known[1]

    def _key(self) -> str:
        asked = sorted((name, value) for name, value in self.request.query_params.multi_items() if name not in _PAGING)
        parts = (f"{name}={value}" for name, value in asked)
        return request_key(self.snapshot_hash, self.request.url.path, *parts)


_PAGING = frozenset({"cursor", "limit", "format"})


async def _browsing(request: Request, context: ContextDep, served: ServedDep) -> Browsing:
    return browsing_of(request, context, served)


def browsing_of(request: Request, context: Context, served: Served) -> Browsing:
    """A `Browsing` over what is being served; `served` must be leased for as long as it is used."""
    ask = EngineAsk(
        served.engine,
        timeout_seconds=context.settings.timeout_seconds,
        client=client_key(request.scope, context.settings.trusted_proxies),
        kept=_kept(context, served.engine.snapshot_hash),
    )
    scheme = Scheme(context.parts.get(Iris) or Iris(), merged=served.facts.union_default)
    return Browsing(request, context, served, ask, scheme)


class _ReadOnce:
    """Names the part that holds what `Browsing.once` read: function to snapshot hash and what it gave."""


class _KeptBySnapshot:
    """Names the part that holds what was read of the snapshots being served: hash to `Kept`."""


def _kept(context: Context, snapshot_hash: str) -> Kept:
    by_hash: dict[str, Kept] = context.parts.setdefault(_KeptBySnapshot, {})
    if snapshot_hash not in by_hash:
        # requests that began before a switch may still read of the snapshot before
        while len(by_hash) > 1:
            del by_hash[next(iter(by_hash))]
        stored: StoredAnswers | None = context.parts.get(StoredAnswers)
        by_hash[snapshot_hash] = Kept(None if stored is None else stored.of(snapshot_hash))
    return by_hash[snapshot_hash]


BrowsingDep = Annotated[Browsing, Depends(_browsing)]


def first_day(text: str, name: str) -> str:
    """The first day of a date, month or year in a parameter; empty for an empty one."""
    return _day(text, name, 0)


def last_day(text: str, name: str) -> str:
    """The last day of a date, month or year in a parameter; empty for an empty one."""
    return _day(text, name, 1)


def _day(text: str, name: str, end: int) -> str:
    if not text.strip():
        return ""
    day = days_asked(text)[end]
    if not day:
        raise ParameterError(
            f"{name}: not a date; write 2025-07-27, 2025-07 or 2025, or in the Solar Hijri calendar 1404-05-05, "
            f"1404-05 or 1404: years below {FIRST_GREGORIAN} are read as Solar Hijri"
        )
    return day
