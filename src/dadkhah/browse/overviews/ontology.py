"""The vocabulary: each term with its labels in every language, its definition, and how it is related to others.

In: an `Ask`. Out: `Vocabulary`. Two queries. Terms are those that say by whom they are defined and lie in our own
namespace; a graph of a user's own has none. It must not tell how often a term is used: that is `stats`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Name, Ref
from dadkhah.browse.names import refs
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Literal, Term

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_SCHEMA = "https://schema.org/"
_DEFINITION = (f"{_SKOS}definition", f"{_SKOS}scopeNote", f"{_RDFS}comment")
_BROADER = (f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf", f"{_SKOS}broader", f"{_SKOS}inScheme")
_DOMAIN = (f"{_RDFS}domain", f"{_SCHEMA}domainIncludes")
_RANGE = (f"{_RDFS}range", f"{_SCHEMA}rangeIncludes")
_CLASSES = frozenset((f"{_RDFS}Class", f"{_OWL}Class"))
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """One term.

    Attributes:
        ref: the term; its names are its labels.
        fragment: what stands after the `#` of its IRI: the anchor on the page.
        kind: "class", "property" or "concept".
        definitions: its definition, its notes and its comments, each of them in every language it is given in.
        broader: what it is a part or a narrower kind of.
        domain: classes whose things have it.
        range: what its values are.
    """

    ref: Ref
    fragment: str
    kind: str
    definitions: tuple[tuple[Name, ...], ...]
    broader: tuple[Ref, ...] = ()
    domain: tuple[Ref, ...] = ()
    range: tuple[Ref, ...] = ()

    def defined(self, language: str) -> tuple[Name, ...]:
        """The definition, the notes and the comments in one language; each in all that it has where that one lacks."""
        return tuple(
            text
            for texts in self.definitions
            for text in ([each for each in texts if each.language == language] or texts)
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms, in order of their IRIs, and the IRI of the ontology with its version."""

    iri: str
    version: str
    terms: tuple[VocabularyTerm, ...]

    def of_kind(self, kind: str) -> tuple[VocabularyTerm, ...]:
        """The terms of one kind."""
        return tuple(term for term in self.terms if term.kind == kind)


async def vocabulary(ask: Ask, scheme: Scheme) -> Vocabulary:
    """Read the whole vocabulary."""
    space = scheme.iris.ontology
    facts: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    wanted = (vocab.RDF_TYPE, f"{_OWL}versionInfo", *_DEFINITION, *_BROADER, *_DOMAIN, *_RANGE)
    # terms stand in the default graph of a merged snapshot and in their own graph of any other
    defined = f"{{ SELECT DISTINCT ?t WHERE {{ ?t <{_RDFS}isDefinedBy> ?by }} LIMIT {_MOST} }}"
    pattern = f"{defined} ?t ?p ?o . FILTER(?p IN ({', '.join(terms.iri(each) for each in wanted)}))"
    for row in await ask(f"SELECT DISTINCT ?t ?p ?o WHERE {scheme.anywhere(pattern)} ORDER BY ?t ?p ?o"):
        facts[row["t"].value][row["p"].value].append(row["o"])
    ontology = space.rstrip("#/")
    ours = {iri: held for iri, held in facts.items() if iri.startswith(space) and iri != space}
    mentions = [
        value.value
        for held in ours.values()
        for name in (*_BROADER, *_DOMAIN, *_RANGE)
        for value in held.get(name, ())
        if isinstance(value, Iri)
    ]
    named = await refs(ask, scheme, [*ours, *mentions])
    version = next((value.value for value in facts.get(ontology, {}).get(f"{_OWL}versionInfo", ())), "")
    return Vocabulary(ontology, version, tuple(_term(iri, held, named, space) for iri, held in sorted(ours.items())))


def _term(iri: str, held: dict[str, list[Term]], named: dict[str, Ref], space: str) -> VocabularyTerm:
    def linked(properties: tuple[str, ...]) -> tuple[Ref, ...]:
        values = dict.fromkeys(value.value for name in properties for value in held.get(name, ()))
        return tuple(named[value] for value in values if value in named)

    return VocabularyTerm(
        ref=named[iri],
        fragment=iri.removeprefix(space),
        kind=_kind(held),
        definitions=tuple(
            tuple(Name(value.value, value.language) for value in held[name] if isinstance(value, Literal))
            for name in _DEFINITION
            if name in held
        ),
        broader=linked(_BROADER),
        domain=linked(_DOMAIN),
        range=linked(_RANGE),
    )


def _kind(held: dict[str, list[Term]]) -> str:
    types = {value.value for value in held.get(vocab.RDF_TYPE, ())}
    if types & _CLASSES:
        return "class"
    return (
        "property" if any(each.endswith("Property") for each in types if each.startswith("http://www")) else "concept"
    )


def ontology_query(scheme: Scheme) -> str:
    """A CONSTRUCT of everything said about the ontology and its terms."""
    pattern = f"?t <{_RDFS}isDefinedBy> ?by . ?t ?p ?o"
    return f"CONSTRUCT {{ ?t ?p ?o }} WHERE {scheme.anywhere(pattern)}"
