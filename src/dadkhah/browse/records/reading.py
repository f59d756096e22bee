"""The queries for one record: what is said of it, what points to it, when its events were.

In: an IRI and how much is shown. Out: a `RecordRead`, or None where nothing is said of the thing and nothing points to
it. Queries that do not need each other's answers go to the engine at the same time. What is not shown is not looked up
further: neither its graphs nor its passages nor its names. It must not put anything together for a reader.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeVar

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.records.conflicts import ConflictFilter, RawConflict, read_conflicts
from dadkhah.browse.records.order import apart, rank_in_query
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Term
from dadkhah.browse.time_and_place.timelines import LINKED, RawTimeline, read_linked
from dadkhah.browse.used import all_used
from dadkhah.browse.voices import graph_of

Key = TypeVar("Key")
Said = dict[tuple[str, Term], list[str]]
"""(property, value) to the graphs that hold it."""
Pointed = dict[tuple[str, str], list[str]]
"""(subject, property) that point to a record, to the graphs that hold it."""

# relations counted per property; beyond it the count is a lower bound
COUNTED = 10_000
# links of any kind that are looked through for relations; where bookkeeping fills them, it is left out beforehand
_SCANNED = 3_000
# statements of one record that are put in order; whoever has more, a dataset of all its rows, has the rest as it comes
_ORDERED = 2_000


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a record is read; the rest stands in lists with cursors."""

    statements: int = 400
    values: int = 400
    """Values of one property; further ones make room for what else is said."""
    rivals: int = 400
    """The same for values that voices disagree about: they stand beside each other."""
    relations: int = 100
    entries: int = 100
    links: int = LINKED
    """Links that are looked through for relations of every kind and for dated events."""


@dataclass(frozen=True, slots=True)
class RecordRead:
    """What the queries for one record gave.

    Attributes:
        iri: the record.
        said: its statements.
        left: how many more values a property has than are given, by property.
        unshown: how many statements are not given; 0 also where there are too many to count.
        above: for each of its classes, those that it is directly a subclass of.
        pointed: statements of others that point here.
        counts: how many there are, by property.
        exact: whether all were counted.
        conflicts: disagreements about it, by IRI.
        timeline: its events.
        more: which of `statements`, `relations`, `timeline` go on beyond what was read.
    """

    iri: str
    said: Said
    above: dict[str, set[str]]
    pointed: Pointed
    counts: list[tuple[str, int]]
    exact: bool
    conflicts: dict[str, RawConflict]
    timeline: RawTimeline
    more: frozenset[str] = field(default=frozenset())
    left: dict[str, int] = field(default_factory=dict)
    unshown: int = 0


async def read_record(ask: Ask, scheme: Scheme, iri: str, shown: Shown) -> RecordRead | None:
    """Read one record: eight queries, four for what is not there, one more where bookkeeping hides what is."""
    wanted = max(shown.links, shown.relations + 1)
    (read, above, rivals, totals), pairs, (counts, linked), conflicts = await asyncio.gather(
        _said_of(ask, scheme, iri, _looked_at(shown)),
        _pointing(ask, scheme, iri, wanted),
        _counts(ask, scheme, iri),
        read_conflicts(ask, scheme, ConflictFilter(subject=iri)),
    )
    if linked >= _SCANNED and len(pairs) < wanted:
        pairs = await _pointing_by_property(ask, scheme, iri, wanted)
    if not read and not pairs:
        return None
    named = {name for name, _ in read}
    read |= {pair: graphs for pair, graphs in rivals.items() if pair[0] in named and pair not in read}
    said = _kept(scheme, read, conflicts, shown)
    given = Counter(name for name, _ in said)
    left = {name: count - given[name] for name, count in totals.items() if name != vocab.RDF_TYPE}
    roles: dict[str, list[str]] = defaultdict(list)
    for subject, name in pairs:
        roles[subject].append(name)
    chosen = _chosen(scheme, pairs, shown.relations)
    timeline, pointed = await asyncio.gather(
        read_linked(ask, scheme, iri, roles, shown.entries), _graphs_of(ask, scheme, iri, chosen)
    )
    total = sum(count for _, count in counts)
    more = {
        "statements": any(count > 0 for count in left.values()),
        "relations": total > len(chosen) and len(_chosen(scheme, pairs, len(pairs))) > len(chosen),
        "timeline": timeline.cut,
    }
    return RecordRead(
        iri,
        said,
        above,
        pointed,
        counts,
        linked < COUNTED,
        conflicts,
        timeline,
        frozenset(name for name, is_cut in more.items() if is_cut),
        {name: count for name, count in left.items() if count > 0 and given[name]},
        sum(left.values()) if totals.total() < _ORDERED else 0,
    )


