"""Risk indicators met in a period and place: counts, with the claims behind each.

In: a span of time, a place, and the indicators (of the UN Framework of Analysis for Atrocity Crimes) as stored queries.
Out: a `RiskView`: for each indicator the number of events told of, and the claims: what kind of act, when, who says so,
and in which passage. It never names whom an event befell nor who may be next: `dk:riskTo`, the names of events and the
people in them are not read into the view.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech, assertions_for
from dadkhah.browse.dates import GraphSpan, datings_of
from dadkhah.browse.models import Assertion, Name, Ref
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.small_numbers import FEWEST, pointing
from dadkhah.browse.spans import Span, envelope, meets
from dadkhah.browse.terms import Iri
from dadkhah.browse.time_and_place.timelines import PLACES
from dadkhah.browse.voices import graph_of

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class IndicatorQuery:
    """An indicator of the Framework as a query that finds the events meeting it.

    Attributes:
        number: of the risk factor and indicator, such as "7.6"; of the factor alone where all of it is meant.
        titles: what it says, in each language.
        counts: what of this graph is counted for it, in each language.
        query: a SELECT of `?event`.
    """

    number: str
    titles: tuple[Name, ...]
    counts: tuple[Name, ...]
    query: str


class Framework(tuple[IndicatorQuery, ...]):
    """The indicators that are looked for, in order; also the name under which they are handed to the routes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RiskClaim:
    """One voice telling of an event that meets an indicator: the kind of act, when, and where it is read."""

    kinds: tuple[Ref, ...]
    span: Span
    voice: Assertion


@dataclass(frozen=True, slots=True)
class RiskIndicator:
    """An indicator and what is claimed for it.

    Attributes:
        number: in the Framework; empty for a factor that voices of this graph name.
        titles: what it says.
        notes: what is counted.
        count: events told of within the period and place.
        independent_origins: distinct origins of the claims.
        span: from the first to the last of these events.
        claims: one for each voice and event.
        assertions: who says that these events are signs of it; empty where a stored query proposes them.
    """

    number: str
    titles: tuple[Name, ...]
    notes: tuple[Name, ...]
    count: int
    independent_origins: int
    span: Span
    claims: tuple[RiskClaim, ...]
    assertions: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskView:
    """Indicators in order, those that are met by nothing among them."""

    indicators: tuple[RiskIndicator, ...]
    first: str = ""
    last: str = ""
    place: str = ""


async def risk_view(
    ask: Ask,
    scheme: Scheme,
    framework: Sequence[IndicatorQuery] = (),
    *,
    first: str = "",
    last: str = "",
    place: str = "",
) -> RiskView:
    """Count: one query for each indicator, and ten more; eleven where a place or a span of time is asked for.

    An indicator is a trait of its own: with another one, few events would point at a person (`small_numbers`).
    """
    named, found = await asyncio.gather(
        _named_factors(ask, scheme), asyncio.gather(*(_met(ask, each.query) for each in framework))
    )
    met = {indicator.number: events for indicator, events in zip(framework, found, strict=True)}
    events = sorted({event for held in (*met.values(), *(factor.events for factor in named)) for event in held})
    told, datings = await asyncio.gather(_told(ask, scheme, events), datings_of(ask, scheme, events))
    here = await _placed(ask, scheme, events, place) if place else None
    chosen = {
        event for event in events if _within(_span(datings, event), first, last) and (here is None or event in here)
    }
    if place or first or last:
        met, named = await _guarded(ask, scheme, met, named, chosen)
    attributed = [Attributed(event, graph) for event in chosen for graph in told.get(event, ())]
    attributed += [Attributed(factor.iri, graph) for factor in named for graph in factor.graphs]
    kinds = await _kinds(ask, scheme, sorted(chosen))
    mentions = [*(factor.iri for factor in named), *(kind for held in kinds.values() for kind in held)]
    speech = await assertions_for(ask, scheme, attributed, mentions)
    count = _Counting(scheme, told, datings, kinds, speech)
    indicators = [
        count.indicator(each.number, each.titles, each.counts, [e for e in met[each.number] if e in chosen])
        for each in framework
    ]
    indicators += [
        count.indicator(
            "", _names(speech.names[factor.iri]), (), [e for e in factor.events if e in chosen],
            speech.assertions(factor.iri, factor.graphs),
        )
        for factor in named
    ]  # fmt: skip
    return RiskView(tuple(indicators), first, last, place)


async def _guarded(
    ask: Ask, scheme: Scheme, met: dict[str, list[str]], named: list[_NamedFactor], chosen: set[str]
) -> tuple[dict[str, list[str]], list[_NamedFactor]]:
    """Indicators and factors without the few events that would point at a protected person: one query."""
    few = [events for events in (*met.values(), *(factor.events for factor in named)) if _is_few(events, chosen)]
    hidden = await pointing(ask, scheme, (event for events in few for event in events if event in chosen))

    def open_ones(events: list[str]) -> list[str]:
        return [event for event in events if event not in hidden] if _is_few(events, chosen) else events

    return (
        {number: open_ones(events) for number, events in met.items()},
        [replace(factor, events=open_ones(factor.events)) for factor in named],
    )


def _is_few(events: Sequence[str], chosen: set[str]) -> bool:
    return sum(event in chosen for event in events) < FEWEST


