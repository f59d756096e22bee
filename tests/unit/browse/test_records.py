from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest

from dadkhah.browse.models import local_name
from dadkhah.browse.records import reading
from dadkhah.browse.records.reading import Shown
from dadkhah.browse.records.record import QUERIES, RELATIONS_SHOWN, record, relation_slice, statement_slice
from dadkhah.browse.scheme import Scheme

ID = "https://w3id.org/dadkhah/id/"
DK = "https://w3id.org/dadkhah/ontology#"
SCHEME = Scheme()


def labels(refs):
    return [ref.label().text for ref in refs]


def said(found, name):
    return {s.value.term.value: s for s in found.statements if s.property.iri == f"{DK}{name}"}


async def test_every_statement_says_who_makes_it_and_where(ask):
    trial = await record(ask, SCHEME, f"{ID}event/trial")
    assert trial.statements
    assert all(statement.value.assertions for statement in trial.statements)
    defendant = said(trial, "defendant")[f"{ID}person/a"]
    assert [
        (a.voice.claimant.label().text, a.voice.source.label().text, [p.label for p in a.passages])
        for a in defendant.value.assertions
    ] == [
        ("The Paper", "News of the day", ["P1", "P2"]),
        ("The Watch", "A report", ["section 1"]),
    ]
    passage = defendant.value.assertions[0].passages[0]
    assert (passage.start, passage.end, passage.sha256, passage.snapshot_sha256) == (0, 50, "bbbb", "aaaa")
    assert passage.fragment == "char=0,50"
    assert passage.source == f"{ID}source/news"


async def test_voices_that_disagree_stand_side_by_side(ask):
    trial = await record(ask, SCHEME, f"{ID}event/trial")
    values = said(trial, "inAbsentia")
    assert [rival.term.value for rival in values["true"].rivals] == ["false"]
    assert [rival.term.value for rival in values["false"].rivals] == ["true"]
    assert values["true"].conflicts == (f"{ID}conflict/c1",)
    (conflict,) = trial.conflicts
    assert {value.term.value: labels(a.voice.claimant for a in value.assertions) for value in conflict.values} == {
        "true": ["The Watch"],
        "false": ["The Paper"],
    }


async def test_several_values_of_a_property_that_may_have_several_are_no_rivals(ask):
    trial = await record(ask, SCHEME, f"{ID}event/trial")
    assert all(not statement.rivals for statement in said(trial, "earliest").values())


async def test_names_types_and_links_elsewhere_stand_apart(ask):
    person = await record(ask, SCHEME, f"{ID}person/a")
    assert [(name.text, name.language, name.preferred) for name in person.names] == [
        ("Arman Example", "en", True),
        ("آرمان نمونه", "fa", True),
        ("A. Example", "en", False),
    ]
    assert labels(person.types) == ["person", "prisoner"]
    assert person.types[0].label("fa").text == "شخص"
    assert [same.target.iri for same in person.same_as] == ["https://other.example/people/7"]
    assert person.independent_claimants == 2
    assert [statement.property.iri for statement in person.statements] == [f"{DK}title"]


async def test_a_record_keeps_its_classes_where_few_of_its_statements_are_read(ask):
    for name in ("event/trial", "person/a"):
        whole = await record(ask, SCHEME, f"{ID}{name}")
        part = await record(ask, SCHEME, f"{ID}{name}", shown=Shown(statements=1))
        assert set(part.kinds) == set(whole.kinds)
        assert "statements" in part.more


async def test_what_the_build_derives_does_not_repeat_what_a_voice_says(ask):
    person = await record(ask, SCHEME, f"{ID}person/a")
    assert {(r.subject.label().text, r.property.iri.removeprefix(DK)) for r in person.relations} == {
        ("Trial of Arman Example", "defendant"),
        ("Transfer of Arman Example", "transferred"),
    }
    assert all(assertion.voice.role == "voice" for r in person.relations for assertion in r.assertions)


async def test_the_timeline_shows_uncertain_times_as_each_voice_gives_them(ask):
    person = await record(ask, SCHEME, f"{ID}person/a")
    trial, move = person.timeline
    assert trial.event.label().text == "Trial of Arman Example"
    assert [(d.span.earliest, d.span.latest, d.span.precision) for d in trial.datings] == [
        ("2024-03-01", "2024-03-31", "month"),
        ("2024-03-10", "2024-03-10", "day"),
    ]
    assert (trial.span.earliest, trial.span.latest) == ("2024-03-01", "2024-03-31")
    assert labels(trial.roles) == ["has as defendant"]
    assert labels(move.places) == ["North Prison", "South Prison"]
    assert move.span.solar_hijri == ("1403-02-13", "1403-02-13")


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("name", ["event/trial", "person/a", "person/j", "prison/south", "source/news", "pattern/p"])
async def test_a_record_takes_a_constant_number_of_queries(ask, name, merged):
    found = await record(ask, Scheme(merged=merged), f"{ID}{name}")
    assert found is not None
    assert ask.queries <= QUERIES


