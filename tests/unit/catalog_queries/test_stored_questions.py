"""The stored questions of the catalogue, asked of the built data.

Expected rows were written from the article and the voice files, not from an output.
"""

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.engine.queries.catalog import Catalog, load_query

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "queries/catalog"
NAMES = sorted(path.stem for path in FOLDER.glob("*.rq"))
SHOWN = [path for folder in ("catalog", "tables", "risk") for path in sorted((ROOT / "queries" / folder).glob("*.rq"))]
_LETTERS = re.compile("[A-Za-z]")
_PERSIAN = re.compile("[\u0621-\u06cc]")
_UNUSUAL = re.compile("[\u064a\u0643\u0660-\u0669]|(?<![\\w-])[0-9]+|\\b(?:ن?می) |[\u0621-\u06cc] (?:ها|های|هایی)\\b")
PREFIXES = {
    match[1]: match[2]
    for match in re.finditer(r"@prefix (\w+): <([^>]+)>", (ROOT / "ontology/prefixes.ttl").read_text("utf-8"))
}
MAX_ROWS = 1000
# Questions whose answer is empty until people have reviewed links to other datasets.
EMPTY_WITHOUT_REVIEW = {"record-elsewhere"}


@pytest.fixture(scope="module")
def catalog():
    return Catalog.load(FOLDER, PREFIXES)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snapshots")
    command = [sys.executable, "-m", "dadkhah.cli", "build", "--quiet", "--out", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return ox.Store.read_only(str(folder / "current/store"))


def ask(catalog, store, name, **values):
    """Rows as dictionaries of plain values; ids without the base."""
    solutions = store.query(catalog.find(name).bind(values))
    variables = [variable.value for variable in solutions.variables]
    return [{name: short(row[name]) for name in variables if row[name] is not None} for row in solutions]


def short(term):
    return re.sub(r"^https://w3id.org/dadkhah/(id/|voice/|ontology#)?", "", term.value)


def pairs(rows, *names):
    return {tuple(row.get(name) for name in names) for row in rows}


def test_at_least_thirty_questions_are_stored():
    assert len(NAMES) >= 30


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_query_that_is_shown_says_what_it_asks_in_two_languages(path):
    header = load_query(path, PREFIXES).header
    names = [parameter.name for parameter in header.parameters]
    english = [header.titles["en"], header.descriptions["en"], *(each.label for each in header.parameters)]
    labels = header.labels.get("fa", {})
    persian = [header.titles["fa"], header.descriptions["fa"], *(labels.get(name, "") for name in names)]
    assert all(_LETTERS.search(text) and not _PERSIAN.search(text) for text in english)
    assert all(_PERSIAN.search(text) for text in persian)
    # letters of the Arabic keyboard, digits of another script, a space where a half-space belongs
    assert not [text for text in persian if _UNUSUAL.search(text)]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_of_the_catalogue_is_tagged(catalog, name):
    assert catalog.find(name).header.tags


@pytest.mark.parametrize("name", NAMES)
def test_a_question_runs_without_parameters_and_loads_without_outside_prefixes(store, name):
    query = Catalog.load(FOLDER).find(name)
    assert len(list(store.query(query.bind({})))) <= MAX_ROWS


@pytest.mark.parametrize("name", [name for name in NAMES if name not in EMPTY_WITHOUT_REVIEW])
def test_a_question_answers_its_example(catalog, store, name):
    query = catalog.find(name)
    assert 0 < len(list(store.query(query.bind(query.header.examples)))) <= MAX_ROWS


@pytest.mark.parametrize("name", NAMES)
def test_a_question_keeps_to_the_limit(catalog, store, name):
    assert len(list(store.query(catalog.find(name).bind({"limit": "1"})))) <= 1


def test_the_judge_of_the_article_tried_the_two(catalog, store):
    rows = ask(catalog, store, "judges-and-defendants", judge="person:iman-afshari")
    article = [row for row in rows if row["voice"] == "silent-massacre-2025/author"]
    assert pairs(article, "judgeName", "defendantName") == {
        ("Iman Afshari", "Mehdi Hassani"),
        ("Iman Afshari", "Behrouz Ehsani"),
    }


def test_a_branch_is_told_with_its_court(catalog, store):
    rows = ask(catalog, store, "trials-by-court", court="court:revolutionary-court-branch-26")
    assert pairs(rows, "courtName", "aboveName") == {("Branch 26 of the Revolutionary Court", "Revolutionary Court")}


def test_executions_are_counted_once_however_many_tell_them(catalog, store):
    rows = ask(catalog, store, "executions-by-month")
    assert {(row["month"], row["executions"]) for row in rows} == {("2025-07", "2")}
    assert ask(catalog, store, "executions-by-month", **{"from": "2025-08-01"}) == []
    assert ask(catalog, store, "executions-by-month", until="2025-06-30") == []


def test_prisoners_without_judge_or_prison_are_those_of_the_article(catalog, store):
    others = {
        "Masoud Jamei",
        "Alireza Mordasi",
        "Farshad Etemadi-Far",
        "Bijan Kazemi",
        "Mohammad Akbari Monfared",
        "Arghavan Fallahi",
    }
    without_judge = {row["name"] for row in ask(catalog, store, "people-without-named-judge")}
    without_prison = {row["name"] for row in ask(catalog, store, "people-without-named-prison")}
    assert without_judge == others | {"Saeed Masouri", "Ali Younesi"}
    assert without_prison == others | {"Mehdi Hassani", "Behrouz Ehsani"}


def test_the_five_stages_come_in_order_with_their_dates(catalog, store):
    rows = ask(catalog, store, "pattern-stages", pattern="pattern:1988")
    assert [(row["order"], row["stageName"]) for row in rows] == [
        ("1", "Complete disconnection from families"),
        ("2", "Sudden transfers"),
        ("3", "Minutes-long trials"),
        ("4", "Executions in complete silence"),
        ("5", "Threats and denial"),
    ]
    assert all(int(row["independentClaimants"]) >= 1 for row in rows)


def test_nothing_proposed_by_a_query_is_told_as_a_match(catalog, store):
    matches = ask(catalog, store, "pattern-matches")
    assert matches
    assert all(row["method"] != "ProposedByQuery" for row in matches)
    asserted = pairs(matches, "stageName", "event")
    assert not asserted & pairs(ask(catalog, store, "machine-proposals"), "stageName", "event")


def test_demands_of_the_article_go_to_three_addressees(catalog, store):
    rows = [row for row in ask(catalog, store, "demands") if row["voice"] == "silent-massacre-2025/author"]
    assert {row["addresseeName"] for row in rows} == {
        "UN Human Rights Council",
        "UN Special Rapporteur on Iran",
        "democratic governments around the world",
    }
    assert len({row["demandLabel"] for row in rows}) == 4


def test_may_amount_to_is_kept_apart_from_constitutes(catalog, store):
    uncertain = ask(catalog, store, "legal-characterisations", about="event:massacre-1988", certainty="dk:MayAmountTo")
    article = [row for row in uncertain if row["voice"].startswith("silent-massacre-2025/")]
    assert pairs(article, "says", "termName") == {
        ("Javaid Rehman", "crimes against humanity"),
        ("Javaid Rehman", "genocide"),
    }


def test_the_article_contradicts_itself_on_trials_of_1988(catalog, store):
    rows = ask(catalog, store, "conflicts-of-a-record", record="group:political-prisoners-1988")
    assert pairs(rows, "property", "value", "voice") == {
        ("proceeding", "ExecutedWithoutTrial", "silent-massacre-2025/author"),
        ("proceeding", "MinutesLongTrials", "silent-massacre-2025/author"),
    }


def test_estimates_of_1988_stand_side_by_side(catalog, store):
    rows = ask(catalog, store, "toll-estimates", event="event:massacre-1988")
    assert ("30000", "30000", "Exact", "silent-massacre-2025/author") in pairs(
        rows, "lower", "upper", "quantifier", "voice"
    )
    montazeri = {row["lower"] for row in rows if row["says"] == "Hossein-Ali Montazeri"}
    assert montazeri == {"2800"}
    assert any(row["quantifier"] == "Thousands" and "lower" not in row for row in rows)


def test_accusations_always_have_an_accuser(catalog, store):
    rows = ask(catalog, store, "accusations")
    assert rows
    assert all(row["accuserName"] and row["says"] for row in rows)


def test_every_passage_is_cited_or_has_a_reason(catalog, store):
    rows = ask(catalog, store, "coverage-of-passages")
    assert len(rows) == 75 + 14
    assert all(int(row["records"]) > 0 or row.get("reason") for row in rows)


def test_what_did_not_happen_is_said_by_somebody(catalog, store):
    rows = ask(catalog, store, "said-not-to-have-happened", property="dk:familyNotified")
    article = {row["record"] for row in rows if row["voice"] == "silent-massacre-2025/author"}
    assert {"event/execution-mehdi-hassani", "event/execution-behrouz-ehsani"} <= article


def test_the_removal_from_evin_and_the_later_place_are_told_apart(catalog, store):
    rows = ask(catalog, store, "whereabouts", person="person:p-ab51b3ba")
    article = [row for row in rows if row["voice"] == "silent-massacre-2025/author"]
    assert ("laterConfirmedAs", "Fashafouyeh") in pairs(article, "how", "placeName")
    assert ("from", "Ward 4 of Evin Prison") in pairs(article, "how", "placeName")


def test_the_two_executions_are_the_ones_of_their_day(catalog, store):
    day = {"from": "2025-07-27", "until": "2025-07-27", "kind": "dk:Execution"}
    assert {row["event"] for row in ask(catalog, store, "events-in-a-period", **day)} == {
        "event/execution-mehdi-hassani",
        "event/execution-behrouz-ehsani",
    }


def test_an_event_outside_the_period_is_not_told(catalog, store):
    day = {"from": "2025-07-28", "until": "2025-07-28", "kind": "dk:Execution"}
    assert ask(catalog, store, "events-in-a-period", **day) == []


def test_the_speakers_quoted_are_eight(catalog, store):
    assert {row["speakerName"] for row in ask(catalog, store, "quotations")} == {
        "fellow inmates",
        "Saeed Masouri's sister",
        "Javaid Rehman",
        "international jurists",
        "Amnesty International",
        "state-run media outlets",
        "Fars News Agency",
        "Saeed Masouri",
    }


def test_relayed_pages_of_one_origin_are_told_as_one_origin(catalog, store):
    rows = ask(catalog, store, "resting-on-one-origin")
    assert all(int(row["voices"]) > 1 for row in rows)
    assert ("event/solitary-mehdi-hassani", "Amnesty International") in pairs(rows, "record", "originName")


def test_a_reviewed_link_is_told():
    """No link has been reviewed yet: asked of a graph with one."""
    dk = "https://w3id.org/dadkhah/"
    record, other = ox.NamedNode(f"{dk}id/prison/evin"), ox.NamedNode("http://example.org/evin")
    relation = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    linked = ox.Store()
    linked.add(ox.Quad(record, relation, other, ox.NamedNode(f"{dk}graph/mappings")))
    rows = ask(Catalog.load(FOLDER), linked, "record-elsewhere", record=f"{dk}id/prison/evin")
    assert pairs(rows, "ours", "elsewhere") == {("prison/evin", "http://example.org/evin")}


def test_the_page_of_disagreements_lists_nothing_that_is_settled(store):
    """Each record it lists is the subject of a conflict in today's graph."""
    page = (ROOT / "docs/disagreements.md").read_text("utf-8")
    listed = re.findall(r"^\| .* \(`([\w-]+/[\w-]+)`\) \|", page, re.MULTILINE)
    dk = "https://w3id.org/dadkhah/"
    query = f"SELECT DISTINCT ?s {{ ?c a <{dk}ontology#Conflict> ; <{dk}ontology#subject> ?s }}"
    open_ones = {short(row["s"]) for row in store.query(query)}
    assert listed
    assert set(listed) <= open_ones
