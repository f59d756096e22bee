"""Search by name across scripts and spellings, with the reason for each hit, facets with counts, and filters.

In: words, filters, a position. Out: a `SearchPage`. Names are found by a `NameIndex` built with the snapshot; without
one (a remote engine) the engine looks for the words in the names it reads, and the page says so. At most `CANDIDATES`
hits are looked at: facets count those, and the page says when there may be more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Ref
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES, refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search.facets import (
    Facet,
    SearchFilter,
    TraitColumns,
    Traits,
    count_facets,
    filtered,
    make_facets,
    points_at_few,
    read_traits,
)
from dadkhah.browse.terms import Literal
from dadkhah.browse.time_and_place.timelines import PLACES

# hits that are filtered and counted
CANDIDATES = 300
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class NameHit:
    """A record whose name answers to the words.

    Attributes:
        iri: the record.
        name: the name that matched, as it is recorded.
        language: of that name.
        score: how well it matches, from 0 to 1.
        reasons: why it matched, each a short English phrase such as "same consonants".
    """

    iri: str
    name: str
    language: str = ""
    score: float = 1.0
    reasons: Sequence[str] = ()


class LazyHits(Sequence[NameHit], ABC):
    """Hits of which hundreds are counted and few are shown: each is made when it is looked at."""

    @property
    @abstractmethod
    def iris(self) -> Sequence[str]:
        """The records, in the order of the hits."""


class NameIndex(Protocol):
    """Finds records by name; built with one snapshot, safe to use from several threads."""

    def find(self, words: str, limit: int) -> Sequence[NameHit]:
        """The best hits, best first, one per record; takes milliseconds and may be called on the event loop."""
        ...

    def complete(self, beginning: str, limit: int) -> Sequence[NameHit]:
        """Records with a name that begins like this, best first, one per record."""
        ...


class NameIndexes(Protocol):
    """Gives the index of the snapshot being served."""

    def of(self, snapshot_hash: str) -> NameIndex | None:
        """The index that was built with this snapshot; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result: the record, the name that matched, how well and why."""

    ref: Ref
    matched: str
    language: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A slice of results.

    Attributes:
        hits: best first.
        facets: counts over all results that pass the filters.
        total: results that pass the filters.
        following: position of the next slice, 0 at the end.
        notes: bounds that were met, filters that could not be applied.
    """

    hits: tuple[SearchHit, ...]
    facets: tuple[Facet, ...]
    total: int
    following: int = 0
    notes: tuple[str, ...] = ()


async def search(
    ask: Ask,
    scheme: Scheme,
    words: str,
    *,
    index: NameIndex | None,
    where: SearchFilter,
    position: int = 0,
    limit: int = 20,
    facets: bool = True,
    columns: TraitColumns | None = None,
) -> SearchPage:
    """Search; without words, list what the filters leave, in order of IRI.

    At most four queries, first five; one where the traits come with the snapshot and no span of time is asked for.
    """
    words = " ".join(words.split())[:_LONGEST]
    notes: list[str] = []
    found: Sequence[NameHit]
    if words and index is not None:
        found = index.find(words, CANDIDATES)
    elif words:
        found = await _find_by_query(ask, scheme, words)
        notes.append("this service has no index of names: only names that hold the words as written are found")
    else:
        found = await _list(ask, scheme, where)
    iris = found.iris if isinstance(found, LazyHits) else [hit.iri for hit in found]
    chosen: Sequence[int] = range(len(iris))
    if len(iris) >= CANDIDATES:
        notes.append(f"more than {CANDIDATES} records answer; the best {CANDIDATES} are looked at")
    traits: dict[str, Traits] = {}
    if facets or where.any():
        traits = await read_traits(ask, scheme, iris, where, columns)
        if where.any():
            chosen = [number for number in chosen if filtered(traits.get(iris[number]), where)]
        if points_at_few(len(chosen), where):
            chosen = [each for each in chosen if iris[each] not in traits or not traits[iris[each]].is_protected]
            notes.append("people under a pseudonym are left out where a few filters would point at one")
    shown = [found[number] for number in chosen[position : position + limit]]
    counts = count_facets([traits[iris[each]] for each in chosen if iris[each] in traits]) if facets else {}
    named = await refs(ask, scheme, [*(hit.iri for hit in shown), *(iri for held in counts.values() for iri in held)])
    return SearchPage(
        hits=tuple(
            SearchHit(
                named[hit.iri], hit.name or named[hit.iri].label().text, hit.language, hit.score, tuple(hit.reasons)
            )
            for hit in shown
            if hit.iri in named
        ),
        facets=make_facets(scheme, counts, named),
        total=len(chosen),
        following=position + limit if len(chosen) > position + limit else 0,
        notes=tuple(notes),
    )


