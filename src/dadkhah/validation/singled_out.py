"""People under a pseudonym whom a combination of public traits singles out, though no name is told.

In: the documents of a project, and `data/protection.toml`, where it exists:

    fewest = 5                                       (how many people have to share a combination)
    unacknowledged = "warning"                       (or "error": then nothing is built until somebody decided)
    [[acknowledged]]
    record = "https://w3id.org/dadkhah/id/person/p-5084aac0"
    reason = "the source tells of the trial and its judge itself"

Out: a finding for each person of whom fewer people share up to three traits, unless somebody acknowledged that with a
reason; and one for each acknowledgement that is no longer needed. Traits are read of the person's record and of what
happened to the person: class, place, day, court, judge, charge and the like. What a restricted record says is not
published and counts for nobody. Kinship and descriptions in words are for a reader to judge, not for this.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import SourceSyntaxError
from dadkhah.source.files.problems import Severity
from dadkhah.source.project.turtle_file import Document
from dadkhah.validation.report import Finding
from dadkhah.vocab import DK, RDF_TYPE

FILE = "protection.toml"
FEWEST = 5
_LARGEST = 3  # traits in a combination
_MOST = 24  # traits of one person that are combined: 2,324 combinations
_SHOWN = 4
_RULE = "singled-out"
_ROLES = frozenset(
    DK + name
    for name in ("victim", "defendant", "sentenced", "transferred", "detained", "confined", "affected", "accused",
                 "executed", "lawyer", "listed", "target")
)  # fmt: skip
_TRAITS = frozenset(
    DK + name
    for name in ("place", "from", "to", "heldInWard", "executedAt", "exileTo", "comesFrom", "court", "judge", "charge",
                 "penalty", "orderedBy", "arrestSetting", "gender", "ageBelow", "ageInYears", "ascribedStatus", "title",
                 "prisonTerm", "earliest", "latest")
) | {RDF_TYPE}  # fmt: skip
_PROTECTION, _PERSON = DK + "protection", DK + "Person"
_OPEN = {DK + "Public", DK + "Pseudonymous"}
_HEAD = re.compile(r"^\s*\[\[\s*acknowledged\s*\]\]", re.MULTILINE)
_ADVICE = (
    "record a coarser date or place, count the person in a group that is dk:AggregateOnly, protect the record as "
    f"dk:Restricted, or acknowledge it in data/{FILE} with a reason"
)

Trait = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What `data/protection.toml` says; acknowledged records with the line of each."""

    fewest: int = FEWEST
    severity: Severity = Severity.WARNING
    acknowledged: Mapping[str, int] = field(default_factory=dict)


def singled_out(documents: Iterable[Document], path: Path) -> Iterator[Finding]:
    """Every person under a pseudonym whom few share a combination of traits with.

    Raises:
        SourceSyntaxError: the file of acknowledgements is malformed.
    """
    rule = read_rule(path)
    documents = list(documents)
    levels, triples = _published(documents)
    traits = _traits(triples)
    having: dict[Trait, set[str]] = defaultdict(set)
    for person, held in traits.items():
        for trait in held:
            having[trait].add(person)
    needed = set()
    for person in sorted(record for record, held in levels.items() if held == {DK + "Pseudonymous"}):
        found = _combinations(sorted(traits.get(person, ())), having, rule.fewest)
        if found:
            needed.add(person)
            if person not in rule.acknowledged:
                yield _finding(person, found, rule, documents)
    for person in sorted(set(rule.acknowledged) - needed):
        yield Finding(
            message=f"{person} is acknowledged and no combination singles it out",
            severity=Severity.WARNING,
            file=f"data/{path.name}",
            line=rule.acknowledged[person],
            advice="remove the acknowledgement",
            rule=_RULE,
        )


