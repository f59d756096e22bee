from __future__ import annotations

from dadkhah.browse.records.record import record
from dadkhah.browse.relations.star import star
from dadkhah.browse.scheme import Scheme

ID = "https://w3id.org/dadkhah/id/"
SCHEME = Scheme()


async def test_a_star_holds_what_a_record_names_and_what_names_it_with_the_voices(ask):
    person = await record(ask, SCHEME, f"{ID}person/a")
    drawn = star(SCHEME, person, 12)
    assert drawn.nodes[0].ref.iri == f"{ID}person/a"
    assert {node.ref.iri for node in drawn.nodes[1:]} == {f"{ID}event/trial", f"{ID}event/move"}
    assert all(edge.voices for edge in drawn.edges)
    assert all(f"{ID}person/a" in (edge.subject, edge.object) for edge in drawn.edges)


async def test_a_star_has_no_more_neighbours_than_asked_for_and_takes_no_query(ask):
    person = await record(ask, SCHEME, f"{ID}person/a")
    before = ask.queries
    assert len(star(SCHEME, person, 1).nodes) == 2
    assert ask.queries == before


async def test_concepts_of_the_vocabulary_are_no_neighbours(ask):
    trial = await record(ask, SCHEME, f"{ID}event/trial")
    assert all(not node.ref.iri.startswith(SCHEME.iris.ontology) for node in star(SCHEME, trial, 20).nodes)
