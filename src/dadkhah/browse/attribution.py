"""Who says what was found, and in which passages: names, voices and citations for a whole view at once.

In: (subject, graph) pairs in which statements were found, and every IRI that the view mentions. Out: a `Speech`, from
which the assertions of each statement are taken. Five queries, whatever the number of statements: voices, citations,
passages, archived texts, names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Assertion, Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.voices import Citations, make_voices, mentioned, passages_cited, voice_facts


class Attributed(NamedTuple):
    """A graph in which something about a subject is stated."""

    subject: str
    graph: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything needed to say who says it.

    Attributes:
        names: a `Ref` for every IRI of the view, and for claimants and sources.
        voices: by graph.
        citations: passages by (graph, subject).
    """

    names: dict[str, Ref]
    voices: dict[str, Voice]
    citations: Citations

    def assertions(self, subject: str, graphs: Sequence[str]) -> tuple[Assertion, ...]:
        """Who makes a statement about a subject that stands in these graphs.

        A statement that stands in a named graph and in the default graph is that graph's: the default graph holds a
        copy.
        """
        named = [graph for graph in dict.fromkeys(graphs) if graph]
        return tuple(
            Assertion(self.voices[graph], self.citations.get((graph, subject), ()))
            for graph in sorted(named or dict.fromkeys(graphs))
        )


async def assertions_for(ask: Ask, scheme: Scheme, attributed: Iterable[Attributed], mentions: Iterable[str]) -> Speech:
    """Read voices, passages and names for a view."""
    pairs = list(dict.fromkeys(attributed))
    facts, citations = await asyncio.gather(
        voice_facts(ask, scheme, (pair.graph for pair in pairs)),
        passages_cited(ask, scheme, ((pair.graph, pair.subject) for pair in pairs)),
    )
    names = await refs(ask, scheme, [*mentions, *mentioned(facts)])
    return Speech(names, make_voices(scheme, facts, names), citations)