def read_rule(path: Path) -> Rule:
    """The rule of a project; the usual one where there is no such file.

    Raises:
        SourceSyntaxError: it is no TOML, has an unknown key, or an acknowledgement lacks its reason.
    """
    if not path.is_file():
        return Rule()
    try:
        text = path.read_text(encoding="utf-8")
        stated = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceSyntaxError(f"it is no TOML: {error}", file=str(path), line=getattr(error, "lineno", 1)) from error
    fewest, severity = stated.get("fewest", FEWEST), stated.get("unacknowledged", "warning")
    unknown = sorted(set(stated) - {"fewest", "unacknowledged", "acknowledged"})
    problem = (
        f"unknown key {unknown[0]!r}" if unknown
        else "fewest is a whole number above 1" if type(fewest) is not int or fewest < 2
        else 'unacknowledged is "warning" or "error"' if severity not in ("warning", "error")
        else ""
    )  # fmt: skip
    if problem:
        raise SourceSyntaxError(problem, file=str(path), line=1)
    rows = stated.get("acknowledged", [])
    lines = [text.count("\n", 0, match.end()) + 1 for match in _HEAD.finditer(text)]
    lines += [1] * (len(rows) - len(lines))
    acknowledged: dict[str, int] = {}
    for row, line in zip(rows, lines, strict=False):
        if not isinstance(row, dict) or set(row) != {"record", "reason"} or not str(row["reason"]).strip():
            raise SourceSyntaxError("an acknowledgement needs a record and a reason", file=str(path), line=line)
        acknowledged[str(row["record"])] = line
    return Rule(fewest, Severity(severity), acknowledged)


def _published(documents: Sequence[Document]) -> tuple[dict[str, set[str]], list[tuple[str, str, str]]]:
    """Levels of each record, and the statements that name nothing restricted."""
    levels: dict[str, set[str]] = defaultdict(set)
    stated: list[tuple[str, str, str]] = []
    for document in documents:
        for triple in document.triples:
            if isinstance(triple.subject, ox.NamedNode):
                value = getattr(triple.object, "value", "")
                stated.append((triple.subject.value, triple.predicate.value, value))
                if triple.predicate.value == _PROTECTION:
                    levels[triple.subject.value].add(value)
    closed = {record for record, held in levels.items() if not held <= _OPEN}
    return levels, [each for each in stated if each[0] not in closed and each[2] not in closed]


def _traits(stated: Sequence[tuple[str, str, str]]) -> dict[str, set[Trait]]:
    """What is told of each person, of the person's own record and of what happened to the person."""
    people = {subject for subject, predicate, value in stated if predicate == RDF_TYPE and value == _PERSON}
    about: dict[str, set[Trait]] = defaultdict(set)
    for subject, predicate, value in stated:
        if predicate in _TRAITS and value != _PERSON:
            about[subject].add((predicate.removeprefix(DK) if predicate != RDF_TYPE else "class", value))
    traits: dict[str, set[Trait]] = {person: set(about.get(person, ())) for person in people}
    for subject, predicate, value in stated:
        if value in people and predicate in _ROLES:
            traits[value] |= about.get(subject, set())
    return traits


def _combinations(
    traits: Sequence[Trait], having: Mapping[Trait, set[str]], fewest: int
) -> list[tuple[tuple[Trait, ...], int]]:
    """The smallest combinations that fewer people share, and how many do."""
    # the rarest first, so that what is cut off is what most people share
    chosen = sorted(traits, key=lambda trait: (len(having[trait]), trait))[:_MOST]
    found: list[tuple[tuple[Trait, ...], int]] = []
    for size in range(1, _LARGEST + 1):
        for some in combinations(chosen, size):
            if any(set(smaller) <= set(some) for smaller, _ in found):
                continue
            shared = len(set.intersection(*(having[trait] for trait in some)))
            if shared < fewest:
                found.append((some, shared))
    return found


def _finding(
    person: str, found: Sequence[tuple[tuple[Trait, ...], int]], rule: Rule, documents: Iterable[Document]
) -> Finding:
    told = "; ".join(
        f"{' + '.join(f'{name} {_short(value)}' for name, value in some)} ({shared})" for some, shared in found[:_SHOWN]
    )
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    level = DK + "Pseudonymous"
    for document in documents:
        if (person, _PROTECTION, level) in document.positions.triples:
            place = document.positions.find(person, _PROTECTION, level)
            where = (document.file.name, place.line if place else 1, place.column if place else None)
            break
    else:
        where = ("", 1, None)
    return Finding(
        message=f"{person} is under a pseudonym, and fewer than {rule.fewest} people share: {told}{more}",
        severity=rule.severity,
        file=where[0],
        line=where[1],
        column=where[2],
        advice=_ADVICE,
        rule=_RULE,
        path=f"<{_PROTECTION}>",
        focus=f"<{person}>",
    )


def _short(value: str) -> str:
    return re.split(r"[/#]", value)[-1] if "://" in value else value
