"""The service description (SPARQL 1.1 Service Description) and VoID, as queries.

In: what is known about the data. Out: a CONSTRUCT query whose template is the description, so that the engine writes
it in every RDF format it has, and the web layer needs no RDF library.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from dadkhah.web.serving import Facts, GraphCounts

_PREFIXES = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX format: <http://www.w3.org/ns/formats/>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads", "N3"),
)
# a description is read by people and crawlers; beyond these counts, the most frequent are named
_GRAPHS = 150
_PARTITIONS = 120
_VOCABULARIES = 40
_SAFE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*\Z")
_NAMESPACE = re.compile(r".*[#/]")


def service_description(facts: Facts, base_url: str, *, functions: Iterable[str]) -> str:
    """The query that constructs the service description.

    Args:
        facts: what is known about the data.
        base_url: address of the service.
        functions: IRIs of extension functions.
    """
    endpoint = f"{base_url}/sparql"
    service = [
        "a sd:Service",
        f"sd:endpoint {_iri(endpoint)}",
        "sd:supportedLanguage sd:SPARQL11Query",
        "sd:resultFormat " + ", ".join(f"format:{name}" for name in _RESULT_FORMATS),
        f"sd:defaultDataset {_iri(endpoint + '#dataset')}",
    ]
    if facts.union_default:
        service.append("sd:feature sd:UnionDefaultGraph")
    known = [one for one in functions if _SAFE_IRI.match(one)]
    if known:
        service.append("sd:extensionFunction " + ", ".join(map(_iri, known)))
    lines = [_node(endpoint + "#service", service)]
    lines += [f"{_iri(one)} a sd:Function ." for one in known]
    dataset = ["a sd:Dataset", f"sd:defaultGraph {_iri(endpoint + '#default-graph')}", *_counts(facts)]
    graphs = _most([graph for graph in facts.graphs if _SAFE_IRI.match(graph.iri)])
    nodes = [f"{endpoint}#graph-{place}" for place in range(1, len(graphs) + 1)]
    if nodes:
        dataset.append("sd:namedGraph " + ", ".join(map(_iri, nodes)))
    lines.append(_node(endpoint + "#dataset", dataset))
    default = next((graph for graph in facts.graphs if not graph.iri), None)
    triples = default.triples if default else (facts.quads if facts.union_default else None)
    lines.append(_node(endpoint + "#default-graph", ["a sd:Graph", *_triples(triples)]))
    for node, graph in zip(nodes, graphs, strict=True):
        inner = f"[ a sd:Graph ; void:triples {graph.triples} ; void:distinctSubjects {graph.subjects} ]"
        lines.append(_node(node, ["a sd:NamedGraph", f"sd:name {_iri(graph.iri)}", f"sd:graph {inner}"]))
    return _query(lines)


def void_description(facts: Facts, base_url: str) -> str:
    """The query that constructs the VoID and DCAT description of the data."""
    dataset = f"{base_url}/.well-known/void#dataset"
    endpoint = f"{base_url}/sparql"
    properties = _summed(graph.properties for graph in _counted(facts.graphs))
    classes = _summed(graph.classes for graph in _counted(facts.graphs))
    vocabularies = Counter(match[0] for name in (*properties, *classes) if (match := _NAMESPACE.match(name)))
    body = [
        "a void:Dataset, dcat:Dataset",
        f"void:sparqlEndpoint {_iri(endpoint)}",
        f"dcat:distribution {_iri(dataset + '-sparql')}",
        *_counts(facts),
    ]
    if properties:
        body.append(f"void:properties {len(properties)} ; void:classes {len(classes)}")
    if facts.built:
        body.append(f'dcterms:modified "{facts.built}"^^xsd:dateTime')
    if facts.hash:
        body.append(f'dcat:version "{_plain(facts.hash)}"')
    body += [f"void:vocabulary {_iri(name)}" for name, _ in vocabularies.most_common(_VOCABULARIES)]
    body += [
        f"void:propertyPartition [ void:property {_iri(name)} ; void:triples {count} ]"
        for name, count in properties.most_common(_PARTITIONS)
    ]
    body += [
        f"void:classPartition [ void:class {_iri(name)} ; void:entities {count} ]"
        for name, count in classes.most_common(_PARTITIONS)
    ]
    service = ["a dcat:Distribution, dcat:DataService", f"dcat:accessURL {_iri(endpoint)}"]
    service.append(f"dcat:endpointURL {_iri(endpoint)}")
    return _query([_node(dataset, body), _node(dataset + "-sparql", service)])


def _counted(graphs: tuple[GraphCounts, ...]) -> tuple[GraphCounts, ...]:
    """The graphs to sum over: the default graph where it holds all, else every graph."""
    named = sum(graph.triples for graph in graphs if graph.iri)
    merged = tuple(graph for graph in graphs if not graph.iri and named and graph.triples >= named)
    return merged or graphs


def _summed(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update({name: count for name, count in one.items() if _SAFE_IRI.match(name)})
    return total


def _most(graphs: list[GraphCounts]) -> list[GraphCounts]:
    return sorted(graphs, key=lambda graph: (-graph.triples, graph.iri))[:_GRAPHS]


def _counts(facts: Facts) -> list[str]:
    entities = [] if facts.entities is None else [f"void:entities {facts.entities}"]
    return _triples(facts.quads) + entities


def _triples(count: int | None) -> list[str]:
    return [] if count is None else [f"void:triples {count}"]


def _plain(text: str) -> str:
    return re.sub(r"[^\w.:+-]", "", text)


def _iri(iri: str) -> str:
    return f"<{iri}>"


def _node(iri: str, lines: list[str]) -> str:
    return f"{_iri(iri)} " + " ;\n  ".join(lines) + " ."


def _query(lines: list[str]) -> str:
    return _PREFIXES + "CONSTRUCT {\n" + "\n".join(lines) + "\n} WHERE {}"
