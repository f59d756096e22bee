"""Answering reconciliation queries: names by the index, types and properties by the engine.

In: queries. Out: candidates per query, best first. Names are looked up off the event loop; whatever the number of
queries, classes and names are asked for once and property values once.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dadkhah.browse import terms
from dadkhah.browse.models import Ref, local_name
from dadkhah.browse.search.hits import suggest
from dadkhah.browse.small_numbers import FEWEST, pointing
from dadkhah.linking.index.hits import Hit
from dadkhah.linking.index.search import NamesIndex
from dadkhah.linking.reconcile.asked import Candidate, Condition, Feature, Query
from dadkhah.linking.reconcile.evidence import agreement, is_certain, score
from dadkhah.web.reconcile.desk import Desk

_LONGEST: Final = 200  # code points of a name that are looked at
_BEYOND: Final = 40  # further names looked at where types or properties may leave candidates out
_UNFIT: Final = 0.8  # of the score, for records of other types where types are only preferred
_BY_VALUE: Final = 100  # records found by a property value alone


@dataclass(frozen=True, slots=True)
class _Found:
    """A record before it is judged: how like its name is, and the features of that."""

    iri: str
    likeness: float | None
    name: str = ""
    language: str = ""
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the data holds of the records: names and classes, property values, names of classes."""

    refs: dict[str, Ref]
    values: dict[tuple[str, str], list[str]]
    classes: dict[str, str]


async def reconcile(desk: Desk, queries: Sequence[Query]) -> list[list[Candidate]]:
    """Candidates of each query, in order."""
    found = await _proposed(desk, queries)
    known = await desk.refs([each.iri for row in found for each in row])
    values = await _values(desk, queries, found, known)
    classes = dict(await desk.named(list(dict.fromkeys(kind for ref in known.values() for kind in ref.types))))
    data = _Known(known, values, classes)
    pointed = await _pointed_at(desk, queries, found, data)
    return [
        _judged(desk, query, [each for each in row if each.iri not in hidden], data)
        for query, row, hidden in zip(queries, found, pointed, strict=True)
    ]


async def _pointed_at(
    desk: Desk, queries: Sequence[Query], found: list[list[_Found]], known: _Known
) -> list[frozenset[str]]:
    """What is left out of each query: with several properties, the few that have them would point at a person.

    All candidates that do are left out then, also those that have none of the values: who is missing tells nothing.
    One query, none where no query has several properties.
    """
    few = [
        [each.iri for each in row]
        if len(query.conditions) > 1 and not desk.identifier(query.identifier or query.name)
        and sum(_agreeing(desk, query, each, known) > 1 for each in row) < FEWEST
        else []
        for query, row in zip(queries, found, strict=True)
    ]  # fmt: skip
    hidden = await pointing(desk.browsing.ask, desk.browsing.scheme, (iri for row in few for iri in row))
    return [hidden.intersection(row) for row in few]


def _agreeing(desk: Desk, query: Query, each: _Found, known: _Known) -> int:
    """How many of the properties asked for a record has with a value asked for; one that is merely alike is another."""
    count = 0
    for condition in query.conditions:
        held = {value.casefold() for value in known.values.get((each.iri, desk.term(condition.property)), [])}
        written = [str(value) for value in condition.values]
        count += any((desk.identifier(text) or text).casefold() in held for text in written)
    return count


async def _proposed(desk: Desk, queries: Sequence[Query]) -> list[list[_Found]]:
    """Records by identifier, by name, or by property value."""
    named: dict[int, str] = {}
    found: list[list[_Found]] = [[] for _ in queries]
    for number, query in enumerate(queries):
        iri = desk.identifier(query.identifier or query.name)
        if iri:
            found[number] = [_Found(iri, 1.0, features=(Feature("identifier", "same identifier", 1.0),))]
        elif query.name.strip():
            named[number] = query.name[:_LONGEST]
        elif query.conditions and not query.identifier:
            found[number] = [_Found(iri, None) for iri in await _having(desk, query.conditions)]
    index = desk.names
    if named and index is not None:
        more = {n: queries[n].limit + (_BEYOND if queries[n].types or queries[n].conditions else 0) for n in named}
        hits = await asyncio.to_thread(_search, index, named, more)
        for number, row in hits.items():
            found[number] = row
    elif named:
        browsing = desk.browsing
        for number, text in named.items():
            plain = await suggest(browsing.ask, browsing.scheme, text, index=None, limit=queries[number].limit)
            found[number] = [_Found(hit.ref.iri, min(hit.score, 0.99), hit.matched, hit.language) for hit in plain]
    return found


def _search(index: NamesIndex, named: dict[int, str], limits: dict[int, int]) -> dict[int, list[_Found]]:
    asked = list(dict.fromkeys((text, limits[number]) for number, text in named.items()))
    hits = index.search_all([text for text, _ in asked], [limit for _, limit in asked])
    kept = {key: [_of_hit(hit) for hit in row] for key, row in zip(asked, hits, strict=True)}
    return {number: kept[text, limits[number]] for number, text in named.items()}


