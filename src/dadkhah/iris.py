"""IRIs of this project: how they are minted, taken apart and shortened.

Terms    `{base}ontology#{name}`           things   `{base}id/{type}/{slug}`
voices   `{base}voice/{source}/{claimant}` graphs   `{base}graph/{name}`

The base is a setting of the build; data files are written against the default base.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

DEFAULT_BASE = "https://w3id.org/dadkhah/"


@lru_cache(4096)
def _term(base: str, name: str) -> str:
    # a page names a few hundred terms
    return f"{base}ontology#{name}"


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs below one base; the base ends with a slash."""

    base: str = DEFAULT_BASE

    @property
    def ontology(self) -> str:
        """The namespace of terms."""
        return f"{self.base}ontology#"

    def term(self, name: str) -> str:
        """A class, property or concept of the ontology."""
        return _term(self.base, name)

    def thing(self, kind: str, slug: str) -> str:
        """A record; the kind is a class of thing (`person`, `court`), never a role that can change."""
        return f"{self.base}id/{kind}/{slug}"

    def voice(self, source: str, claimant: str) -> str:
        """One claimant as read in one source; also the name of its graph."""
        return f"{self.base}voice/{source}/{claimant}"

    def graph(self, name: str) -> str:
        """A graph that is not a voice: authority, sources, mappings, derived, ontology."""
        return f"{self.base}graph/{name}"

    def split_thing(self, iri: str) -> tuple[str, str] | None:
        """Kind and slug of a record's IRI, or None where it is not one."""
        prefix = f"{self.base}id/"
        if not iri.startswith(prefix):
            return None
        kind, slash, slug = iri[len(prefix) :].partition("/")
        return (kind, slug) if kind and slash and slug else None
