"""How well property values agree, and how that moves a score.

In: values asked for and values recorded. Out: an agreement in [0, 1], and a score. The name's score is a calibrated
probability; a property adds up to `STRENGTH` to its log-odds or takes as much away. That figure is set by hand: there
are no labelled pairs with properties to learn it from. What is not recorded is evidence of nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from dadkhah.linking.names import score_pairs
from dadkhah.linking.reconcile.asked import Candidate, Condition, Plain

STRENGTH: Final = 2.5  # log-odds of one property that agrees; minus this where it contradicts
SURE: Final = 95.0  # score of a certain match, if no other candidate comes near
APART: Final = 15.0  # how far below the next candidate has to be
_DATE: Final = re.compile(r"^(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T.*)?$")


def agreement(condition: Condition, recorded: Sequence[str]) -> float | None:
    """How well recorded values meet a condition; None where nothing is recorded."""
    if not recorded:
        return None
    each = [max(likeness(value, other) for other in recorded) for value in condition.values]
    if not each:
        return None
    if condition.quantifier == "all":
        return min(each)
    return 1 - max(each) if condition.quantifier == "none" else max(each)


def likeness(asked: Plain, recorded: str) -> float:
    """How like a value is to a recorded one: the same, dates that do not contradict, near numbers, names."""
    text = str(asked).lower() if isinstance(asked, bool) else str(asked)
    if text.strip() == recorded.strip():
        return 1.0
    one, other = _DATE.match(text.strip()), _DATE.match(recorded.strip())
    if one and other:
        parts = list(zip(one.groups(), other.groups(), strict=True))
        if any(mine and theirs and mine != theirs for mine, theirs in parts):
            return 0.0
        return 1.0 if all(mine == theirs for mine, theirs in parts) else 0.8
    a, b = _number(text), _number(recorded)
    if a is not None and b is not None:
        return 1.0 if math.isclose(a, b) else max(0.0, 1 - abs(a - b) / max(abs(a), abs(b)))
    return float(score_pairs([(text[:200], recorded[:200])]).scores[0])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def score(name: float | None, agreements: Sequence[float | None]) -> float:
    """A score from 0 to 100; `name` is the probability that the names are one, None where no name was asked for."""
    known = [value for value in agreements if value is not None]
    if name is None:
        return round(100 * sum(known) / max(1, len(agreements)), 2)
    bounded = min(max(name, 1e-6), 1 - 1e-6)
    odds = math.log(bounded / (1 - bounded)) + sum(STRENGTH * (2 * value - 1) for value in known)
    return round(100 / (1 + math.exp(-odds)), 2)


def is_certain(candidates: Sequence[Candidate]) -> bool:
    """Whether the first of candidates, best first, is a certain match: near one, and no other near it."""
    if not candidates or candidates[0].score < SURE:
        return False
    return len(candidates) == 1 or candidates[0].score - candidates[1].score >= APART
