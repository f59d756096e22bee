"""Stored queries over HTTP, on a service that was started as a user starts it."""

import csv
import io
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DK = "https://w3id.org/dadkhah/ontology#"
GRAPH = f"""
<https://e.org/trial> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DK}Trial> <https://e.org/voice> .
<https://e.org/trial> <{DK}judge> <https://e.org/judge> <https://e.org/voice> .
<https://e.org/trial> <{DK}defendant> <https://e.org/one> <https://e.org/voice> .
<https://e.org/voice> <{DK}claimant> <https://e.org/claimant> .
"""


@pytest.fixture(scope="module")
def base(serving, tmp_path_factory):
    file = tmp_path_factory.mktemp("graph") / "graph.nq"
    file.write_text(GRAPH.lstrip())
    return serving("--rdf", str(file))


def get(url, accept="*/*", data=None):
    request = urllib.request.Request(url, data=data, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_every_query_of_the_catalogue_is_listed_with_its_parameters(base):
    status, _, body = get(f"{base}/queries")
    listed = {each["name"]: each for each in json.loads(body)["queries"]}
    assert status == 200
    assert set(listed) == {path.stem for path in (ROOT / "queries/catalog").glob("*.rq")}
    assert all(each["title"].get("fa") and each["title"].get("en") for each in listed.values())
    labels = [parameter["labels"] for each in listed.values() for parameter in each["parameters"]]
    assert all(label.keys() == {"en", "fa"} for label in labels)


def test_every_query_stands_in_openapi_with_its_parameters(base):
    paths = json.loads(get(f"{base}/openapi.json")[2])["paths"]
    for path in (ROOT / "queries/catalog").glob("*.rq"):
        assert "get" in paths[f"/queries/{path.stem}"], path.stem
    names = {each["name"] for each in paths["/queries/judges-and-defendants"]["get"]["parameters"]}
    assert {"judge", "lang", "limit", "format", "timeout"} <= names


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "text/tab-separated-values"])
def test_a_parameter_is_bound_and_the_format_negotiated(base, accept):
    url = f"{base}/queries/judges-and-defendants?judge={urllib.parse.quote('https://e.org/judge', safe='')}"
    status, headers, body = get(url, accept)
    assert status == 200
    assert headers["content-type"].startswith(accept)
    assert b"https://e.org/trial" in body


def test_another_value_gives_no_row(base):
    url = f"{base}/queries/judges-and-defendants?judge=https%3A%2F%2Fe.org%2Fnobody&format=csv"
    assert len(list(csv.reader(io.StringIO(get(url)[2].decode())))) == 1


def test_parameters_may_be_posted(base):
    form = urllib.parse.urlencode({"judge": "https://e.org/judge"}).encode()
    status, _, body = get(f"{base}/queries/judges-and-defendants", "text/csv", form)
    assert status == 200
    assert b"https://e.org/trial" in body


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("judge=x%3E%20%7D%20%23", "judge"),
        ("limit=ten", "limit"),
        ("limit=100000", "limit"),
        ("lang=xx", "lang"),
        ("nobody=1", "nobody"),
        ("timeout=soon", "timeout"),
    ],
)
def test_a_bad_value_is_a_problem_that_names_the_parameter(base, query, says):
    status, headers, body = get(f"{base}/queries/judges-and-defendants?{query}")
    assert status == 400
    assert headers["content-type"].startswith("application/problem+json")
    assert says in json.loads(body)["detail"]


def test_an_unknown_query_is_404_with_names_that_come_close(base):
    status, _, body = get(f"{base}/queries/judges-and-defendant")
    assert status == 404
    assert "judges-and-defendants" in body.decode()


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Stay(urllib.request.HTTPRedirectHandler):
    """Tells of a redirection instead of following it."""

    def redirect_request(self, *_):
        return None


@pytest.mark.parametrize("path", ["/queries", "/queries/executions?limit=3"])
@pytest.mark.parametrize(
    ("accept", "language", "leads"),
    [
        (BROWSER, "fa", "/fa"), (BROWSER, "", "/en"), ("text/html", "de,fa;q=0.5", "/fa"),
        ("application/xhtml+xml", "en", "/en"), ("*/*", "fa", ""), ("", "fa", ""), ("application/json", "fa", ""),
        ("application/json,text/html;q=0.9", "fa", ""), ("text/html;q=0,*/*", "fa", ""),
    ],
)  # fmt: skip
def test_a_browser_is_led_to_the_page_in_its_language_and_a_program_gets_data(base, path, accept, language, leads):
    headers = {"Accept": accept, "Accept-Language": language}
    try:
        with urllib.request.build_opener(Stay).open(urllib.request.Request(base + path, headers=headers)) as answer:
            status, head = answer.status, answer.headers
    except urllib.error.HTTPError as error:
        status, head = error.code, error.headers
    assert "accept" in head["vary"].lower()
    if leads:
        assert (status, head["location"]) == (303, f"{base}{leads}{path}")
        assert "accept-language" in head["vary"].lower()
    else:
        assert status == 200
        assert "json" in head["content-type"]


def test_a_format_that_is_named_goes_before_what_a_browser_takes(base):
    status, head, _ = get(f"{base}/queries/executions?format=csv", BROWSER)
    assert (status, head["content-type"]) == (200, "text/csv; charset=utf-8")
    assert get(f"{base}/queries?format=json", BROWSER)[1]["content-type"] == "application/json"
