"""Risk factors that voices name, met in a period and place: counts with the claims behind them.

In: a span of time and a place. Out: `RiskView`. Only how often a factor is said to be seen, by whom and in which
events; never who may be next: `dk:riskTo` is not read here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, assertions_for
from dadkhah.browse.models import Assertion, Ref
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.spans import meets
from dadkhah.browse.timelines import TimelineEntry, read_events, timeline_entries
from dadkhah.browse.voices import graph_of

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class RiskIndicator:
    """A risk factor, the events in which it is said to be seen, and who says so."""

    factor: Ref
    events: tuple[TimelineEntry, ...]
    assertions: tuple[Assertion, ...]

    @property
    def count(self) -> int:
        """Events in which it is said to be seen within the period and place."""
        return len(self.events)


@dataclass(frozen=True, slots=True)
class RiskView:
    """Factors in order of IRI; those seen in no event of the period and place have a count of 0."""

    indicators: tuple[RiskIndicator, ...]
    first: str = ""
    last: str = ""
    place: str = ""


async def risk_view(ask: Ask, scheme: Scheme, first: str = "", last: str = "", place: str = "") -> RiskView:
    """Count the factors: six queries."""
    pattern = scheme.attributed(f"?f a {scheme.t('RiskFactor')} . ?f {scheme.t('observedIn')} ?e")
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in await ask(f"SELECT DISTINCT ?f ?e ?g WHERE {pattern} ORDER BY ?f ?e ?g LIMIT {_MOST}"):
        seen[row["f"].value][row["e"].value].append(graph_of(row))
    events = sorted({event for held in seen.values() for event in held})
    raw = await read_events(ask, scheme, events)
    attributed = raw.attributed()
    attributed += [
        Attributed(factor, graph) for factor, held in seen.items() for graphs in held.values() for graph in graphs
    ]
    speech = await assertions_for(ask, scheme, attributed, [*seen, *raw.mentions()])
    entries = {entry.event.iri: entry for entry in timeline_entries(scheme, raw, speech)}
    here = await _within(ask, scheme, place) if place else None
    indicators = []
    for factor, held in sorted(seen.items()):
        met = tuple(
            entries[event]
            for event in held
            if meets(entries[event].span, first, last)
            and (here is None or any(where.iri in here for where in entries[event].places))
        )
        graphs = [graph for event in held for graph in held[event]]
        indicators.append(RiskIndicator(speech.names[factor], met, speech.assertions(factor, graphs)))
    return RiskView(tuple(indicators), first, last, place)


async def _within(ask: Ask, scheme: Scheme, place: str) -> frozenset[str]:
    """A place and its parts, two levels deep."""
    here, part = terms.iri(place), scheme.t("partOf")
    pattern = (
        f"{{ {scheme.anywhere(f'?x {part} {here}')} UNION {scheme.anywhere(f'?y {part} {here} . ?x {part} ?y')} }}"
    )
    return frozenset({place, *(row["x"].value for row in await ask(f"SELECT DISTINCT ?x WHERE {pattern} LIMIT 5000"))})
