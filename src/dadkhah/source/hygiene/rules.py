"""Rules about statements that need no ontology shapes: what no data file may say, whatever it is about.

In: the statements of one file and their places. Out: problems. Each rule is one small function; `docs/commands.md`
lists them by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from itertools import chain
from urllib.parse import SplitResult, urlsplit

import pyoxigraph as ox

from dadkhah.source.files.characters import FORBIDDEN, describe
from dadkhah.source.files.problems import MAX_PROBLEMS, Problem
from dadkhah.source.files.tree import Role, SourceFile
from dadkhah.source.hygiene.lexical import lexical_problem
from dadkhah.source.hygiene.secrets import secret_in
from dadkhah.source.turtle.positions import Place, Positions
from dadkhah.vocab import OWL, RDF_TYPE, RDFS_LABEL, SH, SKOS_ALT_LABEL, SKOS_PREF_LABEL, XSD

MAX_IRI = 2048
MAX_LITERAL = 64 * 1024
_SCHEMES = frozenset({"http", "https", "urn", "doi", "info", "tag", "geo", "mailto"})
_MARKUP = re.compile(
    r"<[/!?]?[A-Za-z][^<>]*>|<\s*script|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});|javascript\s*:", re.IGNORECASE
)
# what addresses carry for whoever may enter
_KEY_IN_QUERY = re.compile(
    r"(?i)(?:^|[&;])(?:(?:access|auth|id|refresh)[_-]?token|token|api[_-]?key|passwo?r?d|secret|session_?id)=."
)
_SINGLE_LABELS = frozenset({RDFS_LABEL, SKOS_PREF_LABEL})
_NAMES = frozenset(
    {
        RDFS_LABEL,
        SKOS_PREF_LABEL,
        SKOS_ALT_LABEL,
        "http://xmlns.com/foaf/0.1/name",
        "https://schema.org/name",
    }
)
_REFUSED_ANYWAY = frozenset({OWL + "imports", OWL + "sameAs"})
Report = Callable[[str, str, ox.Triple, str], None]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules are measured against.

    Attributes:
        terms: IRIs of the properties and classes that data may use; empty where no ontology is at hand.
        last_year: the last calendar year that a date of something past may have.
        future: properties whose dates may lie later.
    """

    terms: frozenset[str] = frozenset()
    last_year: int = 9999
    future: frozenset[str] = field(default_factory=frozenset)


def comment_problems(positions: Positions, name: str) -> list[Problem]:
    """Comments have lines of their own, as headings: behind a statement no voice answers for what they add to it."""
    problems = []
    for comment in positions.comments:
        place = comment.place
        if secret := secret_in(comment.text, comment=True):
            advice = "take it out; a public file is published with its comments"
            problems.append(Problem(f"a comment that holds {secret}", name, "secret", place.line, place.column, advice))
        elif not comment.alone:
            advice = "say it as a statement (skos:note), or give it a line of its own"
            problems.append(Problem("a comment behind a statement", name, "comment", place.line, place.column, advice))
    return problems[:MAX_PROBLEMS]


def statement_problems(
    triples: Iterable[ox.Triple], positions: Positions, file: SourceFile, rules: Rules
) -> list[Problem]:
    """All problems of the statements, at most `MAX_PROBLEMS` for each rule."""
    found: dict[str, list[Problem]] = defaultdict(list)

    def report(rule: str, message: str, triple: ox.Triple, advice: str) -> None:
        if len(found[rule]) < MAX_PROBLEMS:
            place = _place(triple, positions)
            found[rule].append(Problem(message, file.name, rule, place.line, place.column, advice))

    labels: dict[tuple[str, str, str], str] = {}
    checks = _CHECKS if file.role is not Role.ONTOLOGY else _ONTOLOGY_CHECKS
    measures = _MEASURES if file.role is not Role.ONTOLOGY else _ONTOLOGY_MEASURES
    for triple in triples:
        found_here = (*(check(triple) for check in checks), *(measure(triple, rules) for measure in measures))
        for rule, message, advice in chain.from_iterable(found_here):
            report(rule, message, triple, advice)
        _one_label(triple, labels, report)
    return [problem for problems in found.values() for problem in problems]


def _place(triple: ox.Triple, positions: Positions) -> Place:
    if has_blank_node(triple):
        return positions.blank_node or Place(1, 1)
    value = getattr(triple.object, "value", None)
    found = positions.find(getattr(triple.subject, "value", ""), triple.predicate.value, value)
    return found or Place(1, 1)


def has_blank_node(triple: ox.Triple) -> bool:
    """Whether subject or object is a blank node."""
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


Found = Iterator[tuple[str, str, str]]
"""Rule, message and advice of each problem."""


def _no_blank_node(triple: ox.Triple) -> Found:
    if has_blank_node(triple):
        yield (
            "blank-node",
            "a blank node: records have an IRI, so that they can be cited and compared",
            "give it an IRI",
        )
    if isinstance(triple.object, ox.Triple):
        yield "syntax", "triple terms are not used in data files", "say it in the file of a voice"


def _no_shapes(triple: ox.Triple) -> Found:
    values = (triple.subject, triple.predicate, triple.object)
    if any(isinstance(term, ox.NamedNode) and term.value.startswith(SH) for term in values):
        yield "shapes", "SHACL in a data file", "shapes live in ontology/shapes/ and are never mixed with data"
    if triple.predicate.value == OWL + "imports":
        yield "imports", "owl:imports in a data file", "remove it; nothing is fetched"