def hub(size: int) -> str:
    prefixes = "PREFIX a: <https://e.org/> PREFIX s: <https://schema.org/>\n"
    return prefixes + "\n".join(f"a:e{n} a:at a:hub ; s:startDate '{1900 + n % 99}' ." for n in range(size))


@pytest.mark.parametrize("size", [1, 40, 3_000])
async def test_a_hub_takes_no_more_queries_and_shows_no_more_than_a_leaf(ask_over, size):
    ask = ask_over(hub(size), ox.RdfFormat.TURTLE)
    found = await record(ask, Scheme(merged=False), "https://e.org/hub")
    assert ask.queries <= QUERIES
    assert len(found.relations) == min(size, RELATIONS_SHOWN)
    (count,) = found.relation_counts
    assert (count.count, count.exact) == (size, True)


async def test_all_relations_of_a_hub_can_be_paged_through(ask_over):
    ask = ask_over(hub(250), ox.RdfFormat.TURTLE)
    seen, position = [], 0
    while True:
        relations, position = await relation_slice(ask, Scheme(merged=False), "https://e.org/hub", position, 100)
        seen += [relation.subject.iri for relation in relations]
        if not position:
            break
    assert len(seen) == len(set(seen)) == 250


async def test_nothing_is_found_where_nothing_is_said(ask):
    assert await record(ask, SCHEME, f"{ID}person/nobody") is None


OWN = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix schema: <https://schema.org/> . @prefix ex: <https://e.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a foaf:name "Alice" ; foaf:knows ex:b . ex:b rdfs:label "Bob"@en , "باب"@fa .
ex:g { ex:a foaf:knows ex:b , ex:c . ex:c schema:name "Cee" }
ex:party schema:name "Party" ; schema:attendee ex:a ; schema:startDate "2020-05" .
ex:g <http://purl.org/dc/terms/creator> ex:b .
"""


async def test_a_graph_of_others_is_read_with_its_own_names_and_graphs(ask_over):
    found = await record(ask_over(OWN), Scheme(merged=False), "https://e.org/a")
    assert found.ref.label().text == "Alice"
    knows = {s.value.ref.label().text: s for s in found.statements if s.property.iri.endswith("knows")}
    assert [a.voice.iri for a in knows["Bob"].value.assertions] == ["https://e.org/g"]
    assert knows["Cee"].value.assertions[0].voice.claimant.label("fa").text == "باب"
    assert [(e.event.label().text, e.span.earliest, e.span.latest) for e in found.timeline] == [
        ("Party", "2020-05-01", "2020-05-31")
    ]


def test_a_thing_without_a_name_is_called_after_its_iri():
    assert local_name(f"{DK}familyNotified") == "family notified"
    assert local_name("https://e.org/some-thing/") == "some thing"
    assert local_name("urn:x") == "urn:x"


LONG = """
PREFIX dk: <https://w3id.org/dadkhah/ontology#> PREFIX id: <https://w3id.org/dadkhah/id/event/>
PREFIX p: <https://w3id.org/dadkhah/id/person/> PREFIX g: <https://w3id.org/dadkhah/graph/>
PREFIX v: <https://w3id.org/dadkhah/voice/x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
v:a { id:e a dk:Execution ; dk:actType %s ; dk:count 7 ; dk:victim p:a ; dk:zeal "z" ;
  dk:earliest "2025-01-01"^^xsd:date }
v:b { id:e dk:count 9 }
g:derived { <https://w3id.org/dadkhah/id/conflict/c> a dk:Conflict ; dk:subject id:e ; dk:property dk:count ;
  dk:value 7 , 9 ; dk:voice v:a , v:b }
