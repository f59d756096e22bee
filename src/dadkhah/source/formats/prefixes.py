"""The project's prefixes, from `ontology/prefixes.ttl`."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import InputError
from dadkhah.source.formats.reading import syntax_error


def read_prefixes(ontology: Path) -> dict[str, str]:
    """Prefix to namespace; empty where the file is missing.

    Raises:
        SourceSyntaxError: it does not parse.
        InputError: it is not UTF-8.
    """
    path = ontology / "prefixes.ttl"
    if not path.is_file():
        return {}
    try:
        # prefixes are known once the parser has come to the end; a file of prefixes has no statements
        parser = ox.parse(path.read_text(encoding="utf-8"), ox.RdfFormat.TURTLE)
        list(parser)
    except SyntaxError as error:
        raise syntax_error(error, str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    return dict(parser.prefixes)
