"""Which properties a graph uses at all, asked once for each snapshot.

A query that looks for eleven ways of dating an event in a graph that knows three of them reads and compares for
nothing. In: properties. Out: those with at least one statement. It must not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme


async def used(ask: Ask, scheme: Scheme, properties: Iterable[str]) -> tuple[str, ...]:
    """Those that some statement has, in the order given; one query for those that were not asked for before."""
    every = tuple(dict.fromkeys(properties))
    known = ask.kept.used
    new = [name for name in every if name not in known]
    if new:
        held = scheme.anywhere("?s ?p ?o")
        rows = await ask(f"SELECT ?p WHERE {{ VALUES ?p {{ {terms.iris(new)} }} FILTER EXISTS {held} }}")
        found = {row["p"].value for row in rows}
        known |= {name: name in found for name in new}
    return tuple(name for name in every if known[name])


def all_used_query(scheme: Scheme) -> str:
    """Every property of the graph: reads all of it, so that it is asked in the build only."""
    return f"SELECT DISTINCT ?p WHERE {scheme.anywhere('?s ?p ?o')}"


def all_used(ask: Ask, scheme: Scheme) -> tuple[str, ...]:
    """Every property of the graph, in order, where the snapshot came with that answer; else nothing."""
    rows = ask.kept.answers.get(all_used_query(scheme), [])
    return tuple(sorted(row["p"]["value"] for row in rows))
