"""`dadkhah verify`: recompute what is stated, from the archive, from a snapshot, or from a dump alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import orjson

from dadkhah.cli.output.findings import from_problems, line_of
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.places import project_here, snapshots_here
from dadkhah.errors import ConfigurationError, InputError, SnapshotError
from dadkhah.iris import Iris
from dadkhah.snapshot.publishing.manifest import MANIFEST, read_manifest
from dadkhah.snapshot.publishing.registry import CURRENT, Registry, Snapshot
from dadkhah.snapshot.publishing.signature import signer
from dadkhah.snapshot.publishing.verify import dump_problems, read_dump, snapshot_problems
from dadkhah.source.archive.comparison import verify_archive
from dadkhah.source.files.tree import Project
from dadkhah.source.project.reading import load

EXAMPLE = """
\b
Examples:
  dadkhah verify
  dadkhah verify --archive ../archive
  dadkhah verify --allowed-signers signers
  dadkhah verify dump.nq.gz --expect 792bcb36a882e02eafd173ca06b6fb4e6d01c556bf9993049dad96447cbd36dc
"""


@click.command(epilog=EXAMPLE)
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--archive", type=click.Path(path_type=Path), help="Folder with the bytes of the sources that were read.")
@click.option(
    "--allowed-signers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also require a signature by one of these (ssh-keygen's file of allowed signers).",
)
@click.option("--expect", metavar="HASH", help="The content hash that the dump or snapshot must have.")
@click.option("--snapshots", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Print only what does not hold.")
def verify(
    path: Path | None,
    archive: Path | None,
    allowed_signers: Path | None,
    expect: str | None,
    snapshots: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Recompute hashes and offsets. Exit code 0: all holds; 1: something does not.

    Without PATH: the passages of the project's sources, and the current snapshot. PATH is a snapshot's folder, or a
    dump (N-Quads, also .gz), for which nothing else is needed.
    """
    with closing(ProgressLine(quiet=quiet)) as progress:
        progress("verifying", 0, 0)
        results = list(_results(path, archive, snapshots))
    if (expect or allowed_signers) and not any("hash" in result for result in results):
        raise InputError("there is no snapshot here to compare: name a dump or a snapshot's folder")
    for result in results:
        if allowed_signers is not None:
            _require_signature(result, allowed_signers)
        if expect and result.get("hash", expect) != expect:
            result["problems"].append(f"the hash is {result['hash']}, not {expect}")
    if as_json:
        told = [{name: value for name, value in result.items() if name != "folder"} for result in results]
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(results, quiet=quiet)
    return 1 if any(result["problems"] for result in results) else 0


def _results(path: Path | None, archive: Path | None, snapshots: Path | None) -> Iterator[dict[str, Any]]:
    if path is not None:
        yield _of_snapshot(Snapshot(path.resolve(), read_manifest(path)), None) if path.is_dir() else _of_dump(path)
        return
    project = project_here()
    if project is not None:
        yield _of_sources(project, archive)
    elif archive is not None:
        raise ConfigurationError("--archive needs a project: go to a folder with data/ and ontology/")
    registry = Registry(snapshots_here(snapshots))
    current = registry.pointed()
    if current is not None:
        yield _of_snapshot(current, registry)
    elif os.path.lexists(registry.root / CURRENT):
        raise SnapshotError(f"{registry.root / CURRENT} does not lead to a sound snapshot; run `dadkhah build`")
    elif project is None:
        raise InputError("nothing to verify here: name a dump or a snapshot's folder")


def _require_signature(result: dict[str, Any], allowed: Path) -> None:
    if "folder" not in result:
        return
    try:
        result["signed_by"] = signer(result["folder"], allowed)
    except SnapshotError as error:
        result["problems"].append(str(error))


def _of_sources(project: Project, archive: Path | None) -> dict[str, Any]:
    outcome = verify_archive(load(project, Iris()), archive, Iris())
    return {
        "what": "sources",
        "snapshots_read": outcome.snapshots,
        "passages_that_hold": outcome.passages,
        "not_in_the_archive": outcome.absent,
        "problems": [line_of(finding) for finding in from_problems(outcome.problems)],
    }


def _of_snapshot(snapshot: Snapshot, registry: Registry | None) -> dict[str, Any]:
    return {
        "what": "snapshot",
        "folder": snapshot.folder,
        "hash": snapshot.hash,
        "quads": snapshot.manifest.quads,
        "files": len(snapshot.manifest.files),
        "problems": snapshot_problems(snapshot, registry),
    }


def _of_dump(path: Path) -> dict[str, Any]:
    facts = read_dump(path)
    manifest = read_manifest(path.parent) if (path.parent / MANIFEST).is_file() else None
    return {
        "what": "dump",
        "folder": path.parent,
        "hash": facts.statistics.hash,
        "quads": facts.statistics.quads,
        "graphs": {graph.iri or "default graph": graph.hash for graph in facts.statistics.graphs},
        "problems": dump_problems(path, facts, manifest),
    }


def _print(results: list[dict[str, Any]], *, quiet: bool) -> None:
    for result in results:
        for problem in result["problems"]:
            click.echo(problem)
        if quiet:
            continue
        if result["what"] == "sources":
            absent = result["not_in_the_archive"]
            told = f"{result['snapshots_read']} source texts, {result['passages_that_hold']} passages hold"
            click.echo(f"sources: {told}; {len(absent)} texts are not in the archive")
            for name in absent if result["snapshots_read"] else ():
                click.echo(f"  not in the archive: {name}")
        else:
            verdict = "does not hold" if result["problems"] else "holds"
            signed = f"; signed by {result['signed_by']}" if "signed_by" in result else ""
            click.echo(f"{result['what']} {result['hash']}: {result['quads']:,} statements; {verdict}{signed}")
