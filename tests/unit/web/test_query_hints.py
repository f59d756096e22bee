"""Hints for a query: only what is surely missing or close to a known name, and always a query that says so."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.engine.queries.catalog import Catalog
from dadkhah.web.pages.query_hints import misspelt, undeclared

DK = "https://w3id.org/dadkhah/ontology#"
KNOWN = {"dk": DK, "skos": "http://www.w3.org/2004/02/skos/core#"}
TERMS = ("victim", "victimIn", "Execution", "earliest")
ROOT = Path(__file__).parents[3]


def test_a_query_with_the_lines_that_it_lacked_parses():
    hints = undeclared("SELECT * { ?s skos:prefLabel ?o ; dk:victim ?x ; foo:bar ?y }", KNOWN)
    assert [hint.meant for hint in hints] == [f"PREFIX skos: <{KNOWN['skos']}>", f"PREFIX dk: <{DK}>"]
    assert {hint.query for hint in hints} == {hints[0].query}
    ox.Store().query(hints[0].query.replace("foo:bar", "dk:bar"))


def test_what_is_declared_is_not_offered():
    assert undeclared("PREFIX dk: <https://e.org/> SELECT * { ?s dk:victim ?x }", KNOWN) == ()


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (f"PREFIX dk: <{DK}> SELECT * {{ ?s dk:victm ?x }}", ["dk:victim"]),
        (f"PREFIX : <{DK}> SELECT * {{ ?s a :Executon ; :earlist ?x }}", [":Execution", ":earliest"]),
        (f"SELECT * {{ ?s <{DK}earlyest> ?x }}", [f"<{DK}earliest>"]),
        (f"PREFIX dk: <{DK}> SELECT * {{ ?s dk:victim ?x ; dk:qqqq ?y }}", []),
        ("PREFIX dk: <https://e.org/> SELECT * { ?s dk:victm ?x }", []),
        (f'PREFIX dk: <{DK}> SELECT * {{ ?s ?p "dk:victm" }} # dk:victm', []),
    ],
)
def test_a_name_that_no_term_has_is_offered_as_the_one_it_is_close_to(query, meant):
    hints = misspelt(query, DK, TERMS)
    assert [hint.meant for hint in hints] == meant
    for hint in hints:
        ox.Store().query(hint.query)
        assert misspelt(hint.query, DK, TERMS) == ()


def test_no_stored_query_has_a_name_that_would_be_corrected():
    files = [*(ROOT / "ontology").glob("*.ttl"), *(ROOT / "ontology").glob("*/*.ttl")]
    terms = {name for file in files for name in re.findall(r"^dk:([\w-]+)", file.read_text("utf-8"), re.MULTILINE)}
    assert len(terms) > 400
    queries = Catalog.load(ROOT / "queries/catalog", KNOWN).values()
    assert [query.name for query in queries if misspelt(query.text, DK, terms)] == []


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text):
    undeclared(text, KNOWN)
    misspelt(text, DK, TERMS)
