"""The properties and classes that data may use: those of the ontology, and a short list from well-known vocabularies.

In: the ontology's documents. Out: IRIs. Whatever else stands in a data file is a slip of the pen or a private word.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from dadkhah.vocab import OWL, RDF, RDFS, SKOS

_BORROWED: dict[str, str] = {
    RDF: "type",
    RDFS: "label comment seeAlso isDefinedBy",
    SKOS: (
        "Concept ConceptScheme prefLabel altLabel hiddenLabel notation note scopeNote definition example editorialNote "
        "changeNote historyNote broader narrower related inScheme hasTopConcept topConceptOf "
        "exactMatch closeMatch broadMatch narrowMatch relatedMatch"
    ),
    "http://purl.org/dc/terms/": (
        "title alternative identifier source publisher creator contributor created issued modified date available "
        "language license rights rightsHolder format extent description subject type references isReferencedBy "
        "isVersionOf bibliographicCitation provenance"
    ),
    "http://www.w3.org/ns/prov#": "wasDerivedFrom wasQuotedFrom wasAttributedTo generatedAtTime hadPrimarySource",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "lat long",
    "https://schema.org/": "url identifier",
    "http://xmlns.com/foaf/0.1/": "homepage page",
    OWL: "deprecated versionInfo",
}
BORROWED = frozenset(namespace + name for namespace, names in _BORROWED.items() for name in names.split())


def known_terms(ontology: Iterable[ox.Triple]) -> frozenset[str]:
    """Every subject of the ontology, and the borrowed terms."""
    declared = (triple.subject.value for triple in ontology if isinstance(triple.subject, ox.NamedNode))
    return BORROWED.union(declared)
