"""What every request passes: percent-decoding and the key of the cache, quick and never wrong."""

from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dadkhah.web.endpoint.parameters import decoded
from dadkhah.web.wire.cache import is_volatile, normalise

PIECES = st.sampled_from(
    [b"%20", b"%", b"%4", b"%zz", b"=", b"==", b"\n", b"\r\n", b"%3D", b"%0A", b" ", b"a", b"_", b"%C3%A9"]
)


@given(st.lists(PIECES).map(b"".join) | st.binary(max_size=30))
@example(b"%\n")
@example(b"%=\r\n")
@example(b"a%")
def test_percent_decoding_is_that_of_the_standard_library(text):
    try:
        expected = unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            decoded(text)
    else:
        assert decoded(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT  *\n{ ?s\t?p ?o }\n"),
        ("SELECT * { ?s <http://e/#p> ?o }", "SELECT * {?s <http://e/#p> ?o}".replace("{", "{ ").replace("}", " }")),
        ("SELECT * # all\n{ ?s ?p 'a  b' }", "SELECT * { ?s ?p 'a  b' }"),
    ],
)
def test_white_space_and_comments_do_not_make_another_query(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT * { ?s ?p 'a  b' }", "SELECT * { ?s ?p 'a b' }"),
        ("SELECT * { ?s ?p '''a\n#b''' }", "SELECT * { ?s ?p '''a\n''' }"),
        ("SELECT * # a\n{ ?s ?p ?o }", "SELECT * # a { ?s ?p ?o }"),
        ("SELECT * { ?s <http://e/#p> ?o }", "SELECT * { ?s <http://e/#q> ?o }"),
        # an escaped quote in a name begins no string
        (r"SELECT * { ex:o\'b ?p 'a  b' }", r"SELECT * { ex:o\'b ?p 'a b' }"),
        (r"SELECT * { ?s ?p 'it\'s  b' }", r"SELECT * { ?s ?p 'it\'s b' }"),
    ],
)
def test_different_queries_stay_different(one, other):
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "query", ["ASK { FILTER(RAND() > 0) }", "select (now ( ) as ?x) {}", "SELECT (StrUUID() AS ?x) {}"]
)
def test_a_query_that_answers_differently_each_time_is_seen(query):
    assert is_volatile(query)
