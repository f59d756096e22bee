"""Records as RDF: queries for the engine's own serialisers, quads with their voices, and JSON-LD.

In: IRIs of records. Out: CONSTRUCT queries, N-Quads, TriG and JSON-LD in which every statement stands in the graph of
its voice, Turtle in which it stands under a comment that names it, and a JSON-LD object of one record. All of them hold
the same statements: those about the records, without the inverse statements that the build derives (they stand on the
other record, and a prison has a hundred thousand of them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import XSD_STRING, BlankNode, Iri, Literal, Term
from dadkhah.browse.voices import graph_of

# prefixes of the JSON-LD context, besides our own
_PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# statements of one record in JSON-LD; the other formats stream and have no bound of ours
JSON_LD_STATEMENTS = 2_000


def _about(scheme: Scheme, iris: Iterable[str]) -> str:
    unwanted = ", ".join(terms.iri(text) for text in scheme.inverses)
    return f"VALUES ?s {{ {terms.iris(iris)} }} ?s ?p ?o . FILTER(?p NOT IN ({unwanted}))"


def construct_query(scheme: Scheme, iris: Iterable[str]) -> str:
    """A CONSTRUCT of everything said about these records."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {scheme.anywhere(_about(scheme, iris))}"


Quads = list[tuple[str, str, Term, str]]
"""(subject, predicate, object, graph), the graph empty for the default graph."""


async def quads_about(ask: Ask, scheme: Scheme, iris: Iterable[str]) -> Quads:
    """Everything said about these records, with the graph of each statement, sorted: one query.

    A statement of a named graph is not repeated for the default graph, which holds a copy.
    """
    rows = await ask(f"SELECT ?s ?p ?o ?g WHERE {scheme.attributed(_about(scheme, iris))}")
    graphs: dict[tuple[str, str, Term], set[str]] = defaultdict(set)
    for row in rows:
        graphs[(row["s"].value, row["p"].value, row["o"])].add(graph_of(row))
    quads = [(*triple, graph) for triple, held in graphs.items() for graph in (held - {""} or held)]
    return sorted(quads, key=lambda quad: (quad[3], quad[0], quad[1], _written(quad[2])))


def _written(term: Term) -> str:
    """A term in N-Quads, whose spelling SPARQL shares but for blank nodes."""
    return f"_:{term.value}" if isinstance(term, BlankNode) else terms.write(term)


def write_nquads(quads: Quads) -> bytes:
    """N-Quads (RDF 1.1), one statement a line."""
    lines = [
        f"{terms.iri(s)} {terms.iri(p)} {_written(o)} {terms.iri(g) + ' ' if g else ''}.\n" for s, p, o, g in quads
    ]
    return "".join(lines).encode()


def write_trig(quads: Quads) -> bytes:
    """TriG (RDF 1.1): a block for each voice."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for s, p, o, g in quads:
        blocks[g].append(f"  {terms.iri(s)} {terms.iri(p)} {_written(o)} .\n")
    return "\n".join(
        f"{terms.iri(graph) + ' ' if graph else ''}{{\n{''.join(lines)}}}\n" for graph, lines in blocks.items()
    ).encode()


def write_turtle(quads: Quads, says: Callable[[str], str]) -> bytes:
    """Turtle (RDF 1.1): a block for each voice below a comment with what `says` tells of it, such as who it is of.

    A statement of several voices stands in the block of each; to a parser it is one.
    """
    blocks: dict[str, list[str]] = defaultdict(list)
    for s, p, o, g in quads:
        blocks[g].append(f"{terms.iri(s)} {terms.iri(p)} {_written(o)} .\n")
    return "\n".join(
        f"# {' '.join(says(graph).split())} {terms.iri(graph) if graph else ''}".rstrip() + f"\n{''.join(lines)}"
        for graph, lines in blocks.items()
    ).encode()


def json_ld_of(scheme: Scheme, quads: Quads, told: Mapping[str, Any]) -> dict[str, Any]:
    """Records as JSON-LD: all that is said of them, and once more in the named graph of each voice.

    Whoever reads one graph gets the statements, whoever reads a dataset gets their voices too.

    Args:
        scheme: layout of the graph.
        quads: the statements.
        told: what stands beside the named graph of a voice for readers of JSON, as `voice`; it is no statement.
    """
    graphs: dict[str, Quads] = defaultdict(list)
    for quad in quads:
        graphs[quad[3]].append(quad)
    prefixes = context(scheme)
    spoken = [
        {"@id": graph, "voice": told.get(graph), "@graph": _nodes(held, prefixes)}
        for graph, held in graphs.items()
        if graph
    ]
    return {"@context": prefixes, "@graph": [*_nodes(quads, prefixes), *spoken]}


def _nodes(quads: Quads, prefixes: Mapping[str, str]) -> list[dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    for subject, name, value in dict.fromkeys((s, p, o) for s, p, o, _ in quads):
        node = nodes.setdefault(subject, {"@id": subject})
        if name == vocab.RDF_TYPE and isinstance(value, Iri):
            node.setdefault("@type", []).append(value.value)
        else:
            node.setdefault(compact(name, prefixes), []).append(_json_ld_value(value))
    return list(nodes.values())


def context(scheme: Scheme) -> dict[str, str]:
    """The JSON-LD context: prefixes only. A key that is no IRI by them is no statement, so views may add their own."""
    return {"dk": scheme.iris.ontology, **_PREFIXES}


async def json_ld(ask: Ask, scheme: Scheme, iri: str) -> dict[str, Any]:
    """One record as a JSON-LD node object with its context: one query; the first `JSON_LD_STATEMENTS`."""
    pattern = scheme.anywhere(_about(scheme, [iri]))
    rows = await ask(f"SELECT DISTINCT ?p ?o WHERE {pattern} LIMIT {JSON_LD_STATEMENTS}")
    prefixes = context(scheme)
    node: dict[str, Any] = {"@context": prefixes, "@id": iri}
    by_property: dict[str, list[Term]] = defaultdict(list)
    for row in rows:
        by_property[row["p"].value].append(row["o"])
    for name, values in sorted(by_property.items()):
        values.sort(key=lambda value: (value.value, getattr(value, "language", "")))
        if name == vocab.RDF_TYPE and all(isinstance(value, Iri) for value in values):
            node["@type"] = [value.value for value in values]
        else:
            node[compact(name, prefixes)] = [_json_ld_value(value) for value in values]
    return node


def compact(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI by a prefix of the context, or as it is."""
    for prefix, space in prefixes.items():
        rest = iri.removeprefix(space)
        # a local part that begins with // would read as an IRI with the prefix as its scheme
        if rest != iri and rest and not rest.startswith("//"):
            return f"{prefix}:{rest}"
    return iri


def _json_ld_value(term: Term) -> dict[str, str]:
    if isinstance(term, Literal):
        if term.language:
            return {"@value": term.value, "@language": term.language}
        return {"@value": term.value} if term.datatype == XSD_STRING else {"@value": term.value, "@type": term.datatype}
    return {"@id": f"_:{term.value}" if isinstance(term, BlankNode) else term.value}
