"""The whole judgement on a project: shapes file by file, checks over all of it, and what must be there.

In: a loaded project. Out: findings. Syntax and hygiene were judged while reading (`dadkhah.source`); a file that does
not parse is left out here, so that one broken file does not bury its own message under others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from dadkhah.source.files.tree import Project, Role
from dadkhah.source.project.reading import Loaded
from dadkhah.source.project.turtle_file import Document
from dadkhah.validation.assertions import run_assertions
from dadkhah.validation.cache import ReportCache
from dadkhah.validation.checks import read_checks, run_checks
from dadkhah.validation.report import Finding
from dadkhah.validation.singled_out import FILE, singled_out
from dadkhah.validation.units import JUDGED, Units


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found, how many files were answered from the cache, and what a reader ought to know."""

    findings: tuple[Finding, ...]
    reused: int
    notes: tuple[str, ...]


def judge(loaded: Loaded, project: Project, cache_folder: Path | None) -> Judgement:
    """Judge a project that has been read.

    Raises:
        SourceSyntaxError: a check or an assertion of the project is malformed.
    """
    cache = ReportCache(cache_folder)
    units = Units(loaded, cache)
    documents = [document for document in loaded.of(*JUDGED) if document.parsed]
    found = [finding for document in documents for finding in units.findings(document)]
    if all(document.parsed for document in loaded.of(*JUDGED, Role.ONTOLOGY)):
        found += _of_the_whole(loaded, project, documents)
    cache.prune()
    return Judgement(tuple(found), units.reused, tuple(sorted(units.notes)))


def judge_loose(loaded: Loaded, ontology: Loaded, elsewhere: Iterable[ox.Triple] = ()) -> Judgement:
    """Judge files outside the layout by the shapes of a project's ontology.

    Args:
        loaded: the files.
        ontology: terms and shapes.
        elsewhere: class and protection of records that the files name and do not describe.
    """
    both = Loaded(loaded.tree, (*loaded.documents, *ontology.documents), loaded.rules)
    units = Units(both, ReportCache(None), elsewhere)
    found = [finding for each in loaded.documents if each.parsed for finding in units.findings(each)]
    return Judgement(tuple(found), 0, tuple(sorted(units.notes)))


def _of_the_whole(loaded: Loaded, project: Project, documents: list[Document]) -> Iterator[Finding]:
    store = ox.Store()
    for document in (*documents, *loaded.of(Role.ONTOLOGY)):
        if document.file.graph:
            graph = ox.NamedNode(document.file.graph)
            store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in document.triples)
            store.add_graph(graph)
    yield from run_checks(read_checks(project.queries / "checks"), store, documents)
    yield from run_assertions(project.data / "assertions.toml", store)
    yield from singled_out(documents, project.data / FILE)
    yield from _twice_defined(documents)


def _twice_defined(documents: list[Document]) -> Iterator[Finding]:
    """An authority record stands in one file: in two, one correction would leave the other file as it was."""
    seen: dict[str, str] = {}
    for document in documents:
        if document.file.role is not Role.AUTHORITY:
            continue
        for subject in {
            triple.subject.value for triple in document.triples if isinstance(triple.subject, ox.NamedNode)
        }:
            first = seen.setdefault(subject, document.file.name)
            if first == document.file.name:
                continue
            place = document.positions.find(subject)
            yield Finding(
                message=f"{subject} is described in {first} too",
                file=document.file.name,
                line=place.line if place else 1,
                column=place.column if place else None,
                advice="describe an authority record in one file",
                rule="duplicate-record",
                focus=f"<{subject}>",
            )
