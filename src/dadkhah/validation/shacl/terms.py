"""IRIs of the vocabularies that SHACL validation names, and the types of terms it passes around.

Terms are those of pyoxigraph throughout; rdflib's live in `referee` and `judge` only.
"""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from dadkhah.vocab import OWL, RDF, RDFS, SH

Term: TypeAlias = NamedNode | BlankNode | Literal
Node: TypeAlias = NamedNode | BlankNode

RDF_TYPE = NamedNode(RDF + "type")
RDF_FIRST = NamedNode(RDF + "first")
RDF_REST = NamedNode(RDF + "rest")
RDF_NIL = NamedNode(RDF + "nil")
RDF_LANG_STRING = RDF + "langString"
RDFS_CLASS = NamedNode(RDFS + "Class")
RDFS_RESOURCE = NamedNode(RDFS + "Resource")
RDFS_LITERAL = RDFS + "Literal"
RDFS_DATATYPE = RDFS + "Datatype"
RDFS_SUBCLASS_OF = NamedNode(RDFS + "subClassOf")
OWL_CLASS = NamedNode(OWL + "Class")
OWL_ONTOLOGY = NamedNode(OWL + "Ontology")


def sh(name: str) -> NamedNode:
    """A term of the SHACL vocabulary."""
    return NamedNode(SH + name)
