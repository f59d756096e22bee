"""Every competency question is answered exactly, on the built data."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[2]
QUERIES = sorted((ROOT / "queries/competency").glob("CQ-*.rq"))
CATEGORIES = {
    "people",
    "judges/courts",
    "prisons & transfers",
    "events by date",
    "counts",
    "attribution",
    "quotations",
    "pattern",
    "legal classification",
    "demands",
    "absence",
    "multi-hop",
    "contradictions",
}
# Words of the questions for quantifiers, and ours.
QUALIFIERS = {"exact": {"exact"}, "more than": {"more than"}, "over": {"more than"}, "at least": {"at least"}}


def header(query: Path) -> dict[str, str]:
    lines = query.read_text(encoding="utf-8").splitlines()
    return dict(re.fullmatch(r"# ([a-z-]+): (.+)", line).groups() for line in lines if line.startswith("# "))


def expected(query: Path):
    return json.loads((query.parent / f"{query.stem}.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snapshots")
    command = [sys.executable, "-m", "dadkhah.cli", "build", "--quiet", "--out", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return ox.Store.read_only(str(folder / "current/store"))


@pytest.fixture(scope="module")
def questions():
    path = Path(os.environ.get("DADKHAH_GIVEN", ROOT.parent / "shared")) / "questions/questions.json"
    if not path.exists():
        message = "questions/questions.json is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return {question["id"]: question for question in json.loads(path.read_text(encoding="utf-8"))["questions"]}


def answer(store, query: Path):
    """A boolean, or rows of strings, None where unbound."""
    found = store.query(query.read_text(encoding="utf-8"))
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return [[None if term is None else term.value for term in row] for row in found]


def test_every_query_says_what_it_asks():
    assert QUERIES
    for query in QUERIES:
        words = header(query)
        assert {"title", "question", "category", "answer"} <= words.keys(), query.name
        assert words["category"] in CATEGORIES, query.name


def test_every_category_of_question_has_two_queries_or_more():
    counted = [header(query)["category"] for query in QUERIES]
    assert {c for c in CATEGORIES if counted.count(c) < 2} == set()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_the_answer_is_exactly_the_expected_one(store, query):
    found, wanted = answer(store, query), expected(query)
    if header(query)["answer"] == "rows":
        found, wanted = sorted(found, key=str), sorted(wanted, key=str)
    assert found == wanted


def test_every_given_question_is_answered(store, questions):
    """By the compare rule of each question: nothing missing, nothing more, after its aliases."""
    by_id = {words["question-id"]: query for query in QUERIES if "question-id" in (words := header(query))}
    assert set(by_id) == set(questions)
    wrong = {id_: answer(store, by_id[id_]) for id_, q in questions.items() if not fits(q, answer(store, by_id[id_]))}
    assert wrong == {}


def test_no_given_answer_contains_what_it_must_not(store, questions):
    by_id = {words["question-id"]: query for query in QUERIES if "question-id" in (words := header(query))}
    for id_, question in questions.items():
        text = json.dumps(answer(store, by_id[id_]), ensure_ascii=False)
        cells = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
        assert not set(question["must_not_contain"]) & set(cells), id_


def fits(question, found) -> bool:
    kind, value, rule = question["expected"]["kind"], question["expected"]["value"], question["compare"]
    if kind == "boolean":
        return found == value
    aliases = {alias: name for name, others in question["accept_aliases"].items() for alias in others}
    rows = [tuple(aliases.get(cell, cell) for cell in row) for row in found]
    if kind == "number":
        ((number, qualifier),) = rows
        return int(number) == value["value"] and qualifier in QUALIFIERS[value["qualifier"]]
    wanted = [
        tuple(item) if isinstance(item, list) else (item,) for item in ([value] if kind in {"label", "date"} else value)
    ]
    if kind == "ordered":
        return rows == wanted
    if "wording free" in rule:
        rows, wanted = ([(str(number), qualifier) for _, number, qualifier in each] for each in (rows, wanted))
    if "case ignored" in rule:
        rows, wanted = ([tuple(map(str.casefold, row)) for row in each] for each in (rows, wanted))
    return sorted(rows) == sorted(wanted)
