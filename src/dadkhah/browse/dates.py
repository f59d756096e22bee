"""When events happened, as each voice dates them.

In: IRIs of events. Out: `Dating`s per event, one for each voice, and the span that holds them all. One query for each
`AT_ONCE` events. It must not reconcile what voices say: the envelope only orders and filters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.names import AT_ONCE
from dadkhah.browse.scheme import EARLIEST, EDTF, FOREIGN_FIRST, FOREIGN_LAST, LATEST, Scheme
from dadkhah.browse.spans import Span, days_of, envelope
from dadkhah.browse.voices import graph_of


@dataclass(frozen=True, slots=True)
class GraphSpan:
    """When something happened, as one graph says."""

    graph: str
    span: Span


async def datings_of(ask: Ask, scheme: Scheme, iris: Iterable[str]) -> dict[str, tuple[GraphSpan, ...]]:
    """For each IRI that is dated, the span each graph gives; what has no date is absent."""
    wanted = [iri for iri in dict.fromkeys(iris) if terms.is_iri(iri)]
    properties = ", ".join(terms.iri(text) for text in scheme.dating)
    found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for start in range(0, len(wanted), AT_ONCE):
        block = terms.iris(wanted[start : start + AT_ONCE])
        pattern = scheme.attributed(f"VALUES ?e {{ {block} }} ?e ?p ?v FILTER(?p IN ({properties}))")
        for row in await ask(f"SELECT ?e ?p ?v ?g WHERE {pattern}"):
            found[row["e"].value][graph_of(row)][row["p"].value].append(row["v"].value)
    return {
        iri: tuple(GraphSpan(graph, span_from(scheme, held)) for graph, held in sorted(graphs.items()))
        for iri, graphs in found.items()
    }


def span_from(scheme: Scheme, held: Mapping[str, list[str]]) -> Span:
    """One graph's dates as a span: its own earliest and latest days, else what its other dates name."""

    def texts(*properties: str) -> list[str]:
        return [text for name in properties for text in held.get(name, ())]

    edtf = min(texts(scheme.term(EDTF)), default="")
    first = texts(scheme.term(EARLIEST)) or ([] if edtf else texts(*FOREIGN_FIRST))
    last = texts(scheme.term(LATEST)) or ([] if edtf else texts(*FOREIGN_LAST))
    earliest = min((days_of(text)[0] for text in first), default="")
    latest = max((days_of(text)[1] for text in last), default="")
    if edtf and not earliest and not latest:
        earliest, latest = days_of(edtf)
    if not latest and texts(*FOREIGN_FIRST) and not texts(scheme.term(EARLIEST), scheme.term(EDTF)):
        # a start without an end: known to the precision that it is written with
        latest = max(days_of(text)[1] for text in first)
    return Span(earliest, latest, edtf)


async def spans_of(ask: Ask, scheme: Scheme, iris: Iterable[str]) -> dict[str, Span]:
    """For each IRI that is dated, the span that holds what all graphs say."""
    datings = await datings_of(ask, scheme, iris)
    return {iri: envelope([each.span for each in held]) for iri, held in datings.items()}
