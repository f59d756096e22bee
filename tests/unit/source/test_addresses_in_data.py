"""Which addresses a data file may hold: those that anybody can follow, and that carry no key."""

import pytest

from dadkhah.source.hygiene.rules import iri_problem


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "printer.local",
        "wiki.internal",
        "127.0.0.1:8000",
        "10.0.0.7",
        "192.168.1.1",
        "169.254.169.254",
        "[::1]",
    ],
)
def test_an_address_of_ones_own_network_is_refused(host):
    assert "own network" in iri_problem(f"http://{host}/x")


@pytest.mark.parametrize("field", ["access_token", "token", "api_key", "apikey", "password", "Secret", "sessionid"])
def test_an_address_with_a_key_in_its_query_is_refused(field):
    assert "key or password" in iri_problem(f"https://example.org/x?a=b&{field}=abc")


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///x", "x"]
)
def test_a_scheme_that_is_not_public_is_refused(iri):
    assert iri_problem(iri)


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/?q=secret&tokens=3",
        "https://9news.example/x",
        "https://1.1.1.1/",
        "http://[2606:4700::1111]/",
        "https://local.example/",
        "urn:isbn:1",
    ],
)
def test_a_public_address_is_accepted(iri):
    assert iri_problem(iri) is None
