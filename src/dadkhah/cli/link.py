"""`dadkhah link`: candidate links between the current snapshot and other datasets, for people to review."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from dadkhah.cli.name_index import NAME
from dadkhah.cli.places import project_here, snapshots_here
from dadkhah.errors import NotFound
from dadkhah.iris import Iris
from dadkhah.linking.batch.decisions import decided, write_candidates
from dadkhah.linking.batch.propose import Candidate, propose
from dadkhah.linking.batch.targets import Target, read_targets
from dadkhah.linking.index.search import NamesIndex
from dadkhah.snapshot.registry import Registry

# what has names that other datasets may hold as well; events, statements and passages have descriptions
KINDS = ("person", "organization", "institution", "court", "prison", "place", "security-force", "media-outlet")
EXAMPLE = """
\b
Examples:
  dadkhah link --to sdn.csv
  dadkhah link --to records.csv --id-base https://example.org/memorial/ --least 0.9
  dadkhah link --to entities.ftm.json --kind person --json
"""


@click.command("link", epilog=EXAMPLE)
@click.option(
    "--to", "targets", type=click.Path(path_type=Path, exists=True, dir_okay=False), multiple=True, required=True,
    metavar="FILE", help="CSV with a header, FollowTheMoney entities as JSON lines, or OFAC's sdn.csv.",
)  # fmt: skip
@click.option("--id-base", default="", metavar="IRI", help="Goes before identifiers that are no IRIs.")
@click.option("--least", type=click.FloatRange(0, 1), default=0.8, show_default=True, help="Lowest score to propose.")
@click.option("--kind", "kinds", multiple=True, help="Kinds of our records to link; repeatable.  [default: all named]")
@click.option("--snapshots", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the tables of candidates.")
@click.option("--json", "as_json", is_flag=True, help="Print the candidates as JSON lines too.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def link(
    targets: tuple[Path, ...],
    id_base: str,
    least: float,
    kinds: tuple[str, ...],
    snapshots: Path | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Propose links to the records of other datasets, each with its score and why.

    One table per dataset in build/candidates. Pairs that were reviewed before are not proposed again; nothing is
    accepted here: see `dadkhah review`.
    """
    snapshot = Registry(snapshots_here(snapshots)).current()
    index = NamesIndex(snapshot.index_path(NAME))
    project = project_here()
    root = project.root if project else Path.cwd()
    known = decided(root / "data" / "mappings")
    prefixes = tuple(f"{Iris(snapshot.manifest.base or Iris().base).base}id/{kind}/" for kind in kinds or KINDS)
    ours = snapshot.manifest.base != "" or bool(kinds)

    def wanted(iri: str) -> bool:
        return not ours or iri.startswith(prefixes)

    for file in targets:
        records = list(read_targets(file, id_base))
        found = _shown(propose(index, _watched(records, file, quiet=quiet), least=least, decided=known, wanted=wanted),
                       as_json=as_json)  # fmt: skip
        table = (out or root / "build" / "candidates") / f"{file.stem}.sssom.tsv"
        count = write_candidates(found, table)
        if not quiet:
            click.echo(f"{count:,} candidates among {len(records):,} records: {table}", err=as_json)
    if not quiet and not len(index.labels):
        raise NotFound("the current snapshot has no names to link")


def _shown(candidates: Iterator[Candidate], *, as_json: bool) -> Iterator[Candidate]:
    for candidate in candidates:
        if as_json:
            fields = {name: getattr(candidate, name) for name in Candidate.__slots__}
            click.echo(orjson.dumps(fields).decode())
        yield candidate


def _watched(records: list[Target], file: Path, *, quiet: bool) -> Iterator[Target]:
    bar: click._termui_impl.ProgressBar[Target]  # the public name is missing from click's stubs
    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(records, file=sys.stderr, hidden=hidden, label=file.name, update_min_steps=50) as bar:
        yield from bar
