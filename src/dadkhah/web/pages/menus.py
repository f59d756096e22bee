"""The links to the main pages that stand on every page: put together once for each language.

In: a language and the names of pages, which are names of texts too. Out: list items. Nothing here is of the data.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from dadkhah.web.pages.markup import element, written_here
from dadkhah.web.pages.texts import TEXTS


@lru_cache
def menu(language: str, names: tuple[str, ...]) -> Markup:
    """Links to pages, each in an item of a list."""
    texts = TEXTS[language]
    return written_here(
        "".join(element(f'<li><a href="/{language}/{name}">', texts[name], "</a></li>\n") for name in names)
    )
