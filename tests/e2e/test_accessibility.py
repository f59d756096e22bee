"""Every page passes axe-core in both languages, light and dark, wide and at 320 px, and asks nobody else."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from dadkhah.web import pages

_AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PERSON = "person/behrouz-ehsani"
_PATTERN = "repetition-2025"
PAGES = {
    "/": "/",
    "/search": "/search?q=ehsani",
    "/record": "/record?iri=https://w3id.org/dadkhah/ontology%23PoliticalPrisoner",
    "/{kind}/{slug:path}": f"/{_PERSON}",
    "/all/{part}": f"/all/relations?of={_PERSON}",
    "/card/{kind}/{slug:path}": f"/card/{_PERSON}",
    "/dossier/{kind}/{slug:path}": f"/dossier/{_PERSON}",
    "/history/{kind}/{slug:path}": f"/history/{_PERSON}",
    "/graph": f"/graph?seed={_PERSON}",
    "/path": f"/path?from={_PERSON}&to=person/mehdi-hassani",
    "/timeline": "/timeline",
    "/places": "/places",
    "/map": "/map",
    "/risk": "/risk",
    "/patterns": "/patterns",
    "/patterns/{slug:path}": f"/patterns/{_PATTERN}",
    "/conflicts": "/conflicts",
    "/sources": "/sources",
    "/sources/{slug:path}": "/sources/hengaw-2025-07-27",
    "/quality": "/quality",
    "/changes": "/changes",
    "/data": "/data",
    "/ontology": "/ontology",
    "/about": "/about",
    "/method": "/method",
    "/queries": "/queries",
    "/queries/{name}": "/queries/executions-by-month?view=bars",
    "/sparql": "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205",
    "a query that cannot be read": "/sparql?query=SELEC",
    "a search without a result": "/search?q=qqqqqqqq",
    "/{rest}": "/person/nobody-of-this-name",
}
# no pages: a feed, a file, and the start page without its slash
_NOT_READ = {"", "/static/{name:path}", "/changes.atom", "/dossier/{kind}/{slug:path}.pdf"}
_SCHEMES = ("light", "dark")


def test_every_kind_of_page_is_looked_at() -> None:
    modules = [module for module in vars(pages).values() if isinstance(module, ModuleType)]
    routers = [held for module in modules for held in vars(module).values() if isinstance(held, APIRouter)]
    kinds = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    assert len(kinds) > 30
    assert kinds - _NOT_READ - PAGES.keys() == set()


def _axe(page: Page, **options: object) -> list[str]:
    found = page.evaluate("options => axe.run(document, options)", options)
    return [f"{one['id']}: {one['nodes'][0]['target']} ({len(one['nodes'])})" for one in found["violations"]]


def _source() -> str:
    if not _AXE.exists():
        missing = "axe-core is missing (npm ci in frontend/)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return _AXE.read_text()


def _faults(page: Page, axe: str, width: int) -> list[str]:
    """All rules in the light; in the dark only colours differ."""
    page.emulate_media(color_scheme="light")
    page.evaluate(axe)
    found = _axe(page, runOnly={"type": "tag", "values": _RULES})
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {fault}" for fault in _axe(page, runOnly={"type": "rule", "values": ["color-contrast"]})]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"wider than {width} px")
    return found


@pytest.mark.parametrize("width", [1200, 320])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_is_accessible_and_asks_nobody_else(site: str, chromium: Browser, language: str, width: int) -> None:
    axe = _source()
    foreign: list[str] = []
    faults: dict[str, list[str]] = {}
    # the policy is bypassed for axe, so that a foreign request would be made and seen
    context = chromium.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.on("request", lambda request: None if request.url.startswith(site) else foreign.append(request.url))
    for path in PAGES.values():
        page.goto(f"{site}/{language}{path}")
        if found := _faults(page, axe, width):
            faults[path] = found
    context.close()
    assert (faults, foreign) == ({}, [])


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_keeps_to_the_content_policy(site: str, chromium: Browser, language: str) -> None:
    said: dict[str, list[str]] = {}
    page = chromium.new_page()
    here = ""
    # a status of 404 is told there as well, and is what was asked for
    page.on(
        "console",
        lambda message: (
            said.setdefault(here, []).append(message.text)
            if message.type == "error" and "404" not in message.text
            else None
        ),
    )
    page.on("pageerror", lambda error: said.setdefault(here, []).append(str(error)))
    for here in PAGES.values():
        page.goto(f"{site}/{language}{here}")
    page.close()
    assert said == {}
