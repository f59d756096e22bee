from __future__ import annotations

import pyoxigraph as ox
import pytest

from dadkhah.browse.models import Name
from dadkhah.browse.overviews.patterns import pattern_list, pattern_view
from dadkhah.browse.overviews.risk import IndicatorQuery, risk_view
from dadkhah.browse.overviews.sources import source_list, source_view
from dadkhah.browse.overviews.stats import stats
from dadkhah.browse.records.conflicts import ConflictFilter, conflicts
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search.facets import SearchFilter
from dadkhah.browse.search.hits import NameHit, search, suggest
from dadkhah.browse.time_and_place.events import EventFilter, events
from dadkhah.browse.time_and_place.places import place_points

ID = "https://w3id.org/dadkhah/id/"
DK = "https://w3id.org/dadkhah/ontology#"
SCHEME = Scheme()


async def listed(ask, **where):
    page, following = await events(ask, SCHEME, EventFilter(**where), limit=10)
    assert page.total == len(page.items)
    assert following == 0
    return [entry.event.iri.removeprefix(f"{ID}event/") for entry in page.items]


async def test_events_stand_in_order_of_time_and_undated_ones_last(ask):
    assert await listed(ask) == ["trial", "move", "later"]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"kind": f"{DK}Transfer"}, ["move"]),
        ({"person": f"{ID}person/a"}, ["trial", "move"]),
        ({"person": f"{ID}person/j"}, ["trial"]),
        ({"place": f"{ID}prison/south"}, ["move", "later"]),
        ({"place": f"{ID}place/town"}, ["move", "later"]),
        ({"source": f"{ID}source/report"}, ["trial"]),
        ({"party": f"{DK}IndependentMediaParty", "kind": f"{DK}Execution"}, ["later"]),
        ({"first": "2024-04-01"}, ["move"]),
        ({"last": "2024-03-05"}, ["trial"]),
        ({"first": "2024-03-20", "last": "2024-03-25"}, ["trial"]),
        ({"first": "2025-01-01"}, []),
        ({"person": f"{ID}person/a", "place": f"{ID}prison/north"}, ["move"]),
    ],
)
async def test_events_are_filtered(ask, where, found):
    assert await listed(ask, **where) == found


async def test_a_list_is_paged_without_gap_or_repeat(ask):
    seen, position = [], 0
    while True:
        page, position = await events(ask, SCHEME, EventFilter(), position=position, limit=2)
        seen += [entry.event.iri for entry in page.items]
        if not position:
            break
    assert [iri.removeprefix(f"{ID}event/") for iri in seen] == ["trial", "move", "later"]


async def test_events_name_people_places_and_who_dates_them(ask):
    page, _ = await events(ask, SCHEME, EventFilter(kind=f"{DK}Transfer"))
    (move,) = page.items
    assert [ref.label().text for ref in move.people] == ["Arman Example"]
    assert [dating.assertion.voice.claimant.label().text for dating in move.datings] == ["The Paper"]


async def test_places_on_the_map_count_the_events_in_their_parts(ask):
    points, notes = await place_points(ask, SCHEME)
    (town,) = points
    assert (town.latitude, town.longitude, town.events, notes) == (35.5, 51.25, 2, ())
    assert [assertion.voice.role for assertion in town.assertions] == ["authority"]
    (town,) = (await place_points(ask, SCHEME, "2024-05-01", "2024-05-31"))[0]
    assert town.events == 1


async def test_a_pattern_shows_stages_with_and_without_matches(ask):
    assert [ref.label().text for ref in await pattern_list(ask, SCHEME)] == ["The pattern"]
    view = await pattern_view(ask, SCHEME, f"{ID}pattern/p")
    moves, silence = view.stages
    assert (moves.order, moves.indicator, silence.order) == (1, "moves.rq", 2)
    assert (silence.matches, silence.proposals) == ((), ())
    (match,) = moves.matches
    assert match.target.iri == f"{ID}event/move"
    assert match.assertions[0].voice.role == "analysis"
    assert (moves.span.earliest, moves.independent_claimants) == ("2024-05-02", 1)


