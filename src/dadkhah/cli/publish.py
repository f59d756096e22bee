"""`dadkhah publish`: load a snapshot into a remote SPARQL 1.1 engine and say graph by graph whether it arrived."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from pathlib import Path

import click

from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.places import snapshots_here
from dadkhah.engine.remote.publish import GraphOutcome, PublishTarget
from dadkhah.engine.remote.publish import publish as publish_store
from dadkhah.errors import ParameterError, RemoteError
from dadkhah.snapshot.plan import PUBLIC
from dadkhah.snapshot.publishing.manifest import DefaultGraph
from dadkhah.snapshot.publishing.registry import Registry

PASSWORD = "DADKHAH_PUBLISH_PASSWORD"  # noqa: S105 - the name of the variable, not a password
EXAMPLE = f"""\b
Examples:
  dadkhah publish --to http://localhost:7878/query --gsp http://localhost:7878/store
  {PASSWORD}=… dadkhah publish --to http://localhost:8890/sparql \\
      --gsp http://localhost:8890/sparql-graph-crud-auth --user dba
"""


@click.command(epilog=EXAMPLE)
@click.option("--to", "query", required=True, metavar="URL", help="The engine's SPARQL query service.")
@click.option("--update", metavar="URL", help="Its SPARQL update service; used where there is no --gsp.")
@click.option("--gsp", metavar="URL", help="Its Graph Store Protocol service; the faster way.")
@click.option("--user", help=f"For HTTP Basic or Digest; the password is read from {PASSWORD}.")
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--snapshot", "chosen", metavar="HASH", help="An older snapshot, by the beginning of its hash.")
@click.option("--internal", is_flag=True, help="Send a snapshot that is not public; who reads the engine reads it all.")
@click.option("--quiet", is_flag=True, help="Show no progress and only the graphs that did not arrive.")
def publish(
    query: str,
    update: str | None,
    gsp: str | None,
    user: str | None,
    folder: Path | None,
    chosen: str | None,
    internal: bool,
    quiet: bool,
) -> None:
    """Replace the snapshot's graphs in a remote engine; each is counted there, and read back where it is small."""
    for url in (query, update, gsp):
        if url is not None and not url.startswith(("http://", "https://")):
            raise ParameterError(f"{url!r} is not an http or https address")
    registry = Registry(snapshots_here(folder))
    snapshot = registry.open(chosen) if chosen else registry.current()
    manifest = snapshot.manifest
    if manifest.profile != PUBLIC and not internal:
        raise ParameterError(
            f"snapshot {snapshot.hash[:12]} has the profile {manifest.profile}: it holds what must not become public; "
            "where only those read the engine who may know it all, say so with --internal"
        )
    target = PublishTarget(query, update, gsp, user, os.environ.get(PASSWORD, ""))
    # a merged default graph only repeats the named ones
    alone = manifest.default_graph is DefaultGraph.AS_GIVEN
    outcomes: list[GraphOutcome] = []
    with closing(ProgressLine(quiet=quiet)) as progress:

        def told(outcome: GraphOutcome) -> None:
            outcomes.append(outcome)
            progress("publishing graphs", len(outcomes), len(manifest.graphs))

        asyncio.run(publish_store(snapshot.store_path, target, with_default_graph=alone, told=told))
    for outcome in outcomes:
        if not (quiet and outcome.arrived):
            click.echo(_line(outcome))
    missing = sum(not outcome.arrived for outcome in outcomes)
    if missing:
        raise RemoteError(f"{missing} of {len(outcomes)} graphs did not arrive whole; see the lines above")
    statements = sum(outcome.expected for outcome in outcomes)
    click.echo(f"published {snapshot.hash[:12]}: {len(outcomes)} graphs, {statements:,} statements, all counted")


def _line(outcome: GraphOutcome) -> str:
    if outcome.expected != outcome.found:
        return f"WRONG  {outcome.graph}: {outcome.expected:,} statements here, {outcome.found:,} there"
    if outcome.same is False:
        return f"WRONG  {outcome.graph}: {outcome.found:,} statements on both sides, but not the same"
    how = "read back" if outcome.same else "counted"
    return f"ok     {outcome.graph}: {outcome.found:,} statements, {how}"
