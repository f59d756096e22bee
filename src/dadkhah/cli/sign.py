"""`dadkhah sign`: put a person's name under a snapshot."""

from __future__ import annotations

from pathlib import Path

import click

from dadkhah.cli.places import snapshots_here
from dadkhah.errors import SnapshotError
from dadkhah.snapshot.publishing.registry import Registry, problems
from dadkhah.snapshot.publishing.signature import sign as sign_manifest

EXAMPLE = """
\b
Examples:
  dadkhah sign --key ~/.ssh/id_ed25519
  dadkhah sign 4dad31 --key ~/.ssh/id_ed25519
"""


@click.command(epilog=EXAMPLE)
@click.argument("chosen", metavar="[HASH]", required=False)
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="SSH key: private, or public with an agent or token."
)
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def sign(chosen: str | None, key: Path, folder: Path | None, quiet: bool) -> None:
    """Sign the manifest of a snapshot, which states the hash of everything in it.

    HASH is how a snapshot's hash begins; without it the current one is signed. The files are verified first. Others
    check the signature with `dadkhah verify --allowed-signers FILE`, or with ssh-keygen alone.
    """
    registry = Registry(snapshots_here(folder))
    snapshot = registry.open(chosen) if chosen else registry.current(verify=False)
    found = problems(snapshot)
    if found:
        raise SnapshotError(f"{snapshot.folder.name[:12]} is damaged ({found[0]}); it was not signed")
    written = sign_manifest(snapshot.folder, key)
    if not quiet:
        click.echo(written)
