"""`dadkhah config`: the settings in force, and where each value came from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
import orjson

from dadkhah.config import DOCS, PREFIX, resolve

EXAMPLE = """
\b
Examples:
  dadkhah config
  DADKHAH_PORT=9000 dadkhah config --json
"""


@click.command(epilog=EXAMPLE)
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="Configuration file.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def config(file: Path | None, as_json: bool) -> None:
    """Print what is in force: flags go before DADKHAH_* variables, these before dadkhah.toml."""
    resolved = resolve(file=file)
    values = asdict(resolved.settings)
    if as_json:
        document = {
            name: {"value": value, "source": resolved.sources[name], "variable": PREFIX + name.upper()}
            for name, value in values.items()
        }
        click.echo(orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2).decode())
        return
    for name, value in values.items():
        shown = ",".join(value) if isinstance(value, tuple) else str(value)
        click.echo(f"{name} = {shown}    # {resolved.sources[name]}; {DOCS[name]}")
