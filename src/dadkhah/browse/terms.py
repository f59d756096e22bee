"""RDF terms as browse sees them: read from SPARQL JSON results, written into query text.

In: bindings of the SPARQL 1.1 Query Results JSON format. Out: frozen terms, and their SPARQL spelling. This is the
only way a value gets into a query: a term is written whole, escaped, and never spliced. It must not know about
engines or about any vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dadkhah.errors import ParameterError

XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING = f"{XSD}string"
XSD_DATE = f"{XSD}date"
XSD_INTEGER = f"{XSD}integer"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

# RFC 3987, section 2.2, but for IP literals in brackets: narrower than IRIREF of SPARQL (production 139), since engines
# refuse a query that holds anything else
_IRI_CHARACTER = (
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}"
    "|[\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]|[\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]"
    "|[\U000e1000-\U000efffd])"
)
_ABSOLUTE = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_IRI_CHARACTER}*(?:#{_IRI_CHARACTER}*)?\Z")
# production 145 (LANGTAG), with the base direction of RDF 1.2
_LANGUAGE_TAG = re.compile(r"^[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
# IRIs come again and again, in one view and from one to the next
_KEPT = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An absolute IRI."""

    value: str


@dataclass(frozen=True, slots=True, order=True)
class BlankNode:
    """A blank node; its label means something within one answer only."""

    value: str


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal; `language` is empty unless the datatype is rdf:langString."""

    value: str
    datatype: str = XSD_STRING
    language: str = ""


@dataclass(frozen=True, slots=True)
class TripleTerm:
    """A triple used as a term (RDF 1.2)."""

    subject: Term
    predicate: Term
    object: Term

    @property
    def value(self) -> str:
        """A readable spelling."""
        return f"<<( {self.subject.value} {self.predicate.value} {self.object.value} )>>"


Term = Iri | BlankNode | Literal | TripleTerm
Row = dict[str, Term]
"""One solution: variable name to term; an unbound variable is absent."""


def read(binding: Mapping[str, Any]) -> Term:
    """Read one RDF term of a SPARQL JSON result (section 3.2.2 of its specification)."""
    kind = binding["type"]
    if kind == "uri":
        return Iri(binding["value"])
    if kind == "bnode":
        return BlankNode(binding["value"])
    if kind == "triple":
        parts = binding["value"]
        return TripleTerm(read(parts["subject"]), read(parts["predicate"]), read(parts["object"]))
    language = binding.get("xml:lang", "")
    if language:
        return Literal(binding["value"], RDF_LANG_STRING, language)
    return Literal(binding["value"], binding.get("datatype", XSD_STRING))


@lru_cache(_KEPT)
def is_iri(text: str) -> bool:
    """Whether a text can stand as an absolute IRI in a query."""
    return _ABSOLUTE.match(text) is not None


def write(term: Term) -> str:
    """Write a term in SPARQL.

    Raises:
        ParameterError: the term has no spelling in SPARQL (a character that no IRI may hold, a lone surrogate, a
            blank node, which in a query would be a variable).
    """
    if isinstance(term, Iri):
        if not is_iri(term.value):
            raise ParameterError(f"not an absolute IRI: {term.value[:200]!r}")
        return f"<{term.value}>"
    if isinstance(term, Literal):
        return _write_literal(term)
    raise ParameterError("a blank node or triple term cannot be looked up by value; give an IRI or a literal")


def _write_literal(literal: Literal) -> str:
    if _SURROGATE.search(literal.value):
        raise ParameterError("a text holds half of a surrogate pair: send well-formed UTF-8")
    quoted = f'"{literal.value.translate(_ESCAPES)}"'
    if literal.language:
        if not _LANGUAGE_TAG.match(literal.language):
            raise ParameterError(f"not a language tag: {literal.language[:80]!r}")
        return f"{quoted}@{literal.language}"
    if literal.datatype == XSD_STRING:
        return quoted
    return f"{quoted}^^{write(Iri(literal.datatype))}"


@lru_cache(_KEPT)
def iri(text: str) -> str:
    """Write an IRI in SPARQL; as `write(Iri(text))`."""
    return write(Iri(text))


def iris(texts: Iterable[str]) -> str:
    """Write IRIs separated by spaces, for a VALUES block of one variable."""
    return " ".join(iri(text) for text in texts)


def values(variables: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    """Write a VALUES block of several variables."""
    head = " ".join(f"?{name}" for name in variables)
    body = " ".join("(" + " ".join(write(term) for term in row) + ")" for row in rows)
    return f"VALUES ({head}) {{ {body} }}"


def text_of(row: Row, name: str) -> str | None:
    """The lexical value that a variable is bound to, or None."""
    term = row.get(name)
    return None if term is None else term.value
