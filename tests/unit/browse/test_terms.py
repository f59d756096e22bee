from __future__ import annotations

import orjson
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse import terms
from dadkhah.browse.terms import BlankNode, Iri, Literal
from dadkhah.errors import ParameterError

STORE = ox.Store()
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))
TRICKY = st.sampled_from(
    ['"', "\\", '\\"', "\\u0022", "'''", '"""', "\n", "\r\n", "} . DROP ALL #", "\x00", "\u202e", "a\\"]
)


def echoed(term):
    """What Oxigraph understands by the term as we write it."""
    (solution,) = STORE.query(f"SELECT ?v {{ VALUES ?v {{ {terms.write(term)} }} }}")
    return solution["v"]


@given(st.one_of(TEXTS, st.lists(st.one_of(TEXTS, TRICKY)).map("".join)))
def test_a_plain_literal_comes_back_as_it_was(text):
    assert echoed(Literal(text)) == ox.Literal(text)


@given(TEXTS, st.sampled_from(["en", "fa", "zh-Hant-TW", "EN-us"]))
def test_a_text_in_a_language_comes_back_as_it_was(text, language):
    found = echoed(Literal(text, terms.RDF_LANG_STRING, language))
    assert (found.value, found.language) == (text, language.lower())


@given(TEXTS)
def test_an_iri_is_written_whole_or_refused(tail):
    iri = f"https://example.org/{tail}"
    try:
        written = terms.iri(iri)
    except ParameterError:
        assert not terms.is_iri(iri)
        return
    assert written == f"<{iri}>"
    assert STORE.query(f"ASK {{ FILTER(STR({written}) = STR({written})) }}")


@pytest.mark.parametrize(
    "iri",
    [
        "",
        "person",
        "https://e.org/a b",
        "https://e.org/>",
        "https://e.org/\n",
        "https://e.org/{x}",
        "x:\\u003e",
        "x:%zz",
        "x:a#b#c",
    ],
)
def test_what_is_no_absolute_iri_is_refused(iri):
    with pytest.raises(ParameterError):
        terms.iri(iri)


@pytest.mark.parametrize("term", [Literal("\ud800"), Literal("x", terms.RDF_LANG_STRING, "en us"), BlankNode("b0")])
def test_what_has_no_spelling_is_refused(term):
    with pytest.raises(ParameterError):
        terms.write(term)


def test_results_are_read_with_their_kinds():
    query = (
        'SELECT * { VALUES (?a ?b ?c) { (<https://e.org/> "x"@fa "5"^^<http://www.w3.org/2001/XMLSchema#integer>) } }'
    )
    row = orjson.loads(STORE.query(query).serialize(format=ox.QueryResultsFormat.JSON))["results"]["bindings"][0]
    assert {name: terms.read(binding) for name, binding in row.items()} == {
        "a": Iri("https://e.org/"),
        "b": Literal("x", terms.RDF_LANG_STRING, "fa"),
        "c": Literal("5", terms.XSD_INTEGER),
    }


def test_values_of_several_variables_are_rows():
    block = terms.values(("s", "v"), [(Iri("https://e.org/a"), Literal("1")), (Iri("https://e.org/b"), Literal("2"))])
    assert block == 'VALUES (?s ?v) { (<https://e.org/a> "1") (<https://e.org/b> "2") }'
