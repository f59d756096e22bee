"""How good the graph is, in measures that anyone can repeat: for each, how many of how many.

In: an `Ask`. Out: `Measure`s with the query that lists what they count, so that a reader can look at each case. One
query for each measure. These read much, so whoever calls keeps the answer for as long as the snapshot lasts. No
measure is summed into a grade.
"""

from __future__ import annotations

from dataclasses import dataclass

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme

_SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes:
        name: which one; the pages have words for it.
        count: how many.
        total: of how many.
        query: a SELECT that lists what `count` counts.
    """

    name: str
    count: int
    total: int
    query: str

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 of nothing is 0."""
        return self.count / self.total if self.total else 0.0


def _patterns(scheme: Scheme) -> dict[str, tuple[str, str]]:
    """Name to the patterns of the whole and of the part; both bind `?x`."""
    t = scheme.t
    event = f"?x a {t('Event')} FILTER NOT EXISTS {{ ?x a {t('EnvisagedThing')} }}"
    person = f"?x a {t('Person')}"
    passage = f"?x a ?kind FILTER(?kind IN ({t('Passage')}, {t('Locator')}))"
    source = f"?x a {t('Source')}"
    match = f"?x a {t('PatternMatch')}"
    voice = f"?x a {t('Voice')}"
    return {
        "dated_events": (event, f"{event} FILTER EXISTS {{ ?x {t('earliest')} ?day }}"),
        "two_origins": (event, f"{event} ?x {t('independentClaimants')} ?n FILTER(?n > 1)"),
        "persian_names": (person, f'{person} . ?x <{_SKOS}prefLabel> ?l FILTER(LANG(?l) = "fa")'),
        "cited_passages": (passage, f"{passage} FILTER EXISTS {{ ?r {t('cites')} ?x }}"),
        "settled_passages": (
            passage,
            f"{passage} FILTER(EXISTS {{ ?r {t('cites')} ?x }} || EXISTS {{ ?x {t('noClaim')} ?why }})",
        ),
        "archived_sources": (source, f"{source} FILTER EXISTS {{ ?x {t('archivedAs')} ?text }}"),
        "voices_with_origin": (voice, f"{voice} FILTER EXISTS {{ ?x {t('originGroup')} ?origin }}"),
        "confirmed_matches": (match, f"{match} FILTER NOT EXISTS {{ ?x {t('method')} {t('ProposedByQuery')} }}"),
    }


async def measures(ask: Ask, scheme: Scheme) -> tuple[Measure, ...]:
    """Count all measures."""
    found = []
    for name, (whole, part) in _patterns(scheme).items():
        count = "SELECT (COUNT(DISTINCT ?x) AS ?n)"
        query = (
            f"SELECT ?all ?some WHERE {{ {{ {count.replace('?n', '?all')} WHERE {scheme.anywhere(whole)} }} "
            f"{{ {count.replace('?n', '?some')} WHERE {scheme.anywhere(part)} }} }}"
        )
        row = (await ask(query))[0]
        listing = f"SELECT DISTINCT ?x WHERE {{ {part} }} ORDER BY ?x LIMIT 1000"
        found.append(Measure(name, int(terms.text_of(row, "some") or 0), int(terms.text_of(row, "all") or 0), listing))
    return tuple(found)
