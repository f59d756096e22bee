"""Sources: the work, its archived text, who speaks in it, its passages, and what is claimed from each.

In: the IRI of a source. Out: a `SourceView`. Coverage is counted, never judged: a passage is cited, or said to hold no
claim with a reason, or open. The text of a passage is not here; whoever shows it asks an archive.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Locator, Name, Ref, Voice
from dadkhah.browse.names import NAME_PROPERTIES, refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Literal, Row, Term
from dadkhah.browse.voices import locator, make_voices, mentioned, snapshot_facts, voice_facts

# passages of one source that are read, and records named for one passage
_PASSAGES = 3_000
RECORDS_NAMED = 12
_APART = frozenset((vocab.RDF_TYPE, *NAME_PROPERTIES))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A record that a voice states something about, citing the passage."""

    record: Ref
    voice: Voice


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage and what is claimed from it.

    Attributes:
        locator: where it is.
        kind: sentence, bullet, heading and so on (a concept), None where none is given.
        claims: how many records cite it, each counted once for each voice.
        statements: how many statements those records have in those voices.
        records: the first `RECORDS_NAMED` of them.
        no_claim: why no record cites it, in each language; empty where none is said.
    """

    locator: Locator
    kind: Ref | None
    claims: int
    statements: int
    records: tuple[Claimed, ...]
    no_claim: tuple[Name, ...]

    @property
    def covered(self) -> bool:
        """Whether it is cited, or said to hold no claim."""
        return bool(self.claims or self.no_claim)


@dataclass(frozen=True, slots=True)
class ArchivedText:
    """The bytes that were read: their SHA-256, length, and length in code points; None where unknown."""

    iri: str
    sha256: str
    byte_length: int | None
    code_points: int | None


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A property of the work itself."""

    property: Ref
    value: Term
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A source in a list: how many voices speak in it, how many passages it has, and how many of them are cited."""

    ref: Ref
    voices: int
    passages: int = 0
    cited: int = 0


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source.

    Attributes:
        ref: the work.
        facts: what is recorded of it: address, publisher, dates.
        archived: the texts that were read.
        voices: who speaks in it.
        passages: in the order of the text; headings are among them.
        covered: passages that are cited or said to hold no claim.
        notes: bounds that were met.
    """

    ref: Ref
    facts: tuple[SourceFact, ...]
    archived: tuple[ArchivedText, ...]
    voices: tuple[Voice, ...]
    passages: tuple[PassageView, ...]
    covered: int
    notes: tuple[str, ...] = ()


