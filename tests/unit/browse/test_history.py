from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse.records.history import State, Told, revisions
from dadkhah.browse.terms import Iri, Literal

VOICE = "https://w3id.org/dadkhah/voice/a/b"


def said(text: str) -> Told:
    return Told("urn:p", Literal(text), VOICE)


def told_of(*contents: set[str]) -> list[State]:
    return [State(f"2025-01-{n + 1:02d}", str(n), frozenset(map(said, held))) for n, held in enumerate(contents)]


def test_what_came_and_went_is_told_for_each_snapshot_newest_first():
    newest, oldest = revisions(told_of({"a", "b"}, {"b", "c"}))
    assert (newest.came, newest.went, newest.first) == ((said("c"),), (said("a"),), False)
    assert (oldest.came, oldest.went, oldest.first) == ((said("a"), said("b")), (), True)


def test_a_snapshot_in_which_a_record_stayed_the_same_is_left_out():
    assert [each.snapshot for each in revisions(told_of({"a"}, {"a"}, {"a", "b"}))] == ["2", "0"]


def test_a_statement_that_names_a_withdrawn_record_is_not_told_of_any_snapshot():
    gone = Told("urn:p", Iri("urn:gone"), VOICE)
    states = [State("2025", "0", frozenset({gone, said("a")})), State("2026", "1", frozenset({said("a")}))]
    assert [(each.came, each.went) for each in revisions(states, {"urn:gone"})] == [((said("a"),), ())]


@given(st.lists(st.sets(st.sampled_from("abcdef")), max_size=8))
def test_the_changes_lead_from_nothing_to_the_newest_snapshot(contents):
    held: set[Told] = set()
    for each in reversed(revisions(told_of(*contents))):
        assert held.isdisjoint(each.came)
        assert held.issuperset(each.went)
        held = (held | set(each.came)) - set(each.went)
    assert held == ({said(text) for text in contents[-1]} if contents else set())
