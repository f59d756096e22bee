"""`dadkhah snapshots`: which snapshots there are, and the way back to an older one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from dadkhah.cli.places import snapshots_here
from dadkhah.errors import SnapshotError
from dadkhah.snapshot.publishing.registry import Registry, problems

EXAMPLE = """
\b
Examples:
  dadkhah snapshots
  dadkhah snapshots --use 4dad31
"""


@click.command(epilog=EXAMPLE)
@click.option("--use", metavar="HASH", help="Make this snapshot the current one; the beginning of its hash will do.")
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def snapshots(use: str | None, folder: Path | None, as_json: bool, quiet: bool) -> None:
    """List the snapshots, newest first, or switch to one.

    A running service takes up the switch without dropping a request. The switch is noted in the change log.
    """
    registry = Registry(snapshots_here(folder))
    if use is not None:
        chosen = registry.open(use)
        found = problems(chosen)
        if found:
            raise SnapshotError(f"{chosen.folder.name[:12]} is damaged ({found[0]}); the current snapshot stays")
        registry.switch(chosen, reason="chosen by hand")
    if quiet:
        return
    current = registry.pointed()
    rows: list[dict[str, Any]] = [
        {
            "hash": each.folder.name,
            "current": current is not None and each.folder.name == current.folder.name,
            "built": each.manifest.built,
            "statements": each.manifest.quads,
            "profile": each.manifest.profile,
        }
        for each in registry.snapshots()
    ]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        mark = "→" if row["current"] else " "
        click.echo(f"{mark} {row['hash'][:16]}  {row['built']}  {row['statements']:>12,} statements  {row['profile']}")