async def _met(ask: Ask, query: str) -> list[str]:
    """The events that a stored query finds."""
    return list(dict.fromkeys(row["event"].value for row in await ask(query) if "event" in row))[:_MOST]


@dataclass(frozen=True, slots=True)
class _NamedFactor:
    """A `dk:RiskFactor` of the graph."""

    iri: str
    events: list[str]
    graphs: list[str]


async def _named_factors(ask: Ask, scheme: Scheme) -> list[_NamedFactor]:
    pattern = scheme.attributed(f"?f a {scheme.t('RiskFactor')} . ?f {scheme.t('observedIn')} ?e")
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in await ask(f"SELECT DISTINCT ?f ?e ?g WHERE {pattern} ORDER BY ?f ?e ?g LIMIT {_MOST}"):
        seen[row["f"].value][row["e"].value].append(graph_of(row))
    return [
        _NamedFactor(factor, list(held), list(dict.fromkeys(g for graphs in held.values() for g in graphs)))
        for factor, held in sorted(seen.items())
    ]


async def _told(ask: Ask, scheme: Scheme, events: list[str]) -> dict[str, list[str]]:
    """The voices that tell of each event; in a graph of others, whatever graph does."""
    told: dict[str, list[str]] = defaultdict(list)
    if events:
        pattern = scheme.attributed(f"VALUES ?e {{ {terms.iris(events)} }} ?e ?p ?o")
        for row in await ask(f"SELECT DISTINCT ?e ?g WHERE {pattern} ORDER BY ?e ?g"):
            graph = graph_of(row)
            if scheme.role_of(graph) in ("voice", "graph", "analysis"):
                told[row["e"].value].append(graph)
    return told


async def _kinds(ask: Ask, scheme: Scheme, events: list[str]) -> dict[str, list[str]]:
    """The narrow classes of each event."""
    kinds: dict[str, list[str]] = defaultdict(list)
    if events:
        pattern = scheme.anywhere(f"VALUES ?e {{ {terms.iris(events)} }} ?e a ?k")
        for row in await ask(f"SELECT DISTINCT ?e ?k WHERE {pattern} ORDER BY ?e ?k"):
            kind = row["k"].value
            if isinstance(row["k"], Iri) and kind.startswith(scheme.iris.ontology) and kind != scheme.term("Event"):
                kinds[row["e"].value].append(kind)
    return kinds


async def _placed(ask: Ask, scheme: Scheme, events: list[str], place: str) -> frozenset[str]:
    """Those of the events that happened at a place or in its parts, two levels deep."""
    if not events:
        return frozenset()
    here, part = terms.iri(place), scheme.t("partOf")
    roles = ", ".join(scheme.t(name) for name in PLACES)
    at = f"VALUES ?e {{ {terms.iris(events)} }} ?e ?role ?where . FILTER(?role IN ({roles}))"
    branches = (
        f"{at} FILTER(?where = {here})",
        f"{at} ?where {part} {here}",
        f"{at} ?where {part} ?middle . ?middle {part} {here}",
    )
    union = " UNION ".join(scheme.anywhere(branch) for branch in branches)
    return frozenset(row["e"].value for row in await ask(f"SELECT DISTINCT ?e WHERE {{ {union} }}"))


def _span(datings: Mapping[str, tuple[GraphSpan, ...]], event: str) -> Span:
    spans = [each.span for each in datings.get(event, ())]
    return envelope(spans) if spans else Span()


def _within(span: Span, first: str, last: str) -> bool:
    """What has no date is in no period."""
    dated = bool(span.earliest or span.latest)
    return meets(span, first, last) if dated else not (first or last)


def _names(ref: Ref) -> tuple[Name, ...]:
    return ref.names or (ref.label(),)


@dataclass(frozen=True, slots=True)
class _Counting:
    """Puts indicators together from what was read for all of them."""

    scheme: Scheme
    told: dict[str, list[str]]
    datings: dict[str, tuple[GraphSpan, ...]]
    kinds: dict[str, list[str]]
    speech: Speech

    def indicator(
        self,
        number: str,
        titles: tuple[Name, ...],
        notes: tuple[Name, ...],
        events: list[str],
        assertions: tuple[Assertion, ...] = (),
    ) -> RiskIndicator:
        claims = sorted(
            (claim for event in events for claim in self._claims(event)),
            key=lambda claim: (claim.span.sort_key, claim.voice.voice.iri),
        )
        spans = [_span(self.datings, event) for event in events]
        return RiskIndicator(
            number=number,
            titles=titles,
            notes=notes,
            count=len(events),
            independent_origins=len({claim.voice.voice.origin_group or claim.voice.voice.iri for claim in claims}),
            span=envelope(spans) if spans else Span(),
            claims=tuple(claims),
            assertions=assertions,
        )

    def _claims(self, event: str) -> list[RiskClaim]:
        by_graph = {each.graph: each.span for each in self.datings.get(event, ())}
        kinds = tuple(self.speech.names[kind] for kind in self.kinds.get(event, ()))
        return [
            # a voice that gives no date has none lent by the others
            RiskClaim(kinds, by_graph.get(graph, Span()), assertion)
            for graph in self.told.get(event, ())
            for assertion in self.speech.assertions(event, [graph])
        ]
