"""The consonant skeleton: a coarse key under which all spellings of a word meet, in both scripts.

In: a phone string. Out: its consonants, each group of letters that romanisations confuse as one, without h, y, w and v,
which are often vowels or silent. It proposes candidates and never decides: Hassani and Hosseini have one skeleton.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CONSONANT = str.maketrans(
    {
        **dict.fromkeys("ءاآحعهوىیئؤaeiouhvwy'", None),
        **dict.fromkeys("بb", "b"), **dict.fromkeys("پp", "p"), **dict.fromkeys("تطt", "t"),
        **dict.fromkeys("ثسصs", "s"), **dict.fromkeys("جژjJ", "j"), **dict.fromkeys("چC", "C"),
        **dict.fromkeys("خx", "x"), **dict.fromkeys("دd", "d"), **dict.fromkeys("ذزضظz", "z"),
        **dict.fromkeys("رr", "r"), **dict.fromkeys("شS", "S"), **dict.fromkeys("غقq", "q"),
        **dict.fromkeys("فf", "f"), **dict.fromkeys("کk", "k"), **dict.fromkeys("گg", "g"),
        **dict.fromkeys("لl", "l"), **dict.fromkeys("مm", "m"), **dict.fromkeys("نn", "n"),
    }
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_VOWEL = {"ا": "a", "آ": "a", "ع": "a", "و": "v", "ی": "y", "ه": "h", "ح": "h"}


@lru_cache(maxsize=1 << 18)
def skeleton(phones: str) -> str:
    """The skeleton of one word; a word without firm consonants keeps its first letter."""
    key = _TWICE.sub(r"\1", phones.translate(_CONSONANT))
    return key or _VOWEL.get(phones[:1], phones[:1])
