"""How many statements point at the records that have the most: counted once, in the build.

A record with a hundred thousand links must be known as one before it is read: to find that out takes as long as to
read a thousand of them, for each record that a search meets. In: an `Ask` whose snapshot came with the count. Out: the
number of each record that has more than `COUNTED`. It must not count anything while it serves.
"""

from __future__ import annotations

from collections.abc import Mapping

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme

COUNTED = 500
"""Records at which no more statements point are not listed."""
# of the bench graph's ten million statements 521 records have more than `COUNTED`
_MOST = 50_000


def frequent(bookkeeping: frozenset[str]) -> tuple[str, ...]:
    """The predicates that almost every record has and that are no links."""
    return (vocab.RDF_TYPE, *(sorted(name for name in bookkeeping if name.endswith("#cites"))))


def degrees_query(scheme: Scheme) -> str:
    """Records by the number of statements that point at them, the most first: reads the whole graph."""
    left_out = ", ".join(terms.iri(name) for name in frequent(scheme.no_links))
    pattern = scheme.anywhere(f"?s ?p ?o . FILTER(?p NOT IN ({left_out})) FILTER(isIRI(?s) && isIRI(?o))")
    counted = f"SELECT ?o (COUNT(*) AS ?n) WHERE {pattern} GROUP BY ?o HAVING(COUNT(*) > {COUNTED})"
    return f"{counted} ORDER BY DESC(?n) ?o LIMIT {_MOST}"


def degrees(ask: Ask, scheme: Scheme) -> Mapping[str, int] | None:
    """Links that come in, of every record with more than `COUNTED`; None where the snapshot came without."""
    kept = ask.kept
    if kept.degrees is None:
        rows = kept.answers.get(degrees_query(scheme))
        if rows is None or len(rows) >= _MOST:
            return None
        kept.degrees = {row["o"]["value"]: int(row["n"]["value"]) for row in rows}
    return kept.degrees
