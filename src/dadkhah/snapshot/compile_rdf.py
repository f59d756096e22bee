"""Compiling any RDF: the service over a graph of the user's own, without the curated layout and without SHACL.

In: files of any RDF format. Out: a published snapshot. Statements keep their graphs, and the default graph holds
what the files put there, unless the plan asks for the merge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from dadkhah.errors import InputError
from dadkhah.snapshot.assemble import Prepared, publish
from dadkhah.snapshot.dump.canonical import canonicalise
from dadkhah.snapshot.dump.lines import LineSorter
from dadkhah.snapshot.dump.merge import write_merge
from dadkhah.snapshot.plan import PUBLIC, AnyIndexer, BuildPlan
from dadkhah.snapshot.progress import Progress, silent
from dadkhah.snapshot.protection.marks import refuse_marked
from dadkhah.snapshot.publishing.durable import storage_errors
from dadkhah.snapshot.publishing.guards import Fingerprint, fingerprint, refuse_changed
from dadkhah.snapshot.publishing.lock import build_lock
from dadkhah.snapshot.publishing.manifest import Kind
from dadkhah.snapshot.publishing.registry import Snapshot
from dadkhah.source.formats.reading import RdfInput, write_nquads


def compile_rdf(
    inputs: Sequence[RdfInput], plan: BuildPlan, *, indexers: Sequence[AnyIndexer] = (), progress: Progress = silent
) -> Snapshot:
    """Compile RDF files into a snapshot and switch to it; memory does not grow with the size of the files.

    Raises:
        SourceSyntaxError: a file does not parse.
        InputError: a file cannot be read, changed meanwhile, or is marked as restricted.
        BuildBusy: another build of the same folder is running.
        SnapshotError: the disk does not take it, or entities have gone missing.
    """
    if not inputs:
        raise InputError("no RDF file given")
    with build_lock(plan.out) as work:
        before = {source.path: fingerprint(source.path) for source in inputs}
        dump = work / "dump.nq"
        with storage_errors(plan.out, "reading the files"):
            blank = _read(inputs, dump, work, plan, progress)
        refuse_changed(before)
        if plan.profile == PUBLIC:
            refuse_marked(dump, [source.path for source in inputs])
        files_hash = None
        if blank:
            canonical = work / "canonical.nq"
            if canonicalise(dump, canonical):
                canonical.replace(dump)
            else:
                files_hash = _hash_of_files(inputs, before)
        default = work / "default.nt" if plan.merge else None
        if default is not None:
            with storage_errors(plan.out, "merging the graphs"):
                write_merge(dump, default, work)
        prepared = Prepared(
            dump=dump,
            default=default,
            kind=Kind.RDF,
            files_hash=files_hash,
            sources={source.path.name: before[source.path].sha256 for source in inputs},
        )
        return publish(prepared, work, plan, indexers=indexers, progress=progress)


def _read(inputs: Sequence[RdfInput], dump: Path, work: Path, plan: BuildPlan, progress: Progress) -> bool:
    """Write the sorted dump; say whether a blank node may be in it."""
    total = sum(source.path.stat().st_size for source in inputs)
    sorter, finished = LineSorter(work), 0
    for source in inputs:

        def watch(read: int, start: int = finished) -> None:
            progress("reading", start + read, total)

        write_nquads(source, sorter, base=plan.base, watch=watch)
        finished += source.path.stat().st_size
    progress("sorting", 0, 0)
    sorter.write_to(dump)
    return sorter.blank_nodes


def _hash_of_files(inputs: Sequence[RdfInput], before: dict[Path, Fingerprint]) -> str:
    """The fallback identity: which bytes went into which graph, in any order."""
    stated = sorted(f"{before[source.path].sha256} {source.graph or ''}\n" for source in inputs)
    return hashlib.sha256("".join(stated).encode()).hexdigest()