async def test_machine_proposals_stand_apart_and_count_for_nothing(ask):
    view = await pattern_view(ask, SCHEME, f"{ID}pattern/p")
    (proposal,) = view.stages[0].proposals
    assert proposal.proposed
    assert proposal.target.iri == f"{ID}event/later"
    assert [match.proposed for match in view.cells[(f"{ID}stage/p-1", f"{ID}event/later")]] == [True]
    assert [event.iri for event in view.events] == [f"{ID}event/move", f"{ID}event/later"]


async def test_an_unknown_pattern_is_none(ask):
    assert await pattern_view(ask, SCHEME, f"{ID}pattern/none") is None


@pytest.mark.parametrize(
    ("where", "total"),
    [
        ({}, 1),
        ({"subject": f"{ID}event/trial"}, 1),
        ({"subject": f"{ID}event/move"}, 0),
        ({"property": f"{DK}inAbsentia"}, 1),
        ({"property": f"{DK}judge"}, 0),
        ({"source": f"{ID}source/report"}, 1),
        ({"source": f"{ID}source/none"}, 0),
    ],
)
async def test_conflicts_are_filtered(ask, where, total):
    page, _ = await conflicts(ask, SCHEME, ConflictFilter(**where))
    assert page.total == len(page.items) == total


async def test_each_side_of_a_conflict_has_its_voices_and_passages(ask):
    page, _ = await conflicts(ask, SCHEME, ConflictFilter())
    (conflict,) = page.items
    assert {
        value.term.value: [(a.voice.claimant.label().text, [p.label for p in a.passages]) for a in value.assertions]
        for value in conflict.values
    } == {"true": [("The Watch", ["section 1"])], "false": [("The Paper", ["P1", "P2"])]}


async def test_a_source_shows_what_is_claimed_from_each_passage_and_what_is_not(ask):
    view = await source_view(ask, SCHEME, f"{ID}source/news")
    assert [(p.locator.label, p.claims, p.covered) for p in view.passages] == [
        ("P1", 2, True),
        ("P2", 3, True),
        ("P3", 0, True),
    ]
    assert [name.text for name in view.passages[2].no_claim] == ["a greeting"]
    assert view.covered == 3
    assert [voice.claimant.label().text for voice in view.voices] == ["The Paper"]
    assert (view.archived[0].sha256, view.archived[0].byte_length) == ("aaaa", 100)
    assert {claimed.record.iri for claimed in view.passages[0].records} == {f"{ID}event/trial", f"{ID}person/a"}


async def test_a_source_without_offsets_shows_its_locators(ask):
    view = await source_view(ask, SCHEME, f"{ID}source/report")
    assert [(p.locator.label, p.locator.start, p.claims) for p in view.passages] == [("section 1", None, 1)]


async def test_sources_are_listed_with_their_voices(ask):
    found, total = await source_list(ask, SCHEME)
    assert [(item.ref.label().text, item.voices) for item in found] == [("News of the day", 1), ("A report", 1)]
    assert total == 2


async def test_slices_of_the_sources_are_the_list(ask):
    whole, total = await source_list(ask, SCHEME)
    slices = [await source_list(ask, SCHEME, position=position, limit=1) for position in range(total)]
    assert [item for held, _ in slices for item in held] == list(whole)
    assert {count for _, count in slices} == {total}
    assert await source_list(ask, SCHEME, position=total) == ((), total)


async def test_statistics_count_each_thing_once(ask):
    found = await stats(ask, SCHEME)
    counts = {count.kind.iri: count.count for count in found.classes}
    assert counts[f"{DK}Person"] == 3
    assert counts[f"{DK}Event"] == 3
    assert found.conflicts == 1
    assert {count.voice.iri.rpartition("/")[2] for count in found.voices} >= {"paper", "watch", "authority"}


