"""`dadkhah source`: register a source by its bytes, and propose its passages. The text is never kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import orjson

from dadkhah.cli.places import require_project
from dadkhah.errors import InputError
from dadkhah.iris import Iris
from dadkhah.snapshot.publishing.durable import storage_errors, write_whole_file
from dadkhah.source.archive.passages import SnapshotText, propose, read_text
from dadkhah.source.archive.scaffold import Work, source_draft
from dadkhah.source.files.tree import SLUG
from dadkhah.source.formats.prefixes import read_prefixes
from dadkhah.source.turtle.canonical import formatted

EXAMPLE = """
\b
Examples:
  dadkhah source add article.txt --id some-article-2025 --title "Some article" --language en
  dadkhah source passages article.txt
"""


@click.group(epilog=EXAMPLE)
def source() -> None:
    """Register sources and propose their passages."""


@source.command(epilog=EXAMPLE)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--id", "identifier", required=True, help="Name of the source: lower-case words joined by hyphens.")
@click.option("--title", default="", help="What the work is called; its name where it has none.")
@click.option("--address", default="", help="Where it was published.")
@click.option("--published", default="", metavar="DATE", help="Day of publication, where the source gives it.")
@click.option("--language", default="", help="Language of the text: en, fa.")
@click.option("--read-on", default="", metavar="DATE", help="Day on which it was read.  [default: today]")
def add(file: Path, identifier: str, title: str, address: str, published: str, language: str, read_on: str) -> None:
    """Register the bytes of FILE as a source: hash, length and proposed passages, in data/sources/ID/source.ttl.

    Keep FILE itself in your archive, named by its hash: `dadkhah verify --archive` recomputes everything from it.
    """
    if not SLUG.fullmatch(identifier):
        raise InputError(
            f"--id {identifier!r}: use lower-case letters, digits and single hyphens, as in some-article-2025"
        )
    for option, value in (("--published", published), ("--read-on", read_on)):
        _check_day(option, value)
    project = require_project()
    target = project.data / "sources" / identifier / "source.ttl"
    if target.exists():
        raise InputError(f"{target.relative_to(project.root)} is there already; a source that changed is a new source")
    text = _read(file)
    work = Work(identifier, title or identifier, address, published, language, read_on or date.today().isoformat())  # noqa: DTZ011 - the reader's own day
    draft = source_draft(work, text, propose(text.text), Iris())
    name = target.relative_to(project.root).as_posix()
    content = formatted(draft.encode(), name, read_prefixes(project.ontology)).encode()
    with storage_errors(project.data, "registering the source"):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole_file(target, content)
    click.echo(f"{name}: {sum(1 for _ in propose(text.text))} passages proposed, sha256 {text.sha256}")
    click.echo(f"next: dadkhah new voice {identifier}/CLAIMANT", err=True)


@source.command(epilog=EXAMPLE)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print offsets and hashes as JSON.")
def passages(file: Path, as_json: bool) -> None:
    """Propose the passages of FILE: sentences, never across a line, as offsets in code points.

    The words are shown here for the reader and written nowhere.
    """
    text = _read(file)
    proposed = list(propose(text.text))
    if as_json:
        rows = [{"start": each.start, "end": each.end, "sha256": each.sha256, "line": each.line} for each in proposed]
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for number, each in enumerate(proposed, 1):
        words = text.text[each.start : each.end]
        click.echo(f"P{number:<4} {each.start:>7}-{each.end:<7} {words if len(words) <= 80 else words[:79] + '…'}")


def _read(file: Path) -> SnapshotText:
    try:
        return read_text(file)
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: byte {error.start} is not UTF-8; save the text as UTF-8 and try again") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def _check_day(option: str, value: str) -> None:
    if not value:
        return
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"{option} {value!r} is not a day; write it as 2025-07-27") from error
