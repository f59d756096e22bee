"""Every page passes axe-core in both languages, light and dark, wide and at 320 px, and asks nobody else."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Literal

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from dadkhah.web import pages

_AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PERSON = "person/behrouz-ehsani"
_PATTERN = "1988"
_MISSING = "/person/nobody-of-this-name"
PAGES = {
    "/": "/",
    "/search": "/search?q=ehsani",
    "/record": "/record?iri=https://w3id.org/dadkhah/ontology%23PoliticalPrisoner",
    "/{kind}/{slug:path}": f"/{_PERSON}",
    "/all/{part}": f"/all/relations?of={_PERSON}",
    "/card/{kind}/{slug:path}": f"/card/{_PERSON}",
    # one with rival values and passages, but not the longest: axe needs a second for each hundred rows
    "/dossier/{kind}/{slug:path}": "/dossier/event/execution-behrouz-ehsani",
    "/history/{kind}/{slug:path}": f"/history/{_PERSON}",
    "/graph": f"/graph?seed={_PERSON}",
    "/path": f"/path?from={_PERSON}&to=person/mehdi-hassani",
    "/compare": "/compare?left=person/iman-afshari&right="
    "http://publications.europa.eu/resource/celex/32011R0359%23I.A.249",
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
    "/changes/{after}": "/changes/latest",
    "/data": "/data",
    "/ontology": "/ontology",
    "/about": "/about",
    "/method": "/method",
    "/queries": "/queries",
    "/queries/{name}": "/queries/executions-by-month?view=bars",
    "/sparql": "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205",
    "a pattern without a match": "/patterns/repetition-2025",
    "a name that may be several": "/timeline?place=ward",
    "a query that cannot be read": "/sparql?query=SELEC",
    "a search without a result": "/search?q=qqqqqqqq",
    "/{rest}": _MISSING,
}
# no pages: a feed, a file, and the start page without its slash
_NOT_READ = {"", "/static/{name:path}", "/changes.atom", "/dossier/{kind}/{slug:path}.pdf"}
_WIDTHS = (1200, 320)
_SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
_COLOURS = "color-contrast"


def test_every_kind_of_page_is_looked_at() -> None:
    modules = [module for module in vars(pages).values() if isinstance(module, ModuleType)]
    routers = [held for module in modules for held in vars(module).values() if isinstance(held, APIRouter)]
    kinds = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    assert len(kinds) > 30
    assert kinds - _NOT_READ - PAGES.keys() == set()


# what is wrong, and the first place of it; whatever is right stays in the browser
_RUN = """async ([alike, options]) => {
  const found = await axe.run(alike ? window.alike() : document, { resultTypes: ["violations"], ...options });
  return found.violations.map(one => `${one.id}: ${one.nodes[0].target} (${one.nodes.length})`);
}"""
# Elements with text of their own, of each path of tags, classes, languages and states the first two and the last: the
# others of that path have the same colours, and axe needs minutes for the thousands of a long page.
_ALIKE = """() => {
  const paths = new WeakMap([[document.documentElement, ""]]), shown = new Map();
  const said = ["class", "lang", "dir", "scope", "aria-current", "aria-selected", "disabled", "open", "type"];
  for (const each of document.documentElement.querySelectorAll("*")) {
    const own = said.map(name => each.getAttribute(name) ?? "").join("|");
    const path = `${paths.get(each.parentElement)}>${each.localName}|${own}`;
    paths.set(each, path);
    const text = [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!(text || each.matches("input, textarea, select")) || !document.body.contains(each)) continue;
    const held = shown.get(path) ?? shown.set(path, []).get(path);
    if (held.length < 3) held.push(each); else held[2] = each;
  }
  window.alike = () => [...shown.values()].flat();
}"""


def _axe(page: Page, *, alike: bool, **options: object) -> list[str]:
    found: list[str] = page.evaluate(_RUN, [alike, options])
    return found


def _source() -> str:
    if not _AXE.exists():
        missing = "axe-core is missing (npm ci in frontend/)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return _AXE.read_text()


def _faults(page: Page) -> list[str]:
    """All rules on every element at each width; colours in light and dark on one of each kind of element."""
    found: list[str] = []
    page.evaluate(_ALIKE)
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        rules = {"runOnly": {"type": "tag", "values": _RULES}, "rules": {_COLOURS: {"enabled": False}}}
        said = _axe(page, alike=False, **rules)
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme)
            colours = _axe(page, alike=True, runOnly={"type": "rule", "values": [_COLOURS]})
            said += [f"{scheme}: {fault}" for fault in colours]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            said.append("wider than the window")
        found += [f"{width} px: {fault}" for fault in said]
    return found


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_is_accessible_and_asks_nobody_else(site: str, chromium: Browser, language: str) -> None:
    axe = _source()
    foreign: list[str] = []
    faults: dict[str, list[str]] = {}
    # the policy is bypassed for axe, so that a foreign request would be made and seen
    context = chromium.new_context(bypass_csp=True)
    context.add_init_script(axe)
    page = context.new_page()
    page.on("request", lambda request: None if request.url.startswith(site) else foreign.append(request.url))
    for path in PAGES.values():
        answer = page.goto(f"{site}/{language}{path}")
        assert answer is not None
        found = _faults(page)
        if answer.status != (404 if path == _MISSING else 200):
            found.append(f"status {answer.status}")
        if found:
            faults[path] = found
    context.close()
    assert (faults, foreign) == ({}, [])


def test_a_colour_that_is_too_faint_is_found_in_the_dark_alone(site: str, chromium: Browser) -> None:
    context = chromium.new_context(bypass_csp=True)
    context.add_init_script(_source())
    page = context.new_page()
    page.goto(f"{site}/en/ontology")
    page.add_style_tag(content="@media (prefers-color-scheme: dark) { .term p { color: #333 !important } }")
    found = _faults(page)
    context.close()
    assert {tuple(fault.split(": ")[:3]) for fault in found} == {(f"{width} px", "dark", _COLOURS) for width in _WIDTHS}


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
