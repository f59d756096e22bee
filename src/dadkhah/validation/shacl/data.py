"""The data graph: a store in memory that loses nothing of what was written.

In: RDF in any syntax of pyoxigraph, from a file or bytes, or quads. Graph names are dropped: what is validated is the
merge. Literals that the store would rewrite are held as carriers (see `literals`), so a query over terms sees what
was written. A query over values (a SPARQL constraint) whose predicates have carriers runs on a small second store
that holds the triples of these predicates as Oxigraph reads them.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from dadkhah.errors import InputError
from dadkhah.validation.shacl.documents import RdfDocument
from dadkhah.validation.shacl.literals import CARRIER, REWRITTEN, from_store, is_carrier, is_plain, to_store
from dadkhah.validation.shacl.terms import RDF_TYPE, RDFS_SUBCLASS_OF, Node, Term
from dadkhah.vocab import XSD

_TRIPLE_TERMS = "RDF 1.2 triple terms cannot be validated; state what they say as ordinary triples"
_BLOCK_BYTES = 8 << 20  # large enough that the scan dominates, small enough to keep memory flat

# A line of N-Triples whose literal may not be plain: a datatype that the store rewrites, and not one of the forms that
# are certainly plain (days up to the 28th need no calendar). A line too many costs time only.
_PLAIN_TAIL = (
    rb'(?:0|-?[1-9][0-9]{0,17})"\^\^<%(x)sinteger>|(?:true|false)"\^\^<%(x)sboolean>'
    rb'|(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"\^\^<%(x)sdate>|(?!0000)[0-9]{4}"\^\^<%(x)sgYear>'
    rb'|(?:0|-?[1-9][0-9]{0,11})\.[0-9]{0,5}[1-9]"\^\^<%(x)sdecimal>'
) % {b"x": re.escape(XSD.encode())}
_SUSPECT = re.compile(
    rb'"(?!' + _PLAIN_TAIL + rb')[^"\n]*"[ \t]*\^\^[ \t]*<(?:' + re.escape(XSD.encode()) + rb"|[^>\n]*\\|urn:dadkhah:)"
    rb'|\\"[^"\n]*"[ \t]*\^\^[ \t]*<'  # an escaped quote: what follows it is only the end of the lexical form
)


class DataGraph:
    """The merge of the loaded graphs.

    Attributes:
        store: the underlying store; read only for callers.
        carrier_predicates: IRIs of the predicates that have a carrier among their objects.
    """

    def __init__(self) -> None:
        self.store = Store()
        self.carrier_predicates: set[str] = set()

    # --- loading ---

    def add(self, quads: Iterable[Quad | Triple]) -> None:
        """Add triples; quads lose their graph names."""
        plain: list[Quad] = []
        for quad in quads:
            term = quad.object
            if isinstance(term, Triple) or isinstance(quad.subject, Triple):
                raise InputError(_TRIPLE_TERMS)
            if isinstance(term, Literal) and term.datatype.value in REWRITTEN | {CARRIER.value} and not is_plain(term):
                self.carrier_predicates.add(quad.predicate.value)
                plain.append(Quad(quad.subject, quad.predicate, to_store(term)))
            else:
                plain.append(Quad(quad.subject, quad.predicate, term))
            if len(plain) >= 100_000:  # keeps the list small beside the store
                self.store.extend(plain)
                plain.clear()
        self.store.extend(plain)

    def load(self, document: RdfDocument) -> None:
        """Parse and add one document; its blank nodes are never those of another document.

        Raises:
            InputError: the document cannot be read.
            SourceSyntaxError: it does not parse; the store may hold a part of it.
        """
        if document.rdf_format == RdfFormat.N_TRIPLES:
            self._load_lines(document)
        else:
            self.add(document.quads(rename_blank_nodes=bool(self.store)))

    def _load_lines(self, document: RdfDocument) -> None:
        with document.opened() as raw:
            lines = _PlainLines(raw)
            try:
                self.store.bulk_load(cast("IO[bytes]", lines), format=RdfFormat.N_TRIPLES)
            except (SyntaxError, ValueError):
                deque(document.quads(), maxlen=0)  # once more, for the true line number
                raise
        if lines.has_triple_terms:
            raise InputError(_TRIPLE_TERMS)
        self.carrier_predicates |= lines.carrier_predicates

    # --- asking ---

    @property
    def has_carriers(self) -> bool:
        """Whether some literal is stored as a carrier."""
        return bool(self.carrier_predicates)

    def query(self, text: str) -> Iterator[QuerySolution]:
        """Solutions of a SELECT over terms; carriers are not undone (`from_store`)."""
        return iter(cast("QuerySolutions", self.store.query(text)))

    def values(self, predicates: Iterable[str]) -> Values:
        """What a query that reads these predicates (and `rdf:type`) runs on."""
        names = set(predicates)
        return Values(self, names) if names & self.carrier_predicates else Values(self, set())

    def carriers_of(self, predicate: NamedNode) -> Iterator[tuple[Node, Literal]]:
        """Subject and literal, as written, of the triples of a predicate whose literal is not plain."""
        if predicate.value in self.carrier_predicates:
            for quad in self.store.quads_for_pattern(None, predicate, None, DefaultGraph()):
                if is_carrier(quad.object):
                    yield cast("Node", quad.subject), cast("Literal", from_store(cast("Term", quad.object)))

    def subclasses(self, cls: NamedNode | BlankNode) -> list[Node]:
        """The class and everything below it by `rdfs:subClassOf`, the class first."""
        seen: dict[Node, None] = {cls: None}
        todo: list[Node] = [cls]
        while todo:
            for quad in self.store.quads_for_pattern(None, RDFS_SUBCLASS_OF, todo.pop(), DefaultGraph()):
                below = cast("Node", quad.subject)
                if below not in seen:
                    seen[below] = None
                    todo.append(below)
        return list(seen)

    def has_instances(self, classes: Iterable[NamedNode | BlankNode]) -> bool:
        """Whether anything is of one of these classes or of one below."""
        return any(
            True
            for cls in classes
            for below in self.subclasses(cls)
            for _ in self.store.quads_for_pattern(None, RDF_TYPE, below, DefaultGraph())
        )

    def is_instance(self, term: Term, classes: Iterable[Node]) -> bool:
        """Whether the term has one of these as its `rdf:type`."""
        if isinstance(term, Literal):
            return False
        return any(Quad(term, RDF_TYPE, cls) in self.store for cls in classes)

    def triples(self) -> Iterator[tuple[Node, NamedNode, Term]]:
        """Every triple as it was written, in no order."""
        for quad in self.store:
            yield cast("Node", quad.subject), quad.predicate, from_store(cast("Term", quad.object))


class Values:
    """A view of a data graph in which literals stand as Oxigraph reads them, for queries that compare values."""

    def __init__(self, data: DataGraph, predicates: set[str]) -> None:
        self._store = data.store
        self._written: dict[Literal, set[Literal]] = defaultdict(set)
        if not predicates:
            return
        self._store = Store()
        for name in predicates | {RDF_TYPE.value}:
            for quad in data.store.quads_for_pattern(None, NamedNode(name), None, DefaultGraph()):
                written = from_store(cast("Term", quad.object))
                self._store.add(Quad(quad.subject, quad.predicate, written))
                if isinstance(written, Literal):
                    self._written[_as_read(written)].add(written)

    def query(self, text: str) -> Iterator[QuerySolution]:
        """Solutions of a SELECT."""
        return iter(cast("QuerySolutions", self._store.query(text)))

    def as_written(self, value: Literal) -> Literal | None:
        """How a literal of an answer was written; None where it was written in more than one way."""
        forms = self._written.get(value)
        if forms is None:
            return value
        return next(iter(forms)) if len(forms) == 1 else None


def _as_read(literal: Literal) -> Literal:
    if is_plain(literal):
        return literal
    probe = Store()
    probe.add(Quad(RDF_TYPE, RDF_TYPE, literal))
    return cast("Literal", next(iter(probe)).object)


class _PlainLines(io.RawIOBase):
    """A stream of the lines of N-Triples in which literals that are not plain have become carriers.

    The order of lines changes within a block. A line that does not parse is passed on as it is, for the reader of the
    stream to complain of.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self.carrier_predicates: set[str] = set()
        self.has_triple_terms = False
        self._raw = raw
        self._ready = b""
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._ready):
            self._refill()
        if size < 0:
            size = len(self._ready)
        piece = self._ready[self._at : self._at + size]
        self._at += len(piece)
        return piece

    def _refill(self) -> None:
        self._ready, self._at = b"", 0
        while not self._ready:
            block = self._raw.read(_BLOCK_BYTES)
            if not block:
                return
            if not block.endswith(b"\n"):
                block += self._raw.readline()
            if b"<<(" in block:
                self._refuse_triple_terms(block)
            self._ready = self._with_carriers(block)

    def _refuse_triple_terms(self, block: bytes) -> None:
        with suppress(SyntaxError):  # told by the reader of the stream
            quads = parse(block, format=RdfFormat.N_TRIPLES)
            self.has_triple_terms |= any(isinstance(quad.object, Triple) for quad in quads)

    def _with_carriers(self, block: bytes) -> bytes:
        kept: list[bytes] = []
        suspects: list[bytes] = []
        done = 0
        for match in _SUSPECT.finditer(block):
            if match.start() < done:
                continue
            start = block.rfind(b"\n", 0, match.start()) + 1
            end = block.find(b"\n", match.end())
            end = len(block) if end < 0 else end + 1
            kept.append(block[done:start])
            suspects.append(block[start:end])
            done = end
        if not suspects:
            return block
        kept += self._rewritten(b"".join(suspects)), block[done:]
        return b"".join(kept)

    def _rewritten(self, lines: bytes) -> bytes:
        if not lines.endswith(b"\n"):
            lines += b"\n"
        changed: list[Triple] = []
        try:
            for quad in parse(lines, format=RdfFormat.N_TRIPLES):
                held = to_store(cast("Term", quad.object))
                if is_carrier(held):
                    self.carrier_predicates.add(quad.predicate.value)
                changed.append(Triple(quad.subject, quad.predicate, held))
        except SyntaxError:
            return lines
        return serialize(changed, format=RdfFormat.N_TRIPLES) or b""
