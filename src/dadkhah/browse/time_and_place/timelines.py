"""What happened, in order of time: the events linked to a record, dated as each voice dates them.

In: the IRI of a record and what points to it. Out: `TimelineEntry`s. Two queries, whatever the number of events; of a
record with very many links the first `LINKED` are looked at. Uncertain times stay uncertain: an entry has a span, never
a guessed day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech
from dadkhah.browse.dates import GraphSpan, span_from
from dadkhah.browse.models import Assertion, Ref
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.spans import Span, envelope
from dadkhah.browse.terms import Iri, Row
from dadkhah.browse.used import used
from dadkhah.browse.voices import graph_of

# links of one record that are looked through for events
LINKED = 200
ENTRIES_SHOWN = 100
PLACES = ("place", "from", "to", "target", "executedAt", "heldInWard", "exileTo")
PEOPLE = (
    "victim", "defendant", "detained", "transferred", "confined", "sentenced", "accused", "affected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dating:
    """When something happened, as one voice says, with the passages it cites."""

    span: Span
    assertion: Assertion


@dataclass(frozen=True, slots=True)
class Said:
    """A place or a person that an event names, by which property, and who says so."""

    role: Ref
    thing: Ref
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An event in a timeline.

    Attributes:
        event: the event.
        roles: properties by which the event names the record whose timeline this is; empty for the record itself.
        span: holds what all voices say; orders the timeline.
        datings: what each voice says; more than one shows where they differ.
        places: where it happened, from where, to where.
        people: whom it befell.
        places_said: the places by property, with who says so.
        people_said: the people by property, with who says so.
    """

    event: Ref
    roles: tuple[Ref, ...]
    span: Span
    datings: tuple[Dating, ...]
    places: tuple[Ref, ...] = ()
    people: tuple[Ref, ...] = ()
    places_said: tuple[Said, ...] = ()
    people_said: tuple[Said, ...] = ()


# event to property and thing to the graphs that say so
_Named = dict[str, dict[tuple[str, str], list[str]]]


@dataclass(frozen=True, slots=True)
class RawTimeline:
    """What the queries for a timeline gave, in order of time; `cut` where there are more events than were read."""

    events: tuple[str, ...]
    roles: dict[str, list[str]]
    datings: dict[str, tuple[GraphSpan, ...]]
    places: _Named
    people: _Named
    cut: bool = False

    def attributed(self) -> list[Attributed]:
        """The graphs that date the events, and those that name places and people."""
        found = [Attributed(event, each.graph) for event in self.events for each in self.datings.get(event, ())]
        for event in self.events:
            named = (*self.places.get(event, {}).values(), *self.people.get(event, {}).values())
            found += [Attributed(event, graph) for graphs in named for graph in graphs]
        return found

    def mentions(self) -> list[str]:
        """Every IRI that the timeline names."""
        found = list(self.events)
        for event in self.events:
            found += self.roles.get(event, ())
            found += [iri for held in (self.places, self.people) for pair in held.get(event, ()) for iri in pair]
        return found


async def read_linked(
    ask: Ask, scheme: Scheme, iri: str, roles: Mapping[str, list[str]], limit: int = ENTRIES_SHOWN
) -> RawTimeline:
    """The dated ones of some things that point to a record, and the record itself where it is dated.

    Costs one query, two where there are more than `limit`: then the last of them in order of time are read. The first
    time of all, one more tells which properties the graph dates by.

    Args:
        ask: what answers.
        scheme: layout of the graph.
        iri: the record.
        roles: things that point to it, with the properties by which they do.
        limit: the most entries.
    """
    things = [text for text in (iri, *roles) if terms.is_iri(text)]
    cut = len(things) > limit
    if cut:
        things = await _dated(ask, scheme, things)
        cut = len(things) > limit
    raw = await read_events(ask, scheme, things[-limit:])
    order = sorted(
        raw.datings, key=lambda event: (envelope([each.span for each in raw.datings[event]]).sort_key, event)
    )
    own = {event: list(held) for event, held in roles.items() if event in raw.datings}
    return replace(raw, events=tuple(order), roles=own, cut=cut)


