"""What a reconciliation request works with: the index of names of the snapshot being served, and questions to it.

In: a request. Out: a `Desk`. A text may name a record by IRI or `kind/slug`; whether there is such a record is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol

import orjson
from fastapi import Depends, Response

from dadkhah.browse import terms
from dadkhah.browse.models import Ref, local_name
from dadkhah.browse.names import refs
from dadkhah.browse.resolve import resolve_record, resolve_term
from dadkhah.errors import ParameterError
from dadkhah.linking.index.search import NamesIndex
from dadkhah.vocab import OWL, RDF, RDFS, SH
from dadkhah.web.api.browsing import Browsing, BrowsingDep

PREFIX: Final = "/reconcile"
_IDENTIFIER: Final = re.compile(r"^(?:[a-z][a-z-]*/\S+|[A-Za-z][A-Za-z0-9+.-]*:\S+)$")
_CALLBACK: Final = re.compile(r"^[A-Za-z_$][A-Za-z0-9_$.]{0,60}$")
_FOREIGN_TERMS: Final = (OWL, RDFS, RDF, SH)


class OpenNames(Protocol):
    """Gives the index of names that was built with a snapshot."""

    def index(self, snapshot_hash: str) -> NamesIndex | None:
        """The index; None where the snapshot has none."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One request over what is being served."""

    browsing: Browsing

    @property
    def names(self) -> NamesIndex | None:
        """The index of names, where there is one."""
        opened: OpenNames | None = self.browsing.context.parts.get(OpenNames)
        return None if opened is None else opened.index(self.browsing.snapshot_hash)

    @property
    def address(self) -> str:
        """Address of the service of version 0.2."""
        return f"{self.browsing.base_url}{PREFIX}"

    def identifier(self, text: str) -> str:
        """The IRI that a text names; empty where it is none, as for a name of two words."""
        if not _IDENTIFIER.match(text.strip()):
            return ""
        try:
            return resolve_record(self.browsing.scheme, text, "id")
        except ParameterError:
            return text.strip() if terms.is_iri(text.strip()) else ""

    def term(self, text: str) -> str:
        """The IRI of a class or property; empty where the text can be none."""
        try:
            return resolve_term(self.browsing.scheme, text, "id")
        except ParameterError:
            return text if terms.is_iri(text) else ""

    async def refs(self, iris: list[str]) -> dict[str, Ref]:
        """Names and classes of those that the data knows."""
        found = await refs(self.browsing.ask, self.browsing.scheme, iris)
        withdrawn = self.browsing.served.facts.tombstones
        return {iri: ref for iri, ref in found.items() if (ref.names or ref.types) and iri not in withdrawn}

    async def classes(self) -> list[str]:
        """Classes that have instances, most frequent first."""
        counted = [graph.classes for graph in self.browsing.served.facts.graphs]
        found = await self._most_frequent(counted, "?r a ?found FILTER(isIRI(?found))", limit=200)
        return [iri for iri in found if not iri.startswith(_FOREIGN_TERMS)]

    async def properties(self) -> list[str]:
        """Properties in use, most frequent first."""
        counted = [graph.properties for graph in self.browsing.served.facts.graphs]
        return await self._most_frequent(counted, "?r ?found ?v", limit=300)

    async def _most_frequent(self, counted: Iterable[Mapping[str, int]], pattern: str, *, limit: int) -> list[str]:
        """What is counted graph by graph; where nothing is, as over a remote engine, what `?found` is in a pattern."""
        counts: Counter[str] = Counter()
        for each in counted:
            counts.update(each)
        if not counts:
            where = self.browsing.scheme.anywhere(pattern)
            rows = await self.browsing.ask(f"SELECT DISTINCT ?found WHERE {where} LIMIT {limit}")
            counts.update(row["found"].value for row in rows)
        return [iri for iri, _ in counts.most_common()]

    async def named(self, iris: list[str]) -> list[tuple[str, str]]:
        """IRIs with a name to show, in order; those that the data does not name are named by their last part."""
        found = await refs(self.browsing.ask, self.browsing.scheme, iris)
        return [(iri, found[iri].label().text if iri in found else local_name(iri)) for iri in iris]


def _desk(browsing: BrowsingDep) -> Desk:
    return Desk(browsing)


DeskDep = Annotated[Desk, Depends(_desk)]


def answer(document: Any, callback: str = "") -> Response:
    """JSON, or a call of a script function by the name that a client of 0.2 gave.

    Raises:
        ParameterError: the name is not that of a function.
    """
    body = orjson.dumps(document)
    if not callback:
        return Response(body, media_type="application/json")
    if not _CALLBACK.match(callback):
        raise ParameterError("callback: give the name of a function: letters, digits, _, $ and dots")
    # these two end lines in older scripts
    safe = body.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
    return Response(callback.encode() + b"(" + safe + b");", media_type="text/javascript")
