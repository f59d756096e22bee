import tomllib
from pathlib import Path

import pytest

pytestmark = [pytest.mark.given, pytest.mark.slow]
TESTS = "https://w3c.github.io/rdf-tests/sparql/"
PASSED = {"pass", "pass-value"}


def known_failures():
    stated = tomllib.loads(Path(__file__).with_name("known_failures.toml").read_text(encoding="utf-8"))
    return {iri.removeprefix(TESTS): one["reason"] for one in stated["failure"] for iri in one["tests"]}


@pytest.fixture(scope="module")
def ours(w3c, tmp_path_factory):
    """What our service gives; the suite takes a while, so once for all tests here."""
    out = tmp_path_factory.mktemp("eval") / "ours.json"
    return w3c.run_harness("w3c_eval", out, "--params", "--query-path", "/sparql")


def test_only_the_listed_evaluation_tests_fail(ours):
    found = ours
    failed = {one["id"] for one in found["tests"] if one["status"] not in {*PASSED, "skip"}}
    assert failed == set(known_failures())
    assert sum(one["status"] in PASSED for one in found["tests"]) >= 311


def test_what_oxigraph_passes_passes_here_but_for_what_the_policy_refuses(w3c, ours, tmp_path):
    out = tmp_path / "theirs.json"
    theirs = w3c.run_harness(
        "w3c_eval", out, "--params", "--query-path", "/query", serve=w3c.OXIGRAPH, ready="/query?query=ASK%7B%7D"
    )
    native = {one["id"] for one in theirs["tests"] if one["status"] in PASSED}
    lost = native - {one["id"] for one in ours["tests"] if one["status"] in PASSED}
    assert native
    refused = {name for name, reason in known_failures().items() if "SERVICE" in reason}
    assert lost <= refused
