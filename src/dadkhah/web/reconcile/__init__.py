"""The Reconciliation Service API at `/reconcile`: version 0.2 as OpenRefine speaks it, and the draft of 1.0."""

from __future__ import annotations

from fastapi import APIRouter

from dadkhah.web.reconcile import draft, entities, stable

ROUTERS: tuple[APIRouter, ...] = (draft.router, stable.router, entities.router)