def _of_hit(hit: Hit) -> _Found:
    """A hit with a feature for the whole name and one for each of its words."""
    features = [
        Feature("name", "probability that the names are one", round(hit.score, 4)),
        Feature("name-covered", "share of the words that the name has", round(min(1.0, hit.covered), 4)),
    ]
    features += [
        Feature(f"token:{word.left}", f"{word.left} = {word.right}: {word.rule}", word.likeness)
        for word in hit.matches()
    ]
    features += [Feature(f"token:{word}", f"{word}: not in the name", 0.0) for word in hit.alone()]
    return _Found(hit.iri, hit.score, hit.label, hit.language, tuple(features))


async def _having(desk: Desk, conditions: Sequence[Condition]) -> list[str]:
    """Records with a value of the first condition that can be looked up as it is."""
    for condition in conditions:
        prop = desk.term(condition.property)
        written = [text for value, entity in zip(condition.values, condition.entity, strict=True)
                   for text in _spellings(desk, value, entity=entity)]  # fmt: skip
        if prop and written:
            pattern = f"VALUES ?v {{ {' '.join(written)} }} ?r {terms.iri(prop)} ?v FILTER(isIRI(?r))"
            query = f"SELECT DISTINCT ?r WHERE {desk.browsing.scheme.anywhere(pattern)} LIMIT {_BY_VALUE}"
            rows = await desk.browsing.ask(query)
            return sorted({row["r"].value for row in rows})
    return []


def _spellings(desk: Desk, value: str | float, *, entity: bool) -> list[str]:
    """A value as the terms that it may be recorded as."""
    text = str(value).lower() if isinstance(value, bool) else str(value)[:1000]
    iri = desk.identifier(text)
    found = [terms.iri(iri)] if iri else []
    if not entity:
        safe = text.encode("utf-8", "replace").decode()
        datatypes = [terms.XSD_STRING, terms.XSD_DATE, terms.XSD_INTEGER, f"{terms.XSD}gYear"]
        datatypes += [f"{terms.XSD}decimal", f"{terms.XSD}boolean"]
        literals = [terms.Literal(safe, datatype) for datatype in datatypes]
        literals += [terms.Literal(safe, terms.RDF_LANG_STRING, language) for language in ("en", "fa")]
        found += [terms.write(literal) for literal in literals]
    return found


async def _values(
    desk: Desk, queries: Sequence[Query], found: list[list[_Found]], known: dict[str, Ref]
) -> dict[tuple[str, str], list[str]]:
    """Recorded values by record and property, with the names of those that are records, in one or two queries."""
    wanted = {desk.term(condition.property) for query in queries for condition in query.conditions} - {""}
    records = [each.iri for query, row in zip(queries, found, strict=True) if query.conditions for each in row]
    records = [iri for iri in dict.fromkeys(records) if iri in known]
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    if not wanted or not records:
        return values
    among = ", ".join(terms.iri(prop) for prop in sorted(wanted))
    pattern = f"VALUES ?r {{ {terms.iris(records)} }} ?r ?p ?v FILTER(?p IN ({among}))"
    rows = await desk.browsing.ask(f"SELECT DISTINCT ?r ?p ?v WHERE {desk.browsing.scheme.anywhere(pattern)}")
    things = await desk.refs([row["v"].value for row in rows if isinstance(row["v"], terms.Iri)])
    for row in rows:
        value, held = row["v"], values[row["r"].value, row["p"].value]
        held.append(value.value)
        if value.value in things:
            held += [name.text for name in things[value.value].names]
    return values


def _judged(desk: Desk, query: Query, found: list[_Found], known: _Known) -> list[Candidate]:
    """The candidates of one query, scored, filtered, best first."""
    candidates = [one for one in (_candidate(desk, query, each, known) for each in found) if one is not None]
    candidates.sort(key=lambda candidate: -candidate.score)
    if is_certain(candidates):
        candidates[0] = replace(candidates[0], match=True)
    return candidates[: query.limit]


def _candidate(desk: Desk, query: Query, each: _Found, known: _Known) -> Candidate | None:
    """A record with its score; None where types or a required property leave it out."""
    ref = known.refs.get(each.iri)
    if ref is None:
        return None
    types = {desk.term(kind) for kind in query.types}
    fits = types <= set(ref.types) if query.every_type else not types or bool(types & set(ref.types))
    if not fits and not query.types_preferred:
        return None
    agreements = [
        agreement(condition, known.values.get((each.iri, desk.term(condition.property)), []))
        for condition in query.conditions
    ]
    features = []
    for condition, value in zip(query.conditions, agreements, strict=True):
        if condition.required and (value is None or value < 1 / 2):
            return None
        if value is not None:
            name = f"agreement of {local_name(condition.property)}"
            features.append(Feature(f"property:{condition.property}", name, round(value, 4)))
    label = ref.label("fa" if each.language == "fa" else "en")
    # the recorded name that matched is told where it is not the one that is shown
    matched = f"also recorded as {each.name}" if each.name and each.name != label.text else ""
    return Candidate(
        iri=each.iri,
        name=label.text,
        score=round(score(each.likeness, agreements) * (1.0 if fits else _UNFIT), 2),
        language=label.language,
        description=matched,
        types=tuple((kind, known.classes.get(kind, local_name(kind))) for kind in ref.types),
        features=(*each.features, *features),
    )
