"""`POST /validate`: findings on what a stranger sends, on a service that was started as a user starts it."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[2]
DK = "https://w3id.org/dadkhah/ontology#"
SH = "http://www.w3.org/ns/shacl#"
PERSON = "https://e.org/person"
# the graph knows one record, which a document may name
GRAPH = f"<{PERSON}> a <{DK}Person> .\n"
NAMES_IT = f"""@prefix dk: <{DK}> .
<https://e.org/execution> a dk:Execution ;
    dk:victim <WHO> ;
    dk:cites <https://e.org/passage> .
<https://e.org/passage> a dk:Locator .
"""


@pytest.fixture(scope="module")
def base(serving, tmp_path_factory):
    file = tmp_path_factory.mktemp("graph") / "graph.ttl"
    file.write_text(GRAPH)
    return serving("--rdf", str(file))


def send(base, document, accept="application/json", kind="text/turtle"):
    request = urllib.request.Request(
        f"{base}/validate", document.encode(), {"Accept": accept, "Content-Type": kind}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def findings(base, document):
    status, body = send(base, document)
    assert status == 200
    return json.loads(body)["findings"]


def test_a_syntax_error_is_a_finding_with_its_place(base):
    (finding,) = [each for each in findings(base, "@prefix dk: <x:> .\ndk:a dk:b\n") if each["rule"] == "syntax"]
    assert finding["line"] in {2, 3}


def test_an_unknown_term_is_a_finding(base):
    found = findings(base, f"<https://e.org/a> <{DK}noSuchProperty> 1 .\n")
    assert [each["rule"] for each in found] == ["unknown-term"]


def test_records_of_the_graph_count_as_known_and_others_do_not(base):
    def victims(who):
        found = findings(base, NAMES_IT.replace("WHO", who))
        return [each for each in found if each["path"] == f"<{DK}victim>"]

    assert victims(PERSON) == []
    assert len(victims("https://e.org/nobody")) == 1


def test_the_report_is_shacl_in_rdf_where_rdf_is_asked_for(base):
    status, body = send(base, NAMES_IT.replace("WHO", "https://e.org/nobody"), "text/turtle")
    assert status == 200
    report = ox.Store()
    report.load(body, format=ox.RdfFormat.TURTLE)
    asked = f"""PREFIX sh: <{SH}> ASK {{
      ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?result .
      ?result sh:resultPath <{DK}victim> ; sh:value <https://e.org/nobody> ; sh:resultMessage ?message }}"""
    assert bool(report.query(asked))


def test_nothing_is_kept(base):
    send(base, NAMES_IT.replace("WHO", PERSON))
    url = f"{base}/sparql?query=ASK%20%7B%20%3Chttps://e.org/execution%3E%20%3Fp%20%3Fo%20%7D&format=json"
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert json.load(answer)["boolean"] is False


def test_another_media_type_is_refused(base):
    assert send(base, "{}", kind="application/json")[0] == 415
    assert send(base, GRAPH, accept="image/png")[0] == 406


@pytest.mark.parametrize(
    "document", ["[" * 20_000, "<< " * 5_000, "(" * 100_000, '@prefix : <x:> .\n:a :b "' + "x" * 200_000]
)
def test_a_hostile_document_ends_in_findings_or_a_clear_refusal(base, document):
    status, body = send(base, document)
    assert status in {200, 503}
    assert b"Traceback" not in body
    with urllib.request.urlopen(f"{base}/healthz", timeout=10) as answer:
        assert answer.status == 200
