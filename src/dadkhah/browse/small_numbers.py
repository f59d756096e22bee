"""When few things answer to several traits at once: what would then point at a person published under a pseudonym.

In: events that were found. Out: those of them that are left out. The rule of all lists and counts of events: where two
or more of place, span of time, person, source and party are asked for and fewer than `FEWEST` events answer, the events
that name a protected record do not, unless that record is the one asked for. Nobody is told that something was left
out: totals, years and exports are made of what remains. It guards nothing against somebody who writes queries
(docs/security.md says what it is and is not).
"""

from __future__ import annotations

from collections.abc import Iterable

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme

FEWEST = 5
_PROTECTED = ("Pseudonymous", "AggregateOnly", "Restricted")


async def pointing(ask: Ask, scheme: Scheme, events: Iterable[str], *, apart_from: str = "") -> frozenset[str]:
    """Those of these events that are, or name, a protected record other than the one given: one query."""
    wanted = sorted(set(events))
    if not wanted:
        return frozenset()
    block = f"VALUES ?e {{ {terms.iris(wanted)} }}"
    protection = scheme.t("protection")
    itself = scheme.anywhere(f"{block} ?e {protection} ?level . BIND(?e AS ?who)")
    named = f"{scheme.anywhere(f'{block} ?e ?role ?who')} {scheme.anywhere(f'?who {protection} ?level')}"
    levels = ", ".join(scheme.t(level) for level in _PROTECTED)
    other = f" && ?who != {terms.iri(apart_from)}" if apart_from else ""
    query = f"SELECT DISTINCT ?e WHERE {{ {{ {itself} }} UNION {{ {named} }} FILTER(?level IN ({levels}){other}) }}"
    return frozenset(row["e"].value for row in await ask(query))