def _no_same_as(triple: ox.Triple) -> Found:
    if triple.predicate.value == OWL + "sameAs":
        advice = "record the link in data/mappings/, where it is reviewed"
        yield "same-as", "owl:sameAs merges two records for good", advice


def _known_term(triple: ox.Triple, rules: Rules) -> Found:
    predicate, value = triple.predicate.value, triple.object
    advice = "mend the spelling, or declare it in ontology/"
    if not rules.terms or predicate in _REFUSED_ANYWAY or predicate.startswith(SH):
        return
    if predicate not in rules.terms:
        yield "unknown-term", f"unknown property <{predicate}>", advice
    elif predicate == RDF_TYPE and not (isinstance(value, ox.NamedNode) and value.value in rules.terms):
        yield "unknown-term", f"unknown class {str(value)[:200]}", advice


def _sound_iris(triple: ox.Triple) -> Found:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode) and (problem := iri_problem(term.value)):
            yield "iri", problem, "use the public http(s) address or the record's IRI"


@lru_cache(maxsize=1 << 16)
def iri_problem(iri: str) -> str | None:
    """Say what is wrong with an IRI, or None."""
    if len(iri) > MAX_IRI:
        return f"an IRI of {len(iri):,} characters"
    if match := FORBIDDEN.search(iri):
        return f"an IRI with {describe(match[0])}"
    try:
        fault = _fault_of_parts(urlsplit(iri))
    except ValueError:
        fault = "that is not sound"
    if not unicodedata.is_normalized("NFC", iri):
        fault = "that is not in normal form NFC"
    if _MARKUP.search(iri):
        fault = "with markup"
    return f"an IRI {fault}: <{iri[:80]}>" if fault else None


def _fault_of_parts(parts: SplitResult) -> str | None:
    if parts.scheme.lower() not in _SCHEMES:
        return f"of the scheme {parts.scheme[:20]!r}"
    if parts.scheme in {"http", "https"} and not parts.hostname:
        return "without a host"
    if "@" in parts.netloc:
        return "with a user name or password"
    if _KEY_IN_QUERY.search(parts.query):
        return "with a key or password in its query"
    return "that leads nowhere outside of somebody's own network" if _is_private(parts.hostname or "") else None


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    # names begin with a digit too, so that an address is what parses as one
    if not (host[:1].isdigit() or ":" in host):
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _sound_literal(triple: ox.Triple, rules: Rules) -> Found:
    literal = triple.object
    if not isinstance(literal, ox.Literal):
        return
    value, datatype = literal.value, literal.datatype.value
    if problem := lexical_problem(value, datatype, language=literal.language):
        yield "lexical", problem, "write a value of that datatype"
        return
    if len(value) > MAX_LITERAL:
        yield "size", f"a literal of {len(value):,} characters", "shorten it; texts of sources are not stored"
    if literal.language and len(literal.language) > 35:
        yield "language", f"a language tag of {len(literal.language)} characters", "use a tag such as en, fa, fa-Latn"
    if datatype in {XSD + "date", XSD + "dateTime", XSD + "gYear", XSD + "gYearMonth"}:
        yield from _not_in_the_future(triple.predicate.value, value, rules)


def _not_in_the_future(predicate: str, value: str, rules: Rules) -> Found:
    year = int(re.match(r"-?\d+", value)[0][:9])  # type: ignore[index]  # the lexical check has passed
    if year > rules.last_year and predicate not in rules.future:
        yield "future", f"{value!r} lies in the future", "mend the year"


def _sound_text(triple: ox.Triple) -> Found:
    literal = triple.object
    if not isinstance(literal, ox.Literal):
        return
    value = literal.value
    if match := FORBIDDEN.search(value):
        yield "characters", f"a literal with {describe(match[0])}", "remove the character"
    if not unicodedata.is_normalized("NFC", value):
        yield "normal-form", "a literal that is not in Unicode normal form NFC", "run `dadkhah fmt`"
    if match := _MARKUP.search(value[:MAX_LITERAL]):
        yield "markup", f"markup in a literal: {match[0][:40]!r}", "write plain text"
    if secret := secret_in(value[:MAX_LITERAL]):
        yield "secret", f"a literal that holds {secret}", "take it out"
    if triple.predicate.value in _NAMES:
        if not value.strip():
            yield "label", "an empty name", "write the name, or leave the statement out"
        elif value != value.strip() or "\n" in value or "\t" in value or "  " in value:
            yield "label", f"a name with blanks around or doubled inside: {value[:60]!r}", "run `dadkhah fmt`"


def _one_label(triple: ox.Triple, labels: dict[tuple[str, str, str], str], report: Report) -> None:
    literal, predicate = triple.object, triple.predicate.value
    if (
        predicate not in _SINGLE_LABELS
        or not isinstance(literal, ox.Literal)
        or not isinstance(triple.subject, ox.NamedNode)
    ):
        return
    key = (triple.subject.value, predicate, (literal.language or "").lower())
    first = labels.setdefault(key, literal.value)
    if first != literal.value:
        message = f"two preferred names in one language: {first[:40]!r} and {literal.value[:40]!r}"
        report("label", message, triple, "keep one, and make the other a skos:altLabel")


Check = Callable[[ox.Triple], Found]
Measure = Callable[[ox.Triple, Rules], Found]
_CHECKS: tuple[Check, ...] = (_no_blank_node, _no_shapes, _no_same_as, _sound_iris, _sound_text)
_MEASURES: tuple[Measure, ...] = (_known_term, _sound_literal)
_ONTOLOGY_CHECKS: tuple[Check, ...] = (_sound_iris,)
_ONTOLOGY_MEASURES: tuple[Measure, ...] = (_sound_literal,)
