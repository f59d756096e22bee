"""`dadkhah fmt`: canonical Turtle."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import click

from dadkhah.cli.places import require_project
from dadkhah.errors import InputError
from dadkhah.iris import Iris
from dadkhah.snapshot.publishing.durable import storage_errors, write_whole_file
from dadkhah.source.files.tree import Project, Role, discover
from dadkhah.source.formats.prefixes import read_prefixes
from dadkhah.source.turtle.canonical import formatted

EXAMPLE = """
\b
Examples:
  dadkhah fmt
  dadkhah fmt --check
  dadkhah fmt data/sources/silent-massacre-2025/author.ttl --diff
"""


@click.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 where something would change.")
@click.option("--diff", "show", is_flag=True, help="Change nothing; print what would change.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def fmt(paths: tuple[Path, ...], check: bool, show: bool, quiet: bool) -> int:
    """Write the Turtle files of data/ (or the given ones) in their one canonical form.

    A file that does not parse is left as it is and named; what a file says never changes.
    """
    project = require_project()
    prefixes = read_prefixes(project.ontology)
    changed, failed = 0, 0
    for path in _files(project, paths):
        name = path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else str(path)
        data = path.read_bytes()
        try:
            text = formatted(data, name, prefixes)
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            failed += 1
            continue
        if text.encode() == data:
            continue
        changed += 1
        if show:
            click.echo("".join(_difference(data, text, name)), nl=False)
        elif not check:
            with storage_errors(path.parent, "formatting"):
                write_whole_file(path, text.encode())
        if not quiet and not show:
            click.echo(f"{'would change' if check else 'formatted'} {name}")
    return 2 if failed else int(changed > 0 and (check or show))


def _files(project: Project, paths: tuple[Path, ...]) -> Iterator[Path]:
    if not paths:
        tree = discover(project, Iris())
        yield from (file.path for file in tree.of(Role.AUTHORITY, Role.SOURCE, Role.VOICE, Role.ANALYSIS))
    for path in paths:
        resolved = path.resolve()
        yield from (
            (each for each in sorted(resolved.rglob("*.ttl")) if each.is_file()) if resolved.is_dir() else [resolved]
        )


def _difference(data: bytes, text: str, name: str) -> Iterator[str]:
    before = data.decode("utf-8", "replace").splitlines(keepends=True)
    return difflib.unified_diff(before, text.splitlines(keepends=True), name, name)
