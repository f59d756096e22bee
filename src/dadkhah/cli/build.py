"""`dadkhah build`: a new immutable snapshot, of the project or of any RDF."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
import orjson

from dadkhah.cli.indexes.answer_index import AnswerIndexer
from dadkhah.cli.indexes.decision_index import DecisionIndexer
from dadkhah.cli.indexes.name_indexer import NameIndexer
from dadkhah.cli.indexes.table_index import TableIndexer
from dadkhah.cli.indexes.trait_indexer import TraitIndexer
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.places import require_project, snapshots_here
from dadkhah.cli.rdf_files import rdf_inputs, rdf_options
from dadkhah.iris import Iris
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import PROFILES, PUBLIC, BuildPlan
from dadkhah.snapshot.publishing.registry import Snapshot
from dadkhah.snapshot.publishing.signature import require_key, sign

INDEXERS = (NameIndexer(), TraitIndexer(), TableIndexer(), DecisionIndexer(), AnswerIndexer())
EXAMPLE = """
\b
Examples:
  dadkhah build
  dadkhah build --profile internal --out build/internal
  dadkhah build --rdf people.ttl events.nq.gz --graph https://example.org/g=notes.ttl --out build/mine
"""


@click.command(epilog=EXAMPLE)
@rdf_options()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.  [default: build/snapshots]"
)
@click.option("--profile", type=click.Choice(PROFILES), default=PUBLIC, show_default=True, help="What may be in it.")
@click.option("--base", help="Base IRI for relative IRIs in the files of --rdf.")
@click.option("--merge", is_flag=True, help="With --rdf: also write the merge of all graphs as the default graph.")
@click.option("--accept-shrink", is_flag=True, help="Build even where entities are missing since the last snapshot.")
@click.option("--keep", type=click.IntRange(1), default=3, show_default=True, help="Snapshots to keep in the folder.")
@click.option("--sign", "key", type=click.Path(path_type=Path), metavar="KEY", help="Sign with this SSH key.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def build(
    rdf: tuple[Path, ...],
    files: tuple[Path, ...],
    graphs: tuple[str, ...],
    out: Path | None,
    profile: str,
    base: str | None,
    merge: bool,
    accept_shrink: bool,
    keep: int,
    key: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compile a snapshot and make it the current one.

    Without --rdf the project's data is checked first, and a finding stops the build. The same input gives the same
    content hash on any machine. Another build of the same folder ends with exit code 75.
    """
    inputs = rdf_inputs(rdf, files, graphs)
    plan = BuildPlan(
        out=snapshots_here(out),
        profile=profile,
        base=base,
        merge=merge,
        accept_shrink=accept_shrink,
        keep=keep,
    )
    if key is not None:
        require_key(key)
    with closing(ProgressLine(quiet=quiet)) as progress:
        if inputs:
            snapshot = compile_rdf(inputs, plan, indexers=INDEXERS, progress=progress)
        else:
            snapshot = build_project(plan, progress)
    if key is not None:
        sign(snapshot.folder, key)
    if not quiet:
        click.echo(_result(snapshot, as_json=as_json))


def build_project(plan: BuildPlan, progress: ProgressLine) -> Snapshot:
    """Check the project here and compile it.

    Raises:
        ValidationRefused: it has findings that block a build; they are printed on stderr.
    """
    # not needed for RDF of a user's own: 0.4 s
    from dadkhah.cli.checking import read_and_check  # noqa: PLC0415 - as above
    from dadkhah.cli.output.findings import written  # noqa: PLC0415 - as above
    from dadkhah.snapshot.compile_project import Input, compile_project  # noqa: PLC0415 - as above

    iris = Iris()
    checked, report = read_and_check(require_project(), iris, progress)
    if not report.passed:
        progress.close()
        click.echo(written(report, "text"), err=True)
    given = Input(checked.project, checked.loaded, checked.accepted, checked.files)
    return compile_project(given, report, plan, iris=iris, indexers=INDEXERS, progress=progress)


def _result(snapshot: Snapshot, *, as_json: bool) -> str:
    manifest = snapshot.manifest
    if as_json:
        found = {
            "hash": manifest.hash,
            "folder": str(snapshot.folder),
            "quads": manifest.quads,
            "entities": manifest.entities,
            "graphs": len(manifest.graphs),
            "profile": manifest.profile,
        }
        return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
    counts = f"{manifest.quads:,} statements in {len(manifest.graphs):,} graphs, {manifest.entities:,} entities"
    return f"{counts}\n{snapshot.folder}"
