"""Passages, entities, events and the pattern of the inventory against the data."""

import hashlib

from dadkhah.iris import Iris

from .conftest import ARTICLE, given

CITED = f"""
SELECT DISTINCT ?passage {{
  GRAPH ?voice {{ ?record dk:cites ?passage }}
  ?voice dk:inSource source:{ARTICLE} .
}}"""
WAIVED = "SELECT ?passage { ?passage a ?kind ; dk:noClaim ?reason . FILTER(STRLEN(STR(?reason)) > 10) }"


def ids(rows):
    return {iri.rpartition("-")[2] for (iri,) in rows}


def test_every_passage_is_cited_by_a_voice_or_waived_with_a_reason(data, inventory):
    cited, waived = ids(data.rows(CITED)), ids(data.rows(WAIVED))
    wanted = {p["id"] for p in inventory["passages"]} | {
        s["heading_id"] for s in inventory["source"]["sections"] if s["heading_id"]
    }
    assert wanted - cited - waived == set()
    assert len({p for p in cited if p.startswith("P")}) == 75


def test_no_passage_is_both_cited_and_waived(data):
    assert ids(data.rows(CITED)) & ids(data.rows(WAIVED)) == set()


def test_offsets_and_hashes_are_those_of_the_inventory(data, inventory):
    rows = data.rows(
        "SELECT ?p ?s ?e ?h { ?p dk:start ?s ; dk:end ?e ; dk:sha256 ?h ; dk:inSource source:" + ARTICLE + " }"
    )
    held = {iri.rpartition("-")[2]: (int(start), int(end), digest) for iri, start, end, digest in rows}
    wanted = {p["id"]: (p["start"], p["end"], p["sha256"]) for p in inventory["passages"]}
    wanted |= {
        s["heading_id"]: (s["heading_start"], s["heading_end"], s["heading_sha256"])
        for s in inventory["source"]["sections"]
        if s["heading_id"]
    }
    assert held == wanted


def test_offsets_address_the_given_text(data):
    raw = given("source/article.txt").read_bytes()
    text = raw.decode()
    ((digest, size, points),) = data.rows(
        f"SELECT ?h ?b ?c {{ snapshot:{ARTICLE} dk:sha256 ?h ; dk:bytes ?b ; dk:codePoints ?c }}"
    )
    assert (digest, int(size), int(points)) == (hashlib.sha256(raw).hexdigest(), len(raw), len(text))
    rows = data.rows(
        "SELECT ?p ?s ?e ?h { ?p dk:start ?s ; dk:end ?e ; dk:sha256 ?h ; dk:inSource source:" + ARTICLE + " }"
    )
    for _, start, end, expected in rows:
        assert hashlib.sha256(text[int(start) : int(end)].encode()).hexdigest() == expected


def test_no_sentence_of_the_source_is_kept(data):
    """A label may be the datum, such as a demand; nothing holds fourteen words of the text in a row."""
    words = given("source/article.txt").read_text(encoding="utf-8").split()
    runs = {" ".join(words[i : i + 14]) for i in range(len(words) - 13)}
    literals = {value for (value,) in data.rows("SELECT DISTINCT ?o { ?s ?p ?o FILTER(isLiteral(?o)) }")}
    assert [text for text in literals if any(run in text for run in runs)] == []


def test_every_entity_and_event_of_the_inventory_is_named_in_the_graph(data, inventory):
    names = {name for (name,) in data.rows("SELECT DISTINCT ?n { ?x skos:prefLabel|skos:altLabel|rdfs:label ?n }")}
    wanted = {item["label"] for item in inventory["entities"] + inventory["events"]}
    assert wanted - names == set()


def test_stages_stand_in_the_order_of_the_inventory(data, inventory):
    rows = data.rows(
        "SELECT ?n ?name { ?s dk:stageOf pattern:1988 ; dk:order ?n ; skos:prefLabel ?name "
        "FILTER(LANG(?name) = 'en') } ORDER BY ?n"
    )
    assert [name for _, name in rows] == [s["label"] for s in inventory["pattern"]["stages"]]


def test_categories_stand_in_the_order_of_the_inventory(data, inventory):
    rows = data.rows(
        "SELECT ?n ?name { ?c dk:categoryOf pattern:repetition-2025 ; dk:order ?n ; skos:prefLabel ?name "
        "FILTER(LANG(?name) = 'en') } ORDER BY ?n"
    )
    assert [name for _, name in rows] == [c["label"] for c in inventory["pattern"]["evidence_2025"]]


def test_items_match_the_stages_of_the_inventory_and_no_other(data, inventory):
    pattern = inventory["pattern"]
    items = [item for category in pattern["evidence_2025"] for item in category["items"]] + pattern["lead_items"]
    wanted = {("item/" + i["id"].lower().replace(".", "-"), n) for i in items for n in i["stages"]}
    rows = data.rows("SELECT ?item ?n { ?m dk:matchedItem ?item ; dk:matchedStage/dk:order ?n }")
    assert {(iri.removeprefix(Iris().base + "id/"), int(n)) for iri, n in rows} == wanted
    assert len(data.rows("SELECT ?i { ?i a dk:EvidenceItem ; dk:inCategory ?c }")) == 22


def test_demands_have_the_acts_and_addressees_of_the_inventory(data, inventory):
    rows = data.rows("""SELECT ?label ?to { ?d a dk:Demand ; rdfs:label ?label ; dk:addressee ?who ;
        dk:saidIn statement:call-to-action . ?who skos:prefLabel ?to
        FILTER(LANG(?label) = "en" && LANG(?to) = "en") }""")
    wanted = {(d["text"], to) for d in inventory["demands"]["article"] for to in d["addressees"]}
    assert set(rows) == wanted
