"""The pages in a real browser: whole without scripts, within the content policy, reached by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

_PERSON = "person/behrouz-ehsani"
PAGES = {
    "home": "/",
    "record": f"/{_PERSON}",
    "sparql": "/sparql",
    "path": f"/path?from={_PERSON}&to=person/mehdi-hassani",
}


def test_pages_keep_to_the_content_policy(site: str, chromium: Browser) -> None:
    said: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in ("home", "record", "sparql", "path"):
        page.goto(f"{site}/en{PAGES[name]}")
    page.close()
    assert said == []


def test_pages_read_search_and_query_without_scripts(site: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/fa/")
    page.fill("#q", "ehsani")
    page.click("form.find button")
    assert page.locator(".hits li").count() > 0
    page.goto(f"{site}/fa/{_PERSON}")
    assert page.locator("svg.graph a").count() > 3
    assert page.locator("table tbody tr").count() > 1
    page.goto(f"{site}/en/sparql")
    page.fill("#query", "SELECT * { ?s ?p ?o } LIMIT 7")
    page.click("main form button")
    assert page.locator("main table tbody tr").count() == 7
    context.close()


def test_keyboard_reaches_and_expands_the_graph(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site}/en/{_PERSON}")
    nodes = page.locator("svg.graph .node")
    before = nodes.count()
    # some records name none but this person, so each of them is asked
    for node in page.locator("svg.graph a.hop-1").all():
        node.focus()
        with page.expect_response("**/api/v1/graph*"):
            page.keyboard.press("e")
    # a condition in JavaScript text would be refused by the content policy
    expect(nodes).not_to_have_count(before, timeout=30_000)
    assert nodes.count() > before
    page.close()


def test_tab_leaves_the_query_editor(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site}/en/sparql")
    page.locator("#query").focus()
    page.locator(".cm-content").press_sequentially("#")
    assert page.locator("#query").input_value().startswith("#")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.close()


def test_suggestions_are_reached_by_arrows(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site}/en/")
    page.locator("#q").press_sequentially("Behrouz")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#q").get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}[role=option][aria-selected=true]").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/record?iri=*")
    page.close()


@pytest.mark.parametrize(("language", "typed"), [("en", "Ehsani"), ("fa", "احسانی")])
def test_a_field_for_a_record_is_filled_in_from_what_is_offered(
    site: str, chromium: Browser, language: str, typed: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{site}/{language}/path")
    field = page.locator("#f-from")
    field.press_sequentially(typed)
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value().endswith(f"({_PERSON})")
    assert page.url.endswith("/path"), "choosing a name does not send the form"
    page.locator("#f-to").press_sequentially("Evin")
    page.wait_for_selector("[role=option]:visible")
    page.keyboard.press("Escape")
    assert page.locator("[role=option]:visible").count() == 0
    assert page.locator("#f-to").input_value() == "Evin"
    page.close()


def test_a_further_name_in_a_field_for_several_leaves_those_before_it(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site}/en/graph?seed={_PERSON}")
    field = page.locator("#seed")
    before = field.input_value()
    field.press("End")
    field.press_sequentially(", Mehdi Hassani")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value().startswith(f"{before}, Mehdi Hassani (person/")
    page.close()


def test_every_statement_on_a_record_names_its_voice(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{site}/en/{_PERSON}")
    rows = page.locator("#h-statements + .scroll tbody tr")
    assert rows.count() > 0
    for row in rows.all():
        assert row.locator("td:nth-of-type(2)").inner_text().strip()
    page.close()
