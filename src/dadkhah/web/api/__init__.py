"""The API over what browse finds: `/api/v1/…`, `/id/…` and `/data/…`; each module holds one router."""

from __future__ import annotations

from fastapi import APIRouter

from dadkhah.web.api import addresses, changes, dumps, graphs, lists, names, records, things

# in the order in which their routes are tried: the addresses of records match almost anything, so they come last
ROUTERS: tuple[APIRouter, ...] = (
    addresses.router,
    dumps.router,
    lists.router,
    changes.router,
    graphs.router,
    names.router,
    things.router,
    records.router,
)
