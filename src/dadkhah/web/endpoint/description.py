"""The service description (SPARQL 1.1 Service Description) and VoID, as queries.

In: what is known about the data. Out: a CONSTRUCT query whose template is the description, so that the engine writes
it in every RDF format it has, and the web layer needs no RDF library.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from dadkhah.web.endpoint.serving import Facts, GraphCounts, StoredFile

_PREFIXES = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX format: <http://www.w3.org/ns/formats/>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_DESCRIPTION = (
    "Statements about political imprisonment, each in the graph of the voice that makes it, with the source and the "
    "passage in which it was read. Nothing is resolved: where voices disagree, both stand side by side."
)
_DESCRIPTION_FA = (
    "گزاره‌هایی دربارهٔ زندان سیاسی، هر یک در گراف صدایی که آن را می‌گوید، با منبع و بندی که در آن خوانده شده است. "
    "چیزی داوری نمی‌شود: هر جا صداها یکسان نمی‌گویند، هر دو کنار هم می‌مانند."
)
_KEYWORDS = (
    '"human rights"@en, "political prisoners"@en, "Iran"@en, "provenance"@en, '
    '"حقوق بشر"@fa, "زندانیان سیاسی"@fa, "ایران"@fa, "خاستگاه"@fa'
)
_FILE_TYPES = {".csv": "text/csv", ".nq.gz": "application/n-quads", ".json": "application/json"}
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
    """The query that constructs the VoID and DCAT description of the data, with every file and its checksum."""
    dataset = f"{base_url}/.well-known/void#dataset"
    endpoint = f"{base_url}/sparql"
    body = [
        "a void:Dataset, dcat:Dataset",
        'dcterms:title "dadkhah: a knowledge graph of political imprisonment"@en, "دادخواه: گراف دانش زندان سیاسی"@fa',
        f'dcterms:description "{_DESCRIPTION}"@en, "{_DESCRIPTION_FA}"@fa',
        f"dcat:keyword {_KEYWORDS}",
        f"dcterms:license {_iri(LICENSE)}",
        'dcterms:language "en", "fa"',
        f"dcterms:identifier {_iri(dataset)}",
        f"foaf:homepage {_iri(base_url + '/')}",
        f"dcat:landingPage {_iri(base_url + '/en/data')}",
        f"void:sparqlEndpoint {_iri(endpoint)}",
        f"void:uriLookupEndpoint {_iri(base_url + '/api/v1/search?q=')}",
        f"dcat:distribution {_iri(dataset + '-sparql')}",
        *_counts(facts),
        *_partitions(facts),
    ]
    if facts.built:
        body.append(f'dcterms:modified "{facts.built}"^^xsd:dateTime')
    if facts.hash:
        body.append(f'dcat:version "{_plain(facts.hash)}"')
    # the description is a record of its own, which tells when and of what it was made
    lines = [_node(f"{base_url}/.well-known/void", ["a void:DatasetDescription", f"foaf:primaryTopic {_iri(dataset)}"])]
    for file in (*facts.files, *facts.proofs):
        name = f"{base_url}/dumps/{_plain(facts.hash)}/{quote(file.name)}"
        body.append(f"dcat:distribution {_iri(f'{dataset}-{_plain(Path(file.name).name)}')}")
        if file.name.endswith(".nq.gz"):
            body.append(f"void:dataDump {_iri(name)}")
        lines.append(_distribution(f"{dataset}-{_plain(Path(file.name).name)}", name, file))
    service = [
        "a dcat:Distribution, dcat:DataService",
        'dcterms:title "SPARQL 1.1 endpoint"@en, "نقطهٔ پایانی SPARQL 1.1"@fa',
        f"dcterms:license {_iri(LICENSE)}",
        f"dcat:accessURL {_iri(endpoint)}",
        f"dcat:endpointURL {_iri(endpoint)}",
        f"dcat:endpointDescription {_iri(endpoint)}",
        f"dcat:servesDataset {_iri(dataset)}",
        f"dcterms:conformsTo {_iri('http://www.w3.org/TR/sparql11-protocol/')}",
    ]
    return _query([_node(dataset, body), _node(dataset + "-sparql", service), *lines])


def _distribution(node: str, address: str, file: StoredFile) -> str:
    """One file as a client finds and checks it (DCAT 3, section 6.8)."""
    kind = next((kind for ending, kind in _FILE_TYPES.items() if file.name.endswith(ending)), "text/plain")
    body = [
        "a dcat:Distribution",
        f'dcterms:title "{_plain(Path(file.name).name)}"',
        f"dcat:accessURL {_iri(address)}",
        f"dcat:downloadURL {_iri(address)}",
        f'dcat:byteSize "{file.bytes}"^^xsd:nonNegativeInteger',
        f"dcat:mediaType {_iri(_MEDIA + kind)}",
        f"dcterms:license {_iri(LICENSE)}",
        (
            "spdx:checksum [ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ; "
            f'spdx:checksumValue "{_plain(file.sha256)}"^^xsd:hexBinary ]'
        ),
    ]
    if file.name.endswith(".gz"):
        body.append(f"dcat:compressFormat {_iri(_MEDIA + 'application/gzip')}")
    return _node(node, body)


def _partitions(facts: Facts) -> list[str]:
    """Properties, classes and vocabularies in use, with counts."""
    properties = _summed(graph.properties for graph in _counted(facts.graphs))
    classes = _summed(graph.classes for graph in _counted(facts.graphs))
    vocabularies = Counter(match[0] for name in (*properties, *classes) if (match := _NAMESPACE.match(name)))
    found = [f"void:properties {len(properties)} ; void:classes {len(classes)}"] if properties else []
    found += [f"void:vocabulary {_iri(name)}" for name, _ in vocabularies.most_common(_VOCABULARIES)]
    found += [
        f"void:propertyPartition [ void:property {_iri(name)} ; void:triples {count} ]"
        for name, count in properties.most_common(_PARTITIONS)
    ]
    return found + [
        f"void:classPartition [ void:class {_iri(name)} ; void:entities {count} ]"
        for name, count in classes.most_common(_PARTITIONS)
    ]


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
