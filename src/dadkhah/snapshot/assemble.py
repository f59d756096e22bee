"""From a sorted dump to a published snapshot: store, statistics, indexes, manifest, switch.

In: a file of sorted N-Quads in the working folder of the build lock. Out: an immutable folder named by its content
hash, and `current` pointing at it. Whatever fails on the way leaves the folder of snapshots as it was.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from dadkhah import __version__
from dadkhah.errors import SnapshotError
from dadkhah.iris import DEFAULT_BASE, Iris
from dadkhah.snapshot.contents import fill, index, write_whole
from dadkhah.snapshot.dump.statistics import GraphStatistics, Statistics
from dadkhah.snapshot.plan import PUBLIC, AnyIndexer, BuildPlan
from dadkhah.snapshot.progress import Progress
from dadkhah.snapshot.protection.leaks import refuse_leaks
from dadkhah.snapshot.protection.older import telling_too_much
from dadkhah.snapshot.protection.withheld import Protected
from dadkhah.snapshot.publishing.durable import hash_files, storage_errors, sync, sync_tree
from dadkhah.snapshot.publishing.guards import refuse_shrinking
from dadkhah.snapshot.publishing.manifest import (
    DATASET_HASH,
    INDEXES,
    MANIFEST,
    MAX_PARTITIONS,
    STORE,
    Algorithm,
    DefaultGraph,
    GraphEntry,
    Kind,
    Manifest,
    chain_value,
    write_manifest,
)
from dadkhah.snapshot.publishing.registry import Registry, Snapshot, payload_files, problems


@dataclass(frozen=True, slots=True)
class Prepared:
    """A dataset that is ready to be loaded.

    Attributes:
        dump: sorted, distinct N-Quads.
        sources: shown name to SHA-256 of what was read.
        default: sorted, distinct N-Triples for the store's default graph that the dump does not repeat, or None.
        files_hash: the content hash where the blank nodes could not be canonicalised, else None.
        tombstones: IRI of each withdrawn record to the day of its withdrawal.
        protected: names that must occur in no built byte, or None.
    """

    dump: Path
    kind: Kind
    sources: dict[str, str]
    default: Path | None = None
    files_hash: str | None = None
    ontology_version: str = ""
    tombstones: dict[str, str] = field(default_factory=dict)
    protected: Protected | None = None


def publish(
    prepared: Prepared, work: Path, plan: BuildPlan, *, indexers: Sequence[AnyIndexer], progress: Progress
) -> Snapshot:
    """Make the snapshot and switch to it; call with the build lock held.

    Raises:
        SnapshotError: the disk does not take it, or entities have gone missing.
    """
    registry = Registry(plan.out)
    parent = registry.pointed() or next(iter(registry.snapshots()), None)
    folder = work / "snapshot"
    with storage_errors(plan.out, "writing the snapshot"):
        folder.mkdir()
        statistics = fill(folder, prepared.dump, prepared.default, indexers, progress)
        refuse_shrinking(statistics.entities, parent.manifest if parent else None, accepted=plan.accept_shrink)
        indexes = index(folder, indexers, progress)
        if prepared.protected is not None:
            refuse_leaks(prepared.protected, [prepared.dump, *_plain_files(folder)])
        if prepared.default is not None:
            write_whole(folder, prepared.default)
        _finish_files(folder, prepared, statistics)
        manifest = _manifest(prepared, statistics, plan, parent.manifest if parent else None, indexes)
        manifest = replace(manifest, files=hash_files(folder, payload_files(folder)))
        write_manifest(manifest, folder)
        if prepared.protected is not None:
            refuse_leaks(prepared.protected, [folder / MANIFEST])
        snapshot = _put_in_place(folder, manifest, registry, plan, progress)
        if prepared.protected is not None:
            older = [each for each in registry.snapshots() if each.manifest.profile == PUBLIC]
            others = (each for each in older if each.folder != snapshot.folder)
            member = Iris(plan.base or DEFAULT_BASE).term("member")
            registry.withdraw(telling_too_much(prepared.protected, member, others), durable=plan.durable)
        registry.switch(snapshot, durable=plan.durable)
    _prune(registry, snapshot, plan)
    return snapshot


def _prune(registry: Registry, current: Snapshot, plan: BuildPlan) -> None:
    """Remove old snapshots.

    Raises:
        SnapshotError: snapshots that may hold a withdrawn record could not be removed.
    """
    try:
        registry.prune(plan.keep)
    except OSError as error:
        # the next build tries again; only what must not stay is worth an error
        if current.manifest.tombstones or registry.withdrawn():
            raise SnapshotError(
                f"the new snapshot is current, but older ones in {plan.out} that may hold withdrawn records could not "
                f"be removed ({error.strerror}); remove them by hand"
            ) from error


def _plain_files(folder: Path) -> list[Path]:
    # the store and the dump are compressed, and hold what was scanned before
    return [path for path in sorted((folder / INDEXES).rglob("*")) if path.is_file()]


def _finish_files(folder: Path, prepared: Prepared, statistics: Statistics) -> None:
    gc.collect()  # the store closes with its last reference
    for diary in (folder / STORE).glob("LOG*"):
        diary.unlink()
    (folder / DATASET_HASH).write_text(f"{prepared.files_hash or statistics.hash}\n")


def _manifest(
    prepared: Prepared, found: Statistics, plan: BuildPlan, parent: Manifest | None, indexes: dict[str, str]
) -> Manifest:
    content = prepared.files_hash or found.hash
    merged = prepared.default is not None
    return Manifest(
        hash=content,
        algorithm=Algorithm.FILES if prepared.files_hash else Algorithm.RDFC,
        kind=prepared.kind,
        profile=plan.profile,
        default_graph=DefaultGraph.MERGE if merged else DefaultGraph.AS_GIVEN,
        sequence=parent.sequence + 1 if parent else 1,
        parent=parent.hash if parent else None,
        chain=chain_value(parent, content),
        quads=found.quads,
        entities=found.entities,
        graphs=tuple(_entry(graph) for graph in found.graphs),
        sources=dict(sorted(prepared.sources.items())),
        tools={"dadkhah": __version__, "pyoxigraph": version("pyoxigraph")},
        indexes=indexes,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        base=plan.base or "",
        ontology_version=prepared.ontology_version,
        tombstones=dict(sorted(prepared.tombstones.items())),
    )


def _entry(graph: GraphStatistics) -> GraphEntry:
    return GraphEntry(
        iri=graph.iri,
        triples=graph.triples,
        subjects=graph.subjects,
        hash=graph.hash,
        properties=dict(graph.properties.most_common(MAX_PARTITIONS)),
        classes=dict(graph.classes.most_common(MAX_PARTITIONS)),
    )


def _put_in_place(
    folder: Path, manifest: Manifest, registry: Registry, plan: BuildPlan, progress: Progress
) -> Snapshot:
    for name in _names(manifest.hash):
        place = registry.root / name
        if not place.exists():
            break
        if _is_same(place, manifest, registry):
            return registry.open(name)
    if plan.durable:
        progress("writing to disk", 0, 0)
        sync_tree(folder)
    folder.rename(place)
    if plan.durable:
        sync(registry.root)
    return Snapshot(place, manifest)


def _names(content: str) -> list[str]:
    # the same statements under other settings (another index version, say) are another folder
    return [content, *(f"{content}.{number}" for number in range(2, 1000))]


def _is_same(place: Path, manifest: Manifest, registry: Registry) -> bool:
    try:
        known = registry.open(place.name)
    except SnapshotError:
        return False
    return known.manifest.settings() == manifest.settings() and not problems(known)
