"""The one form of a Turtle file of this project: equal statements in an equal order give equal bytes.

In: text that may have the wrong line ends, normal form or layout. Out: prefixes that are used, sorted; records in
the order of the file; one property a line, types and names first, citations last; comments before the record in which
they stood. What is written says exactly what was read, or nothing is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from dadkhah.errors import InputError, SourceSyntaxError
from dadkhah.source.formats.reading import syntax_error
from dadkhah.source.turtle.positions import locate
from dadkhah.source.turtle.text import literal
from dadkhah.vocab import DK, RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, SKOS_PREF_LABEL, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_FIRST = {RDF_TYPE: 0, SKOS_PREF_LABEL: 1, RDFS_LABEL: 2, SKOS_ALT_LABEL: 3}
_LAST = DK + "cites"
_SHORTHAND = {
    XSD + "integer": re.compile(r"[+-]?\d+"),
    XSD + "decimal": re.compile(r"[+-]?\d*\.\d+"),
    XSD + "boolean": re.compile("true|false"),
}


def cleaned(data: bytes, name: str) -> str:
    """Text without byte order mark, in NFC, with LF line ends.

    Raises:
        SourceSyntaxError: not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceSyntaxError("not UTF-8; save the file as UTF-8", file=name, line=line) from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def formatted(data: bytes, name: str, prefixes: Mapping[str, str]) -> str:
    """The canonical form of a file; `prefixes` are the project's, the file's own come in addition.

    Raises:
        SourceSyntaxError: it does not parse.
        InputError: it holds blank nodes or triple terms.
    """
    text = cleaned(data, name)
    try:
        parser = ox.parse(text, ox.RdfFormat.TURTLE)
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        raise syntax_error(error, name) from error
    writer = _Writer({**parser.prefixes, **prefixes})
    result = writer.write(triples, _comments(text))
    if {quad.triple for quad in ox.parse(result, ox.RdfFormat.TURTLE)} != set(triples):
        raise InputError(f"{name}: this file cannot be rewritten without changing what it says; it is left as it is")
    return result


def _comments(text: str) -> dict[str, list[str]]:
    """Comments by the subject before which they go; "" for the end of the file."""
    positions = locate(text)
    starts = sorted((place.line, place.column, subject) for subject, place in positions.subjects.items())
    found: dict[str, list[str]] = defaultdict(list)
    for comment in positions.comments:
        place = (comment.place.line, comment.place.column)
        after = next((subject for line, column, subject in starts if (line, column) > place), "")
        found[comment.subject or after].append(comment.text.rstrip())
    return found


class _Writer:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # the longest namespace wins, so that passages of a source get their own short prefix
        self._prefixes = sorted(prefixes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        self._used: dict[str, str] = {}

    def write(self, triples: Iterable[ox.Triple], comments: Mapping[str, list[str]]) -> str:
        records: dict[str, dict[str, list[str]]] = {}
        for triple in triples:
            if not isinstance(triple.subject, ox.NamedNode):
                raise InputError("blank nodes and triple terms have no canonical form here")
            record = records.setdefault(triple.subject.value, defaultdict(list))
            record[triple.predicate.value].append(self._term(triple.object))
        blocks = []
        for subject, record in records.items():
            heading = [*comments.get(subject, ()), ""] if comments.get(subject) else []
            blocks.append("\n".join([*heading, self._record(subject, record)]))
        if comments.get(""):
            blocks.append("\n".join(comments[""]))
        head = "\n".join(f"@prefix {name}: <{namespace}> ." for name, namespace in sorted(self._used.items()))
        return "\n\n".join(block for block in (head, *blocks) if block) + "\n"

    def _record(self, subject: str, record: Mapping[str, list[str]]) -> str:
        lines = []
        for predicate in sorted(record, key=_order):
            verb = "a" if predicate == RDF_TYPE else self._iri(predicate)
            lines.append(f"{verb} {' , '.join(sorted(set(record[predicate])))}")
        return f"{self._iri(subject)} " + " ;\n    ".join(lines) + " ."

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        if not isinstance(term, ox.Literal):
            raise InputError("blank nodes and triple terms have no canonical form here")
        datatype = term.datatype.value
        if datatype in _SHORTHAND and _SHORTHAND[datatype].fullmatch(term.value):
            return term.value
        quoted = literal(term.value, term.language or "")
        return quoted if term.language or datatype == XSD + "string" else f"{quoted}^^{self._iri(datatype)}"

    def _iri(self, iri: str) -> str:
        for prefix, namespace in self._prefixes:
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and _LOCAL.fullmatch(local):
                self._used[prefix] = namespace
                return f"{prefix}:{local}"
        return f"<{iri}>"


def _order(predicate: str) -> tuple[int, str]:
    return (_FIRST.get(predicate, 9 if predicate == _LAST else 5), predicate)