v:c { id:e dk:count 1 , 2 , 3 , 4 , 5 , 6 }
"""
MANY = " , ".join(f'"kind {n:03}"' for n in range(120))


def long_record(ask_over):
    return ask_over(LONG % MANY, ox.RdfFormat.TRIG), Scheme(merged=False), f"{ID}event/e"


async def test_of_a_long_record_whom_it_befell_and_when_are_shown_first(ask_over):
    found = await record(*long_record(ask_over))
    order = list(dict.fromkeys(each.property.iri.removeprefix(DK) for each in found.statements))
    assert order == ["victim", "earliest", "actType", "count", "zeal"]


async def test_a_property_with_many_values_leaves_room_for_others_and_says_how_many_more(ask_over):
    found = await record(*long_record(ask_over), shown=Shown(statements=50, values=3))
    counted = Counter(each.property.iri.removeprefix(DK) for each in found.statements)
    assert counted == {"victim": 1, "earliest": 1, "actType": 3, "count": 3, "zeal": 1}
    assert found.left == {f"{DK}actType": 117, f"{DK}count": 5}
    assert "statements" in found.more


async def test_values_that_voices_disagree_about_are_not_beyond_the_cut(ask_over):
    found = await record(*long_record(ask_over), shown=Shown(statements=50, values=2))
    counts = [each for each in found.statements if each.property.iri == f"{DK}count"]
    assert sorted(each.value.term.value for each in counts) == ["7", "9"]
    assert all(len(each.rivals) == 1 for each in counts)


RIVALS_FAR_APART = """
PREFIX dk: <https://w3id.org/dadkhah/ontology#>
GRAPH <https://w3id.org/dadkhah/graph/derived> { <https://w3id.org/dadkhah/id/conflict/d> a dk:Conflict ;
  dk:subject <https://w3id.org/dadkhah/id/event/e> ; dk:property dk:actType ; dk:value "kind 000" , "kind 119" }
"""


async def test_a_rival_beyond_the_statements_that_are_looked_at_stands_beside_what_it_differs_from(ask_over):
    ask = ask_over(LONG % MANY + RIVALS_FAR_APART, ox.RdfFormat.TRIG)
    found = await record(ask, Scheme(merged=False), f"{ID}event/e", shown=Shown(statements=10, values=3))
    kinds = [each for each in found.statements if each.property.iri == f"{DK}actType"]
    assert [each.value.term.value for each in kinds] == ["kind 000", "kind 119", "kind 001"]
    assert [[one.term.value for one in each.rivals] for each in kinds[:2]] == [["kind 119"], ["kind 000"]]
    assert all(each.value.assertions[0].voice.iri.endswith("voice/x/a") for each in kinds)


async def test_more_rivals_than_values_of_a_property_are_all_shown(ask_over):
    found = await record(*long_record(ask_over), shown=Shown(statements=50, values=1))
    assert [each.value.term.value for each in found.statements if each.property.iri == f"{DK}count"] == ["7", "9"]


async def test_the_cut_says_how_many_statements_of_each_property_and_in_all_are_beyond_it(ask_over):
    found = await record(*long_record(ask_over), shown=Shown(statements=12, values=3))
    assert found.left == {f"{DK}actType": 117}
    assert found.unshown == 131 - len(found.statements)


async def test_of_values_that_nobody_disputes_those_that_most_voices_give_come_first(ask_over):
    attested = "GRAPH <https://w3id.org/dadkhah/voice/x/d> { <https://w3id.org/dadkhah/id/event/e> "
    attested += '<https://w3id.org/dadkhah/ontology#actType> "kind 030" }'
    ask = ask_over(LONG % MANY + attested, ox.RdfFormat.TRIG)
    found = await record(ask, Scheme(merged=False), f"{ID}event/e", shown=Shown(statements=50, values=2))
    kinds = [each.value.term.value for each in found.statements if each.property.iri == f"{DK}actType"]
    assert kinds == ["kind 030", "kind 000"]


async def test_all_statements_can_be_paged_through_in_the_same_order(ask_over):
    ask, scheme, iri = long_record(ask_over)
    whole = await record(ask, scheme, iri)
    seen, position = [], 0
    while True:
        statements, position = await statement_slice(ask, scheme, iri, position, 10)
        seen += [(each.property.iri, each.value.term) for each in statements]
        if not position:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == {(each.property.iri, each.value.term) for each in whole.statements}
    assert [name for name, _ in seen] == [each.property.iri for each in whole.statements]


async def test_statements_beyond_those_that_are_put_in_order_are_all_there(ask_over, monkeypatch):
    monkeypatch.setattr(reading, "_ORDERED", 45)
    ask, scheme, iri = long_record(ask_over)
    seen, position = [], 0
    while True:
        statements, position = await statement_slice(ask, scheme, iri, position, 20)
        seen += [(each.property.iri, each.value.term) for each in statements]
        if not position:
            break
    assert len(seen) == len(set(seen)) == 131
