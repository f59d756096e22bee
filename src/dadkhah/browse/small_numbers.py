"""When few things answer to several traits at once: what would then point at a person published under a pseudonym.

In: what was found. Out: those of it that are left out. The rule of all lists and counts of events: where two or more of
class, place, span of time, person, source and party are asked for and fewer than `FEWEST` events answer, the events
that name a protected record do not, unless that record is the one asked for. Nobody is told that something was left
out: totals, years and exports are made of what remains. Of a graph in which nobody is protected nothing is asked, but
once whether that is so. It guards nothing against somebody who writes queries (docs/security.md says what it is and is
not).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme

FEWEST = 5
_PROTECTED = ("Pseudonymous", "AggregateOnly", "Restricted")


async def shields(ask: Ask, scheme: Scheme) -> bool:
    """Whether the graph has any protected record: one query for each snapshot."""
    if ask.kept.shields is None:
        pattern = scheme.anywhere(f"{_levels(scheme)} ?who {scheme.t('protection')} ?level")
        ask.kept.shields = bool(await ask(f"SELECT ?who WHERE {pattern} LIMIT 1"))
    return ask.kept.shields


async def pointing(ask: Ask, scheme: Scheme, found: Iterable[str], *, apart_from: Sequence[str] = ()) -> frozenset[str]:
    """Those of these records that are, or name, a protected record other than those given: one query, or none."""
    wanted = sorted({iri for iri in found if terms.is_iri(iri)})
    if not wanted or not await shields(ask, scheme):
        return frozenset()
    block = f"VALUES ?e {{ {terms.iris(wanted)} }}"
    rows = await ask(f"SELECT DISTINCT ?e WHERE {{ {_pointing(scheme, block, apart_from)} }}")
    return frozenset(row["e"].value for row in rows)


def all_pointing(scheme: Scheme, *, apart_from: Sequence[str] = ()) -> str:
    """A pattern that binds `?e` once to each record that is, or names, a protected one other than those given."""
    return f"{{ SELECT DISTINCT ?e WHERE {{ {_pointing(scheme, '', apart_from)} }} }}"


def _pointing(scheme: Scheme, block: str, apart_from: Sequence[str]) -> str:
    protected = f"{_levels(scheme)} ?who {scheme.t('protection')} ?level"
    itself = scheme.anywhere(f"{block} {protected.replace('?who', '?e')}") + " BIND(?e AS ?who)"
    named = f"{scheme.anywhere(f'{block} ?e ?role ?who')} {scheme.anywhere(protected)}"
    asked_for = ", ".join(terms.iri(iri) for iri in apart_from if iri)
    other = f"FILTER(?who NOT IN ({asked_for}))" if asked_for else ""
    return f"{{ {itself} }} UNION {{ {named} }} {other}"


def _levels(scheme: Scheme) -> str:
    return f"VALUES ?level {{ {' '.join(scheme.t(level) for level in _PROTECTED)} }}"
