"""The conflicts and tensions of a snapshot, read with everything that a page about them shows.

In: a snapshot's store. Out: plain records of text, in a stable order. It must not word a page or weigh a voice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from dadkhah.iris import Iris
from dadkhah.vocab import RDFS, RDFS_LABEL, SKOS_PREF_LABEL, XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

# shorter words for what a table has in its heading
_WORDS = {"earliest": "date", "endedEarliest": "end", "count": "number"}
_NAMES = (SKOS_PREF_LABEL, RDFS_LABEL)


@dataclass(frozen=True, slots=True)
class Said:
    """One voice for a value: the claimant, the origin of the claim, the places where it was read."""

    claimant: str
    origin: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A value, and all who give it."""

    value: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Differing values of one property of one record; verdict and reason are empty where nobody has looked."""

    record: str
    path: str
    property: str
    sides: tuple[Side, ...]
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tension:
    """What a person found not to sit together, and where the sides were read."""

    text: str
    between: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is named as a place: its short name, its title, its address or nothing."""

    slug: str
    title: str
    address: str


class Reader:
    """Reads one store."""

    def __init__(self, store: ox.Store, iris: Iris) -> None:
        self._store = store
        self._iris = iris
        self._upper = {
            _text(row["lower"]): _text(row["upper"]) for row in self._ask("?lower dk:upperBoundProperty ?upper")
        }
        self._named: dict[str, Source] = {}

    def conflicts(self) -> list[Conflict]:
        """Every conflict, in order of the record's name and the property."""
        sides: dict[tuple[str, str], dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
        pattern = (
            "?c a dk:Conflict ; dk:subject ?s ; dk:property ?p ; dk:value ?v ; dk:voice ?g . GRAPH ?g { ?s ?p ?v }"
        )
        for row in self._ask(pattern):
            subject, name = _text(row["s"]), _text(row["p"])
            sides[subject, name][self._value(row["s"], name, row["v"], row["g"])].append(self._said(row["g"], row["s"]))
        reviews = self._reviews()
        found = []
        for (subject, name), values in sides.items():
            verdict, reason = reviews.get((subject, name), ("", ""))
            ordered = tuple(Side(value, _sorted(values[value])) for value in sorted(values, key=_order))
            found.append(
                Conflict(
                    self._name(ox.NamedNode(subject)),
                    subject.removeprefix(f"{self._iris.base}id/"),
                    self._property(name),
                    ordered,
                    verdict,
                    reason,
                )
            )
        return sorted(found, key=lambda each: (each.record.casefold(), each.path, each.property))

    def tensions(self) -> list[Tension]:
        """Every tension, in order of its text."""
        found = []
        for row in self._ask("?t a dk:Tension ; rdfs:label ?text . FILTER(LANG(?text) = 'en')"):
            term = row["t"]
            between = sorted({self._name(each) for each in self._objects(term, "between")})
            places = sorted({self._place(each) for each in self._objects(term, "cites")})
            found.append(Tension(_text(row["text"]), tuple(between), tuple(places)))
        return sorted(found, key=lambda each: each.text.casefold())

    def sources(self) -> list[Source]:
        """The sources of all places that have been read so far, in order of their short names."""
        return [self._named[slug] for slug in sorted(self._named)]

    def _ask(self, pattern: str) -> Iterator[dict[str, Term]]:
        query = f"PREFIX dk: <{self._iris.term('')}> PREFIX rdfs: <{RDFS}> SELECT DISTINCT * WHERE {{ {pattern} }}"
        solutions = self._store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: term for name in names if (term := solution[name]) is not None}

    def _objects(self, subject: Term, name: str, graph: Term | None = None) -> list[Term]:
        if not isinstance(subject, ox.NamedNode) or not isinstance(graph, ox.NamedNode | None):
            return []
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(self._iris.term(name)), None, graph)
        return list(dict.fromkeys(quad.object for quad in quads))

    def _reviews(self) -> dict[tuple[str, str], tuple[str, str]]:
        rows = self._ask(
            "?review dk:assesses ?s ; dk:onProperty ?p ; dk:verdict ?verdict ; rdfs:label ?why . "
            "FILTER(LANG(?why) = 'en')"
        )
        return {(_text(row["s"]), _text(row["p"])): (self._name(row["verdict"]), _text(row["why"])) for row in rows}

    def _said(self, voice: Term, subject: Term) -> Said:
        claimant, origin = (self._objects(voice, name)[0] for name in ("claimant", "originGroup"))
        places = sorted({self._place(each) for each in self._objects(subject, "cites", voice)})
        return Said(self._name(claimant), _text(origin), tuple(places))

    def _place(self, passage: Term) -> str:
        source = self._objects(passage, "inSource")[0]
        slug = _text(source).rpartition("/")[2]
        self._named.setdefault(slug, Source(slug, self._name(source), self._first(source, "address")))
        words = self._first(passage, "locator")
        if words:
            return f"{slug}, {words}"
        part = _text(passage).rpartition(f"/{slug}-")[2]
        return f"{slug}, {part} (characters {self._first(passage, 'start')} to {self._first(passage, 'end')})"

    def _first(self, subject: Term, name: str, graph: Term | None = None) -> str:
        found = self._objects(subject, name, graph)
        return _text(found[0]) if found else ""

    def _value(self, subject: Term, name: str, value: Term, voice: Term) -> str:
        if isinstance(value, ox.NamedNode):
            quantifier = self._objects(value, "quantifier", voice)
            return self._counted(value, voice, quantifier[0]) if quantifier else self._name(value)
        text = _text(value)
        if isinstance(value, ox.Literal) and value.datatype.value == XSD + "boolean":
            return "yes" if text in {"true", "1"} else "no"
        upper = self._first(subject, self._upper[name].rpartition("#")[2], voice) if name in self._upper else ""
        return text if upper in {"", text} else f"{text} to {upper}"

    def _counted(self, count: Term, voice: Term, quantifier: Term) -> str:
        if number := self._first(count, "number", voice):
            exact = _text(quantifier) == self._iris.term("Exact")
            return f"{int(number):,}" if exact else f"{self._name(quantifier)} {int(number):,}"
        lower, upper = self._first(count, "lower", voice), self._first(count, "upper", voice)
        if lower and upper:
            return f"between {int(lower):,} and {int(upper):,}"
        return self._name(quantifier)

    def _property(self, iri: str) -> str:
        return _WORDS.get(iri.rpartition("#")[2]) or self._name(ox.NamedNode(iri))

    def _name(self, term: Term) -> str:
        if not isinstance(term, ox.NamedNode):
            return _text(term)
        for predicate in _NAMES:
            labels = [quad.object for quad in self._store.quads_for_pattern(term, ox.NamedNode(predicate), None)]
            readable = [each.value for each in labels if isinstance(each, ox.Literal) and each.language in {"en", None}]
            if readable:
                return min(readable)
        return term.value.removeprefix(f"{self._iris.base}id/")


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _order(value: str) -> tuple[int, str]:
    """Numbers by size, dates and names by their letters."""
    number = re.fullmatch(r"\D*?(\d[\d,]*)(?: and [\d,]+)?", value)
    return (int(number[1].replace(",", "")) if number else 0, value)


def _sorted(said: list[Said]) -> tuple[Said, ...]:
    return tuple(sorted(said, key=lambda each: (each.claimant.casefold(), each.places)))
