"""Patterns: stages in order, each with its matches or with none, who asserts each match, and what a machine proposes.

In: the IRI of a pattern. Out: a `PatternView`. A stage without matches is shown as such; no figure of likeness is
computed. Proposals of stored queries are kept apart from what a voice or an analyst asserts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.attribution import Attributed, Speech, assertions_for
from dadkhah.browse.dates import GraphSpan, datings_of
from dadkhah.browse.models import Assertion, Name, Ref
from dadkhah.browse.names import refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.spans import Span, envelope
from dadkhah.browse.terms import Iri, Literal, Term
from dadkhah.browse.voices import graph_of

_STAGE_FACTS = ("order", "detail", "unmatchedDetail", "indicator")
_MATCH_FACTS = ("matchedEvent", "matchedItem", "method", "strength")
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Match:
    """A link from an event or item of evidence to a stage.

    Attributes:
        ref: the match record.
        target: what is matched: an event, a reading or an item of evidence.
        events: the events behind it: the target itself, or what the item rests on.
        span: when those happened.
        method: how the match was made.
        strength: how strong it is, None where nothing is said.
        proposed: whether only a stored query proposes it.
        assertions: who asserts it.
        datings: who gives the dates of the events behind it.
    """

    ref: Ref
    target: Ref
    events: tuple[Ref, ...]
    span: Span
    method: Ref | None
    strength: Ref | None
    proposed: bool
    assertions: tuple[Assertion, ...]
    datings: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a pattern.

    Attributes:
        ref: the stage.
        order: position, 0 where none is given.
        details: particulars, paraphrased.
        unmatched_details: particulars for which nothing later is found.
        indicator: file name of the stored query that proposes matches.
        matches: asserted by voices or analysts; empty means that nobody asserts any.
        proposals: of the machine, not confirmed by anyone.
        span: from the first to the last event asserted.
        independent_claimants: distinct origins of those who state the matched events.
        assertions: who says that the stage belongs to the pattern.
    """

    ref: Ref
    order: int
    details: tuple[Name, ...]
    unmatched_details: tuple[Name, ...]
    indicator: str
    matches: tuple[Match, ...]
    proposals: tuple[Match, ...]
    span: Span
    independent_claimants: int
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class PatternView:
    """A pattern as a matrix: rows are `stages`, columns are `events` in order of time, cells are matches.

    `cells[(stage IRI, event IRI)]` holds the matches, asserted and proposed; absent where there is none.
    """

    ref: Ref
    stages: tuple[Stage, ...]
    events: tuple[Ref, ...]
    cells: dict[tuple[str, str], tuple[Match, ...]]


Facts = dict[str, dict[str, dict[Term, list[str]]]]
"""Subject to property to value to graphs."""


async def pattern_list(ask: Ask, scheme: Scheme) -> tuple[Ref, ...]:
    """All patterns, in order of IRI: two queries."""
    pattern = scheme.anywhere(f"?pt a {scheme.t('Pattern')}")
    rows = await ask(f"SELECT DISTINCT ?pt WHERE {pattern} ORDER BY ?pt LIMIT {_MOST}")
    return tuple((await refs(ask, scheme, [row["pt"].value for row in rows])).values())


async def pattern_view(ask: Ask, scheme: Scheme, iri: str) -> PatternView | None:
    """A pattern; None where the graph holds no such thing. Ten queries at most."""
    stages = await _facts(ask, scheme, f"?x {scheme.t('stageOf')} {terms.iri(iri)} .", (*_STAGE_FACTS, "stageOf"))
    if not stages and not await _is_pattern(ask, scheme, iri):
        return None
    matches = {} if not stages else await _facts(
        ask, scheme, f"VALUES ?st {{ {terms.iris(stages)} }} ?x {scheme.t('matchedStage')} ?st .",
        (*_MATCH_FACTS, "matchedStage"),
    )  # fmt: skip
    targets = {value.value for held in matches.values() for name in _targets(scheme) for value in held.get(name, ())}
    behind = await _behind(ask, scheme, sorted(targets))
    events = sorted({event for held in behind.values() for event in held})
    datings = await datings_of(ask, scheme, events)
    stated = await _stated(ask, scheme, events)
    attributed = [
        Attributed(subject, graph)
        for facts in (stages, matches)
        for subject, held in facts.items()
        for values in held.values()
        for graphs in values.values()
        for graph in graphs
    ]
    attributed += [Attributed(event, graph) for event, graphs in stated.items() for graph in graphs]
    attributed += [Attributed(event, each.graph) for event, held in datings.items() for each in held]
    concepts = [value.value for held in matches.values() for values in held.values() for value in values]
    speech = await assertions_for(ask, scheme, attributed, [iri, *stages, *matches, *events, *concepts])
    return _Assembly(scheme, iri, stages, matches, behind, datings, stated, speech).view()


async def _is_pattern(ask: Ask, scheme: Scheme, iri: str) -> bool:
    """Whether somebody describes it at all, with or without stages."""
    held = scheme.anywhere(f"{terms.iri(iri)} a {scheme.t('Pattern')} BIND(1 AS ?one)")
    return bool(await ask(f"SELECT ?one WHERE {held} LIMIT 1"))


def _targets(scheme: Scheme) -> tuple[str, str]:
    return scheme.term("matchedEvent"), scheme.term("matchedItem")


