"""Fields of a form that take a name: what a reader typed, what it was understood as, or what it may have meant.

In: a text from a field. Out: a `Named`. An IRI or `kind/slug` is taken as it stands, so every address that was given
out leads to the same view. Anything else is looked for among the names, in any script or spelling: one record of just
that name, or one that fits far better than all others, is taken; else the reader chooses. It must never take the best
of several that fit alike. Two queries for each name, none for an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dadkhah.browse.models import Ref
from dadkhah.browse.names import refs
from dadkhah.browse.overviews.ontology import vocabulary
from dadkhah.browse.search.facets import SearchFilter
from dadkhah.browse.search.hits import SearchHit, search
from dadkhah.browse.time_and_place.places import place_counts
from dadkhah.errors import ParameterError
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.pages.controls import shown

_CONSIDERED, _CHOICES = 40, 8
# from this score on a name is taken for what was typed, if the next best is as far behind
_CERTAIN, _AHEAD = 0.8, 0.1
_PLACES_OFFERED = 80
ANYTHING = ("",)
PLACES = ("Place", "Prison", "Ward")
_WITH_ID = re.compile(r"\(([a-z][a-z-]*/[^\s()]+)\)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A field and what it means.

    Attributes:
        name: of the parameter.
        text: what was typed.
        iri: the record meant; empty where nothing was typed or it is not clear.
        ref: that record, with its names.
        choices: what may have been meant, where that is not clear.
    """

    name: str
    text: str
    iri: str = ""
    ref: Ref | None = None
    choices: tuple[Ref, ...] = ()

    @property
    def unclear(self) -> bool:
        """Whether the reader has to choose, or to type another name."""
        return bool(self.text) and not self.iri

    def written(self, language: str) -> str:
        """What stands in the field: the name, with the identifier where that was given, since names may be shared."""
        if self.ref is None or not self.ref.names or not self.ref.kind or not is_id(self.text):
            return self.text
        # what was typed stays as it is, what is stored may hold characters that nobody sees
        return f"{shown(self.ref.label(language).text)} ({self.ref.kind}/{self.ref.slug})"


def is_id(text: str) -> bool:
    """Whether a text is an identifier, or ends with one in brackets."""
    return bool(_WITH_ID.search(text)) or (" " not in text and (":" in text or "/" in text))


async def named(browsing: Browsing, name: str, text: str, *, among: Sequence[str] = ()) -> Named:
    """Understand a field; `among` says of which of our classes the record has to be; any but an event if empty."""
    text = " ".join(text.split())
    if not text:
        return Named(name, "")
    written = _WITH_ID.search(text)
    try:
        iri = browsing.record(written[1] if written else text, name)
    except ParameterError:
        return await _by_name(browsing, name, text, among)
    found = await refs(browsing.ask, browsing.scheme, [iri])
    return Named(name, text, iri, found.get(iri))


async def several(browsing: Browsing, name: str, texts: Iterable[str], most: int) -> list[Named]:
    """Understand each of some names that may stand in one field, parted by commas, the first `most` of them."""
    parts = [part for text in texts for part in re.split("[,،]", text) if part.strip()]
    return [await named(browsing, name, part, among=ANYTHING) for part in list(dict.fromkeys(parts))[:most]]


async def _by_name(browsing: Browsing, name: str, text: str, among: Sequence[str]) -> Named:
    page = await search(
        browsing.ask, browsing.scheme, text, index=browsing.index, where=SearchFilter(), limit=_CONSIDERED, facets=False
    )  # fmt: skip
    hits = [hit for hit in page.hits if _fits(browsing, hit.ref, among)]
    same = [hit for hit in hits if text.casefold() in _names(hit)]
    taken = same[0] if len(same) == 1 else _far_ahead(hits) if not same else None
    if taken is not None:
        return Named(name, text, taken.ref.iri, taken.ref)
    return Named(name, text, choices=tuple(hit.ref for hit in (same or hits)[:_CHOICES]))


def _names(hit: SearchHit) -> set[str]:
    return {each.casefold() for each in (hit.matched, *(name.text for name in hit.ref.names))}


def _fits(browsing: Browsing, ref: Ref, among: Sequence[str]) -> bool:
    if among == ANYTHING:
        return True
    if not among:
        return browsing.scheme.term("Event") not in ref.types
    return not set(browsing.scheme.terms(*among)).isdisjoint(ref.types)


def _far_ahead(hits: Sequence[SearchHit]) -> SearchHit | None:
    """The best hit, where it fits well and no other nearly as well."""
    if not hits or hits[0].score < _CERTAIN:
        return None
    return hits[0] if len(hits) == 1 or hits[0].score - hits[1].score >= _AHEAD else None


@dataclass(frozen=True, slots=True)
class Offers:
    """What forms offer: the places that most events name, and the classes of events that the vocabulary has."""

    places: tuple[Ref, ...]
    kinds: tuple[Ref, ...]


async def offers(browsing: Browsing) -> Offers:
    """What is offered over the snapshot being served; for `Browsing.once`."""
    counted, _ = await place_counts(browsing.ask, browsing.scheme)
    known = (await vocabulary(browsing.ask, browsing.scheme)).of_kind("class")
    wanted = {browsing.scheme.term("Event")}
    while more := {each.ref.iri for each in known if wanted & {one.iri for one in each.broader}} - wanted:
        wanted |= more
    kinds = tuple(each.ref for each in known if each.ref.iri in wanted)
    return Offers(tuple(each.ref for each in counted[:_PLACES_OFFERED]), kinds)


def identified(browsing: Browsing, fields: Iterable[Named], without: Sequence[str] = ()) -> str:
    """The query string of a request with identifiers in the place of names, as the interface takes them."""
    ids: dict[str, list[str]] = {}
    for each in fields:
        if each.iri:
            ids.setdefault(each.name, []).append(each.iri)
    given = [pair for pair in browsing.request.query_params.multi_items() if pair[0] not in (*ids, *without)]
    return urlencode([*given, *((name, iri) for name, held in ids.items() for iri in held)])


def understood(browsing: Browsing, *fields: Named) -> dict[str, Any]:
    """What a template tells of the fields of a form: what each was understood as, and addresses of what it may mean."""

    def address(field: Named, ref: Ref) -> str:
        chosen = f"{ref.kind}/{ref.slug}" if ref.kind else ref.iri
        together = [chosen if each is field else each.text for each in fields if each.name == field.name]
        given = [pair for pair in browsing.request.query_params.multi_items() if pair[0] not in (field.name, "cursor")]
        return f"?{urlencode([*given, (field.name, ', '.join(together))])}"

    return {"fields": fields, "pick": address, "unclear": any(each.unclear for each in fields)}
