"""Statements that connect records, with their voices and the names of everything they name.

In: links. Out: `Edge`s and names. It must not look for links.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.records.reading import without_echoes
from dadkhah.browse.relations.links import BATCH, Link, voices_query
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.voices import graph_of, voices_of


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement that connects two nodes, with the voices that make it."""

    subject: str
    property: Ref
    object: str
    voices: tuple[Voice, ...] = ()


async def describe(
    ask: Ask, scheme: Scheme, links: Sequence[Link], nodes: Iterable[str]
) -> tuple[tuple[Edge, ...], dict[str, Ref]]:
    """Voices for the links and names for everything: a query for each `BATCH` links, and two more."""
    graphs: dict[Link, list[str]] = {link: [] for link in links}
    for start in range(0, len(links), BATCH):
        for row in await ask(voices_query(scheme, links[start : start + BATCH])):
            graphs[Link(row["s"].value, row["p"].value, row["o"].value)].append(graph_of(row))
    graphs = without_echoes(scheme, graphs, lambda link: frozenset((link.subject, link.object)))
    voices = await voices_of(ask, scheme, (graph for held in graphs.values() for graph in held))
    named = await refs(ask, scheme, [*nodes, *(link.predicate for link in links)])
    edges = tuple(
        Edge(link.subject, named[link.predicate], link.object, _speakers(voices, graphs[link]))
        for link in sorted(graphs)
    )
    return edges, named


def _speakers(voices: dict[str, Voice], graphs: list[str]) -> tuple[Voice, ...]:
    """Voices of named graphs; of the default graph where the statement stands in no other."""
    named = {graph for graph in graphs if graph}
    return tuple(voices[graph] for graph in sorted(named or set(graphs)))
