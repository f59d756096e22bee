"""Who states what the answer to a query shows: the answer itself does not say.

In: triples, or records with a value of theirs, from the answer to any query. Out: the voices of those that stand in the
graph; what stands nowhere is absent, since the query made it. A query for each `BATCH` triples or `_PAIRS` values, and
two for the voices. It must not read more than it is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Voice
from dadkhah.browse.relations.links import BATCH, Link, voices_query
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Term
from dadkhah.browse.voices import graph_of, voices_of

_PAIRS = 1_000

Pair = tuple[str, Term]
"""A record and a value that some property of it may have."""
Key = TypeVar("Key", bound=Hashable)


async def who_states(
    ask: Ask, scheme: Scheme, triples: Iterable[tuple[str, str, str]]
) -> dict[Link, tuple[Voice, ...]]:
    """The voices of each triple whose object is a thing; of what nobody states there is no entry."""
    links = [Link(*each) for each in dict.fromkeys(triples) if all(terms.is_iri(part) for part in each)]
    graphs: dict[Link, set[str]] = defaultdict(set)
    for start in range(0, len(links), BATCH):
        for row in await ask(voices_query(scheme, links[start : start + BATCH])):
            graphs[Link(row["s"].value, row["p"].value, row["o"].value)].add(graph_of(row))
    return await _voiced(ask, scheme, graphs)


async def who_gives(ask: Ask, scheme: Scheme, pairs: Sequence[Pair]) -> dict[Pair, tuple[Voice, ...]]:
    """The voices that give a record this value, by whatever property: the first `_PAIRS` of them, in one query."""
    wanted = [pair for pair in dict.fromkeys(pairs) if terms.is_iri(pair[0])][:_PAIRS]
    if not wanted:
        return {}
    block = terms.values(("s", "o"), ((Iri(subject), value) for subject, value in wanted))
    graphs: dict[Pair, set[str]] = defaultdict(set)
    for row in await ask(f"SELECT DISTINCT ?s ?o ?g WHERE {scheme.attributed(f'{block} ?s ?p ?o')}"):
        graphs[row["s"].value, row["o"]].add(graph_of(row))
    return await _voiced(ask, scheme, graphs)


async def _voiced(ask: Ask, scheme: Scheme, graphs: Mapping[Key, set[str]]) -> dict[Key, tuple[Voice, ...]]:
    """Voices for graphs; the default graph speaks only where no other does, since it holds copies."""
    spoken = {key: sorted(held - {""} or held) for key, held in graphs.items()}
    voices = await voices_of(ask, scheme, (graph for held in spoken.values() for graph in held))
    return {key: tuple(voices[graph] for graph in held) for key, held in spoken.items()}
