"""Rules of comparison: what scores high, what does not, and what an explanation says."""

import math

import pytest

from dadkhah.linking.explain import compare, log_odds_of
from dadkhah.linking.names import score_pairs

SAME = [
    ("حسین رضایی", "Hossein Rezaei"),
    ("حسین رضایی", "Husayn Reza'i"),
    ("سید علی موسوی", "Ali Mousavi"),
    ("علی رضا کریمی", "علیرضا کریمی"),
    ("علیرضا کریمی", "Ali Reza Karimi"),
    (f"مهدی نوری{chr(0x200C)}زاده", "Mehdi Nourizadeh"),
    ("مهدی حسن پور", "Mehdi Hassanpour"),
    ("علي كريمي", "علی کریمی"),
    ("KARIMI, Mehdi", "Mehdi Karimi"),
]
DIFFERENT = [
    ("حسن رضایی", "Hossein Rezaei"),
    ("علی کریمی", "Ali Karami"),
    ("مهدی حسینی", "Mehdi Hassani"),
    ("علی کریمی", "Reza Ahmadi"),
    ("علی کریمی", "علی کرمی"),
    ("Ali Karimi", "Reza Ahmadi"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_score_above_a_half(one, other):
    assert score_pairs([(one, other)]).scores[0] > 0.5


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_only_look_alike_score_below_a_half(one, other):
    assert score_pairs([(one, other)]).scores[0] < 0.5


@pytest.mark.parametrize(("one", "other"), SAME + DIFFERENT)
def test_the_evidence_sums_to_the_score(one, other):
    found = compare(one, other)
    # each piece of evidence is rounded to four digits
    assert 1 / (1 + math.exp(-log_odds_of(found))) == pytest.approx(found.score, abs=2e-3)


@pytest.mark.parametrize(("one", "other"), SAME + DIFFERENT)
def test_every_word_is_either_matched_or_told_to_stand_alone(one, other):
    found = compare(one, other)
    told = " ".join([*(word.left for word in found.words), *found.left_open]).split()
    from dadkhah.linking.normalise import tokens_of

    assert sorted(told) == sorted(tokens_of(one).tokens)


def test_the_rule_by_which_words_met_is_named():
    rules = [word.rule for word in compare("علی رضا حسینی", "Alireza Husseini").words]
    assert "joined" in rules
    assert "transliteration" in rules


def test_a_pair_has_one_score_alone_and_among_others():
    pairs = SAME + DIFFERENT
    together = score_pairs(pairs).scores
    for pair, score in zip(pairs, together, strict=True):
        assert score_pairs([pair]).scores[0] == pytest.approx(score, abs=1e-5)


def test_a_name_without_letters_is_like_nothing():
    for one, other in (("", ""), ("-", "Ali"), ("علی", " ")):
        found = compare(one, other)
        assert found.score < 1e-6
        assert found.evidence == ()


def test_no_pairs_give_no_scores():
    assert len(score_pairs([]).scores) == 0
