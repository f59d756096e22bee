"""Linking, whatever the records are: symmetric, the same record first, and people have the last word."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from dadkhah.errors import InputError, NotFound
from dadkhah.linking.batch.decisions import STATES, Decision, decide, decided, row_of, undo, write_candidates
from dadkhah.linking.batch.engines.crew import Crew
from dadkhah.linking.batch.organisations import compare_bodies
from dadkhah.linking.batch.propose import Task, duplicates, propose
from dadkhah.linking.batch.scoring import Scorer, bones_of
from dadkhah.linking.batch.sides import our_side, their_side
from dadkhah.linking.batch.target import Target
from dadkhah.linking.beside import Described, Stated, evidence
from dadkhah.linking.names import score_pairs
from dadkhah.source.project.mappings import read_sssom, statements

GIVEN = (
    "Ali",
    "علی",
    "Hossein",
    "حسین",
    "Hussein",
    "Reza",
    "رضا",
    "محمد",
    "Mohammad",
    "فاطمه",
    "Fatemeh",
    "Mehdi",
    "مهدی",
)
FAMILY = (
    "Karimi",
    "کریمی",
    "Karami",
    "Rezaei",
    "رضایی",
    "Hosseini",
    "حسینی",
    "Nourizadeh",
    "نوری‌زاده",
    "احمدی",
    "Ahmadi",
)
LETTERS = "abdehiklmnorsuyz'- ابپتجحخدرزسشصطعفقکگلمنوهیآءئؤ‌"
REVIEWER = "https://example.org/people/reviewer"

people = st.builds(lambda one, other: f"{one} {other}", st.sampled_from(GIVEN), st.sampled_from(FAMILY))
anything = st.text(LETTERS, min_size=1, max_size=24)
names = people | anything
bodies = st.lists(
    st.sampled_from(("Revolutionary", "Court", "Branch", "26", "1st", "of", "Tehran", "دادگاه", "شعبه", "۲۶")),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip
dates = st.sampled_from(("", "1960", "1960-05", "1960-05-02", "1988-08-03"))
records = st.lists(st.tuples(people, dates, dates), min_size=1, max_size=6)


def targets(space: str, rows: list[tuple[str, str, str]]) -> list[Target]:
    return [Target(f"urn:{space}:{n}", (name,), born, died=died) for n, (name, born, died) in enumerate(rows)]


def scores(ours: list[Target], theirs: list[Target], least: float = 0.3) -> dict[tuple[str, str], float]:
    found = propose(our_side(ours), their_side(theirs), Task(least=least))
    return {(each.subject, each.target): each.score for each in found}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, names), min_size=1, max_size=20), st.sampled_from(("person", "place")))
def test_names_score_the_same_in_either_order(pairs, domain):
    there = score_pairs(pairs, domain).scores
    back = score_pairs([(other, one) for one, other in pairs], domain).scores
    assert np.abs(there - back).max() <= 1e-5


@settings(max_examples=40, deadline=None)
@given(bodies, bodies)
def test_bodies_score_the_same_in_either_order(one, other):
    assert compare_bodies(one, other, {}).score == pytest.approx(compare_bodies(other, one, {}).score, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(records, records)
def test_links_are_the_same_from_either_side(one, other):
    ours, theirs = targets("o", one), targets("t", other)
    turned = {(subject, target): value for (target, subject), value in scores(theirs, ours).items()}
    there = scores(ours, theirs)
    assert there.keys() == turned.keys()
    assert all(abs(there[pair] - turned[pair]) <= 1e-4 for pair in there)


@settings(max_examples=20, deadline=None)
@given(records, st.integers(0, 5))
def test_no_record_scores_above_the_identical_one(rows, place):
    ours = targets("o", rows)
    same = ours[place % len(ours)]
    found = scores(ours, [Target("urn:t", same.names, same.born, died=same.died)])
    best = found[(same.iri, "urn:t")]
    assert best >= 0.9
    assert all(value <= best + 1e-4 for value in found.values())


@settings(max_examples=12, deadline=None)
@given(records, records, st.randoms(use_true_random=False))
def test_what_was_rejected_is_never_proposed_again(one, other, chance):
    ours, theirs = targets("o", one), targets("t", other)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        found = list(propose(our_side(ours), their_side(theirs), Task(least=0.3)))
        gone = [each for each in found if chance.random() < 0.5]
        for each in gone:
            decide(folder, row_of(each), Decision("rejected", REVIEWER, "2026-01-02", "two people"))
        again = propose(our_side(ours), their_side(theirs), Task(least=0.0, decided=decided(folder)))
        pairs = {(each.subject, each.target) for each in again}
        assert pairs & {(each.subject, each.target) for each in gone} == set()
        assert {(each.subject, each.target) for each in found if each not in gone} <= pairs


@settings(max_examples=12, deadline=None)
@given(records)
def test_a_rejected_duplicate_is_never_proposed_again_from_either_end(rows):
    side = our_side(targets("o", rows))
    found = list(duplicates(side, Task(least=0.3)))
    assert all(each.subject < each.target for each in found)
    for turned in (False, True):
        known = {(each.target, each.subject) if turned else (each.subject, each.target) for each in found}
        again = {(each.subject, each.target) for each in duplicates(side, Task(least=0.3, decided=known))}
        assert again == set()


@settings(max_examples=2, deadline=None)
@given(st.lists(people, min_size=2, max_size=12))
def test_helpers_give_the_same_scores_in_the_same_order(found):
    kinds = ["person"] * len(found)
    bones = bones_of(found, kinds)
    scorer = Scorer(found, found, kinds, {}, (bones, bones))
    lefts, rights = (each.ravel().astype(np.int32) for each in np.meshgrid(range(len(found)), range(len(found))))
    crew = _crew(scorer)
    try:
        assert (crew.scores(lefts, rights) == scorer.scores(lefts, rights)).all()
    finally:
        crew.close()


def _crew(scorer: Scorer) -> Crew:
    return Crew(scorer, 10**9, workers=2)


@settings(max_examples=40, deadline=None)
@given(st.lists(names, min_size=1, max_size=3), st.lists(names, min_size=1, max_size=3))
def test_evidence_is_the_same_from_either_side(one, other):
    left = Described("person", tuple(one), {"p": Stated(frozenset({"a"}), single=True)}, frozenset({"e", "f"}))
    right = Described("judge", tuple(other), {"p": Stated(frozenset({"b"}))}, frozenset({"e"}))
    there, back = evidence(left, right), evidence(right, left)
    assert (there.agree, there.differ, there.kinds, there.together) == ((), ("p",), True, ("e",))
    assert (there.agree, there.differ, there.kinds, there.together) == (
        back.agree, back.differ, back.kinds, back.together,
    )  # fmt: skip
    assert there.names.score == pytest.approx(back.names.score, abs=1e-4)


class Review(RuleBasedStateMachine):
    """Machines propose, people decide and take back, in any order; what people said stands."""

    pairs = Bundle("pairs")

    @initialize()
    def start(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name) / "mappings"
        self.ours = targets("o", [("Ali Karimi", "", ""), ("حسین رضایی", "", "")])
        self.theirs = targets("t", [("علی کریمی", "", ""), ("Hossein Rezaei", "", ""), ("Ali Karami", "", "")])
        found = propose(our_side(self.ours), their_side(self.theirs), Task(least=0.3))
        self.rows = {(each.subject, each.target): row_of(each) for each in found}
        self.said: dict[tuple[str, str], str] = {}
        self.day = 1

    def files(self):
        return {file.name: file.read_bytes() for file in sorted(self.folder.glob("*.tsv"))}

    def links(self):
        table = self.folder / "accepted.sssom.tsv"
        return set(map(str, statements(read_sssom(table, "accepted")[0].rows))) if table.exists() else set()

    def decision(self, state):
        self.day = self.day % 28 + 1
        return Decision(state, REVIEWER, f"2026-01-{self.day:02}", f"reason of day {self.day}")

    @rule()
    def a_machine_proposes(self):
        before = self.files()
        found = list(
            propose(our_side(self.ours), their_side(self.theirs), Task(least=0.3, decided=decided(self.folder)))
        )
        write_candidates(found, self.folder.parent / "candidates.sssom.tsv")
        assert {(each.subject, each.target) for each in found} == self.rows.keys() - self.said.keys()
        assert self.files() == before

    @rule(number=st.integers(0, 20), state=st.sampled_from(STATES))
    def a_person_decides(self, number, state):
        pair = sorted(self.rows)[number % len(self.rows)]
        before = self.files()
        if self.said.get(pair) in {"accepted", "rejected"}:
            with pytest.raises(InputError):
                decide(self.folder, self.rows[pair], self.decision(state))
            assert self.files() == before
        else:
            decide(self.folder, self.rows[pair], self.decision(state))
            self.said[pair] = state

    @rule(number=st.integers(0, 20))
    def a_person_takes_back(self, number):
        pair = sorted(self.rows)[number % len(self.rows)]
        if self.said.get(pair) in {"accepted", "rejected"}:
            undo(self.folder, *pair, self.decision("undecided"))
            self.said[pair] = "undecided"
        else:
            with pytest.raises(NotFound):
                undo(self.folder, *pair, self.decision("undecided"))

    @rule(number=st.integers(0, 20))
    def merging_and_splitting_gives_the_first_state(self, number):
        pair = sorted(self.rows)[number % len(self.rows)]
        if self.said.get(pair) != "undecided":
            return
        before, links = self.files(), self.links()
        decide(self.folder, self.rows[pair], self.decision("accepted"))
        assert self.links() > links
        undo(self.folder, *pair, self.decision("undecided"))
        assert self.links() == links
        kept = {name: data for name, data in self.files().items() if name == "rejected.sssom.tsv"}
        assert kept == {name: data for name, data in before.items() if name == "rejected.sssom.tsv"}

    @invariant()
    def what_people_said_stands_once(self):
        if not hasattr(self, "said"):
            return
        assert decided(self.folder) == self.said
        rows = [row for name in STATES if (file := self.folder / f"{name}.sssom.tsv").exists()
                for row in read_sssom(file, name)[0].rows]  # fmt: skip
        assert len(rows) == len(self.said)
        assert all(row.reviewer_id == REVIEWER and row.comment for row in rows)

    def teardown(self):
        if hasattr(self, "place"):
            self.place.cleanup()


TestReview = Review.TestCase
TestReview.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
