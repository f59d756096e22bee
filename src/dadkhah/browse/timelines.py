"""What happened, in order of time: the events linked to a record, dated as each voice dates them.

In: the IRI of a record. Out: `TimelineEntry`s. Two queries, whatever the number of events; of a record with very many
links the first `LINKED` are looked at. Uncertain times stay uncertain: an entry has a span, never a guessed day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech
from dadkhah.browse.dates import GraphSpan, datings_of, span_from
from dadkhah.browse.models import Assertion, Ref
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.spans import Span, envelope
from dadkhah.browse.terms import Iri
from dadkhah.browse.voices import graph_of

# links of one record that are looked through for events
LINKED = 200
ENTRIES_SHOWN = 100
_PLACES = ("place", "from", "to", "target")


@dataclass(frozen=True, slots=True)
class Dating:
    """When something happened, as one voice says, with the passages it cites."""

    span: Span
    assertion: Assertion


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An event in a timeline.

    Attributes:
        event: the event.
        roles: properties by which the event names the record whose timeline this is; empty for the record itself.
        span: holds what all voices say; orders the timeline.
        datings: what each voice says; more than one shows where they differ.
        places: where it happened, from where, to where.
    """

    event: Ref
    roles: tuple[Ref, ...]
    span: Span
    datings: tuple[Dating, ...]
    places: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTimeline:
    """What the queries for a timeline gave, in order of time."""

    events: tuple[str, ...]
    roles: dict[str, list[str]]
    datings: dict[str, tuple[GraphSpan, ...]]
    places: dict[str, list[str]]

    def attributed(self) -> list[Attributed]:
        """The graphs that date the events."""
        return [Attributed(event, each.graph) for event in self.events for each in self.datings.get(event, ())]

    def mentions(self) -> list[str]:
        """Every IRI that the timeline names."""
        found = list(self.events)
        for event in self.events:
            found += [*self.roles.get(event, ()), *self.places.get(event, ())]
        return found


async def read_timeline(ask: Ask, scheme: Scheme, iri: str) -> RawTimeline:
    """The dated things that point to a record, and the record itself where it is dated: one query."""
    record = terms.iri(iri)
    dated = ", ".join(terms.iri(text) for text in scheme.dating)
    where = ", ".join(scheme.t(name) for name in _PLACES)
    unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
    linked = scheme.anywhere(f"?e ?role {record} . FILTER(isIRI(?e) && ?role NOT IN ({unwanted}))")
    facts = scheme.attributed(f"?e ?p ?v . FILTER(?p IN ({dated}, {where}))")
    own = scheme.attributed(f"{record} ?p ?v . FILTER(?p IN ({dated}))")
    query = (
        f"SELECT ?e ?role ?p ?v ?g WHERE {{ {{ {{ SELECT DISTINCT ?e ?role WHERE {linked} LIMIT {LINKED} }} {facts} }} "
        f"UNION {{ {own} BIND({record} AS ?e) }} }}"
    )
    roles: dict[str, list[str]] = defaultdict(list)
    places: dict[str, list[str]] = defaultdict(list)
    held: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    dating = frozenset(scheme.dating)
    for row in await ask(query):
        event, name, value = row["e"].value, row["p"].value, row["v"]
        role = terms.text_of(row, "role")
        if role and role not in roles[event]:
            roles[event].append(role)
        if name in dating:
            held[event][graph_of(row)][name].append(value.value)
        elif isinstance(value, Iri) and value.value not in places[event]:
            places[event].append(value.value)
    datings = {
        event: tuple(GraphSpan(graph, span_from(scheme, facts)) for graph, facts in sorted(graphs.items()))
        for event, graphs in held.items()
    }
    order = sorted(datings, key=lambda event: (envelope([each.span for each in datings[event]]).sort_key, event))
    return RawTimeline(tuple(order[:ENTRIES_SHOWN]), roles, datings, places)


def _narrow(roles: list[str], broad: frozenset[str]) -> list[str]:
    """Roles without the broad ones that the build derives from the narrow ones."""
    return sorted(role for role in roles if role not in broad) or sorted(roles)


def timeline_entries(scheme: Scheme, raw: RawTimeline, speech: Speech) -> tuple[TimelineEntry, ...]:
    """Put the entries together."""
    broad = frozenset(scheme.terms("affected", "actor"))
    entries = []
    for event in raw.events:
        datings = tuple(
            Dating(each.span, speech.assertions(event, [each.graph])[0])
            for each in _without_copies(raw.datings.get(event, ()))
        )
        entries.append(
            TimelineEntry(
                event=speech.names[event],
                roles=tuple(speech.names[role] for role in _narrow(raw.roles.get(event, []), broad)),
                span=envelope([each.span for each in datings]),
                datings=datings,
                places=tuple(speech.names[place] for place in sorted(raw.places.get(event, ()))),
            )
        )
    return tuple(entries)


def _without_copies(datings: tuple[GraphSpan, ...]) -> tuple[GraphSpan, ...]:
    """Without the default graph's copy of what named graphs say."""
    named = tuple(each for each in datings if each.graph)
    return named or datings


async def events_as_timeline(ask: Ask, scheme: Scheme, events: list[str]) -> RawTimeline:
    """A timeline of given events, in the order given: one query."""
    datings = await datings_of(ask, scheme, events)
    return RawTimeline(tuple(events), {}, datings, {})