async def _dated(ask: Ask, scheme: Scheme, things: Sequence[str]) -> list[str]:
    """Those that are dated, in order of the first date that anyone gives: one query, none where nothing is dated."""
    dated = "|".join(terms.iri(text) for text in (await _present(ask, scheme))[0])
    if not dated:
        return []
    # a path looks each property up; a filter would read all that is said of an event: 3.8 ms and 6.6 for a court
    pattern = scheme.anywhere(f"VALUES ?e {{ {terms.iris(things)} }} ?e ({dated}) ?v")
    rows = await ask(f"SELECT ?e (MIN(STR(?v)) AS ?first) WHERE {pattern} GROUP BY ?e")
    return [event for _, event in sorted((row["first"].value, row["e"].value) for row in rows if "e" in row)]


async def _present(ask: Ask, scheme: Scheme) -> tuple[list[str], list[str]]:
    """Properties that the graph dates by, and those by which it names places and people: asked together, once."""
    others = scheme.terms(*PLACES, *PEOPLE)
    present = await used(ask, scheme, (*scheme.dating, *others))
    return [name for name in present if name not in others], [name for name in present if name in others]


async def read_events(ask: Ask, scheme: Scheme, events: Sequence[str]) -> RawTimeline:
    """Given events, dated or not, in the order given: one query."""
    if not events:
        return RawTimeline((), {}, {}, {}, {})
    dates, named = await _present(ask, scheme)
    if not dates and not named:
        return RawTimeline(tuple(events), {}, {}, {}, {})
    return replace(_collect(scheme, await ask(_facts_query(scheme, events, dates, named))), events=tuple(events))


def _facts_query(scheme: Scheme, events: Sequence[str], dates: Sequence[str], others: Sequence[str]) -> str:
    """Dates, places and people with the graphs that give them."""
    wanted = ", ".join(map(terms.iri, (*dates, *others)))
    pattern = scheme.attributed(f"VALUES ?e {{ {terms.iris(events)} }} ?e ?p ?v FILTER(?p IN ({wanted}))")
    return f"SELECT ?e ?p ?v ?g WHERE {pattern}"


def _collect(scheme: Scheme, rows: list[Row]) -> RawTimeline:
    places: _Named = defaultdict(lambda: defaultdict(list))
    people: _Named = defaultdict(lambda: defaultdict(list))
    held: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    dating, where = frozenset(scheme.dating), frozenset(scheme.terms(*PLACES))
    for row in rows:
        event = row["e"].value
        name, value = row["p"].value, row["v"]
        if name in dating:
            held[event][graph_of(row)][name].append(value.value)
        elif isinstance(value, Iri):
            (places if name in where else people)[event][name, value.value].append(graph_of(row))
    datings = {
        event: tuple(GraphSpan(graph, span_from(scheme, facts)) for graph, facts in sorted(graphs.items()))
        for event, graphs in held.items()
    }
    broad = frozenset(scheme.terms("place", "affected"))
    return RawTimeline((), {}, datings, _narrowed(places, broad), _narrowed(people, broad))


def _narrowed(named: _Named, broad: frozenset[str]) -> _Named:
    """Without what the build derives: that an event concerns a thing that it names more exactly."""
    found: _Named = {}
    for event, pairs in named.items():
        exact = {thing for role, thing in pairs if role not in broad}
        found[event] = {
            (role, thing): sorted(set(graphs))
            for (role, thing), graphs in sorted(pairs.items())
            if role not in broad or thing not in exact
        }
    return found


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
                span=envelope([each.span for each in datings]) if datings else Span(),
                datings=datings,
                places=_things(speech, raw.places.get(event, {})),
                people=_things(speech, raw.people.get(event, {})),
                places_said=_said(speech, event, raw.places),
                people_said=_said(speech, event, raw.people),
            )
        )
    return tuple(entries)


def _things(speech: Speech, named: Iterable[tuple[str, str]]) -> tuple[Ref, ...]:
    return tuple(speech.names[thing] for thing in sorted({thing for _, thing in named}))


def _said(speech: Speech, event: str, named: _Named) -> tuple[Said, ...]:
    return tuple(
        Said(speech.names[role], speech.names[thing], speech.assertions(event, graphs))
        for (role, thing), graphs in named.get(event, {}).items()
    )


def _without_copies(datings: tuple[GraphSpan, ...]) -> tuple[GraphSpan, ...]:
    """Without the default graph's copy of what named graphs say."""
    named = tuple(each for each in datings if each.graph)
    return named or datings
