"""Headings of tables of results: the query's own, else words; Persian where all of them are known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.engine.queries.header import read_header
from dadkhah.errors import SourceSyntaxError
from dadkhah.web.pages.headings import headings

_OWN = '# title: A title\n# column: personLabel "Whom it names"\n# column-fa: personLabel "از چه کسی نام می‌برد"\nASK {}'


@pytest.mark.parametrize(
    ("name", "language", "shown"),
    [
        ("personName", "en", "Person name"),
        ("independentClaimants", "en", "Independent claimants"),
        ("says", "en", "Who says so"),
        ("personName", "fa", "نام شخص"),
        ("prison", "fa", "زندان"),
        ("frobnication", "fa", '<bdi lang="en" dir="ltr">frobnication</bdi>'),
        ("نام", "fa", '<bdi dir="ltr">نام</bdi>'),
    ],
)
def test_a_heading_is_made_of_words(name, language, shown):
    assert headings([name], language, {})[name] == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "Whom it names"), ("fa", "از چه کسی نام می‌برد")])
def test_what_the_query_calls_a_column_goes_before_its_words(language, shown):
    header, _ = read_header(_OWN, "a.rq")
    assert headings(["personLabel"], language, header.columns[language]) == {"personLabel": shown}


@pytest.mark.parametrize("line", ["# column: personLabel", '# column: 1x "a"', '# column: a "b" "c"'])
def test_a_column_without_one_variable_and_one_heading_is_refused(line):
    with pytest.raises(SourceSyntaxError, match="column"):
        read_header(f"# title: A title\n{line}\nASK {{}}", "a.rq")


@given(name=st.from_regex(r"[\w]{1,20}", fullmatch=True), language=st.sampled_from(["en", "fa"]))
def test_no_column_is_without_a_heading(name, language):
    assert re.sub(r"<[^>]*>", "", headings([name], language, {})[name]).strip()
