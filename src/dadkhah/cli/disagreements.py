"""`dadkhah disagreements`: a page of every conflict in a snapshot, with its voices, passages and what a person found.

In: a snapshot. Out: Markdown, the same for the same snapshot. It must not judge: the judgement of each conflict is an
assessment in the data (`dk:assesses` the record, `dk:onProperty` the property), and a conflict without one says so.
"""

from __future__ import annotations

from pathlib import Path

import click

from dadkhah.cli.output.conflict_reading import Reader
from dadkhah.cli.output.disagreement_page import page
from dadkhah.cli.places import snapshots_here
from dadkhah.iris import Iris
from dadkhah.snapshot.publishing.durable import storage_errors
from dadkhah.snapshot.publishing.registry import Registry

EXAMPLE = """
\b
Examples:
  dadkhah disagreements
  dadkhah disagreements --out docs/disagreements.md
"""


@click.command(epilog=EXAMPLE)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--snapshot", "chosen", metavar="HASH", help="An older snapshot, by the beginning of its hash.")
def disagreements(out: Path | None, folder: Path | None, chosen: str | None) -> None:
    """Write what the voices disagree on, as Markdown: values, who says them, where it was read, what a person found."""
    registry = Registry(snapshots_here(folder))
    snapshot = registry.open(chosen) if chosen else registry.current()
    reader = Reader(snapshot.open_store(), Iris(snapshot.manifest.base))
    conflicts, tensions = reader.conflicts(), reader.tensions()
    text = page(conflicts, tensions, reader.sources())
    if out is None:
        click.echo(text, nl=False)
        return
    with storage_errors(out.parent, "writing the page"):
        out.write_text(text, encoding="utf-8")