async def _facts(ask: Ask, scheme: Scheme, driver: str, names: tuple[str, ...]) -> Facts:
    """Chosen properties of what the driver binds to `?x`, with their graphs: one query."""
    wanted = ", ".join(scheme.t(name) for name in names)
    query = (
        f"SELECT ?x ?p ?o ?g WHERE {{ {{ SELECT DISTINCT ?x WHERE {scheme.anywhere(driver)} LIMIT {_MOST} }} "
        f"{scheme.attributed(f'?x ?p ?o . FILTER(?p IN ({wanted}))')} }}"
    )
    facts: Facts = {}
    for row in await ask(query):
        values = facts.setdefault(row["x"].value, {}).setdefault(row["p"].value, {})
        values.setdefault(row["o"], []).append(graph_of(row))
    return facts


async def _behind(ask: Ask, scheme: Scheme, targets: list[str]) -> dict[str, list[str]]:
    """The events behind each target: what an item rests on, else the target itself."""
    behind: dict[str, list[str]] = {target: [] for target in targets}
    if targets:
        pattern = scheme.anywhere(f"VALUES ?i {{ {terms.iris(targets)} }} ?i {scheme.t('evidencedBy')} ?e")
        for row in await ask(f"SELECT DISTINCT ?i ?e WHERE {pattern} ORDER BY ?i ?e"):
            behind[row["i"].value].append(row["e"].value)
    return {target: events or [target] for target, events in behind.items()}


async def _stated(ask: Ask, scheme: Scheme, events: list[str]) -> dict[str, list[str]]:
    """The voices that state something about each event."""
    stated: dict[str, list[str]] = defaultdict(list)
    if events:
        block = f"VALUES ?e {{ {terms.iris(events)} }}"
        rows = await ask(f"SELECT DISTINCT ?e ?g WHERE {{ {block} GRAPH ?g {{ ?e ?p ?o }} }} ORDER BY ?e ?g")
        for row in rows:
            if scheme.role_of(row["g"].value) == "voice":
                stated[row["e"].value].append(row["g"].value)
    return stated


@dataclass(frozen=True, slots=True)
class _Assembly:
    """Puts a view together from what was read."""

    scheme: Scheme
    iri: str
    stages: Facts
    matches: Facts
    behind: dict[str, list[str]]
    datings: dict[str, tuple[GraphSpan, ...]]
    stated: dict[str, list[str]]
    speech: Speech

    def view(self) -> PatternView:
        by_stage: dict[str, list[Match]] = defaultdict(list)
        for iri in sorted(self.matches):
            for match in self._matches(iri):
                for matched in self.matches[iri].get(self.scheme.term("matchedStage"), {}):
                    by_stage[matched.value].append(match)
        stages = sorted((self._stage(iri, by_stage[iri]) for iri in self.stages), key=lambda s: (s.order, s.ref.iri))
        cells: dict[tuple[str, str], list[Match]] = defaultdict(list)
        for stage, matches in by_stage.items():
            for match in matches:
                for event in match.events:
                    cells[(stage, event.iri)].append(match)
        columns = sorted({event for _, event in cells}, key=lambda event: (self._span([event]).sort_key, event))
        return PatternView(
            self.speech.names[self.iri],
            tuple(stages),
            tuple(self.speech.names[event] for event in columns),
            {place: tuple(matches) for place, matches in cells.items()},
        )

    def _span(self, events: list[str]) -> Span:
        spans = [each.span for event in events for each in self.datings.get(event, ())]
        return envelope(spans) if spans else Span()

    def _first(self, held: dict[str, dict[Term, list[str]]], name: str) -> Term | None:
        return min(held.get(self.scheme.term(name), {}), key=lambda term: term.value, default=None)

    def _concept(self, held: dict[str, dict[Term, list[str]]], name: str) -> Ref | None:
        value = self._first(held, name)
        return self.speech.names.get(value.value) if isinstance(value, Iri) else None

    def _matches(self, iri: str) -> list[Match]:
        held = self.matches[iri]
        method = self._concept(held, "method")
        proposed = method is not None and method.iri == self.scheme.term("ProposedByQuery")
        found = []
        for name in _targets(self.scheme):
            for target, graphs in held.get(name, {}).items():
                events = self.behind[target.value]
                found.append(
                    Match(
                        ref=self.speech.names[iri],
                        target=self.speech.names[target.value],
                        events=tuple(self.speech.names[event] for event in events),
                        span=self._span(events),
                        method=method,
                        strength=self._concept(held, "strength"),
                        proposed=proposed,
                        assertions=self.speech.assertions(iri, graphs),
                        datings=tuple(
                            assertion
                            for event in events
                            for each in self.datings.get(event, ())
                            for assertion in self.speech.assertions(event, [each.graph])
                        ),
                    )
                )
        return found

    def _stage(self, iri: str, matches: list[Match]) -> Stage:
        held = self.stages[iri]
        order, indicator = self._first(held, "order"), self._first(held, "indicator")
        asserted = tuple(match for match in matches if not match.proposed)
        events = sorted({event.iri for match in asserted for event in match.events})
        origins = {
            self.speech.voices[graph].origin_group or graph for event in events for graph in self.stated.get(event, ())
        }
        return Stage(
            ref=self.speech.names[iri],
            order=int(order.value) if order is not None and order.value.isdigit() else 0,
            details=self._texts(held, "detail"),
            unmatched_details=self._texts(held, "unmatchedDetail"),
            indicator=indicator.value if indicator is not None else "",
            matches=asserted,
            proposals=tuple(match for match in matches if match.proposed),
            span=self._span(events),
            independent_claimants=len(origins),
            assertions=self.speech.assertions(iri, held.get(self.scheme.term("stageOf"), {}).get(Iri(self.iri), [])),
        )

    def _texts(self, held: dict[str, dict[Term, list[str]]], name: str) -> tuple[Name, ...]:
        values = held.get(self.scheme.term(name), {})
        return tuple(
            Name(value.value, value.language)
            for value in sorted(values, key=lambda v: v.value)
            if isinstance(value, Literal)
        )