async def suggest(
    ask: Ask, scheme: Scheme, beginning: str, *, index: NameIndex | None, limit: int = 8
) -> tuple[SearchHit, ...]:
    """Records to offer while someone is typing: one query, two without an index."""
    words = " ".join(beginning.split())[:_LONGEST]
    if not words:
        return ()
    found = index.complete(words, limit) if index is not None else (await _find_by_query(ask, scheme, words))[:limit]
    named = await refs(ask, scheme, [hit.iri for hit in found])
    return tuple(
        SearchHit(named[hit.iri], hit.name, hit.language, hit.score, tuple(hit.reasons))
        for hit in found
        if hit.iri in named
    )


async def near_matches(
    ask: Ask, scheme: Scheme, slug: str, *, index: NameIndex | None, limit: int = 5
) -> tuple[SearchHit, ...]:
    """Records that an unknown address may have meant, by the words of its slug."""
    return await suggest(ask, scheme, slug.replace("-", " ").replace("_", " "), index=index, limit=limit)


async def _find_by_query(ask: Ask, scheme: Scheme, words: str) -> list[NameHit]:
    """Names that hold the words as written, whole names first."""
    properties = ", ".join(terms.iri(text) for text in (*NAME_PROPERTIES, *VARIANT_PROPERTIES))
    wanted = terms.write(Literal(words.lower()))
    pattern = scheme.anywhere(
        f"?r ?p ?l . FILTER(?p IN ({properties}) && isIRI(?r) && isLITERAL(?l) && CONTAINS(LCASE(STR(?l)), {wanted}))"
    )
    rows = await ask(f"SELECT DISTINCT ?r ?l WHERE {pattern} LIMIT {CANDIDATES}")
    best: dict[str, NameHit] = {}
    for row in rows:
        name = row["l"]
        whole = name.value.lower() == words.lower()
        language = name.language if isinstance(name, Literal) else ""
        reason = "same name" if whole else "the name holds the words"
        hit = NameHit(row["r"].value, name.value, language, 1.0 if whole else 0.5, (reason,))
        if hit.iri not in best or hit.score > best[hit.iri].score:
            best[hit.iri] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, len(hit.name), hit.iri))


async def _list(ask: Ask, scheme: Scheme, where: SearchFilter) -> list[NameHit]:
    """Records that a filter names, without words; the most selective filter drives the query."""
    driver = ""
    thing = where.prison or where.court or where.judge or where.place
    if thing:
        at = ", ".join(scheme.t(name) for name in (*PLACES, "court", "judge"))
        unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
        here = f"?event ?at {terms.iri(thing)} . FILTER(?at IN ({at}))"
        named_there = scheme.anywhere(f"{here} ?event ?role ?r . FILTER(?role NOT IN ({unwanted}, {at}))")
        driver = f"{{ {scheme.anywhere(here.replace('?event', '?r'))} UNION {named_there} }}"
    elif where.source:
        voice = scheme.anywhere(f"?voice {scheme.t('inSource')} {terms.iri(where.source)}")
        driver = f"{voice} GRAPH ?voice {{ ?r ?said ?what }}"
    kind = scheme.anywhere(f"?r a {terms.iri(where.kind)}") if where.kind else ""
    named = ", ".join(terms.iri(text) for text in NAME_PROPERTIES)
    has_name = f"FILTER EXISTS {{ ?r ?named ?name . FILTER(?named IN ({named})) }}"
    pattern = f"{driver} {kind}" if driver or kind else scheme.anywhere("?r a ?anyClass")
    things = f"FILTER(isIRI(?r) && !STRSTARTS(STR(?r), {terms.write(Literal(scheme.iris.ontology))}))"
    query = f"SELECT DISTINCT ?r WHERE {{ {pattern} {things} {has_name} }} LIMIT {CANDIDATES}"
    return sorted((NameHit(row["r"].value, "") for row in await ask(query)), key=lambda hit: hit.iri)
