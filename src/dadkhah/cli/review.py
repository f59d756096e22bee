"""`dadkhah review`: candidates one by one, and what a person decides on each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from dadkhah.cli.places import require_project
from dadkhah.errors import ParameterError
from dadkhah.linking.batch.decisions import PREDICATES, STATES, Decision, decide, decided, find, read_table
from dadkhah.source.mappings import MappingRow

_KEYS = {"a": "accepted", "r": "rejected", "u": "undecided"}
EXAMPLE = """
\b
Examples:
  dadkhah review build/candidates/sdn.sssom.tsv --reviewer https://orcid.org/0000-0002-1825-0097
  dadkhah review build/candidates/sdn.sssom.tsv --reviewer IRI --decide rejected --subject IRI --object IRI \\
    --reason "another person: born 1952"
"""


@click.command("review", epilog=EXAMPLE)
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reviewer", required=True, metavar="IRI", help="Who decides, such as an ORCID.")
@click.option("--decide", "state", type=click.Choice(STATES), help="Decide one candidate without being asked.")
@click.option("--subject", metavar="IRI", help="With --decide: our record.")
@click.option("--object", "target", metavar="IRI", help="With --decide: the other record.")
@click.option("--reason", metavar="TEXT", help="With --decide: why.")
@click.option("--predicate", type=click.Choice(sorted(PREDICATES)), default="exact", show_default=True)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def review(
    table: Path,
    reviewer: str,
    state: str | None,
    subject: str | None,
    target: str | None,
    reason: str | None,
    predicate: str,
    quiet: bool,
) -> None:
    """Accept, reject or leave undecided what `dadkhah link` proposed.

    Decisions go to data/mappings, with reviewer, date and reason. What was accepted or rejected is not asked again, and
    no machine changes it.
    """
    folder = require_project().root / "data" / "mappings"
    candidates = read_table(table)
    day = datetime.now(UTC).date().isoformat()
    if state is not None:
        if not (subject and target and reason):
            raise ParameterError("--decide needs --subject, --object and --reason")
        decision = Decision(state, reviewer, day, reason, predicate)
        file = decide(folder, find(candidates, subject, target), decision)
        if not quiet:
            click.echo(f"{state}: {file}")
        return
    known = decided(folder)
    open_rows = [row for row in candidates.rows if known.get((row.subject_id, row.object_id)) is None]
    open_rows.sort(key=lambda row: (-float(row.confidence or 0), row.subject_id, row.object_id))
    for number, row in enumerate(open_rows, 1):
        click.echo(_shown(row, number, len(open_rows)))
        key = click.prompt("[a]ccept, [r]eject, [u]ndecided, [s]kip, [q]uit", type=click.Choice([*_KEYS, "s", "q"]))
        if key == "q":
            break
        if key in _KEYS:
            why = click.prompt("why")
            decide(folder, row, Decision(_KEYS[key], reviewer, day, why, predicate))
    if not open_rows and not quiet:
        click.echo("nothing to review: every candidate of this table is decided")


def _shown(row: MappingRow, number: int, count: int) -> str:
    lines = (
        f"\n{number} of {count}  score {row.confidence}",
        f"  ours    {row.subject_label}  {row.subject_id}",
        f"  theirs  {row.object_label}  {row.object_id}",
        f"  {row.comment}",
    )
    return "\n".join(lines)
