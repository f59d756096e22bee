"""Names as written, turned into comparable tokens: script, letters, titles, particles.

In: any Unicode string. Out: lower-case tokens in one of two alphabets, Persian (Arabic letters unified to Persian
ones) or ASCII Latin with the apostrophe kept inside a word. What is taken away (titles, ezafe, generic words such as
"prison") is returned beside the tokens, because it is weak evidence and no noise. Never guesses a spelling.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from dadkhah.linking.words import (
    ATTACHED_TITLE_LATIN,
    ATTACHED_TITLE_PERSIAN,
    EZAFE,
    GENERIC_PLACE,
    LATIN_ARTICLES,
    NOT_AFTER_TITLE,
    PLACE_ENDINGS,
    TITLES,
    TITLES_APART_PERSIAN,
)

_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ې": "ی", "ێ": "ی", "ے": "ی", "ۍ": "ی", "ك": "ک", "ڪ": "ک", "ګ": "گ", "ة": "ه", "ۀ": "ه",
        "ہ": "ه", "ۂ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا", "ۆ": "و", "ۇ": "و", "ۈ": "و",
        "ۋ": "و", "ڵ": "ل", "ڕ": "ر", "ڑ": "ر", "ٹ": "ت", "ډ": "د", "ڈ": "د", "ځ": "ز", "څ": "س", "ښ": "ش", "ڼ": "ن",
        "ں": "ن", "ڤ": "و", "ـ": None,
    }
)  # fmt: skip
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]+")
_HALF_SPACE = "\u200c"
_APOSTROPHES = re.compile("[’‘`´ʼʿʾʻˈ′]")
_NOT_LATIN = re.compile("[^a-z0-9' ]+")
_NOT_PERSIAN = re.compile("[^ءآئؤاب-غف-نوپچژکگیه0-9 ]+")
_PLAIN_PERSIAN = re.compile("[ءآأئؤا-غف-يپچژکگی \u200c]+")
_PLAIN_LATIN = re.compile("[A-Za-z]+(?: [A-Za-z]+)*")
_ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3\u06d5\u06fa-\u06fc\ufb50-\ufdff\ufe70-\ufefc]")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)


@dataclass(frozen=True, slots=True)
class NameTokens:
    """One name taken apart.

    Attributes:
        tokens: what is compared, in order of writing; never empty unless the name has no letters at all.
        titles: honorifics that were taken off (`سید`, `seyyed`, `dr`).
        generic: words that say what kind of thing it is (`prison`, `زندان`); only for places.
        persian: whether most letters are Arabic-script letters.
    """

    tokens: tuple[str, ...]
    titles: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    persian: bool = False


def is_persian(text: str) -> bool:
    """Tell whether a text has more Arabic-script letters than others."""
    if text.isascii():
        return False
    arabic = len(_ARABIC.findall(text))
    return arabic > 0 and 2 * arabic >= sum(character.isalpha() for character in text)


def fold_persian(text: str) -> str:
    """Unify the letters of a Persian text: no diacritics, no tatweel, Persian ye and kaf; half-spaces become spaces."""
    if _PLAIN_PERSIAN.fullmatch(text):  # nothing to decompose: the common case, five times faster
        return " ".join(text.replace(_HALF_SPACE, " ").translate(_LETTERS).split())
    text = unicodedata.normalize("NFKC", text)
    kept = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn" or c in "ٕٓٔ")
    text = unicodedata.normalize("NFC", kept).translate(_LETTERS).translate(_DIGITS)
    text = _INVISIBLE.sub("", text.replace(_HALF_SPACE, " "))
    return " ".join(_NOT_PERSIAN.sub(" ", text).split())


def fold_latin(text: str) -> str:
    """Lower-case ASCII of a Latin text (or of any other script, letter by letter); apostrophes inside words stay."""
    if _PLAIN_LATIN.fullmatch(text):
        return text.lower()
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text))
    text = "".join(c for c in text if not unicodedata.combining(c))
    if not text.isascii():
        text = _APOSTROPHES.sub("'", anyascii(_INVISIBLE.sub("", text)))
    text = _NOT_LATIN.sub(" ", text.lower())
    return " ".join(word for word in (part.lstrip("'") for part in text.split()) if word)


def fold(text: str) -> str:
    """Fold a name by its own script; two spellings with one fold differ in orthography only."""
    return fold_persian(text) if is_persian(text) else fold_latin(text)


@lru_cache(maxsize=1 << 17)
def tokens_of(text: str, domain: str = "person") -> NameTokens:
    """Take a name apart; `domain` is `person` or `place`."""
    persian = is_persian(text)
    folded = fold_persian(text) if persian else fold_latin(_surname_first(text))
    words = (_joined_titles(folded) if persian and domain == "person" else folded).split()
    titles: list[str] = []
    generic: list[str] = []
    kept: list[str] = []
    joined = _joined_articles(words)
    if domain == "place":
        joined = _joined_endings(joined)
    for place, word in enumerate(joined):
        bare = word.replace("'", "")
        if not bare:
            continue
        # a title in the last place is a surname (Mohammad Qazi)
        if domain == "person" and bare in TITLES and place < len(joined) - 1:
            titles.append(bare)
        elif domain == "place" and bare in GENERIC_PLACE:
            generic.append(bare)
        elif bare in EZAFE and len(words) > 1:
            continue
        else:
            title, rest = _attached_title(word) if domain == "person" else ("", word)
            if title:
                titles.append(title)
            kept.append(rest)
    if not kept:  # a name made of titles only is still a name
        kept = titles or generic
    return NameTokens(tuple(kept), tuple(titles), tuple(generic), persian)


def _joined_titles(folded: str) -> str:
    """Make one word of titles that are written as several (`حجت الاسلام و المسلمین`), where a name begins with them."""
    if "الله" in folded or "الاسلام" in folded:  # few names do
        for apart, joined in (*TITLES_APART_PERSIAN, *TITLES_APART_PERSIAN):  # whichever of two stands first
            found = apart.search(folded)
            if found and TITLES.issuperset(folded[: found.start()].split()):
                folded = folded[: found.start()] + joined + folded[found.end() :]
    return folded


def _surname_first(text: str) -> str:
    """Turn `SURNAME, Given` into `Given SURNAME`."""
    family, comma, given = text.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given and given.strip() else text


def _joined_endings(words: list[str]) -> list[str]:
    """Join `abad` to the name it ends: `Vakil Abad` is Vakilabad."""
    joined: list[str] = []
    for word in words:
        if joined and word in PLACE_ENDINGS:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _joined_articles(words: list[str]) -> list[str]:
    """Join an Arabic article to its noun, and `abd ol reza` to one word: they are written apart and together."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1].endswith("+"):
            joined[-1] = joined[-1][:-1] + word
        elif word in LATIN_ARTICLES:
            if joined and joined[-1] in _BEFORE_ARTICLE:
                joined[-1] += word + "+"
            else:
                joined.append(word + "+")
        else:
            joined.append(word)
    return [word.rstrip("+") for word in joined]


_BEFORE_ARTICLE = frozenset(
    ("abd", "abdo", "abdu", "ab", "abu", "abo", "nur", "noor", "nour", "ruh", "rooh", "seif", "saif", "seyf")
) | {"shams", "zein", "zain", "jamal", "jalal"}


def _attached_title(word: str) -> tuple[str, str]:
    """Split `سیدعلی` or `seyyedali` into title and name; leave surnames such as `سیدی` whole."""
    match = ATTACHED_TITLE_PERSIAN.match(word) or ATTACHED_TITLE_LATIN.match(word)
    if match is None:
        return "", word
    rest = word[match.end() :]
    return ("", word) if rest in NOT_AFTER_TITLE else (match.group(), rest)
