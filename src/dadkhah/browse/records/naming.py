"""Who names and classes things: a name and a class are somebody's words as well, if only our own record's.

In: IRIs. Out: a `Naming` for each that the graph names or classes. One query for all of them, and two for voices that
were not read before. It must not choose among names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Voice
from dadkhah.browse.names import AT_ONCE, NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.voices import graph_of, voices_of

_NAMES, _KIND = "", vocab.RDF_TYPE


@dataclass(frozen=True, slots=True)
class Naming:
    """Who gives a thing its names, and who puts it into each of its classes, by the IRI of the class."""

    names: tuple[Voice, ...] = ()
    kinds: Mapping[str, tuple[Voice, ...]] = field(default_factory=dict)

    def of(self, kinds: Iterable[str] = ()) -> tuple[Voice, ...]:
        """Whoever gives the names or puts the thing into one of these classes, each once."""
        held = [*self.names, *(voice for kind in kinds for voice in self.kinds.get(kind, ()))]
        return tuple({voice.iri: voice for voice in held}.values())


async def naming(ask: Ask, scheme: Scheme, iris: Iterable[str]) -> dict[str, Naming]:
    """Who names and classes each of these; nothing for what has neither name nor class."""
    wanted = [iri for iri in dict.fromkeys(iris) if terms.is_iri(iri)]
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    properties = ", ".join(terms.iri(text) for text in (*NAME_PROPERTIES, *VARIANT_PROPERTIES, _KIND))
    for start in range(0, len(wanted), AT_ONCE):
        block = terms.iris(wanted[start : start + AT_ONCE])
        pattern = scheme.attributed(f"VALUES ?r {{ {block} }} ?r ?p ?l FILTER(?p IN ({properties}))")
        # names are many and only who gives them is told
        shown = f"BIND(IF(?p = {terms.iri(_KIND)}, ?l, ?none) AS ?kind)"
        for row in await ask(f"SELECT DISTINCT ?r ?kind ?g WHERE {{ {pattern} {shown} }}"):
            key = row["kind"].value if "kind" in row else _NAMES
            found[row["r"].value][key][graph_of(row)] = None
    graphs = {graph for held in found.values() for each in held.values() for graph in each}
    voices = await voices_of(ask, scheme, sorted(graphs))

    def spoken(held: Iterable[str]) -> tuple[Voice, ...]:
        # the default graph holds copies
        named = sorted(set(held) - {""}) or [""]
        return tuple(voices[graph] for graph in named)

    return {
        iri: Naming(
            spoken(held[_NAMES]) if _NAMES in held else (),
            {kind: spoken(graphs) for kind, graphs in held.items() if kind != _NAMES},
        )
        for iri, held in found.items()
    }
