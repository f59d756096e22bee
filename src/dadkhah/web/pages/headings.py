"""Headings of a table of results, for readers: words in place of names of variables.

In: the name of a variable of a stored query. Out: what the query itself calls that column, else its words, in Persian
where each of them is known and otherwise in English, marked as such. CSV, JSON and the other formats keep the name, by
which programs know the column; so does a query that a reader wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from dadkhah.web.pages.markup import plain
from dadkhah.web.pages.texts import TEXTS

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENGLISH = Markup('<bdi lang="en" dir="ltr">{}</bdi>')


def headings(variables: Iterable[str], language: str, own: Mapping[str, str]) -> dict[str, Markup]:
    """A heading for each variable.

    Args:
        variables: their names, without the question mark.
        language: of the page.
        own: what the query calls columns in this language, by variable.
    """
    return {name: escape(own[name]) if name in own else _heading(name, language) for name in variables}


def _heading(name: str, language: str) -> Markup:
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or not name.isascii():
        return plain(name)
    known: Mapping[str, str] = TEXTS[language]["column_words"]
    if language == "en":
        text = " ".join(words)
        return escape(known.get(text, text[:1].upper() + text[1:]))
    whole = known.get(" ".join(words)) or known.get(" ".join(words).removesuffix("s"))
    if whole:
        return escape(whole)
    named = " ".join(words[:-1])
    if words[-1] in ("name", "label") and named in known:
        return escape(f"{known['name']} {known[named]}")
    return _ENGLISH.format(" ".join(words))