def _looked_at(shown: Shown) -> int:
    """Statements that are read: more than are given where a property with many values is to leave room for others."""
    return shown.statements * (3 if shown.values < shown.statements else 1)


def _kept(scheme: Scheme, looked_at: Said, conflicts: dict[str, RawConflict], shown: Shown) -> Said:
    """What is given of the statements that were read.

    Of a property with many values those that voices disagree about go first, so that none is shown without its rivals,
    then those that most voices give. Names and whatever else has a field of its own are all given.
    """
    disputed = {(raw.property, value) for raw in conflicts.values() for value in raw.values}
    place = {name: number for number, name in reversed(list(enumerate(name for name, _ in looked_at)))}
    unlimited = apart(scheme)
    kept: Said = {}
    given: Counter[str] = Counter()

    def worth(pair: tuple[str, Term]) -> tuple[int, bool, int]:
        return place[pair[0]], pair not in disputed, -len(looked_at[pair])

    for pair in sorted(looked_at, key=worth):
        name, is_rival = pair[0], pair in disputed
        if name not in unlimited:
            full = given.total() >= shown.statements and not (is_rival and given[name])
            if full or given[name] >= (shown.rivals if is_rival else shown.values):
                continue
            given[name] += 1
        kept[pair] = looked_at[pair]
    return kept


async def _said_of(
    ask: Ask, scheme: Scheme, iri: str, limit: int
) -> tuple[Said, dict[str, set[str]], Said, Counter[str]]:
    """Statements, the classes with their direct superclasses, all values in dispute, how many values a property has.

    Statements and values come with their graphs.
    """
    record = terms.iri(iri)
    wider = scheme.anywhere(f"?c {terms.iri(vocab.RDFS_SUBCLASS_OF)} ?d")
    above = f"{scheme.anywhere(f'{record} a ?c')} OPTIONAL {wider}"
    dispute = f"?x {scheme.t('subject')} {record} ; {scheme.t('property')} ?q ; {scheme.t('value')} ?r"
    # a slice of its own, so that its few rows are looked up in the graphs and not all of the record's
    values = f"{{ SELECT DISTINCT ?q ?r WHERE {scheme.anywhere(dispute)} LIMIT {_ORDERED} }}"
    disputed = f"{values} {scheme.attributed(f'{record} ?q ?r')}"
    counted = f"{{ {_distinct_statements(scheme, iri)} LIMIT {_ORDERED} }}"
    totals = f"SELECT (?p AS ?t) (COUNT(*) AS ?n) WHERE {{ {counted} }} GROUP BY ?p"
    parts = " UNION ".join(f"{{ {part} }}" for part in (_slice(scheme, iri, 0, limit), above, disputed, totals))
    said: Said = defaultdict(list)
    classes: dict[str, set[str]] = defaultdict(set)
    rivals: Said = defaultdict(list)
    count: Counter[str] = Counter()
    for row in await ask(f"SELECT ?p ?o ?g ?c ?d ?q ?r ?t ?n WHERE {{ {parts} }}"):
        if "p" in row:
            said[(row["p"].value, row["o"])].append(graph_of(row))
        elif "c" in row:
            classes[row["c"].value] |= {row["d"].value} if "d" in row else set()
        elif "q" in row:
            rivals[(row["q"].value, row["r"])].append(graph_of(row))
        elif "t" in row:
            count[row["t"].value] = int(row["n"].value)
    return said, classes, rivals, count


