"""Names and classes of things, read for many IRIs at once.

In: IRIs. Out: `Ref`s. Names come from the properties that graphs use for them (`skos:prefLabel`, `rdfs:label`,
`schema:name`, `foaf:name`, and `dct:title` for works), so this works over any graph. One query per call, whatever the
number of IRIs (up to `AT_ONCE`). It must not choose a language: a `Ref` keeps all.
"""

from __future__ import annotations

from collections.abc import Iterable

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.models import Name, Ref
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Literal, Row

# in order of worth: a name by a later property is used only where the earlier ones give none in any language
NAME_PROPERTIES = (
    vocab.SKOS_PREF_LABEL,
    vocab.RDFS_LABEL,
    "https://schema.org/name",
    "http://schema.org/name",
    "http://xmlns.com/foaf/0.1/name",
    "http://purl.org/dc/terms/title",
)
VARIANT_PROPERTIES = (vocab.SKOS_ALT_LABEL, "http://www.w3.org/2004/02/skos/core#hiddenLabel")

# IRIs named in one query: every view names fewer; the text stays below 300 KB, parsed in about 3 ms
AT_ONCE = 3_000


def names_query(scheme: Scheme, iris: Iterable[str]) -> str:
    """Names and classes; a FILTER instead of a second VALUES, which would be joined as a cross product (2 s, seen)."""
    properties = ", ".join(terms.iri(text) for text in (*NAME_PROPERTIES, vocab.RDF_TYPE))
    pattern = f"VALUES ?r {{ {terms.iris(iris)} }} ?r ?p ?l FILTER(?p IN ({properties}))"
    return f"SELECT ?r ?p ?l WHERE {scheme.anywhere(pattern)}"


async def refs(ask: Ask, scheme: Scheme, iris: Iterable[str]) -> dict[str, Ref]:
    """A `Ref` for every IRI that can be looked up, in the order given; unnamed ones have no names.

    Costs one query for each `AT_ONCE` IRIs that were not read before, none where there are no such IRIs.
    """
    every = list(dict.fromkeys(iris))
    known = ask.kept.names.known(every)
    wanted = [text for text in every if text not in known and terms.is_iri(text)]
    found: dict[str, dict[str, list[Literal]]] = {text: {} for text in wanted}
    types: dict[str, list[str]] = {text: [] for text in wanted}
    for start in range(0, len(wanted), AT_ONCE):
        for row in await ask(names_query(scheme, wanted[start : start + AT_ONCE])):
            _collect(row, found, types)
    new = {text: made_ref(scheme, text, found[text], types[text]) for text in wanted}
    ask.kept.names.keep(new)
    known |= new
    return {text: known[text] for text in every if text in known}


def _collect(row: Row, found: dict[str, dict[str, list[Literal]]], types: dict[str, list[str]]) -> None:
    subject, predicate, value = row["r"].value, row["p"].value, row["l"]
    if predicate == vocab.RDF_TYPE and isinstance(value, Iri):
        types[subject].append(value.value)
    elif isinstance(value, Literal):
        found[subject].setdefault(predicate, []).append(value)


def made_ref(scheme: Scheme, iri: str, found: dict[str, list[Literal]], types: list[str]) -> Ref:
    """A `Ref` of the literals read of it, by property, and the IRIs of its classes."""
    kind, slug = scheme.iris.split_thing(iri) or ("", "")
    return Ref(iri, _best(found), tuple(sorted(set(types))), kind, slug)


def _best(found: dict[str, list[Literal]]) -> tuple[Name, ...]:
    """Names by the worthiest property present, one order for all readers; further languages from the later ones."""
    chosen: dict[str, list[Literal]] = {}
    for predicate in NAME_PROPERTIES:
        by_language: dict[str, list[Literal]] = {}
        for literal in found.get(predicate, ()):
            by_language.setdefault(literal.language, []).append(literal)
        for language, literals in by_language.items():
            chosen.setdefault(language, literals)
    return tuple(
        Name(text, language)
        for language in sorted(chosen)
        for text in sorted({literal.value for literal in chosen[language]})
    )


def bare_ref(scheme: Scheme, iri: str) -> Ref:
    """A `Ref` without a look-up."""
    kind, slug = scheme.iris.split_thing(iri) or ("", "")
    return Ref(iri, kind=kind, slug=slug)
