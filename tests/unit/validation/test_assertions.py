"""`data/assertions.toml`: what it may say, what a broken assertion tells, and that ours can fail."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.errors import SourceSyntaxError
from dadkhah.validation.assertions import read_assertions, run_assertions

OWN = Path(__file__).parents[3] / "data/assertions.toml"
STORE = ox.Store()
STORE.load(
    b"""@prefix ex: <urn:ex:> . ex:g1 { ex:a a ex:Thing ; ex:name "A"@en . }
    ex:g2 { ex:b a ex:Thing ; ex:since 1988 . }""",
    format=ox.RdfFormat.TRIG,
)
COUNT = """[[assertion]]
name = "things"
reason = "two were read"
query = "SELECT (COUNT(?s) AS ?n) { ?s a <urn:ex:Thing> }"
"""
ROWS = """[prefixes]
ex = "urn:ex:"
[[assertion]]
query = "SELECT ?s ?name { ?s a ex:Thing OPTIONAL { ?s ex:name ?name } }"
"""


def findings(tmp_path, text):
    path = tmp_path / "assertions.toml"
    path.write_text(text)
    return [f"{each.file}:{each.line}: {each.message}" for each in run_assertions(path, STORE)]


@pytest.mark.parametrize("demand", ["exactly = 2", "at_least = 2", "at_least = 1", "answer = [2]", 'answer = ["2"]'])
def test_a_count_that_holds_is_no_finding(tmp_path, demand):
    assert findings(tmp_path, COUNT + demand) == []


@pytest.mark.parametrize(
    ("demand", "told"),
    [
        ("exactly = 3", "there are 2, and there must be exactly 3"),
        ("exactly = 1", "there are 2, and there must be exactly 1"),
        ("at_least = 3", "there are 2, and there must be at least 3"),
        ("answer = [3]", "missing: 3, not expected: 2"),
    ],
)
def test_a_broken_assertion_names_line_and_reason(tmp_path, demand, told):
    assert findings(tmp_path, f"# about things\n{COUNT}{demand}\n") == [
        f"data/assertions.toml:2: things: {told} (two were read)"
    ]


def test_rows_are_compared_as_a_set_with_unbound_as_empty(tmp_path):
    assert findings(tmp_path, ROWS + 'answer = [["urn:ex:b", ""], ["urn:ex:a", "A"]]') == []
    (found,) = findings(tmp_path, ROWS + 'answer = [["urn:ex:a", "A"]]')
    assert "not expected: urn:ex:b" in found


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[[assertion]\n", 1, "no TOML"),
        ("[assertions]\n", 1, "unknown table"),
        (COUNT, 1, "needs a query and one of"),
        (COUNT + "exactly = 2\nat_least = 1", 1, "needs a query and one of"),
        (COUNT + "exactly = 2\nbecause = 1", 1, "unknown key 'because'"),
        ("\n" + COUNT.replace("SELECT", "SELEKT") + "exactly = 2", 2, "cannot be answered"),
        (ROWS + "exactly = 2", 3, "does not give one whole number"),
        (COUNT.replace("SELECT (COUNT(?s) AS ?n)", "ASK") + "exactly = 2", 1, "does not give one whole number"),
    ],
)
def test_a_malformed_assertion_is_an_error_with_its_line(tmp_path, text, line, told):
    with pytest.raises(SourceSyntaxError, match=told) as caught:
        findings(tmp_path, text)
    assert caught.value.line == line


def test_no_file_asserts_nothing(tmp_path):
    assert list(run_assertions(tmp_path / "assertions.toml", STORE)) == []


def test_every_assertion_of_ours_has_a_name_and_a_reason_and_can_fail():
    assertions = read_assertions(OWN)
    assert len({each.name for each in assertions}) == len(assertions) > 10
    for each in assertions:
        assert each.reason, each.name
        # where a loss could leave nothing behind: an empty graph must break it, unless it forbids something
        assert each.exactly == 0 or list(run_alone(each)), each.name


def run_alone(assertion):
    from dadkhah.validation.assertions import _problem, _rows

    problem = _problem(assertion, _rows(assertion, OWN, ox.Store()), OWN)
    return [problem] if problem else []
