"""A reader whose query is refused or finds nothing is told where and what may be meant, over the real project."""

from __future__ import annotations

import html
import re
import urllib.parse
import urllib.request

import pytest

DK = "https://w3id.org/dadkhah/ontology#"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fa"])


def page(address):
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": "text/html"}), timeout=60) as answer:
        return answer.read().decode()


def asked(service, language, query):
    return page(f"{service}/{language}/sparql?{urllib.parse.urlencode({'query': query})}")


def mended(text):
    (address,) = set(re.findall(r'href="(\?query=[^"&]*)">', text))
    return html.unescape(address)


@LANGUAGES
@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?s dk:victim ?o ; skos:prefLabel ?n } LIMIT 3", f"PREFIX dk: <{DK}> SELECT * {{ ?s dk:victm ?o }}"],
)
def test_what_a_query_may_have_meant_is_one_link_away(project_service, language, query):
    told = asked(project_service, language, query)
    assert "<tbody" not in told
    assert "<tbody" in page(f"{project_service}/{language}/sparql{mended(told)}")


def test_where_a_query_does_not_parse_is_said_in_either_language(project_service):
    assert "(line 2, column" in asked(project_service, "en", "SELECT * {\n ?s ?p")
    assert "(سطر ۲، ستون" in asked(project_service, "fa", "SELECT * {\n ?s ?p")
