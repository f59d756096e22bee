"""View models as rows of a table, for CSV.

In: view models. Out: texts. A row for each voice where voices matter, so that no row is without one.
"""

from __future__ import annotations

from collections.abc import Iterable

from dadkhah.browse.models import Assertion, Voice
from dadkhah.browse.overviews.risk import RiskIndicator
from dadkhah.browse.pictures.told import speakers
from dadkhah.browse.records.conflicts import Conflict
from dadkhah.browse.spans import Span
from dadkhah.browse.time_and_place.timelines import Said, TimelineEntry

TIMELINE_HEADER = (
    "event", "eventLabel", "roles", "earliest", "latest", "edtf", "precision", "solarHijriEarliest",
    "solarHijriLatest", "places", "people", "voice", "claimant", "passages",
)  # fmt: skip
CONFLICT_HEADER = (
    "conflict", "subject", "subjectLabel", "property", "propertyLabel", "value", "valueLabel", "voice", "claimant",
    "source", "passages",
)  # fmt: skip
RISK_HEADER = (
    "indicator", "label", "count", "independentOrigins", "kinds", "earliest", "latest", "voice", "claimant", "source",
    "passages",
)  # fmt: skip


def claimant_of(assertion: Assertion) -> str:
    """Who says it: the claimant's name, else what kind of graph holds it."""
    voice = assertion.voice
    return voice.claimant.label().text if voice.claimant else voice.role


def voice_cells(voices: Iterable[Voice]) -> tuple[str, str]:
    """The voices of a row that has several: their graphs, and whose they are."""
    held = list(voices)
    return " ".join(voice.iri for voice in held), "; ".join(speakers(held))


def source_of(assertion: Assertion) -> str:
    """The name of the work in which it is said; empty where that is in none."""
    source = assertion.voice.source
    return source.label().text if source else ""


def passages_of(assertion: Assertion) -> str:
    """The passages in which it was read."""
    return "; ".join(passage.label for passage in assertion.passages)


def timeline_rows(entries: Iterable[TimelineEntry]) -> list[tuple[str, ...]]:
    """Rows for `TIMELINE_HEADER`: one for each voice, with the date, places and people that this voice gives.

    One without a voice for an event of which nobody gives any of these.
    """
    rows: list[tuple[str, ...]] = []
    for entry in entries:
        head = (entry.event.iri, entry.event.label().text, "; ".join(role.label().text for role in entry.roles))
        spans = {dating.assertion.voice.iri: dating.span for dating in entry.datings}
        assertions = {dating.assertion.voice.iri: dating.assertion for dating in entry.datings}
        for each in (*entry.places_said, *entry.people_said):
            for assertion in each.assertions:
                assertions.setdefault(assertion.voice.iri, assertion)
        for graph, assertion in assertions.items():
            span = spans.get(graph, Span())
            days = (span.earliest, span.latest, span.edtf, span.precision, *span.solar_hijri)
            tail = (_named_by(graph, entry.places_said), _named_by(graph, entry.people_said))
            rows.append((*head, *days, *tail, graph, claimant_of(assertion), passages_of(assertion)))
        if not assertions:
            rows.append((*head, "", "", "", "unknown", "", "", "", "", "", "", ""))
    return rows


def _named_by(graph: str, said: Iterable[Said]) -> str:
    """The places or people that one voice names."""
    own = (each for each in said if any(assertion.voice.iri == graph for assertion in each.assertions))
    return "; ".join(dict.fromkeys(each.thing.label().text for each in own))


def conflict_rows(conflicts: Iterable[Conflict]) -> list[tuple[str, ...]]:
    """Rows for `CONFLICT_HEADER`: one for each value and voice."""
    return [
        (
            conflict.iri,
            conflict.subject.iri,
            conflict.subject.label().text,
            conflict.property.iri,
            conflict.property.label().text,
            value.term.value,
            value.ref.label().text if value.ref else "",
            assertion.voice.iri,
            claimant_of(assertion),
            source_of(assertion),
            passages_of(assertion),
        )
        for conflict in conflicts
        for value in conflict.values
        for assertion in value.assertions
    ]


def risk_rows(indicators: Iterable[RiskIndicator]) -> list[tuple[str, ...]]:
    """Rows for `RISK_HEADER`: one for each claim, one without for an indicator that nothing meets."""
    rows: list[tuple[str, ...]] = []
    for each in indicators:
        label = next((name.text for name in each.titles if name.language == "en"), each.titles[0].text)
        head = (each.number, label, str(each.count), str(each.independent_origins))
        rows += [
            (
                *head,
                "; ".join(kind.label().text for kind in claim.kinds),
                claim.span.earliest,
                claim.span.latest,
                claim.voice.voice.iri,
                claimant_of(claim.voice),
                source_of(claim.voice),
                passages_of(claim.voice),
            )
            for claim in each.claims
        ]
        if not each.claims:
            rows.append((*head, "", "", "", "", "", "", ""))
    return rows
