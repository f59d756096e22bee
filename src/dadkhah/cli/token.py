"""`dadkhah token`: tokens for a service that is not open to everybody, and the file that such a service reads.

The file has a line for each token: a name, then its SHA-256. A token itself is shown once and kept nowhere. Who holds
one is known by the name only; to take a token back, delete its line and start the service again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

import click

from dadkhah.errors import ConfigurationError, ParameterError

EXAMPLE = """
\b
Examples:
  dadkhah token archive-team --file tokens
  dadkhah serve --snapshots build/internal --tokens tokens
"""
_LINE = re.compile(r"(?P<name>\S+)\s+sha256:(?P<hash>[0-9a-f]{64})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_BYTES = 32


@click.command(epilog=EXAMPLE)
@click.argument("name")
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("tokens"),
    show_default=True,
    help="File of tokens to add to.",
)
def token(name: str, file: Path) -> None:
    """Make a token for NAME, add its hash to a file, and show the token this once.

    The token goes to standard output. Send it as `Authorization: Bearer TOKEN`.
    """
    if not _NAME.fullmatch(name):
        raise ParameterError("NAME: letters, digits, dots, dashes and underscores, at most 64")
    if file.exists() and name in read_tokens(file):
        raise ParameterError(f"{file} has a token for {name} already; delete its line to replace it")
    made = secrets.token_urlsafe(_BYTES)
    try:
        # only the owner may read it, although a hash gives nothing away
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor has no path
            stream.write(f"{name} sha256:{hashlib.sha256(made.encode()).hexdigest()}\n")
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be written ({error.strerror})") from error
    click.echo(made)


def read_tokens(file: Path) -> dict[str, str]:
    """Names and hashes in a file; lines that begin with # are notes.

    Raises:
        ConfigurationError: it cannot be read, or a line is none; the message does not repeat the line.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError(f"tokens: {file} cannot be read ({reason})") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        read = _LINE.fullmatch(line.strip())
        if read is None:
            raise ConfigurationError(f"{file}:{number}: a line is a name and sha256:<hash>; see dadkhah token --help")
        found[read["name"]] = read["hash"]
    if not found:
        raise ConfigurationError(f"tokens: {file} holds no token; make one with dadkhah token NAME --file {file}")
    return found
