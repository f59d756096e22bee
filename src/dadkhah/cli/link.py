"""`dadkhah link`: candidate links between the current snapshot and other datasets, for people to review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import click
import orjson

from dadkhah.cli.indexes.name_indexer import NAME
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.places import project_here, snapshots_here
from dadkhah.errors import NotFound, ParameterError
from dadkhah.iris import Iris
from dadkhah.linking.batch.decisions import decided, write_candidates
from dadkhah.linking.batch.engines.duckdb import DuckDbEngine
from dadkhah.linking.batch.engines.portion import Engine
from dadkhah.linking.batch.linktypes import KINDS, LINK_TYPES
from dadkhah.linking.batch.propose import Candidate, Task, duplicates, propose
from dadkhah.linking.batch.remote import asked, service_at
from dadkhah.linking.batch.sides import Side, of_index, our_side, their_side
from dadkhah.linking.batch.target import Target
from dadkhah.linking.batch.targets import read_targets
from dadkhah.linking.index.search import NamesIndex
from dadkhah.snapshot.publishing.registry import Registry

EXAMPLE = """
\b
Examples:
  dadkhah link --to sdn.csv
  dadkhah link --to records.csv --id-base https://example.org/memorial/ --least 0.95
  dadkhah link --to entities.ftm.json --kind person --json
  dadkhah link --to http://127.0.0.1:8000/reconcile
  dadkhah link --to records.csv --id-base https://example.org/memorial/ --engine spark
  dadkhah link --self
"""


@dataclass(frozen=True, slots=True)
class _Shown:
    as_json: bool
    quiet: bool


@click.command("link", epilog=EXAMPLE)
@click.option(
    "--to", "targets", multiple=True, metavar="FILE|URL",
    help="CSV with a header, JSON lines (FollowTheMoney too), OFAC's sdn.csv, RDF, or the address of a reconciliation "
    "service (0.2).",
)  # fmt: skip
@click.option("--self", "itself", is_flag=True, help="Propose duplicates among our own records.")
@click.option("--id-base", default="", metavar="IRI", help="Goes before identifiers that are no IRIs.")
@click.option("--least", type=click.FloatRange(0, 1), help="Lowest score to propose.  [default: of each link type]")
@click.option("--kind", "kinds", multiple=True, help="Kinds of our records to link; repeatable.  [default: all named]")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--master", default="local[2]", show_default=True, help="With --engine spark: its master.")
@click.option("--snapshots", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the tables of candidates.")
@click.option("--json", "as_json", is_flag=True, help="Print the candidates as JSON lines too.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def link(
    targets: tuple[str, ...],
    itself: bool,
    id_base: str,
    least: float | None,
    kinds: tuple[str, ...],
    engine: str,
    master: str,
    snapshots: Path | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Propose links to the records of other datasets, each with its score and why.

    One table per dataset in build/candidates; work that was interrupted goes on where it was. Pairs that were reviewed
    before are not proposed again; nothing is accepted here: see `dadkhah review`.
    """
    if not targets and not itself:
        raise ParameterError("nothing to link to: give --to FILE or --to URL, or --self")
    snapshot = Registry(snapshots_here(snapshots)).current()
    base = Iris(snapshot.manifest.base or Iris().base).base
    wanted = kinds or (KINDS if snapshot.manifest.base else ())
    ours = our_side(of_index(NamesIndex(snapshot.index_path(NAME)), wanted, base))
    if not ours.names:
        raise NotFound("the current snapshot has no names to link")
    project = project_here()
    root = project.root if project else Path.cwd()
    folder = out or root / "build" / "candidates"
    line = ProgressLine(quiet=quiet)
    task = Task(_engine(engine, master), least, folder / ".portions", line, decided(root / "data" / "mappings"))
    shown = _Shown(as_json, quiet)
    for name, found, count in _runs(ours, targets, id_base, task, itself=itself):
        _write(folder / f"{name}.sssom.tsv", found, count, shown, line)
    if not quiet:
        _thresholds(least)


def _runs(
    ours: Side, targets: Sequence[str], id_base: str, task: Task, *, itself: bool
) -> Iterator[tuple[str, Iterator[Candidate], int]]:
    """The name of each dataset, its candidates, and how many records were looked at."""
    for target in targets:
        if target.startswith(("http://", "https://")):
            records: list[Target] = list(asked(service_at(target), ours, task.watch))
            name = urlsplit(target).hostname or "service"
        else:
            file = Path(target)
            records, name = list(read_targets(file, id_base)), file.name.partition(".")[0]
        yield name, propose(ours, their_side(records), task), len(records)
    if itself:
        yield "duplicates", duplicates(ours, replace(task)), len(ours.iris)


def _engine(name: str, master: str) -> Callable[[], Engine]:
    if name == "duckdb":
        return DuckDbEngine

    def spark() -> Engine:
        from dadkhah.linking.batch.engines.spark import SparkEngine  # noqa: PLC0415 an optional extra

        return SparkEngine(master)

    return spark


def _write(table: Path, found: Iterator[Candidate], records: int, shown: _Shown, line: ProgressLine) -> None:
    count = write_candidates(_printed(found, as_json=shown.as_json), table)
    line.close()
    if not shown.quiet:
        click.echo(f"{count:,} candidates among {records:,} records: {table}", err=shown.as_json)


def _printed(candidates: Iterator[Candidate], *, as_json: bool) -> Iterator[Candidate]:
    for candidate in candidates:
        if as_json:
            fields = {name: getattr(candidate, name) for name in Candidate.__slots__}
            click.echo(orjson.dumps(fields).decode())
        yield candidate


def _thresholds(least: float | None) -> None:
    for each in LINK_TYPES:
        figures = f"held-out precision {each.precision:.3f}, recall {each.recall:.3f} at {each.least}"
        click.echo(f"  {each.name}: proposed from {least or each.least}; {figures} ({each.measured_on})", err=True)
