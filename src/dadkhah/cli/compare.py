"""`dadkhah compare`: two names, or a table of pairs, with scores and their explanation."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from dadkhah.errors import ParameterError
from dadkhah.linking.explain import Explanation
from dadkhah.linking.explain import compare as compare_names
from dadkhah.linking.tables import score_table


@click.command("compare")
@click.argument("names", nargs=-1, metavar="[NAME NAME]")
@click.option(
    "--pairs",
    "table",
    type=click.Path(path_type=Path, allow_dash=True),
    help="TSV with columns name_a, name_b and optionally domain.",
)
@click.option("--domain", type=click.Choice(["person", "place"]), default="person", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Explanations as JSON (one line per pair of a table).")
@click.option("--explain", is_flag=True, help="With --pairs: add a column that says which words met.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def compare(
    names: tuple[str, ...], table: Path | None, domain: str, *, as_json: bool, explain: bool, quiet: bool
) -> None:
    """Score in [0, 1] how likely two names are one name, across scripts and spellings, and say why.

    Example: dadkhah compare "حسین رضایی" "Hossein Reza'i"
    """
    if table is not None and not names:
        source = sys.stdin if str(table) == "-" else None
        hidden = quiet or not sys.stderr.isatty()
        scored = score_table(table, source, domain, as_json=as_json, explained=explain)
        bar: click._termui_impl.ProgressBar[str]  # the public name is missing from click's stubs
        with click.progressbar(
            scored, length=_lines(table), file=sys.stderr, hidden=hidden, label="pairs", update_min_steps=5000
        ) as bar:
            for line in bar:
                sys.stdout.write(line)
        return
    if len(names) != 2 or table is not None:
        raise ParameterError("give two names, or --pairs FILE with columns name_a and name_b")
    found = compare_names(names[0], names[1], domain)
    if as_json:
        click.echo(orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(_text(found))


def _lines(table: Path) -> int | None:
    """How many lines a table has, where that can be told before reading it."""
    if not table.is_file():
        return None
    with table.open("rb") as lines:
        return sum(1 for _ in lines)


def _text(found: Explanation) -> str:
    """The explanation as lines."""
    lines = [f"{found.score:.4f}  {found.left} | {found.right}  ({found.pair_type}, {found.domain})"]
    for word in found.words:
        steps = f"  [{', '.join(word.steps)}]" if word.steps else ""
        lines.append(f"  {word.left} ~ {word.right}: {word.rule}, cost {word.cost:.2f}{steps}")
    lines += [f"  {word}: nothing stands for it in the other name" for word in (*found.left_open, *found.right_open)]
    lines.append(f"  evidence (log-odds, sum {found.intercept + sum(e.log_odds for e in found.evidence):+.2f}):")
    lines.append(f"    {'before any evidence':22} {'':8} {found.intercept:+.2f}")
    lines += [
        f"    {item.feature:22} {item.value:8g} {item.log_odds:+.2f}"
        for item in found.evidence
        if abs(item.log_odds) >= 0.005
    ]
    return "\n".join(lines)
