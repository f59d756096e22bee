"""`dadkhah new`: a file to fill in."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from dadkhah.cli.places import require_project
from dadkhah.errors import InputError
from dadkhah.iris import Iris
from dadkhah.snapshot.publishing.durable import storage_errors, write_whole_file
from dadkhah.source.archive.scaffold import record_draft, voice_draft
from dadkhah.source.files.tree import SLUG, Project

EXAMPLE = """
\b
Examples:
  dadkhah new voice some-article-2025/amnesty-international
  dadkhah new prison some-prison --label "Some Prison"
  dadkhah new person --label "A name" --at-risk
"""
# kind of record -> its class; the kinds are those of IRIs, never roles that can change
RECORDS = {
    "court": "Court",
    "event": "Event",
    "group": "PersonGroup",
    "institution": "Organization",
    "person": "Person",
    "place": "Place",
    "prison": "Prison",
}


@click.command(epilog=EXAMPLE)
@click.argument("kind", type=click.Choice(["voice", *RECORDS]))
@click.argument("name", required=False)
@click.option("--label", default="", help="What the record is called, in English.")
@click.option("--at-risk", is_flag=True, help="Give the record an opaque name: for anyone who could be harmed.")
def new(kind: str, name: str | None, label: str, at_risk: bool) -> None:
    """Write a scaffold: a voice (NAME is SOURCE/CLAIMANT), or an authority record in a file of its own."""
    project = require_project()
    if kind == "voice":
        target, text = _voice(project, name or "")
    else:
        target, text = _record(project, kind, f"p-{secrets.token_hex(4)}" if at_risk else name or "", label)
    shown = target.relative_to(project.root).as_posix()
    if target.exists():
        raise InputError(f"{shown} is there already")
    with storage_errors(project.data, "writing the scaffold"):
        write_whole_file(target, text.encode())
    click.echo(shown)


def _voice(project: Project, name: str) -> tuple[Path, str]:
    source, _, claimant = name.partition("/")
    if not (SLUG.fullmatch(source) and SLUG.fullmatch(claimant)) or claimant == "source":
        raise InputError(f"{name!r}: write SOURCE/CLAIMANT in lower-case words joined by hyphens")
    folder = project.data / "sources" / source
    if not (folder / "source.ttl").is_file():
        raise InputError(f"there is no source {source!r}; register it first: dadkhah source add FILE --id {source}")
    return folder / f"{claimant}.ttl", voice_draft(source, claimant, Iris())


def _record(project: Project, kind: str, slug: str, label: str) -> tuple[Path, str]:
    if not SLUG.fullmatch(slug):
        raise InputError(f"{slug!r}: name the record in lower-case words joined by hyphens, or use --at-risk")
    if not label:
        raise InputError("--label is missing: what is the record called?")
    text = record_draft(kind, slug, RECORDS[kind], label, Iris())
    return project.data / "authority" / f"{kind}-{slug}.ttl", text