def _slice(scheme: Scheme, iri: str, position: int, limit: int) -> str:
    """A group that binds `?p ?o ?g`: some statements of a record, each with every graph that holds it.

    In the order of `order`, values of a property side by side: it decides what is beyond the cut. `?late` is bound to
    those that are not put in order, which come after all others.
    """
    said = _distinct_statements(scheme, iri)
    parts = []
    if position < _ORDERED:
        ordered = f"{{ {said} LIMIT {_ORDERED} }}"
        rank = rank_in_query(scheme, "?p")
        parts.append(f"SELECT ?p ?o WHERE {{ {ordered} }} ORDER BY {rank} ?p ?o OFFSET {position} LIMIT {limit}")
    if position + limit > _ORDERED:
        start = max(position, _ORDERED)
        parts.append(
            f"SELECT ?p ?o (1 AS ?late) WHERE {{ {{ {said} OFFSET {start} LIMIT {position + limit - start} }} }}"
        )
    chosen = " UNION ".join(f"{{ {part} }}" for part in parts)
    return f"{{ {chosen} {_held_by(scheme, f'{terms.iri(iri)} ?p ?o')} }}"


def _distinct_statements(scheme: Scheme, iri: str) -> str:
    unwanted = ", ".join(terms.iri(text) for text in (*scheme.inverses, scheme.term("cites")))
    pattern = scheme.anywhere(f"{terms.iri(iri)} ?p ?o . FILTER(?p NOT IN ({unwanted}))")
    return f"SELECT DISTINCT ?p ?o WHERE {pattern}"


def _held_by(scheme: Scheme, pattern: str) -> str:
    """Binds `?g` to each graph that holds what is bound already; unbound for the default graph alone."""
    return f"GRAPH ?g {{ {pattern} }}" if scheme.merged else f"OPTIONAL {{ GRAPH ?g {{ {pattern} }} }}"


async def statements_of(ask: Ask, scheme: Scheme, iri: str, position: int, limit: int) -> Said:
    """Some statements of a record with their graphs, in an order that holds for the snapshot: one query."""
    said: Said = defaultdict(list)
    rows = await ask(f"SELECT ?p ?o ?g ?late WHERE {_slice(scheme, iri, position, limit)}")
    for row in sorted(rows, key=lambda row: "late" in row):
        said[(row["p"].value, row["o"])].append(graph_of(row))
    return said


def incoming_pattern(scheme: Scheme, iri: str) -> str:
    """Statements of other records that point to this one, leaving out bookkeeping and derived inverses."""
    unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
    return f"?s ?p {terms.iri(iri)} . FILTER(isIRI(?s) && ?p NOT IN ({unwanted}))"


def _pointing_slice(scheme: Scheme, iri: str, position: int, limit: int, relation: str = "") -> str:
    only = f" FILTER(?p = {terms.iri(relation)})" if relation else ""
    pattern = scheme.anywhere(incoming_pattern(scheme, iri) + only)
    return f"SELECT DISTINCT ?s ?p WHERE {pattern} OFFSET {position} LIMIT {limit}"


async def _pointing(ask: Ask, scheme: Scheme, iri: str, limit: int) -> list[tuple[str, str]]:
    """(subject, property) that point here, in no order that means anything.

    Looks through so many links and no more: whoever is named as a claimant a hundred thousand times would be waited
    for otherwise.
    """
    unwanted = ", ".join(terms.iri(text) for text in scheme.bookkeeping)
    links = f"{{ SELECT ?s ?p WHERE {scheme.anywhere(f'?s ?p {terms.iri(iri)}')} LIMIT {_SCANNED} }}"
    rows = await ask(
        f"SELECT DISTINCT ?s ?p WHERE {{ {links} FILTER(isIRI(?s) && ?p NOT IN ({unwanted})) }} LIMIT {limit}"
    )
    return [(row["s"].value, row["p"].value) for row in rows]


