"""`dadkhah diff`: what changed between two snapshots, by record."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from dadkhah.cli.places import snapshots_here
from dadkhah.snapshot.dump.difference import RecordChange, difference
from dadkhah.snapshot.publishing.registry import Registry

EXAMPLE = """
\b
Examples:
  dadkhah diff 4dad31 792bcb
  dadkhah diff 4dad31 --json
"""


@click.command(epilog=EXAMPLE)
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a record.")
@click.option("--quiet", is_flag=True, help="Print nothing; the exit code tells.")
def diff(before: str, after: str | None, folder: Path | None, as_json: bool, quiet: bool) -> int:
    """Compare two snapshots by record; B is the current one where it is not given.

    A and B are hashes, or how they begin. Exit code 0: nothing changed; 1: something did.
    """
    registry = Registry(snapshots_here(folder))
    old = registry.open(before)
    new = registry.open(after) if after else registry.current(verify=False)
    changes = records = 0
    for change in difference(old.dump_path, new.dump_path):
        records += 1
        changes += len(change.added) + len(change.removed)
        if not quiet:
            _print(change, as_json=as_json)
    if not quiet and not as_json:
        click.echo(f"{records:,} records, {changes:,} statements changed", err=True)
    return int(changes > 0)


def _print(change: RecordChange, *, as_json: bool) -> None:
    if as_json:
        value = {"record": change.record, "added": change.added, "removed": change.removed}
        click.echo(orjson.dumps(value).decode())
        return
    click.echo(change.record)
    for line in change.removed:
        click.echo(f"  - {line.split(' ', 1)[1]}")
    for line in change.added:
        click.echo(f"  + {line.split(' ', 1)[1]}")
