"""Two records side by side, or a record and a row of another dataset: evidence for and against, and what was decided.

It only shows. Decisions are made with `dadkhah review`, by people, in the project's own files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from dadkhah.browse import terms
from dadkhah.browse.models import Assertion, Name, Ref, Statement
from dadkhah.browse.names import refs
from dadkhah.browse.records.reading import Shown
from dadkhah.browse.records.record import Record, record
from dadkhah.browse.small_numbers import FEWEST, pointing
from dadkhah.browse.terms import Literal
from dadkhah.linking.beside import Described, Stated, evidence
from dadkhah.linking.decided import Decided, DecidedPairs
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.pages.records import by_property
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
_SHOWN = Shown(statements=60, relations=200, entries=1)
_VOICES = 2
_ROWS = 3  # entries of a list stand for one thing; more than one listing of it is rare
_NAMED_TOGETHER = 6


class AskedPair(BaseModel):
    """Two records, perhaps none yet."""

    model_config = ConfigDict(frozen=True)

    left: str = Field("", max_length=2000, description="A record: IRI, or kind/slug")
    right: str = Field("", max_length=2000, description="Another record, or the address of a row of another dataset")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two.

    Attributes:
        ref: what it is.
        names: all of its names.
        row: whether it is a row of another dataset.
        said: statements with who makes them; of a row, those of the listing that is about it.
        own: the records that were read for it.
    """

    ref: Ref
    names: tuple[Name, ...]
    row: bool
    said: tuple[Statement, ...]
    own: tuple[Record, ...]


@router.get("/compare")
async def compare(view: ViewDep, asked: Annotated[AskedPair, Query()]) -> Response:
    """Show two records side by side; without them, every pair that was decided."""
    browsing = view.browsing
    held: DecidedPairs | None = browsing.context.parts.get(DecidedPairs)
    known = held.of(browsing.snapshot_hash) if held else ()
    left, right = browsing.record(asked.left, "left"), browsing.record(asked.right, "right")
    if not (left and right):
        return await _list(view, asked, known)
    decision = next((each for each in known if (each.subject, each.target) == (left, right)), None)
    if decision is None:
        decision = next((each for each in known if (each.target, each.subject) == (left, right)), None)
    sides = [await _side(browsing, iri, decision) for iri in (left, right)]
    return view.show("compare.html", asked=asked, **await _shown(browsing, sides, decision))


async def _list(view: View, asked: AskedPair, known: Sequence[Decided]) -> Response:
    named = await refs(
        view.browsing.ask, view.browsing.scheme, [iri for each in known for iri in (*_ours(each), each.reviewer)]
    )
    groups = [(state, list(rows)) for state, rows in groupby(known, key=lambda each: each.state)]
    return view.show("compare.html", asked=asked, sides=(), groups=groups, named=named)


def _ours(decision: Decided) -> tuple[str, ...]:
    return (decision.subject, decision.target)


async def _side(browsing: Browsing, iri: str, decision: Decided | None) -> Side:
    refuse_withdrawn(browsing, iri)
    found = await record(browsing.ask, browsing.scheme, iri, browsing.snapshot_hash, _SHOWN)
    if found is not None and found.ref.kind:
        return Side(found.ref, found.names, row=False, said=found.statements, own=(found,))
    rows = await _rows(browsing, iri)
    if not rows and decision is None:
        if found is None:
            raise await missing(browsing, iri)
        return Side(found.ref, found.names, row=False, said=found.statements, own=(found,))
    label = (Name(decision.label),) if decision and decision.target == iri and decision.label else ()
    as_listed = browsing.scheme.term("nameAsListed")
    names = [
        Name(each.value.term.value, each.value.term.language)
        for row in rows
        for each in row.statements
        if each.property.iri == as_listed and isinstance(each.value.term, Literal)
    ]
    ref = Ref(iri, tuple(names[:1]) or label)
    said = tuple(each for row in rows for each in row.statements)
    return Side(ref, tuple(dict.fromkeys((*label, *names))), row=True, said=said, own=rows)


async def _rows(browsing: Browsing, entry: str) -> tuple[Record, ...]:
    """The listings that are about an entry of another dataset."""
    scheme = browsing.scheme
    pattern = scheme.attributed(f"?listing {scheme.t('entry')} {terms.iri(entry)}")
    found = await browsing.ask(f"SELECT DISTINCT ?listing WHERE {pattern} ORDER BY ?listing LIMIT {_ROWS}")
    iris = [row["listing"].value for row in found if isinstance(row["listing"], terms.Iri)]
    records = [await record(browsing.ask, scheme, iri, browsing.snapshot_hash, _SHOWN) for iri in iris]
    return tuple(each for each in records if each is not None)


async def _shown(browsing: Browsing, sides: Sequence[Side], decision: Decided | None) -> dict[str, Any]:
    left, right = (_described(browsing, side) for side in sides)
    found = evidence(left, right)
    together = await _together(browsing, sides, found.together)
    reviewer = decision.reviewer if decision else ""
    named = await refs(browsing.ask, browsing.scheme, [*together, *([reviewer] if reviewer else [])])
    return {
        "sides": sides,
        "evidence": found,
        "together": [named[iri] for iri in together],
        "together_said": {iri: _naming_both(sides, iri) for iri in together},
        "agree": [_both(sides, name) for name in found.agree],
        "differ": [_both(sides, name) for name in found.differ],
        "decision": decision,
        "reviewer": named.get(reviewer),
        "by_property": by_property,
        "most_voices": _VOICES,
    }


async def _together(browsing: Browsing, sides: Sequence[Side], records: Sequence[str]) -> list[str]:
    """What names both, but for the little that would point at a person under a pseudonym who is neither."""
    hidden: frozenset[str] = frozenset()
    if len(records) < FEWEST:
        asked = [side.ref.iri for side in sides]
        hidden = await pointing(browsing.ask, browsing.scheme, records, apart_from=asked)
    return [iri for iri in records if iri not in hidden][:_NAMED_TOGETHER]


def _naming_both(sides: Iterable[Side], iri: str) -> list[Assertion]:
    """Whoever says of a record that it names one of the two or the other."""
    relations = (relation for side in sides for each in side.own for relation in each.relations)
    return [one for relation in relations if relation.subject.iri == iri for one in relation.assertions]


def _described(browsing: Browsing, side: Side) -> Described:
    scheme = browsing.scheme
    functional, apart = scheme.term("FunctionalProperty"), set(scheme.bookkeeping)
    values: dict[str, set[str]] = {}
    single: set[str] = set()
    for each in side.said:
        if each.property.iri not in apart:
            values.setdefault(each.property.iri, set()).add(each.value.term.value)
            if functional in each.property.types:
                single.add(each.property.iri)
    beside = {
        relation.subject.iri
        for each in side.own
        if not side.row
        for relation in each.relations
        if relation.property.iri not in apart and any(one.voice.role == "voice" for one in relation.assertions)
    }
    stated = {name: Stated(frozenset(held), name in single) for name, held in values.items()}
    return Described(
        "" if side.row else side.ref.kind, tuple(name.text for name in side.names), stated, frozenset(beside)
    )


def _both(sides: Iterable[Side], name: str) -> tuple[Ref, list[list[Statement]]]:
    """A property, and what each side states by it."""
    held = [[each for each in side.said if each.property.iri == name] for side in sides]
    return held[0][0].property, held
