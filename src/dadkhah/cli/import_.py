"""`dadkhah import`: a dataset into voice files, by a declarative mapping."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.places import ontology_here, project_here
from dadkhah.errors import ConfigurationError, ParameterError
from dadkhah.iris import Iris
from dadkhah.source.importing.compose import Composer, Tally
from dadkhah.source.importing.mapping import Mapping, read_mapping
from dadkhah.source.importing.rows import read_rows

EXAMPLE = """
\b
Examples:
  dadkhah import imports/iran-memorial.toml records.csv --out ~/memorial
  cd ~/memorial && dadkhah check && dadkhah build && dadkhah serve
"""


@click.command("import", epilog=EXAMPLE)
@click.argument("mapping", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A folder of yours.")
@click.option("--json", "as_json", is_flag=True, help="Print what was taken and left out as JSON.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def import_(mapping: Path, file: Path, out: Path, as_json: bool, quiet: bool) -> None:
    """Write the rows of FILE as the voice of their dataset, with its attribution and licence, into a project of yours.

    The folder becomes a project of its own (`data/`, `ontology/`, `queries/`), to be checked, built and served. It must
    not be this project's data: a dataset is linked to, not merged.
    """
    here = project_here()
    if here is not None and out.resolve().is_relative_to(here.data.resolve()):
        raise ParameterError(f"{out} is in the data of this project; give a folder of your own")
    read = read_mapping(mapping)
    tally = _write(read, file, out, ProgressLine(quiet=quiet))
    _equip(out)
    told = {"taken": tally.taken, "left_out": dict(tally.left_out), "values_left_out": dict(tally.values_left_out)}
    if as_json:
        click.echo(orjson.dumps(told).decode())
    elif not quiet:
        click.echo(f"{tally.taken:,} rows taken: {out}")
        for what, counts in (("rows", tally.left_out), ("values", tally.values_left_out)):
            for reason, count in counts.most_common():
                click.echo(f"  {count:,} {what} left out: {reason}")


def _write(mapping: Mapping, file: Path, out: Path, line: ProgressLine) -> Tally:
    dataset = mapping.dataset
    data = file.read_bytes()
    composer = Composer(mapping, Iris())
    folder = out / "data" / "sources" / dataset.id
    folder.mkdir(parents=True, exist_ok=True)
    (out / "data" / "authority").mkdir(parents=True, exist_ok=True)
    files = (
        out / "data" / "authority" / f"{dataset.id}.ttl",
        folder / "source.ttl",
        folder / f"{dataset.publisher}.ttl",
    )
    today = datetime.now(UTC).date().isoformat()
    points = len(data.decode("utf-8", "replace"))
    with ExitStack() as stack:
        authority, source, voice = (stack.enter_context(path.open("w", encoding="utf-8")) for path in files)
        for each in (authority, source, voice):
            each.write(composer.file_head())
        authority.write(composer.claimant())
        source.write(composer.source_head(hashlib.sha256(data).hexdigest(), len(data), points, today))
        for number, piece in enumerate(composer.pieces(read_rows(file, mapping.rows))):
            authority.write(piece.authority)
            source.write(piece.source)
            voice.write(piece.voice)
            if number % 500 == 0:
                line("rows", number, 0)
    line.close()
    return composer.tally


def _equip(out: Path) -> None:
    """Put ontology and queries beside the data, so that the folder can be checked and built."""
    ours = ontology_here()
    if ours is None:
        raise ConfigurationError("no ontology here, and none came with the package; install dadkhah again")
    for folder in (ours.ontology, ours.queries):
        if folder.is_dir():
            shutil.copytree(folder, out / folder.name, dirs_exist_ok=True)
