"""What the public snapshot must not hold, left out before anything is derived, indexed or written.

    Restricted      the record, every statement that mentions it, and every voice of it or about it as a graph
    AggregateOnly   a group, count or series is published, because it is a number; its members are not. Any other
                    record with this level is treated as restricted
    Pseudonymous    published under its opaque IRI and its skos:prefLabel, which has to be a pseudonym or a
                    description. Other names and all identifiers elsewhere are left out. Without an opaque IRI it is
                    treated as restricted

In: all statements. Out: those that may be published, and the names that must not occur in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import SnapshotError
from dadkhah.iris import Iris
from dadkhah.snapshot.statements import Statement, Statements

OPAQUE = re.compile(r"[a-z]{1,3}-[0-9a-f]{8,}")
MIN_NAME = 5  # shorter names are common words of other statements
_BLOCK = 1 << 20
_BETWEEN = re.compile(r"[\s\u200c_.+-]+")  # what may stand between the words of a name
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PUBLIC_NAME = _SKOS + "prefLabel"
_OTHER_NAMES = frozenset(
    {
        _SKOS + "altLabel",
        _SKOS + "hiddenLabel",
        "http://xmlns.com/foaf/0.1/name",
        "https://schema.org/name",
        "https://schema.org/alternateName",
    }
)
_NAMES = _OTHER_NAMES | {_PUBLIC_NAME, "http://www.w3.org/2000/01/rdf-schema#label"}
_ELSEWHERE = frozenset(
    {
        *(
            _SKOS + name
            for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "notation")
        ),
        "http://www.w3.org/2002/07/owl#sameAs",
        "http://purl.org/dc/terms/identifier",
        "http://www.w3.org/2000/01/rdf-schema#seeAlso",
        "http://xmlns.com/foaf/0.1/homepage",
        "http://xmlns.com/foaf/0.1/page",
        "https://schema.org/url",
        "https://schema.org/identifier",
        "http://www.w3.org/2003/01/geo/wgs84_pos#lat",
        "http://www.w3.org/2003/01/geo/wgs84_pos#long",
    }
)
_AGGREGATES = ("PersonGroup", "Count", "AggregateEvent")


@dataclass(frozen=True, slots=True)
class Protected:
    """What a set of statements protects.

    Attributes:
        hidden: IRIs of records and voices that are left out.
        pseudonymous: IRIs of records that are published without names and identifiers.
        aggregates: IRIs of groups whose members are not published.
        names: literal names that must not occur in anything published, and neither must what is hidden.
    """

    hidden: frozenset[str]
    pseudonymous: frozenset[str]
    aggregates: frozenset[str]
    names: frozenset[str]


def find_protected(found: Statements, iris: Iris) -> Protected:
    """Read the protection levels; several levels on one record: the strictest holds."""
    levels: dict[str, set[str]] = {}
    for statement in found.by_predicate.get(iris.term("protection"), ()):
        levels.setdefault(statement.subject, set()).add((statement.object_iri or "").removeprefix(iris.ontology))
    types = found.types()
    aggregates = {iris.term(name) for name in _AGGREGATES}
    hidden: set[str] = set()
    pseudonymous: set[str] = set()
    groups: set[str] = set()
    for record, names in levels.items():
        if names <= {"Public"}:
            continue
        if "Restricted" in names or not names <= {"Public", "AggregateOnly", "Pseudonymous"}:
            hidden.add(record)
        elif "AggregateOnly" in names:
            (groups if types.get(record, set()) & aggregates else hidden).add(record)
        else:
            (pseudonymous if OPAQUE.fullmatch(record.rpartition("/")[2]) else hidden).add(record)
    hidden |= _voices_of(found, hidden, iris)
    names = _names(found, hidden, pseudonymous)
    return Protected(frozenset(hidden), frozenset(pseudonymous), frozenset(groups), frozenset(names))


def public(found: Statements, protected: Protected, iris: Iris) -> Statements:
    """The statements that may be published."""
    member = iris.term("member")

    def keep(statement: Statement) -> bool:
        subject, predicate, value = statement.subject, statement.predicate, statement.object_iri
        if statement.graph in protected.hidden or subject in protected.hidden or value in protected.hidden:
            return False
        if subject in protected.pseudonymous and (predicate in _OTHER_NAMES or predicate in _ELSEWHERE):
            return False
        if value in protected.pseudonymous and predicate in _ELSEWHERE:
            return False
        return not (subject in protected.aggregates and predicate == member)

    return found.kept(keep)


def refuse_leaks(protected: Protected, files: Iterable[Path]) -> None:
    """Look for protected names, as whole words, in every byte of some files.

    Raises:
        SnapshotError: one occurs; the message does not repeat it.
    """
    pattern = _pattern(protected)
    if pattern is None:
        return
    # escapes may make a name three times as long
    overlap = 3 * max(len(name.encode()) for name in protected.names | protected.hidden) + 1
    for path in files:
        rest = b""
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                if found := pattern.search(rest + block):
                    raise SnapshotError(_message(path, found, rest + block))
                rest = (rest + block)[-overlap:]


def _message(path: Path, found: re.Match[bytes], text: bytes) -> str:
    line = text[text.rfind(b"\n", 0, found.start()) + 1 :].split(b" ", 1)[0][:200]
    near = line.decode("utf-8", "replace") if found[0] not in line else "a statement"
    return (
        f"a protected name of {len(found[0])} bytes occurs in what would be published ({path.name}, near {near}). "
        "Nothing was published; take the name out of the public statement, or protect that record too"
    )


def _pattern(protected: Protected) -> re.Pattern[bytes] | None:
    if not protected.names and not protected.hidden:
        return None
    longest_first = sorted(protected.names, key=len, reverse=True)
    # a name stands inside of other words' IRIs as well, an IRI is not a longer one's beginning
    names = b"|".join(map(_spelt_anyhow, longest_first))
    iris = b"|".join(re.escape(iri.encode()) + rb"(?!-)" for iri in sorted(protected.hidden, key=len, reverse=True))
    either = b"|".join(part for part in (names, iris) if part)
    # a byte of a letter beyond ASCII counts as part of a word, too
    return re.compile(rb"(?<![^\W_]|[\x80-\xff])(?:" + either + rb")(?![^\W_]|[\x80-\xff])", re.IGNORECASE)


def _spelt_anyhow(name: str) -> bytes:
    """A name in any case, in a sentence, a slug, an address or a table; its quotes escaped as those formats do."""
    words = []
    for word in filter(None, _BETWEEN.split(name)):
        escaped = re.escape(word.encode())
        words.append(escaped.replace(b'"', rb'(?:\\*"|"")').replace(b"'", rb"(?:\\*'|%27|-?)"))
    return rb"(?:[\s_.+-]|%20|\xe2\x80\x8c)+".join(words)


def _voices_of(found: Statements, hidden: set[str], iris: Iris) -> set[str]:
    """Voices whose claimant or source is left out: their graphs are left out as well."""
    speakers = (iris.term("claimant"), iris.term("inSource"))
    return {
        statement.subject
        for predicate in speakers
        for statement in found.by_predicate.get(predicate, ())
        if statement.object_iri in hidden and statement.subject.startswith(f"{iris.base}voice/")
    }


def _names(found: Statements, hidden: set[str], pseudonymous: set[str]) -> set[str]:
    names = set()
    for predicate in _NAMES:
        for statement in found.by_predicate.get(predicate, ()):
            secret = statement.subject in hidden or (
                statement.subject in pseudonymous and predicate == _SKOS + "hiddenLabel"
            )
            value = statement.triple.object
            if secret and isinstance(value, ox.Literal) and len(value.value) >= MIN_NAME:
                names.add(value.value)
    return names
