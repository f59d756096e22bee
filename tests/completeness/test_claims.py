"""The inventory is walked claim by claim: each must stand in the graph of the voice that makes it."""

import re
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest

from .conftest import Data

CLAIMS = tomllib.loads((Path(__file__).parent / "claims.toml").read_text(encoding="utf-8"))
SUBJECT = re.compile(r"(?:^|\s\.\s+)([a-z]+:[A-Za-z0-9-]+)\s")
DERIVED = "(derived by the reader; asserted by nobody in the text)"

NEGATIONS = ("false", "dk:negated true", "dk:LackedAppeals")

# The qualifier of the inventory, by its first words, and what must stand in the pattern of the claim.
QUALIFIERS = {
    "for months": r"dk:Several",
    "exact day": r"dk:earliest (\S+) ; dk:latest \1",
    "exact": r"dk:Exact|dk:duration",
    "no qualifier": r"dk:Exact",
    "more than": r"dk:MoreThan",
    "over": r"dk:MoreThan",
    "dozens": r"dk:Dozens",
    "including": r"dk:openMembership true",
    "all": r"dk:extent dk:All",
    "conditional": r"dk:Conditional|dk:WouldConstitute",
    "may; possibly": r"dk:MayAmountTo , dk:Possibly",
    "may": r"dk:MayAmountTo",
    "serious concern": r"dk:Possibly",
    "serious risk": r"term:serious-risk-to-life",
    '"Minutes-long"': r"dk:Several ; dk:unit dk:UnitMinute",
    '"At the same time"': r"dk:aboutSameTimeAs",
    '"alone"': r"term:mahabad-alone",
    "or (alternatives)": r"term:at-night-or-in-secrecy",
    "12 days": r"dk:number 12 ; dk:unit dk:UnitDay",
    "superlative": r"term:longest-held",
    "only": r"dk:condition",
}

# Readings say what kind of claim they are; a record of an event is a statement of fact.
MODALITIES = {
    "asserted fact": "dk:AssertedFact",
    "legal opinion": "dk:LegalOpinion",
    "prediction": "dk:PredictiveClaim",
    "demand": "dk:DemandingClaim",
    "evaluation": "dk:EvaluativeClaim",
}
RENDERINGS = {
    "direct quotation": "dk:DirectQuotation",
    "partial quotation": "dk:PartialQuotation",
    "reported speech": "dk:ReportedSpeech",
}


def records(entry):
    return set(SUBJECT.findall(" . " + entry["holds"]))


def expected_qualifier(qualifier):
    fitting = [key for key in QUALIFIERS if qualifier.startswith(key)]
    assert fitting, f"no rule for the qualifier {qualifier!r}"
    return QUALIFIERS[max(fitting, key=len)]


def test_every_claim_of_the_inventory_has_an_entry_and_no_other_has(inventory):
    assert set(CLAIMS) == {claim["id"] for claim in inventory["claims"]}
    assert len(CLAIMS) == 229


def test_every_claim_holds_in_the_graph_of_its_voice(data, inventory):
    missing = [c["id"] for c in inventory["claims"] if not data.ask(**_asked(CLAIMS[c["id"]]))]
    assert missing == []


def test_no_pattern_holds_of_itself(inventory):
    """A pattern that an empty store satisfies would prove nothing."""
    empty = Data(ox.Store())
    assert [c["id"] for c in inventory["claims"] if empty.ask(**_asked(CLAIMS[c["id"]]))] == []


def test_no_claim_of_a_relayed_voice_stands_in_another_voices_graph(data, inventory):
    """Except where two voices say the same, which the inventory lists as two claims."""
    voices = {entry["voice"] for entry in CLAIMS.values()}
    leaked = [
        (claim["id"], voice)
        for claim in inventory["claims"]
        if claim["relayed_by"]
        for voice in voices - {CLAIMS[claim["id"]]["voice"]}
        if data.ask(voice, CLAIMS[claim["id"]]["holds"])
    ]
    assert leaked == []


def test_every_claim_is_in_the_voice_of_whoever_asserts_it(data, inventory):
    wrong = []
    for claim in inventory["claims"]:
        voice = f"<https://w3id.org/dadkhah/voice/{CLAIMS[claim['id']]['voice']}>"
        rows = data.rows(f"SELECT ?name {{ {voice} dk:claimant ?who . ?who skos:prefLabel|skos:altLabel ?name }}")
        expected = "dadkhah" if claim["asserted_by"] == DERIVED else claim["asserted_by"]
        if expected not in {name for (name,) in rows}:
            wrong.append(claim["id"])
    assert wrong == []


