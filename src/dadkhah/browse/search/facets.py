"""What search results have in common: their classes, where and before whom their events happened, who speaks of them.

In: IRIs of results. Out: `Traits` per result, and `Facet`s with counts. Two queries, whatever the number of results,
and none for what no statement of the graph says (`used`, asked once for a snapshot).
Affiliation is not among the traits: it is recorded as an accusation only, and never a facet. Where a person is
published under a pseudonym, no small number and no combination of filters points at that person (`FEWEST`).
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.dates import spans_of
from dadkhah.browse.models import Ref
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import FEWEST
from dadkhah.browse.spans import Span, meets
from dadkhah.browse.time_and_place.timelines import PLACES
from dadkhah.browse.used import used

# rows of traits that are read at most
_ROWS = 30_000
_VALUES_SHOWN = 30
NAMES = ("type", "place", "prison", "court", "judge", "source", "party")


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which results; IRIs, and ISO dates for a span of time. Empty fields filter nothing."""

    kind: str = ""
    first: str = ""
    last: str = ""
    place: str = ""
    prison: str = ""
    court: str = ""
    judge: str = ""
    source: str = ""
    party: str = ""

    def wanted(self) -> dict[str, str]:
        """Facet name to the value asked for."""
        pairs = {
            "type": self.kind, "place": self.place, "prison": self.prison, "court": self.court,
            "judge": self.judge, "source": self.source, "party": self.party,
        }  # fmt: skip
        return {name: value for name, value in pairs.items() if value}

    def any(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.wanted() or self.first or self.last)

    @property
    def combines(self) -> bool:
        """Whether several traits are asked for at once; the class of a record tells nothing of a person."""
        return len(self.wanted().keys() - {"type"}) + bool(self.first or self.last) > 1


@dataclass(slots=True)
class Traits:
    """What one result has: (facet name, value), when its events happened, whether it stands under a pseudonym."""

    values: set[tuple[str, str]] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    is_protected: bool = False


class TraitColumns(Protocol):
    """The traits of all records, made with the snapshot."""

    def of(self, iris: Sequence[str]) -> dict[str, Traits]:
        """Traits of each record, without its times."""
        ...


class TraitIndexes(Protocol):
    """Gives the columns of the snapshot being served."""

    def of(self, snapshot_hash: str) -> TraitColumns | None:
        """The columns that were made with this snapshot; None where there are none."""
        ...


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value and how many results have it."""

    ref: Ref
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its most frequent values, by falling count."""

    name: str
    values: tuple[FacetValue, ...]


def make_facets(scheme: Scheme, counts: Mapping[str, Mapping[str, int]], named: Mapping[str, Ref]) -> tuple[Facet, ...]:
    """Put names to the counts; prisons stand apart from other places, classes of others out where ours are."""
    prison = scheme.term("Prison")
    classes = counts.get("type", {})
    ours = {iri: count for iri, count in classes.items() if iri.startswith(scheme.iris.ontology)}
    counts = {**counts, "type": ours or classes}
    held: dict[str, list[FacetValue]] = {name: [] for name in NAMES}
    for name, counted in counts.items():
        for iri, count in counted.items():
            if iri in named:
                apart = "prison" if name == "place" and prison in named[iri].types else name
                held[apart].append(FacetValue(named[iri], count))
    return tuple(Facet(name, tuple(values)) for name, values in held.items() if values)


async def read_traits(
    ask: Ask, scheme: Scheme, iris: Sequence[str], where: SearchFilter, columns: TraitColumns | None = None
) -> dict[str, Traits]:
    """Traits of each result: no query where there are columns and no span of time is asked for.

    Else two queries, a third where a span of time is asked for, one more the first time.
    """
    dated = bool(where.first or where.last)
    if columns is not None and not dated:
        return columns.of(iris)
    traits = {iri: Traits() for iri in iris if terms.is_iri(iri)}
    if not traits:
        return traits
    known = frozenset(await used(ask, scheme, (*facet_names(scheme), *scheme.terms("protection", "inSource"))))
    events, _ = await asyncio.gather(
        _read_events(ask, scheme, traits, known, dated=dated), _read_voices(ask, scheme, traits, known)
    )
    if dated:
        linked = sorted({event for held in events.values() for event in held})
        spans = await spans_of(ask, scheme, [*traits, *linked])
        for iri, held in traits.items():
            held.spans = [spans[each] for each in (iri, *sorted(events.get(iri, ()))) if each in spans]
    return traits


