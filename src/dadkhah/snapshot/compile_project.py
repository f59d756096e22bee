"""Compiling a curated project: protection, derivation, merge, snapshot.

In: a loaded project and the report of its validation, which must have passed. Out: a published snapshot whose default
graph is the RDF merge of all its graphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from dadkhah.errors import InputError, ValidationRefused
from dadkhah.iris import Iris
from dadkhah.snapshot.assemble import Prepared, publish
from dadkhah.snapshot.derive.graph import derive
from dadkhah.snapshot.dump.lines import LineSorter
from dadkhah.snapshot.dump.merge import write_merge
from dadkhah.snapshot.dump.statements import Statement, Statements, of_project, write_lines
from dadkhah.snapshot.plan import PUBLIC, AnyIndexer, BuildPlan
from dadkhah.snapshot.progress import Progress, silent
from dadkhah.snapshot.protection.leaks import refuse_leaks
from dadkhah.snapshot.protection.withheld import Protected, find_protected, public
from dadkhah.snapshot.publishing.durable import hash_file, storage_errors
from dadkhah.snapshot.publishing.lock import build_lock
from dadkhah.snapshot.publishing.manifest import Kind
from dadkhah.snapshot.publishing.registry import Snapshot
from dadkhah.source.files.tree import Project
from dadkhah.source.project.mappings import MappingSet
from dadkhah.source.project.reading import Loaded
from dadkhah.validation.report import Report
from dadkhah.vocab import OWL, RDF_TYPE


@dataclass(frozen=True, slots=True)
class Input:
    """Everything that a project's snapshot is made of.

    Attributes:
        accepted: the table of accepted mappings.
        files: SHA-256 of each file that was read, by its shown name; the mappings' file included.
    """

    project: Project
    loaded: Loaded
    accepted: MappingSet
    files: dict[str, str]


def compile_project(
    given: Input,
    report: Report,
    plan: BuildPlan,
    *,
    iris: Iris,
    indexers: Sequence[AnyIndexer] = (),
    progress: Progress = silent,
) -> Snapshot:
    """Compile a project that has passed validation, and switch to the new snapshot.

    Raises:
        ValidationRefused: the report has findings that block a build.
        InputError: a withdrawn record is still mentioned, or a file changed meanwhile.
        BuildBusy: another build of the same folder is running.
        SnapshotError: the disk does not take it, entities have gone missing, or a protected name would be published.
    """
    if not report.passed:
        raise ValidationRefused(f"{report.counts()['error']} findings block the build", report=report)
    with build_lock(plan.out) as work:
        progress("deriving", 0, 0)
        stated = of_project(given.loaded, given.accepted.rows, iris)
        protected = find_protected(stated, iris)
        withheld: frozenset[str] = frozenset()
        if plan.profile == PUBLIC:
            everything, stated = stated, public(stated, protected, iris)
            withheld = _graphs_with_less(everything, stated, protected, iris)
            # a service shows them beside the snapshot: defaults and examples name records
            refuse_leaks(protected, sorted(given.project.queries.rglob("*.rq")))
        tombstones = _tombstones(stated, iris)
        derived = derive(stated, given.project.queries / "patterns", iris)
        dump, default = work / "dump.nq", work / "default.nt"
        with storage_errors(plan.out, "writing the statements"):
            sorter = LineSorter(work)
            write_lines([*stated.all, *derived], sorter)
            sorter.write_to(dump)
            write_merge(dump, default, work)
        _refuse_changed(given)
        prepared = Prepared(
            dump=dump,
            default=default,
            kind=Kind.CURATED,
            sources=_published_files(given, withheld),
            ontology_version=_ontology_version(stated.all, iris),
            tombstones=tombstones,
            protected=protected if plan.profile == PUBLIC else None,
        )
        plan = replace(plan, base=iris.base)
        return publish(prepared, work, plan, indexers=indexers, progress=progress)


def _graphs_with_less(
    everything: Statements, published: Statements, protected: Protected, iris: Iris
) -> frozenset[str]:
    """The graphs of which something is not published; the tables of mappings, where anything is protected at all."""
    before, after = (Counter(each.graph for each in stated.all) for stated in (everything, published))
    graphs = {graph for graph, count in before.items() if after[graph] != count} | protected.hidden
    if protected.hidden or protected.pseudonymous:
        # rejected and undecided rows are in no graph, and may name anybody
        graphs.add(iris.graph("mappings"))
    return frozenset(graphs)


def _published_files(given: Input, withheld: frozenset[str]) -> dict[str, str]:
    """What the manifest says was read.

    A protected voice's file has a name that is part of what is protected. And whoever knows a file but for one name in
    it could try names until the hash is right: no hash is told of a file that holds more than is published.
    """
    hidden = {file.name for file in given.loaded.tree.files if file.graph in withheld}
    return {name: digest for name, digest in given.files.items() if name not in hidden}


def _refuse_changed(given: Input) -> None:
    """Compare the files with what was read.

    Raises:
        InputError: one of them changed, appeared or went while the build was running.
    """
    for name, digest in given.files.items():
        path = given.project.root / name
        try:
            same = hash_file(path).sha256 == digest
        except OSError:
            same = False
        if not same:
            raise InputError(f"{name}: changed while the build was reading it; nothing was published, build again")


def _tombstones(stated: Statements, iris: Iris) -> dict[str, str]:
    """Withdrawn records and the day of their withdrawal.

    Raises:
        InputError: a statement still mentions a withdrawn record.
    """
    tombstone = iris.term("Tombstone")
    gone = {each.subject for each in stated.by_predicate.get(RDF_TYPE, ()) if each.object_iri == tombstone}
    if not gone:
        return {}
    about = {RDF_TYPE, *(iris.term(name) for name in ("withdrawnOn", "reason", "replacedBy"))}
    days = dict.fromkeys(gone, "")
    for each in stated.all:
        if each.object_iri in gone or (each.subject in gone and each.predicate not in about):
            raise InputError(
                f"<{each.graph}> still mentions a withdrawn record; remove the statement about {each.subject}"
            )
        if each.subject in gone and each.predicate == iris.term("withdrawnOn"):
            days[each.subject] = getattr(each.triple.object, "value", "")
    return days


def _ontology_version(stated: Sequence[Statement], iris: Iris) -> str:
    version = OWL + "versionInfo"
    ontology = iris.ontology.removesuffix("#")
    for each in stated:
        if each.subject == ontology and each.predicate == version and isinstance(each.triple.object, ox.Literal):
            return each.triple.object.value
    return ""