async def _pointing_by_property(ask: Ask, scheme: Scheme, iri: str, limit: int) -> list[tuple[str, str]]:
    """The same of a record that bookkeeping points to more often: property by property, where those are known."""
    unwanted = frozenset(scheme.bookkeeping)
    followed = [name for name in all_used(ask, scheme) if name not in unwanted and terms.is_iri(name)]
    query = _pointing_slice(scheme, iri, 0, limit)
    if followed:
        pattern = f"VALUES ?p {{ {terms.iris(followed)} }} ?s ?p {terms.iri(iri)} . FILTER(isIRI(?s))"
        query = f"SELECT DISTINCT ?s ?p WHERE {scheme.anywhere(pattern)} LIMIT {limit}"
    return [(row["s"].value, row["p"].value) for row in await ask(query)]


async def relations_to(ask: Ask, scheme: Scheme, iri: str, position: int, limit: int, *, relation: str = "") -> Pointed:
    """(subject, property) that point here, all or by one property, with their graphs: one query.

    The slice is taken before the graphs are looked up, so a hub costs no more than a leaf.
    """
    held = _held_by(scheme, f"?s ?p {terms.iri(iri)}")
    query = f"SELECT ?s ?p ?g WHERE {{ {{ {_pointing_slice(scheme, iri, position, limit, relation)} }} {held} }}"
    pointed: Pointed = defaultdict(list)
    for row in await ask(query):
        pointed[(row["s"].value, row["p"].value)].append(graph_of(row))
    return pointed


async def _graphs_of(ask: Ask, scheme: Scheme, iri: str, pairs: list[tuple[str, str]]) -> Pointed:
    """The graphs that hold chosen relations: one query, none where there are none."""
    pointed: Pointed = {pair: [] for pair in pairs}
    if pairs:
        block = terms.values(("s", "p"), ([Iri(subject), Iri(name)] for subject, name in pairs))
        pattern = scheme.attributed(f"{block} ?s ?p {terms.iri(iri)}")
        for row in await ask(f"SELECT ?s ?p ?g WHERE {pattern}"):
            pointed[(row["s"].value, row["p"].value)].append(graph_of(row))
    return {pair: graphs or [""] for pair, graphs in pointed.items()}


def _chosen(scheme: Scheme, pairs: list[tuple[str, str]], limit: int) -> list[tuple[str, str]]:
    """Some relations, of every property a fair share; none by a broad property where the same thing has a narrow one.

    The broad ones are those that the build derives from narrow ones.
    """
    broad = frozenset(scheme.terms("affected", "actor"))
    narrow = {subject for subject, name in pairs if name not in broad}
    by_property: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, name in sorted(pairs):
        if terms.is_iri(subject) and (name not in broad or subject not in narrow):
            by_property[name].append((subject, name))
    dealt = [pair for row in zip_longest(*by_property.values()) for pair in row if pair is not None]
    return dealt[:limit]


async def _counts(ask: Ask, scheme: Scheme, iri: str) -> tuple[list[tuple[str, int]], int]:
    """Statements that point here, by property, and how many were looked at with bookkeeping.

    Bookkeeping is left out here and not in the query, where it would cost more.
    """
    distinct = "" if scheme.merged else "DISTINCT"
    inner = f"SELECT {distinct} ?s ?p WHERE {scheme.anywhere(f'?s ?p {terms.iri(iri)}')} LIMIT {COUNTED}"
    rows = await ask(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {{ {inner} }} }} GROUP BY ?p")
    counts = sorted((row["p"].value, int(row["n"].value)) for row in rows if "p" in row)
    looked_at = sum(count for _, count in counts)
    return [(name, count) for name, count in counts if name not in scheme.bookkeeping], looked_at


def without_echoes(
    scheme: Scheme, held: dict[Key, list[str]], other_end: Callable[[Key], Hashable]
) -> dict[Key, list[str]]:
    """Without what the build derived where a voice already connects the same two things by a narrower property."""
    derived = scheme.iris.graph("derived")
    voiced = {other_end(key) for key, graphs in held.items() if any(graph != derived for graph in graphs)}
    return {
        key: graphs
        for key, graphs in held.items()
        if other_end(key) not in voiced or any(graph != derived for graph in graphs)
    }
