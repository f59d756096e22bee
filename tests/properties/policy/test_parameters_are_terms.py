"""Whatever a client sends as a value, the query keeps its shape and gets exactly this value."""

import pyoxigraph as ox
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dadkhah.engine.queries.parameters import Kind, Parameter
from dadkhah.engine.queries.scan import readings, tokens
from dadkhah.engine.queries.template import compile_template
from dadkhah.errors import ParameterError

HOSTILE = st.one_of(
    st.text(),
    st.text(st.sampled_from("\"'\\u0022<>{}()#?$.;,@^ \n\r\t:aSERVICE"), max_size=80),
    st.sampled_from(
        [
            '" } DROP ALL #',
            "'; SERVICE <x> {}",
            "\\u0022 . ?s ?p ?o #",
            "a> . ?s ?p <b",
            "x@en } #",
            "\\",
            '\\"',
            "\\U00000022",
            "\x00\x1f",
        ]
    ),
)
TEMPLATE = compile_template("SELECT ?x { BIND($v AS ?x) }", {"v"})
SHAPE = [token.kind for token in tokens('SELECT ?x { BIND("" AS ?x) }')]


def bound(kind, value):
    return TEMPLATE.fill({"v": [Parameter("v", kind).term(value, {"ex": "http://ex/"})]})


def only_value(text):
    (row,) = ox.Store().query(text)
    return row["x"]


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
@example("\\u0022")
@example("\\\\u0022 \\\x00")
def test_string_arrives_as_it_was_sent(value):
    try:
        text = bound(Kind.STRING, value)
    except ParameterError:
        return
    assert only_value(text) == ox.Literal(value)
    for reading in readings(text):
        assert [token.kind for token in tokens(reading.text)] == SHAPE


@settings(max_examples=200, deadline=None)
@given(HOSTILE, st.sampled_from(["en", "fa", "zh-Hans"]))
def test_string_with_a_language_arrives_as_it_was_sent(value, language):
    try:
        text = bound(Kind.LANG_STRING, f"{value}@{language}")
    except ParameterError:
        return
    assert only_value(text) == ox.Literal(value, language=language)


@settings(max_examples=200, deadline=None)
@given(HOSTILE.map("http://x/{}".format))
def test_iri_is_refused_or_arrives_as_it_was_sent(value):
    try:
        text = bound(Kind.IRI, value)
    except ParameterError:
        return
    assert only_value(text) == ox.NamedNode(value)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(Kind)), HOSTILE)
def test_no_value_of_any_kind_changes_the_shape_of_the_query(kind, value):
    try:
        text = bound(kind, value)
    except ParameterError as error:
        assert "v" in str(error)  # noqa: PT017 - either outcome is right
        return
    (row,) = ox.Store().query(text)
    assert row["x"] is not None
