"""Every page passes axe-core in both languages, light and wide, dark and narrow, and asks nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

_AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PERSON = "person/behrouz-ehsani"
PAGES = {
    "home": "/",
    "search": "/search?q=ehsani",
    "record": f"/{_PERSON}",
    "card": f"/card/{_PERSON}",
    "graph": f"/graph?seed={_PERSON}",
    "path": f"/path?from={_PERSON}&to=person/mehdi-hassani",
    "patterns": "/patterns",
    "sources": "/sources",
    "data": "/data",
    "about": "/about",
    "method": "/method",
    "changes": "/changes",
    "sparql": "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205",
    "missing": "/person/nobody-of-this-name",
}


def _axe(page: Page) -> list[str]:
    if not _AXE.exists():
        missing = "axe-core is missing (npm ci in frontend/)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    page.evaluate(_AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES)
    return [f"{one['id']}: {one['nodes'][0]['target']} ({len(one['nodes'])})" for one in found["violations"]]


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 320)])
def test_every_page_is_accessible_and_asks_nobody_else(
    site: str, chromium: Browser, language: str, scheme: str, width: int
) -> None:
    foreign: list[str] = []
    faults: dict[str, list[str]] = {}
    context = chromium.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 800},
        bypass_csp=True,
    )
    page = context.new_page()
    page.on("request", lambda request: None if request.url.startswith(site) else foreign.append(request.url))
    for name, path in PAGES.items():
        page.goto(f"{site}/{language}{path}")
        found = _axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"wider than {width} px")
        if found:
            faults[name] = found
    context.close()
    assert (faults, foreign) == ({}, [])