RISK = """
PREFIX dk: <https://w3id.org/dadkhah/ontology#> PREFIX e: <https://e.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<https://w3id.org/dadkhah/voice/dadkhah/risk> {
  e:f a dk:RiskFactor ; dk:observedIn e:x , e:y ; dk:riskTo e:somebody .
}
<https://w3id.org/dadkhah/voice/news/paper> {
  e:x a dk:Raid ; rdfs:label "Raid on Somebody"@en ; dk:affected e:somebody ; dk:place e:here ;
    dk:earliest "2024-01-01"^^xsd:date ; dk:latest "2024-01-02"^^xsd:date .
  e:y a dk:Raid ; dk:victim e:somebody ; dk:place e:ward ;
    dk:earliest "2020-01-01"^^xsd:date ; dk:latest "2020-01-02"^^xsd:date .
  e:z a dk:Raid . e:ward dk:partOf e:prison . e:prison dk:partOf e:town .
}
"""
RAIDS = IndicatorQuery(
    "8.1",
    (Name("Deployment", "en"),),
    (Name("Counts raids", "en"),),
    "SELECT DISTINCT ?event WHERE { GRAPH ?g { ?event a <https://w3id.org/dadkhah/ontology#Raid> } }",
)
HELD = IndicatorQuery("7.6", (Name("Contact", "en"),), (), "SELECT ?event WHERE { ?event a <urn:nothing> }")


@pytest.mark.parametrize(
    ("asked", "raids", "named"),
    [
        ({}, 3, 2),
        ({"first": "2023-01-01"}, 1, 1),
        ({"last": "2020-12-31"}, 1, 1),
        ({"first": "2021-01-01", "last": "2022-12-31"}, 0, 0),
        ({"place": "https://e.org/here"}, 1, 1),
        ({"place": "https://e.org/town"}, 1, 1),
        ({"place": "https://e.org/elsewhere"}, 0, 0),
    ],
)
async def test_risk_is_counted_for_a_period_and_place(ask_over, asked, raids, named):
    view = await risk_view(ask_over(RISK), Scheme(merged=False), [HELD, RAIDS], **asked)
    assert [(indicator.number, indicator.count) for indicator in view.indicators] == [
        ("7.6", 0), ("8.1", raids), ("", named),
    ]  # fmt: skip
    assert all(len(indicator.claims) == indicator.count for indicator in view.indicators)


async def test_risk_never_tells_who_is_next(ask_over):
    view = await risk_view(ask_over(RISK), Scheme(merged=False), [HELD, RAIDS])
    assert "somebody" not in repr(view).lower()
    assert "https://e.org/x" not in repr(view)


async def test_each_risk_claim_has_its_voice_and_its_kind(ask_over):
    view = await risk_view(ask_over(RISK), Scheme(merged=False), [RAIDS])
    claims = view.indicators[0].claims
    assert {claim.voice.voice.iri for claim in claims} == {"https://w3id.org/dadkhah/voice/news/paper"}
    assert {kind.iri for claim in claims for kind in claim.kinds} == {"https://w3id.org/dadkhah/ontology#Raid"}
    assert [claim.span.earliest for claim in claims] == ["2020-01-01", "2024-01-01", ""]
    assert view.indicators[1].assertions[0].voice.role == "analysis"


class Names:
    """A name index that holds three names."""

    HITS = (
        NameHit(f"{ID}person/b", "Bahar Example", "en", 0.9, ("same consonants",)),
        NameHit(f"{ID}person/a", "Arman Example", "en", 0.8, ("same consonants",)),
        NameHit(f"{ID}person/j", "Judge Jay", "en", 0.7),
    )

    def find(self, words, limit):
        return self.HITS[:limit]

    complete = find