async def _read_events(
    ask: Ask, scheme: Scheme, traits: dict[str, Traits], known: frozenset[str], *, dated: bool
) -> dict[str, set[str]]:
    """Classes, and what the events of each result (or the result itself) say of place, court and judge.

    Gives the events with a value, or where they are to be dated all of them, by result.
    """
    events: dict[str, set[str]] = defaultdict(set)
    pattern = _events_pattern(scheme, traits, known, dated=dated)
    if not pattern:
        return events
    facet_of = facet_names(scheme)
    for row in await ask(f"SELECT DISTINCT ?r ?e ?p ?v WHERE {{ {pattern} }} LIMIT {_ROWS}"):
        iri = row["r"].value
        if "e" in row:
            events[iri].add(row["e"].value)
        if "v" in row and row["p"].value == scheme.term("protection"):
            traits[iri].is_protected |= row["v"].value != scheme.term("Public")
        elif "v" in row:
            for name in facet_of[row["p"].value]:
                traits[iri].values.add((name, row["v"].value))
    return events


def _events_pattern(scheme: Scheme, traits: Iterable[str], known: frozenset[str], *, dated: bool) -> str:
    """What finds the rows of `_read_events`; empty where the graph has no statement that it could find."""
    block = f"VALUES ?r {{ {terms.iris(traits)} }}"
    wanted = [iri for iri in scheme.terms(*PLACES, "court", "judge") if iri in known]
    own = [*wanted, *(iri for iri in (vocab.RDF_TYPE, scheme.term("protection")) if iri in known)]
    unwanted = ", ".join(terms.iri(text) for text in (vocab.RDF_TYPE, scheme.term("cites"), *scheme.inverses))
    parts = []
    if own:
        parts.append(scheme.anywhere(f"{block} ?r ?p ?v . FILTER(?p IN ({_listed(own)}) && isIRI(?v))"))
    if wanted or dated:
        values = f"?e ?p ?v . FILTER(?p IN ({_listed(wanted)}) && isIRI(?v))" if wanted else ""
        if dated and wanted:
            values = f"OPTIONAL {{ {values} }}"
        parts.append(scheme.anywhere(f"{block} ?e ?role ?r . FILTER(?role NOT IN ({unwanted}) && isIRI(?e)) {values}"))
    return " UNION ".join(parts)


def _listed(iris: Iterable[str]) -> str:
    return ", ".join(terms.iri(text) for text in iris)


def facet_names(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Properties whose values are traits, with the facets that take them."""
    names: dict[str, tuple[str, ...]] = dict.fromkeys(scheme.terms(*PLACES), ("place",))
    names |= {scheme.term("court"): ("court",), scheme.term("judge"): ("judge",), vocab.RDF_TYPE: ("type",)}
    return names


async def _read_voices(ask: Ask, scheme: Scheme, traits: dict[str, Traits], known: frozenset[str]) -> None:
    """The works and sides that say something of each result."""
    if scheme.term("inSource") not in known:
        return
    block = f"VALUES ?r {{ {terms.iris(traits)} }}"
    voice = f"?g {scheme.t('inSource')} ?source . OPTIONAL {{ ?g {scheme.t('party')} ?party }}"
    of_it, to_it = f"{block} GRAPH ?g {{ ?r ?p ?o }}", f"{block} GRAPH ?g {{ ?e ?q ?r }}"
    spoken = f"{{ SELECT DISTINCT ?r ?g WHERE {{ {{ {of_it} }} UNION {{ {to_it} }} }} }}"
    query = f"SELECT DISTINCT ?r ?source ?party WHERE {{ {spoken} {scheme.anywhere(voice)} }} LIMIT {_ROWS}"
    for row in await ask(query):
        values = traits[row["r"].value].values
        values.add(("source", row["source"].value))
        if "party" in row:
            values.add(("party", row["party"].value))


def filtered(traits: Traits | None, where: SearchFilter) -> bool:
    """Whether a result passes the filters; one without a date passes no span of time."""
    if traits is None:
        return not where.any()
    for name, value in where.wanted().items():
        if ("place" if name == "prison" else name, value) not in traits.values:
            return False
    if where.first or where.last:
        return any(meets(span, where.first, where.last) for span in traits.spans)
    return True


def points_at_few(found: int, where: SearchFilter) -> bool:
    """Whether protected results are left out, since few pass several filters; whether there are any is not told."""
    return where.combines and found < FEWEST


def count_facets(results: Iterable[Traits]) -> dict[str, dict[str, int]]:
    """Facet name to value to number of results, the most frequent first, then by IRI; small ones may be withheld."""
    results = list(results)
    counts = Counter(chain.from_iterable(traits.values for traits in results))
    telling = {pair for traits in results if traits.is_protected for pair in traits.values if pair[0] != "type"}
    counted: dict[str, dict[str, int]] = {}
    for (name, value), count in sorted(counts.items(), key=lambda item: (-item[1], item[0][1])):
        if count >= FEWEST or (name, value) not in telling:
            held = counted.setdefault(name, {})
            if len(held) < _VALUES_SHOWN:
                held[value] = count
    return {name: counted[name] for name in NAMES if name in counted}
