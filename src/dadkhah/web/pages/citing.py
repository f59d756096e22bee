"""A record as a reference for a bibliography.

In: a record. Out: a BibTeX entry that names the snapshot, so that what was read can be found again.
"""

from __future__ import annotations

import re

from dadkhah.browse.records.record import Record

_SPECIAL = re.compile(r"([{}%&#$_])")


def bibtex(found: Record, language: str, snapshot_hash: str) -> str:
    """A BibTeX entry (`@misc`), for biber or another program that reads UTF-8."""
    key = re.sub(r"[^a-z0-9-]+", "-", (found.ref.slug or found.ref.label("en").text).lower()).strip("-") or "record"
    title = _SPECIAL.sub(r"\\\1", found.title(language).text.replace("\\", ""))
    return "\n".join(
        (
            f"@misc{{dadkhah-{key},",
            f"  title = {{{title}}},",
            "  howpublished = {dadkhah: a knowledge graph of political imprisonment},",
            f"  url = {{{found.ref.iri}}},",
            f"  note = {{Snapshot {snapshot_hash}; CC BY 4.0}}",
            "}",
        )
    )