async def found_by(ask, **where):
    page = await search(ask, SCHEME, "example", index=Names(), where=SearchFilter(**where))
    return [hit.ref.iri.removeprefix(f"{ID}person/") for hit in page.hits]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, ["b", "a", "j"]),
        ({"kind": f"{DK}Judge"}, ["j"]),
        ({"prison": f"{ID}prison/south"}, ["b", "a"]),
        ({"place": f"{ID}prison/north"}, ["a"]),
        ({"judge": f"{ID}person/j"}, ["a", "j"]),
        ({"source": f"{ID}source/report"}, ["a"]),
        ({"first": "2024-05-01", "last": "2024-06-01"}, ["a"]),
        ({"kind": f"{DK}Judge", "prison": f"{ID}prison/south"}, []),
    ],
)
async def test_search_keeps_the_order_of_the_index_and_filters(ask, where, found):
    assert await found_by(ask, **where) == found


async def test_search_says_why_and_counts_facets(ask):
    page = await search(ask, SCHEME, "example", index=Names(), where=SearchFilter())
    assert page.hits[0].reasons == ("same consonants",)
    facets = {facet.name: {value.ref.label().text: value.count for value in facet.values} for facet in page.facets}
    assert facets["type"]["person"] == 3
    assert facets["prison"] == {"South Prison": 2, "North Prison": 1}
    assert facets["source"]["A report"] == 1
    assert page.notes == ()


async def test_of_a_graph_of_names_alone_no_traits_are_asked(ask_over):
    ask = ask_over(
        "".join(f'<{ID}person/{slug}> <http://www.w3.org/2004/02/skos/core#prefLabel> "{slug}" .\n' for slug in "baj"),
        ox.RdfFormat.N_TRIPLES,
    )
    for _ in range(2):
        page = await search(ask, Scheme(merged=False), "example", index=Names(), where=SearchFilter())
        assert [hit.ref.slug for hit in page.hits] == ["b", "a", "j"]
        assert page.facets == ()
    # which properties the graph uses, and the names; then neither again
    assert ask.queries == 2


async def test_a_span_of_time_is_met_where_no_event_has_a_place(ask_over):
    ask = ask_over(
        f"<{ID}event/e> <{DK}defendant> <{ID}person/a> ; <{DK}earliest> '2024-05-02' ; <{DK}latest> '2024-05-02' ."
    )
    where = SearchFilter(first="2024-05-01", last="2024-06-01")
    page = await search(ask, Scheme(merged=False), "example", index=Names(), where=where)
    assert [hit.ref.iri for hit in page.hits] == [f"{ID}person/a"]


async def test_search_without_an_index_finds_words_as_written_and_says_so(ask):
    page = await search(ask, SCHEME, "arman example", index=None, where=SearchFilter())
    assert page.hits[0].ref.iri == f"{ID}person/a"
    assert page.hits[0].score == 1.0
    assert "no index" in page.notes[0]


async def test_search_without_words_lists_what_a_filter_names(ask):
    page = await search(ask, SCHEME, "", index=None, where=SearchFilter(prison=f"{ID}prison/north"))
    assert {hit.ref.iri for hit in page.hits} == {f"{ID}event/move", f"{ID}person/a"}


async def test_suggestions_need_words(ask):
    assert await suggest(ask, SCHEME, "  ", index=None) == ()
    assert f"{ID}person/b" in [hit.ref.iri for hit in await suggest(ask, SCHEME, "bahar", index=None)]


@pytest.mark.parametrize("words", ['"', "\\", "}", "ی\u200cک", "a" * 5000, "%"])
async def test_words_of_any_kind_are_only_words(ask, words):
    page = await search(ask, SCHEME, words, index=None, where=SearchFilter())
    assert page.total >= 0


async def test_views_of_a_graph_of_others_are_empty_and_not_wrong(ask_over):
    ask = ask_over("<https://e.org/a> <https://e.org/p> <https://e.org/b> .", ox.RdfFormat.TURTLE)
    scheme = Scheme(merged=False)
    assert (await conflicts(ask, scheme, ConflictFilter()))[0].items == ()
    assert await pattern_list(ask, scheme) == ()
    assert await source_list(ask, scheme) == ((), 0)
    assert (await place_points(ask, scheme))[0] == ()
    assert (await risk_view(ask, scheme)).indicators == ()
