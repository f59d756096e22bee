"""Characters that make a text look like another one are shown by their number, wherever a page prints a text.

Overrides and isolates of the direction of writing (Unicode, UAX 9) and control characters have no place in a name;
where a graph holds them they are written out, so that a reader sees that they are there and nothing is turned around.
In: any value that a template prints. Out: the same, or with ⟨U+202E⟩ in the place of such a character. What a reader
typed is given back as it was (`exact`), and an IRI is a link only where it is one of the web (`outside`).
"""

from __future__ import annotations

import re
from typing import Any, Final

from markupsafe import Markup, escape

_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_PLAIN: Final = Markup('<bdi dir="ltr">{}</bdi>')
_OUTSIDE: Final = Markup('<a href="{}" rel="external noreferrer">{}</a>')


class Exact(Markup):
    """HTML that is printed as it is."""

    __slots__ = ()


def exact(text: str) -> Exact:
    """Escape a text and leave its characters as they are; for what a reader typed and may send again."""
    return Exact(escape(text))


def shown(value: Any) -> Any:
    """Write unseen characters by their number; for `jinja2.Environment(finalize=…)`."""
    if not isinstance(value, str) or isinstance(value, Exact) or not _UNSEEN.search(value):
        return value
    return type(value)(_UNSEEN.sub(_number, value))


def _number(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def outside(iri: str) -> Markup:
    """An IRI of somewhere else, as a link only where following it is a request for a page and nothing else."""
    text = _PLAIN.format(iri)
    return _OUTSIDE.format(iri, text) if iri.lower().startswith(("https://", "http://")) else text
