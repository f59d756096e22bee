"""Who speaks: voices by their graphs, and the passages a voice cites for a record.

In: graph IRIs and (graph, subject) pairs. Out: `Voice` and `Locator`. Two queries for voices, three for passages,
whatever their number. It must not judge what a voice says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Locator, Ref, Voice
from dadkhah.browse.names import AT_ONCE, refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Row

_DCT = "http://purl.org/dc/terms/"
# in a graph of others a named graph may say who made it
_FOREIGN_CLAIMANT = (f"{_DCT}creator", f"{_DCT}publisher", "http://www.w3.org/ns/prov#wasAttributedTo")
_FOREIGN_SOURCE = (f"{_DCT}source", "http://www.w3.org/ns/prov#wasDerivedFrom")
_PASSAGE_TERMS = ("start", "end", "line", "sha256", "locator", "inSource", "passageOf")
# (graph, subject) pairs in one query: every view has fewer, unless hundreds of voices speak of each of its records
_PAIRS_AT_ONCE = 2_000


def graph_of(row: Row) -> str:
    """The graph a row was found in, empty for the default graph."""
    return terms.text_of(row, "g") or ""


async def voices_of(
    ask: Ask, scheme: Scheme, graphs: Iterable[str], known: Mapping[str, Ref] | None = None
) -> dict[str, Voice]:
    """A `Voice` for every graph; costs two queries, one where `known` names all claimants and sources."""
    facts = await voice_facts(ask, scheme, graphs)
    named = dict(known or {})
    missing = [iri for iri in mentioned(facts) if iri not in named]
    named |= await refs(ask, scheme, missing)
    return make_voices(scheme, facts, named)


VoiceFacts = dict[str, dict[str, list[str]]]
"""Graph to property to values."""


async def voice_facts(ask: Ask, scheme: Scheme, graphs: Iterable[str]) -> VoiceFacts:
    """What is recorded about voices: one query, none where all named graphs were read before."""
    facts: VoiceFacts = {graph: {} for graph in dict.fromkeys(graphs)}
    facts |= ask.kept.voices.known(facts)
    named = [graph for graph, held in facts.items() if not held and _may_be_voice(scheme, graph)]
    if not named:
        return facts
    properties = (
        *scheme.terms("claimant", "inSource", "party", "originGroup", "relayedBy"),
        *_FOREIGN_CLAIMANT,
        *_FOREIGN_SOURCE,
    )
    wanted = ", ".join(terms.iri(text) for text in properties)
    pattern = f"VALUES ?v {{ {terms.iris(named)} }} ?v ?p ?o FILTER(?p IN ({wanted}))"
    for row in await ask(f"SELECT DISTINCT ?v ?p ?o WHERE {scheme.anywhere(pattern)}"):
        facts[row["v"].value].setdefault(row["p"].value, []).append(row["o"].value)
    ask.kept.voices.keep({graph: facts[graph] for graph in named})
    return facts


def _may_be_voice(scheme: Scheme, graph: str) -> bool:
    return scheme.role_of(graph) in ("voice", "analysis", "graph")


def mentioned(facts: VoiceFacts) -> list[str]:
    """Every IRI that the facts name: claimants, works, sides, origins."""
    return list(dict.fromkeys(value for held in facts.values() for values in held.values() for value in values))


def make_voices(scheme: Scheme, facts: VoiceFacts, named: Mapping[str, Ref]) -> dict[str, Voice]:
    """Put voices together from their facts and the names of what they mention."""
    by, within, *others = scheme.terms("claimant", "inSource", "party", "originGroup", "relayedBy")
    properties = ((by, *_FOREIGN_CLAIMANT), (within, *_FOREIGN_SOURCE), *((name,) for name in others))
    return {graph: _voice(graph, scheme.role_of(graph), held, named, properties) for graph, held in facts.items()}


def _voice(
    graph: str,
    role: str,
    held: dict[str, list[str]],
    named: Mapping[str, Ref],
    properties: Iterable[tuple[str, ...]],
) -> Voice:
    claimant, source, party, origin_group, relayed_by = (
        next((min(held[name]) for name in names if held.get(name)), "") if held else "" for names in properties
    )
    return Voice(
        iri=graph,
        claimant=named.get(claimant) or (Ref(claimant) if claimant else None),
        source=named.get(source) or (Ref(source) if source else None),
        party=named.get(party),
        origin_group=origin_group,
        relayed_by=relayed_by,
        role=role,
    )


Citations = dict[tuple[str, str], tuple[Locator, ...]]
"""(graph, subject) to the passages cited."""


async def passages_cited(ask: Ask, scheme: Scheme, pairs: Iterable[tuple[str, str]]) -> Citations:
    """The passages that voices cite for records.

    Costs three queries for `_PAIRS_AT_ONCE` pairs; one where nothing is cited or every passage was read before, none
    for graphs that are no voices.
    """
    asked = [
        (graph, subject)
        for graph, subject in dict.fromkeys(pairs)
        if scheme.role_of(graph) in ("voice", "analysis") and terms.is_iri(subject)
    ]
    cited: dict[tuple[str, str], list[str]] = defaultdict(list)
    for start in range(0, len(asked), _PAIRS_AT_ONCE):
        batch = asked[start : start + _PAIRS_AT_ONCE]
        block = terms.values(("g", "s"), ((Iri(graph), Iri(subject)) for graph, subject in batch))
        for row in await ask(f"SELECT ?g ?s ?c WHERE {{ {block} GRAPH ?g {{ ?s {scheme.t('cites')} ?c }} }}"):
            cited[(row["g"].value, row["s"].value)].append(row["c"].value)
    located = await _located(ask, scheme, {passage for held in cited.values() for passage in held})
    return {
        pair: tuple(sorted((located[iri] for iri in iris), key=lambda each: (each.source, each.start or 0, each.iri)))
        for pair, iris in cited.items()
    }


async def _located(ask: Ask, scheme: Scheme, passages: Iterable[str]) -> dict[str, Locator]:
    every = sorted(passages)
    known = ask.kept.passages.known(every)
    facts: dict[str, dict[str, str]] = {iri: {} for iri in every if iri not in known and terms.is_iri(iri)}
    wanted = ", ".join(terms.iri(text) for text in _passage_properties(scheme))
    everything = list(facts)
    for start in range(0, len(everything), AT_ONCE):
        block = terms.iris(everything[start : start + AT_ONCE])
        pattern = scheme.anywhere(f"VALUES ?c {{ {block} }} ?c ?p ?o FILTER(?p IN ({wanted}))")
        for row in await ask(f"SELECT ?c ?p ?o WHERE {pattern}"):
            facts[row["c"].value][row["p"].value] = row["o"].value
    snapshots = await snapshot_facts(ask, scheme, (held.get(scheme.term("passageOf"), "") for held in facts.values()))
    new = {iri: locator(scheme, iri, held, snapshots) for iri, held in facts.items()}
    ask.kept.passages.keep(new)
    return known | new


def _passage_properties(scheme: Scheme) -> tuple[str, ...]:
    return (*scheme.terms(*_PASSAGE_TERMS), vocab.SKOS_PREF_LABEL, vocab.RDFS_LABEL)


async def snapshot_facts(ask: Ask, scheme: Scheme, iris: Iterable[str]) -> dict[str, tuple[str, str]]:
    """For archived texts: their SHA-256 and the work they are of; one query, none where there are none."""
    wanted = [iri for iri in dict.fromkeys(iris) if iri]
    if not wanted:
        return {}
    pattern = (
        f"VALUES ?n {{ {terms.iris(wanted)} }} ?n {scheme.t('sha256')} ?sha . "
        f"OPTIONAL {{ ?work {scheme.t('archivedAs')} ?n }}"
    )
    rows = await ask(f"SELECT ?n ?sha ?work WHERE {scheme.anywhere(pattern)}")
    return {row["n"].value: (row["sha"].value, terms.text_of(row, "work") or "") for row in rows}


def locator(scheme: Scheme, iri: str, held: Mapping[str, str], snapshots: Mapping[str, tuple[str, str]]) -> Locator:
    """A locator from a passage's properties."""
    start, end, line, sha, where, within, archived = scheme.terms(*_PASSAGE_TERMS)
    snapshot_sha256, work = snapshots.get(held.get(archived, ""), ("", ""))
    label = held.get(vocab.SKOS_PREF_LABEL) or held.get(vocab.RDFS_LABEL) or iri.rpartition("/")[2]
    return Locator(
        iri=iri,
        label=label,
        start=_number(held.get(start)),
        end=_number(held.get(end)),
        line=_number(held.get(line)),
        sha256=held.get(sha, ""),
        locator=held.get(where, ""),
        source=held.get(within, "") or work,
        snapshot_sha256=snapshot_sha256,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