def test_every_passage_of_a_claim_is_cited_by_its_records(data, inventory):
    missing = {}
    for claim in inventory["claims"]:
        entry = CLAIMS[claim["id"]]
        wanted = {f"P{n}" for n in claim["passages"]} | set(claim["headings"])
        if absent := wanted - data.cited(entry["voice"], records(entry)):
            missing[claim["id"]] = sorted(absent)
    assert missing == {}


def test_a_negated_claim_is_denied_in_so_many_words(inventory):
    negated = [c["id"] for c in inventory["claims"] if c["polarity"] == "negated"]
    silent = [i for i in negated if not any(word in CLAIMS[i]["holds"] for word in NEGATIONS)]
    assert negated
    assert silent == []


def test_an_affirmed_claim_is_not_denied(inventory):
    affirmed = [c["id"] for c in inventory["claims"] if c["polarity"] == "affirmed"]
    assert [i for i in affirmed if "dk:negated true" in CLAIMS[i]["holds"]] == []


def test_the_qualifier_of_a_claim_is_kept(inventory):
    lost = [
        (c["id"], c["qualifier"])
        for c in inventory["claims"]
        if c["qualifier"] and not re.search(expected_qualifier(c["qualifier"]), CLAIMS[c["id"]]["holds"])
    ]
    assert lost == []


def test_a_presupposed_or_implied_claim_says_so(data, inventory):
    wrong = [
        c["id"]
        for c in inventory["claims"]
        if c["explicitness"] != "explicit"
        and c["asserted_by"] != DERIVED
        and not any(
            data.ask(CLAIMS[c["id"]]["voice"], f"{r} dk:explicitness dk:{c['explicitness'].capitalize()} .")
            for r in records(CLAIMS[c["id"]])
        )
    ]
    assert wrong == []


@pytest.mark.parametrize(("named", "concept"), MODALITIES.items())
def test_a_reading_has_the_modality_of_its_claim(data, inventory, named, concept):
    wrong = []
    for claim in inventory["claims"]:
        subjects = records(CLAIMS[claim["id"]])
        readings = [subject for subject in subjects if subject.startswith("reading:")]
        if named in claim["modality"] and len(readings) == len(subjects):
            voice = CLAIMS[claim["id"]]["voice"]
            if not any(data.ask(voice, f"{r} dk:modality {concept} .") for r in readings):
                wrong.append(claim["id"])
    assert wrong == []


def test_words_of_others_say_how_they_are_rendered(data, inventory):
    wrong = [
        c["id"]
        for c in inventory["claims"]
        if c["voice"] in RENDERINGS
        and not any(
            data.ask(CLAIMS[c["id"]]["voice"], f"{r} dk:rendering {RENDERINGS[c['voice']]} .")
            for r in records(CLAIMS[c["id"]])
        )
    ]
    assert wrong == []


def _asked(entry):
    return {"voice": entry["voice"], "pattern": entry["holds"]}


def test_a_legal_opinion_says_how_certain_it_is_and_no_more_certain_than_its_words(data, inventory):
    """“May amount to” is never told as “constitutes”, nor the other way round."""
    wrong = []
    for claim in inventory["claims"]:
        entry = CLAIMS[claim["id"]]
        readings = [r for r in records(entry) if r.startswith("reading:")]
        if "legal opinion" not in claim["modality"] or not readings:
            continue
        hedged = (claim["qualifier"] or "").startswith("may")
        for reading in readings:
            certain = data.ask(entry["voice"], f"{reading} dk:certainty ?certainty .")
            may = data.ask(entry["voice"], f"{reading} dk:certainty dk:MayAmountTo .")
            constitutes = data.ask(entry["voice"], f"{reading} dk:certainty dk:Constitutes .")
            if not certain or may != hedged or (hedged and constitutes):
                wrong.append((claim["id"], reading))
    assert wrong == []


def test_a_prediction_of_the_inventory_is_no_event(data, inventory):
    """What is feared or foretold has not happened: its objects are envisaged things."""
    wrong = []
    for claim in inventory["claims"]:
        entry = CLAIMS[claim["id"]]
        foretold = any(data.ask(entry["voice"], f"{record} a dk:Prediction .") for record in records(entry))
        if "prediction" in claim["modality"] and not foretold:
            wrong.append(claim["id"])
    assert wrong == []
    assert data.rows("SELECT ?x WHERE { ?x a dk:EnvisagedThing , ?kind . ?kind rdfs:subClassOf* dk:Event }") == []
