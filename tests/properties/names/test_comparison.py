"""What holds of every pair of texts whatever they are."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from dadkhah.linking.explain import compare, log_odds_of
from dadkhah.linking.names import score_pairs

PERSIAN = st.text(alphabet="ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآئ \u200c", min_size=1, max_size=30)
LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyz '-āīū", min_size=1, max_size=30)
NAMES = PERSIAN | LATIN | st.text(max_size=40)


@settings(max_examples=150, deadline=None)
@given(NAMES, NAMES)
def test_a_score_is_a_probability_and_does_not_depend_on_the_order(one, other):
    forth, back = score_pairs([(one, other), (other, one)]).scores
    assert 0 <= forth <= 1
    assert math.isclose(forth, back, abs_tol=1e-4)


@settings(max_examples=100, deadline=None)
@given(NAMES, NAMES)
def test_the_explanation_sums_to_the_score(one, other):
    found = compare(one, other)
    odds = log_odds_of(found)
    assert math.isclose(1 / (1 + math.exp(-max(min(odds, 30), -30))), found.score, abs_tol=5e-3)
