"""`dadkhah review`: candidates one by one, and what a person decides on each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from dadkhah.cli.places import require_project
from dadkhah.errors import ParameterError
from dadkhah.linking.batch.decisions import PREDICATES, STATES, Decision, decide, decided, find, read_table
from dadkhah.linking.batch.decisions import undo as take_back
from dadkhah.source.project.mappings import MappingRow, MappingSet

_KEYS = {"a": "accepted", "r": "rejected", "u": "undecided"}
EXAMPLE = """
\b
Examples:
  dadkhah review build/candidates/sdn.sssom.tsv --reviewer https://orcid.org/0000-0002-1825-0097
  dadkhah review build/candidates/sdn.sssom.tsv --reviewer IRI --decide rejected --subject IRI --object IRI \\
    --reason "another person: born 1952"
  dadkhah review --reviewer IRI --undo --subject IRI --object IRI --reason "two people after all"
"""


@click.command("review", epilog=EXAMPLE)
@click.argument("table", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reviewer", required=True, metavar="IRI", help="Who decides, such as an ORCID.")
@click.option("--decide", "state", type=click.Choice(STATES), help="Decide one candidate without being asked.")
@click.option("--undo", is_flag=True, help="Take a decision back; its reason is kept.")
@click.option("--subject", metavar="IRI", help="With --decide and --undo: our record.")
@click.option("--object", "target", metavar="IRI", help="With --decide and --undo: the other record.")
@click.option("--reason", metavar="TEXT", help="With --decide and --undo: why.")
@click.option("--predicate", type=click.Choice(sorted(PREDICATES)), default="exact", show_default=True)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def review(
    table: Path | None,
    reviewer: str,
    state: str | None,
    undo: bool,
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
    day = datetime.now(UTC).date().isoformat()
    if undo or state is not None:
        if not (subject and target and reason):
            raise ParameterError("--decide and --undo need --subject, --object and --reason")
        decision = Decision(state or "undecided", reviewer, day, reason, predicate)
        if undo:
            file = take_back(folder, subject, target, decision)
        else:
            file = decide(folder, find(_table(table), subject, target), decision)
        if not quiet:
            click.echo(f"{decision.state if not undo else 'undecided'}: {file}")
        return
    candidates = _table(table)
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


def _table(table: Path | None) -> MappingSet:
    if table is None:
        raise ParameterError("which candidates? give a table, such as build/candidates/sdn.sssom.tsv")
    return read_table(table)


def _shown(row: MappingRow, number: int, count: int) -> str:
    lines = (
        f"\n{number} of {count}  score {row.confidence}",
        f"  ours    {row.subject_label}  {row.subject_id}",
        f"  theirs  {row.object_label}  {row.object_id}",
        f"  {row.comment}",
    )
    return "\n".join(lines)
