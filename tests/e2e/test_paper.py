"""What comes out of a printer: no navigation and no form, whole tables, and where and when the page was taken from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_QUERY = "SELECT ?event ?person { ?event <https://w3id.org/dadkhah/ontology#victim> ?person } LIMIT 5"
_PAGES = {
    "record": "/person/behrouz-ehsani",
    "list": "/sources",
    "timeline": "/timeline",
    "lanes": "/timeline?lanes=prison",
    "matrix": "/patterns/1988",
    "map": "/map",
    "result": f"/sparql?query={quote(_QUERY)}",
    "relations": "/graph?seed=person/behrouz-ehsani",
    "dossier": "/dossier/event/execution-behrouz-ehsani",
}
# A4 less the margins, at 96 units an inch; media queries see the whole sheet
_SHEET, _PRINTED = 794, 680
_WIDER = """width => {
  document.body.style.width = `${width}px`;
  const wide = [...document.querySelectorAll("table, svg, pre")].filter(one => one.checkVisibility());
  return wide.filter(one => one.getBoundingClientRect().width > width + 1).map(one => one.outerHTML.slice(0, 80));
}"""


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def paper(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": _SHEET, "height": 1123})
    page.emulate_media(media="print")
    yield page
    page.close()


@pytest.mark.parametrize("kind", _PAGES)
def test_paper_has_no_navigation_no_forms_and_nothing_cut(site: str, paper: Page, language: str, kind: str) -> None:
    answer = paper.goto(f"{site}/{language}{_PAGES[kind]}")
    assert answer is not None
    assert answer.status == 200
    pressed = paper.locator("nav, form, button, .button, .exports").all()
    assert pressed
    assert not [each for each in pressed if each.is_visible()]
    assert paper.evaluate(_WIDER, _PRINTED) == []


def test_paper_says_where_and_of_which_snapshot_and_day_it_is(site: str, paper: Page, language: str) -> None:
    paper.goto(f"{site}/{language}/person/behrouz-ehsani")
    foot = paper.locator("footer").inner_text()
    shown = paper.request.get(f"{site}/dumps").json()
    assert shown["snapshot"] in foot
    assert f"{site}/{language}/person/behrouz-ehsani" in foot
    year = shown["built"][:4]
    assert (year if language == "en" else year.translate(_DIGITS)) in foot


def test_paper_shows_the_query_and_whole_addresses(site: str, paper: Page) -> None:
    paper.goto(f"{site}/en{_PAGES['result']}")
    assert paper.locator("pre.on-paper").inner_text().strip() == _QUERY
    link = paper.locator(".data td a").first
    shown = link.evaluate("one => getComputedStyle(one, '::after').content")
    assert shown == f'"{link.get_attribute("title")}"'


def test_what_is_folded_is_unfolded_on_paper(site: str, paper: Page) -> None:
    paper.goto(f"{site}/en/patterns/1988")
    events = paper.locator("details .columns li").first
    assert events.is_visible()
    paper.emulate_media(media="screen")
    assert not events.is_visible()