async def source_list(
    ask: Ask, scheme: Scheme, *, position: int = 0, limit: int = 50
) -> tuple[tuple[SourceItem, ...], int]:
    """A slice of the sources, in order of IRI, and how many there are: four queries."""
    works = scheme.anywhere(f"?s a {scheme.t('Source')}")
    every, counted = await asyncio.gather(
        ask(f"SELECT DISTINCT ?s WHERE {works} ORDER BY ?s LIMIT {limit} OFFSET {position}"),
        ask(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {works}"),
    )
    found = [row["s"].value for row in every]
    voices, passages, named = await asyncio.gather(
        _voice_counts(ask, scheme, found), _passage_counts(ask, scheme, found), refs(ask, scheme, found)
    )
    items = tuple(SourceItem(named[iri], voices.get(iri, 0), *passages.get(iri, (0, 0))) for iri in found)
    return items, int(counted[0]["n"].value)


async def _voice_counts(ask: Ask, scheme: Scheme, sources: list[str]) -> dict[str, int]:
    """Source to the number of voices that speak in it."""
    if not sources:
        return {}
    speaks = f"VALUES ?s {{ {terms.iris(sources)} }} ?v {scheme.t('inSource')} ?s ; a {scheme.t('Voice')}"
    rows = await ask(f"SELECT ?s (COUNT(DISTINCT ?v) AS ?n) WHERE {scheme.anywhere(speaks)} GROUP BY ?s")
    return {row["s"].value: int(row["n"].value) for row in rows if "s" in row}


async def _passage_counts(ask: Ask, scheme: Scheme, sources: list[str]) -> dict[str, tuple[int, int]]:
    """Source to the number of its passages, and of those that are cited."""
    if not sources:
        return {}
    block = f"VALUES ?s {{ {terms.iris(sources)} }}"
    kinds = f"{scheme.t('Passage')}, {scheme.t('Locator')}"
    by_text = scheme.anywhere(f"{block} ?s {scheme.t('archivedAs')} ?n . ?c {scheme.t('passageOf')} ?n")
    by_work = scheme.anywhere(f"{block} ?c {scheme.t('inSource')} ?s ; a ?kind . FILTER(?kind IN ({kinds}))")
    citing = scheme.anywhere(f"?r {scheme.t('cites')} ?c")
    query = (
        "SELECT ?s (COUNT(DISTINCT ?c) AS ?all) (COUNT(DISTINCT ?used) AS ?some) WHERE { "
        f"{{ {by_text} UNION {by_work} }} BIND(IF(EXISTS {citing}, ?c, ?none) AS ?used) }} GROUP BY ?s"
    )
    rows = await ask(query)
    return {row["s"].value: (int(row["all"].value), int(row["some"].value)) for row in rows if "s" in row}


async def source_view(ask: Ask, scheme: Scheme, iri: str) -> SourceView | None:
    """One source; None where nothing is said of it. Ten queries."""
    facts = [
        (row["p"].value, row["o"])
        for row in await ask(
            f"SELECT DISTINCT ?p ?o WHERE {scheme.anywhere(f'{terms.iri(iri)} ?p ?o')} ORDER BY ?p ?o LIMIT 500"
        )
    ]
    if not facts:
        return None
    spoken = await voice_facts(ask, scheme, await _voices_in(ask, scheme, iri))
    passages = await _passages(ask, scheme, iri)
    snapshots = [value.value for name, value in facts if name == scheme.term("archivedAs")]
    sealed = await snapshot_facts(ask, scheme, snapshots)
    lengths = await _lengths(ask, scheme, snapshots)
    citing = await _citations(ask, scheme, iri)
    counts = await _statement_counts(ask, scheme, iri)
    kinds = [value.value for held in passages.values() for value in held.get(scheme.term("passageKind"), ())]
    mentions = [iri, *(name for name, _ in facts), *(v.value for _, v in facts if isinstance(v, Iri)), *kinds]
    mentions += [record for held in citing.values() for record, _ in held[:RECORDS_NAMED]]
    named = await refs(ask, scheme, [*mentions, *mentioned(spoken)])
    voices = make_voices(scheme, spoken, named)
    reading = _Citing(sealed, citing, counts, named, voices)
    views = sorted(
        (reading.passage(scheme, passage, held) for passage, held in passages.items()),
        key=lambda view: (view.locator.source, view.locator.start or 0, view.locator.end or 0, view.locator.iri),
    )
    return SourceView(
        ref=named[iri],
        facts=tuple(
            SourceFact(named[name], value, named.get(value.value) if isinstance(value, Iri) else None)
            for name, value in facts
            if name in named and name not in _APART and name != scheme.term("archivedAs")
        ),
        archived=tuple(
            ArchivedText(each, sealed.get(each, ("", ""))[0], *lengths.get(each, (None, None))) for each in snapshots
        ),
        voices=tuple(voices.values()),
        passages=tuple(views),
        covered=sum(view.covered for view in views),
        notes=(f"more than {_PASSAGES} passages; the first are shown",) if len(passages) >= _PASSAGES else (),
    )


async def _voices_in(ask: Ask, scheme: Scheme, iri: str) -> list[str]:
    pattern = scheme.anywhere(f"?v {scheme.t('inSource')} {terms.iri(iri)} . ?v a {scheme.t('Voice')}")
    return [row["v"].value for row in await ask(f"SELECT DISTINCT ?v WHERE {pattern} ORDER BY ?v LIMIT 500")]


def _passages_of(scheme: Scheme, iri: str) -> str:
    """Binds `?c` to the passages and locators of a source."""
    source = terms.iri(iri)
    by_text = scheme.anywhere(f"{source} {scheme.t('archivedAs')} ?n . ?c {scheme.t('passageOf')} ?n")
    kinds = f"{scheme.t('Passage')}, {scheme.t('Locator')}"
    by_work = scheme.anywhere(f"?c {scheme.t('inSource')} {source} ; a ?kind . FILTER(?kind IN ({kinds}))")
    return f"{{ {by_text} UNION {by_work} }}"


async def _passages(ask: Ask, scheme: Scheme, iri: str) -> dict[str, dict[str, list[Term]]]:
    names = ("start", "end", "sha256", "line", "passageOf", "inSource", "locator", "passageKind", "noClaim")
    wanted = ", ".join(terms.iri(text) for text in (*scheme.terms(*names), vocab.SKOS_PREF_LABEL, vocab.RDFS_LABEL))
    chosen = f"SELECT DISTINCT ?c WHERE {_passages_of(scheme, iri)} ORDER BY ?c LIMIT {_PASSAGES}"
    facts = scheme.anywhere(f"?c ?p ?o . FILTER(?p IN ({wanted}))")
    found: dict[str, dict[str, list[Term]]] = {}
    for row in await ask(f"SELECT DISTINCT ?c ?p ?o WHERE {{ {{ {chosen} }} {facts} }}"):
        found.setdefault(row["c"].value, {}).setdefault(row["p"].value, []).append(row["o"])
    return found


async def _lengths(ask: Ask, scheme: Scheme, snapshots: Iterable[str]) -> dict[str, tuple[int | None, int | None]]:
    block = terms.iris(snapshots)
    if not block:
        return {}
    pattern = scheme.anywhere(
        f"VALUES ?n {{ {block} }} OPTIONAL {{ ?n {scheme.t('bytes')} ?b }} "
        f"OPTIONAL {{ ?n {scheme.t('codePoints')} ?k }}"
    )
    return {
        row["n"].value: (_number(row, "b"), _number(row, "k")) for row in await ask(f"SELECT ?n ?b ?k WHERE {pattern}")
    }


def _number(row: Row, name: str) -> int | None:
    text = terms.text_of(row, name)
    return int(text) if text and text.isdigit() else None


async def _citations(ask: Ask, scheme: Scheme, iri: str) -> dict[str, list[tuple[str, str]]]:
    """Passage to the (record, voice) pairs that cite it, in order."""
    query = (
        f"SELECT DISTINCT ?c ?r ?g WHERE {{ {{ SELECT DISTINCT ?c WHERE {_passages_of(scheme, iri)} }} "
        f"GRAPH ?g {{ ?r {scheme.t('cites')} ?c }} }} ORDER BY ?c ?r ?g LIMIT 50000"
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in await ask(query):
        found[row["c"].value].append((row["r"].value, row["g"].value))
    return found


async def _statement_counts(ask: Ask, scheme: Scheme, iri: str) -> dict[str, int]:
    """Statements about the records that cite each passage, in the voices that cite it."""
    query = (
        f"SELECT ?c (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?c WHERE {_passages_of(scheme, iri)} }} "
        f"GRAPH ?g {{ ?r {scheme.t('cites')} ?c . ?r ?p ?o . FILTER(?p != {scheme.t('cites')}) }} }} GROUP BY ?c"
    )
    return {row["c"].value: int(row["n"].value) for row in await ask(query) if "c" in row}


@dataclass(frozen=True, slots=True)
class _Citing:
    """What was read for all passages at once."""

    sealed: Mapping[str, tuple[str, str]]
    citing: Mapping[str, list[tuple[str, str]]]
    counts: Mapping[str, int]
    named: Mapping[str, Ref]
    voices: Mapping[str, Voice]

    def passage(self, scheme: Scheme, iri: str, held: dict[str, list[Term]]) -> PassageView:
        texts = {name: min(value.value for value in values) for name, values in held.items()}
        kind = held.get(scheme.term("passageKind"))
        citing = self.citing.get(iri, [])
        return PassageView(
            locator=locator(scheme, iri, texts, self.sealed),
            kind=self.named.get(kind[0].value) if kind else None,
            claims=len(citing),
            statements=self.counts.get(iri, 0),
            records=tuple(
                Claimed(self.named[record], self.voices.get(graph) or Voice(graph, role=scheme.role_of(graph)))
                for record, graph in citing[:RECORDS_NAMED]
                if record in self.named
            ),
            no_claim=tuple(
                Name(value.value, value.language)
                for value in held.get(scheme.term("noClaim"), ())
                if isinstance(value, Literal)
            ),
        )
