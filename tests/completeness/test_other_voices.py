"""What the rest of the record says: sources, voices, origins, timelines, outcomes, identity, disagreements.

Asked of the built data. An outside source is a page that was read; neither the article nor a dataset, of both of
which the bytes are known (`dk:archivedAs`).
"""

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.engine.queries.catalog import Catalog

from .draw_statements import drawn, statements

ROOT = Path(__file__).parents[2]
BASE = "https://w3id.org/dadkhah/"
PREFIXES = dict(
    re.findall(r"@prefix (\w+): <([^>]+)>", (ROOT / "ontology/prefixes.ttl").read_text(encoding="utf-8")),
)
PROLOGUE = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
OUTSIDE = "?source a dk:Source ; dk:extentRead ?extent . FILTER NOT EXISTS { ?source dk:archivedAs ?bytes }"
PRISONERS = (
    "mehdi-hassani", "behrouz-ehsani", "p-67078589", "p-ab51b3ba", "p-2bb6feb9", "p-9bcfddeb", "p-89e77518",
    "p-36f32aa2", "p-46e90659", "p-fc801b2b",
)  # fmt: skip
ROLES = "dk:transferred|dk:detained|dk:confined|dk:sentenced|dk:defendant|dk:victim|dk:affected|dk:accused|dk:about"
# the parties that a list of voices must not lack
WANTED_PARTIES = {
    "IntergovernmentalParty", "NongovernmentalParty", "IranianRightsParty", "StateParty", "OppositionParty",
    "IndependentMediaParty", "FamilyParty", "PrisonerParty", "LawyerParty",
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snapshots")
    command = [sys.executable, "-m", "dadkhah.cli", "build", "--quiet", "--out", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def store(snapshots):
    return ox.Store.read_only(str(snapshots / "current/store"))


@pytest.fixture(scope="module")
def catalog():
    return Catalog.load(ROOT / "queries/catalog", PREFIXES)


def rows(store, pattern, *names):
    """Distinct rows of a pattern; IRIs without the base of things, voices or terms."""
    wanted = " ".join(f"?{name}" for name in names)
    solutions = store.query(f"{PROLOGUE} SELECT DISTINCT {wanted} WHERE {{ {pattern} }}")
    return {tuple(short(row[name]) for name in names) for row in solutions}


def short(term):
    return None if term is None else re.sub(rf"^{BASE}(id/|voice/|ontology#)?", "", term.value)


def answer(catalog, store, name, **values):
    solutions = store.query(catalog.find(name).bind({key: [value] for key, value in values.items()}))
    names = [variable.value for variable in solutions.variables]
    return [{name: short(row[name]) for name in names} for row in solutions]


# ---- sources and statements


def test_thirty_outside_sources_by_twelve_publishers_of_different_parties(store):
    found = rows(store, f"{OUTSIDE} ?source dct:publisher ?publisher ; dk:party ?party", "source", "publisher", "party")
    assert len({source for source, _, _ in found}) >= 30
    assert len({publisher for _, publisher, _ in found}) >= 12
    assert len({party for _, _, party in found}) >= 5


def test_every_side_has_a_voice_of_its_own(store):
    parties = rows(store, f"{OUTSIDE} ?voice dk:inSource ?source ; dk:party ?party", "party")
    assert {party for (party,) in parties} >= WANTED_PARTIES


def test_a_source_states_where_by_whom_in_what_language_and_how_it_was_read(store):
    everyone = rows(store, OUTSIDE, "source")
    for name in ("dk:address", "dct:publisher", "dk:party", "dct:language", "dk:readOn", "dk:copyNote"):
        assert rows(store, f"{OUTSIDE} ?source {name} ?value", "source") == everyone, name


def test_a_source_has_its_date_or_says_that_the_page_gives_none(store):
    dated = rows(store, f"{OUTSIDE} ?source dk:earliest ?day", "source")
    undated = rows(store, f"{OUTSIDE} ?source dk:copyNote ?note . FILTER(CONTAINS(?note, 'no date'))", "source")
    assert rows(store, OUTSIDE, "source") - dated - undated == set()


def test_no_text_of_a_page_is_kept(store):
    """The longest of our own words in a voice of an outside source are a label, not a paragraph."""
    pattern = (
        f"{OUTSIDE} ?voice dk:inSource ?source . GRAPH ?voice {{ ?record ?property ?text }} FILTER(isLiteral(?text))"
    )
    longest = max(len(text) for (text,) in rows(store, pattern, "text"))
    assert longest < 250


def test_two_hundred_statements_on_the_people_and_events_of_the_article(store):
    article = "?theirs dk:inSource source:silent-massacre-2025 . GRAPH ?theirs { ?record a ?kind }"
    pattern = f"{article} {OUTSIDE} ?voice dk:inSource ?source . GRAPH ?voice {{ ?record a ?same }}"
    linked = (
        f"{OUTSIDE} ?voice dk:inSource ?source . GRAPH ?voice {{ ?record {ROLES} ?person }} "
        f"VALUES ?person {{ {' '.join(f'person:{each}' for each in PRISONERS)} }}"
    )
    found = rows(store, pattern, "voice", "record") | rows(store, linked, "voice", "record")
    assert len(found) >= 200


def test_every_statement_has_a_voice_a_source_an_origin_and_a_place_in_that_source(store):
    told = {(each.voice, each.record) for each in statements()}
    pattern = (
        "?voice a dk:Voice ; dk:claimant ?who ; dk:originGroup ?origin ; dk:party ?party ; dk:inSource ?source . "
        "?passage dk:inSource ?source . GRAPH ?voice { ?record dk:cites ?passage }"
    )
    attributed = rows(store, pattern, "voice", "record")
    lacking = {
        (voice, record)
        for voice, record in told
        if (voice.removeprefix(f"{BASE}voice/"), record.removeprefix(f"{BASE}id/")) not in attributed
    }
    assert lacking == set()


def test_only_records_of_outside_voices_are_drawn_for_rereading(store):
    names = {(each.voice.removeprefix(BASE), each.record.removeprefix(f"{BASE}id/")) for each in drawn(40)}
    assert len(names) == 40
    assert [name for name in names if "silent-massacre" in name[0] or name[1].startswith("count/")] == []
    assert {voice.removeprefix("voice/") for voice, _ in names} <= {v for (v,) in rows(store, "?v a dk:Voice", "v")}


# ---- origins


def test_what_is_copied_from_one_organisation_is_one_origin(store):
    """One claimant read in several sources is one origin, whoever printed it."""
    found = rows(
        store, f"{OUTSIDE} ?voice dk:inSource ?source ; dk:claimant ?who ; dk:originGroup ?origin", "who", "origin"
    )
    for organisation in (
        "ohchr",
        "hengaw",
        "amnesty-international",
        "iran-police",
        "iran-judiciary-chief",
        "judiciary",
    ):
        assert {origin for who, origin in found if who == f"institution/{organisation}"} == {
            f"institution/{organisation}"
        }


def test_pages_that_relay_the_judiciary_count_with_it(store):
    pattern = "?voice dk:originGroup institution:judiciary ; dk:claimant ?who . FILTER(?who != institution:judiciary)"
    assert len(rows(store, pattern, "who")) >= 3


def test_independent_claimants_are_counted_by_origin_and_not_by_page(store):
    said = rows(store, "GRAPH ?voice { ?record a ?kind } ?voice dk:inSource ?source ; dk:originGroup ?origin",
                "record", "voice", "origin")  # fmt: skip
    counted = dict(rows(store, "?record dk:independentClaimants ?number", "record", "number"))
    voices, origins = {}, {}
    for record, voice, origin in said:
        voices.setdefault(record, set()).add(voice)
        origins.setdefault(record, set()).add(origin)
    assert {record for record in origins if int(counted[record]) != len(origins[record])} == set()
    assert len(voices["event/execution-mehdi-hassani"]) > len(origins["event/execution-mehdi-hassani"]) > 5


# ---- the ten prisoners


@pytest.mark.parametrize("person", PRISONERS)
def test_a_timeline_has_every_voice_and_what_nobody_says(catalog, store, person):
    told = answer(catalog, store, "all-that-is-told-of-a-person", person=f"person:{person}", limit="1000")
    expected = rows(
        store,
        f"GRAPH ?voice {{ ?event {ROLES} person:{person} ; a ?kind }} ?voice dk:inSource ?source ; dk:claimant ?who "
        "FILTER(?kind NOT IN (dk:Absence, dk:RiskFactor, dk:Assessment))",
        "event", "voice",
    )  # fmt: skip
    assert {(row["event"], row["voice"]) for row in told if not row["unknown"]} == expected
    assert len({voice.partition("/")[0] for _, voice in expected}) >= 3
    assert all(row["says"] and row["source"] and row["where"] for row in told if not row["unknown"])
    assert [row for row in told if row["unknown"]]


@pytest.mark.parametrize("person", PRISONERS)
def test_a_timeline_is_in_order_of_time_and_the_unknown_comes_last(catalog, store, person):
    told = answer(catalog, store, "all-that-is-told-of-a-person", person=f"person:{person}", limit="1000")
    days = [row["earliest"] or row["latest"] for row in told if row["earliest"] or row["latest"]]
    assert days == sorted(days)
    assert [bool(row["unknown"]) for row in told] == sorted(bool(row["unknown"]) for row in told)


@pytest.mark.parametrize("person", PRISONERS)
def test_what_became_of_a_prisoner_afterwards_is_told_or_said_to_be_unknown(store, person):
    pattern = f"GRAPH <{BASE}voice/dadkhah/after-the-article> {{ ?note a dk:Absence ; dk:about person:{person} }}"
    assert rows(store, pattern, "note")


# ---- predictions


def test_every_prediction_of_the_article_has_an_outcome_with_the_voices_it_rests_on(store):
    predictions = rows(
        store,
        "?voice dk:inSource source:silent-massacre-2025 . GRAPH ?voice { ?prediction a dk:Prediction }",
        "prediction",
    )
    outcome = (
        "?note a dk:Assessment ; dk:assesses ?prediction ; dk:verdict ?verdict ; rdfs:label ?why ; dk:cites ?passage"
    )
    judged = rows(
        store,
        f"{outcome} . ?passage dk:inSource ?source . {OUTSIDE} GRAPH ?said {{ ?record dk:cites ?passage }} "
        "?said dk:claimant ?who . VALUES ?verdict { dk:OutcomeRealised dk:OutcomeNotRealised dk:OutcomeOpen }",
        "prediction",
    )
    assert len(predictions) >= 5
    assert predictions - judged == set()


# ---- identity


def identity():
    """Rows of the person-readable mapping by the records they name: reason and decision."""
    text = (ROOT / "data/mappings/identity.md").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            for name in re.findall(r"`([a-z]+:[\w-]+)`", cells[0]):
                found[name.replace(":", "/", 1)] = (cells[2], cells[3])
    return found


def test_a_record_that_two_sources_share_is_shared_for_a_reason(store):
    one = "GRAPH ?one { ?record a ?kind } ?one dk:inSource ?source . "
    other = "GRAPH ?other { ?record a ?again } ?other dk:inSource ?elsewhere . FILTER(?source != ?elsewhere)"
    shared = {
        record for (record,) in rows(store, f"{one}{OUTSIDE} {other}", "record") if not record.startswith("count/")
    }
    reasons = identity()
    assert len(shared) > 50
    assert {record for record in shared if not all(reasons.get(record, ("", "")))} == set()


def test_no_identity_rests_on_a_name_alone():
    for record, (reason, decision) in identity().items():
        if decision.startswith("same") and record.startswith(("person/", "event/")):
            assert len(re.split(r"[,;]", reason)) >= 2, record


# ---- disagreements


def test_the_page_of_disagreements_is_what_the_graph_gives(snapshots):
    command = [sys.executable, "-m", "dadkhah.cli", "disagreements", "--snapshots", str(snapshots)]
    written = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert written == (ROOT / "docs/disagreements.md").read_text(encoding="utf-8")


def test_forty_disagreements_were_looked_at_and_are_real(catalog, store):
    found = answer(catalog, store, "reviewed-disagreements", verdict="dk:RealDisagreement", limit="1000")
    assert sum(row["finding"] == "RealDisagreement" for row in found) >= 40


def test_every_conflict_was_looked_at_and_every_finding_is_about_a_conflict(store):
    conflicts = rows(store, "?c a dk:Conflict ; dk:subject ?record ; dk:property ?property", "record", "property")
    findings = rows(store, "?n a dk:Assessment ; dk:assesses ?record ; dk:onProperty ?property", "record", "property")
    assert findings == conflicts


def test_a_finding_cites_passages_of_the_conflict(store):
    pattern = (
        "?n dk:assesses ?record ; dk:onProperty ?property ; dk:cites ?passage . "
        "?c a dk:Conflict ; dk:subject ?record ; dk:property ?property ; dk:passage ?passage"
    )
    assert rows(store, pattern, "n") == rows(store, "?n dk:onProperty ?property", "n")


# ---- names


def test_a_persian_name_says_where_it_was_read(store):
    """Of people, places, prisons and courts; a name that no source or dataset gives is not made up.

    Whom or what no source names has a description in our words, in both languages, and no name.
    """
    kinds = "VALUES ?kind { dk:Person dk:Place dk:Prison dk:Ward dk:Court dk:CourtBranch }"
    named = f"{kinds} ?record a ?kind ; skos:prefLabel|skos:altLabel ?name . FILTER(LANG(?name) = 'fa')"
    nameless = "VALUES ?kind { dk:UnnamedPlace dk:UndisclosedPlace } ?record a ?kind"
    described = rows(store, nameless, "record") | rows(store, "?record dk:protection dk:Pseudonymous", "record")
    assert rows(store, named, "record") - described - rows(store, "?record dk:nameSource ?where", "record") == set()
