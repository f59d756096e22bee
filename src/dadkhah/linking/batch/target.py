"""A record of another dataset, whatever file it comes from.

In: identifiers and names as a reader found them. Out: `Target`s with an IRI, cleaned names, a kind and what else is
evidence. Nothing is guessed: what the file does not say stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dadkhah.errors import ParameterError
from dadkhah.source.hygiene.rules import iri_problem

PERSON: Final = "person"
ORGANIZATION: Final = "organization"
PLACE: Final = "place"
OTHER: Final = "other"  # ships and aircraft: of a kind that has no records here
KINDS: Final = {
    "person": PERSON, "individual": PERSON, "prisoner": PERSON, "judge": PERSON, "human": PERSON,
    "organization": ORGANIZATION, "organisation": ORGANIZATION, "company": ORGANIZATION, "legalentity": ORGANIZATION,
    "publicbody": ORGANIZATION, "entity": ORGANIZATION, "court": ORGANIZATION, "courtbranch": ORGANIZATION,
    "securityforce": ORGANIZATION, "mediaoutlet": ORGANIZATION,
    "place": PLACE, "address": PLACE, "prison": PLACE, "city": PLACE, "ward": PLACE,
    "vessel": OTHER, "airplane": OTHER, "aircraft": OTHER, "vehicle": OTHER, "cryptowallet": OTHER, "security": OTHER,
}  # fmt: skip
"""Words for kinds, lower case, as published files use them."""

_SCHEME: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Target:
    """A record of the other dataset.

    Attributes:
        iri: its address.
        names: as it gives them, each once.
        born: a year, month or day in ISO format, or empty.
        kind: one of the kinds above, or empty where the file does not say.
        died: as `born`.
    """

    iri: str
    names: tuple[str, ...]
    born: str = ""
    kind: str = ""
    died: str = ""


def make(iri: str, names: Iterable[str], *, born: str = "", kind: str = "", died: str = "") -> Target | None:
    """A target; None where no name is left."""
    kept = tuple(dict.fromkeys(name.strip() for name in names if name and name.strip()))
    return Target(iri, kept, born.strip(), kind, died.strip()) if kept else None


def kind_of(word: str) -> str:
    """The kind that a word of a file stands for; empty where it is none that is known."""
    return KINDS.get(re.sub(r"[^a-z]", "", word.lower()), "")


def absolute(identifier: str, base: str, file: str) -> str:
    """An identifier as an IRI, with `base` before it where it is none; raises `ParameterError`."""
    found = identifier if _SCHEME.match(identifier) else base + identifier
    if not base and found == identifier and iri_problem(found):
        raise ParameterError(
            f"{file}: {identifier[:80]!r} is no IRI; give --id-base, such as https://example.org/list/"
        )
    return found
