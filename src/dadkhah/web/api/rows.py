"""View models as rows of a table, for CSV.

In: view models. Out: texts. A row for each voice where voices matter, so that no row is without one.
"""

from __future__ import annotations

from collections.abc import Iterable

from dadkhah.browse.models import Assertion
from dadkhah.browse.overviews.risk import RiskIndicator
from dadkhah.browse.records.conflicts import Conflict
from dadkhah.browse.time_and_place.timelines import TimelineEntry

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


def source_of(assertion: Assertion) -> str:
    """The name of the work in which it is said; empty where that is in none."""
    source = assertion.voice.source
    return source.label().text if source else ""


def passages_of(assertion: Assertion) -> str:
    """The passages in which it was read."""
    return "; ".join(passage.label for passage in assertion.passages)


def timeline_rows(entries: Iterable[TimelineEntry]) -> list[tuple[str, ...]]:
    """Rows for `TIMELINE_HEADER`: one for each voice that dates the event, one without for an undated event."""
    rows: list[tuple[str, ...]] = []
    for entry in entries:
        head = (entry.event.iri, entry.event.label().text, "; ".join(role.label().text for role in entry.roles))
        tail = ("; ".join(each.label().text for each in entry.places), "; ".join(p.label().text for p in entry.people))
        for dating in entry.datings:
            span = dating.span
            days = (span.earliest, span.latest, span.edtf, span.precision, *span.solar_hijri)
            rows.append(
                (
                    *head,
                    *days,
                    *tail,
                    dating.assertion.voice.iri,
                    claimant_of(dating.assertion),
                    passages_of(dating.assertion),
                )
            )
        if not entry.datings:
            rows.append((*head, "", "", "", "unknown", "", "", *tail, "", "", ""))
    return rows


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
