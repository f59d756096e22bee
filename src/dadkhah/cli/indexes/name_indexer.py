"""The index of names as a part of snapshots; apart from serving it, so that a build does not load what pages need.

In: the sorted dump. Out: files below `indexes/names/`. Labels are those of the properties that pages show as names; the
ontology's own terms are left out, since no one looks for a person under a property.
"""

from __future__ import annotations

from pathlib import Path

from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.iris import Iris
from dadkhah.linking.index.write import FORMAT, build
from dadkhah.snapshot.dump.named_values import named_values

NAME = "names"


class NameIndexer:
    """Writes the index of names into a snapshot; `dadkhah.snapshot.plan.DumpIndexer`."""

    name = NAME
    version = FORMAT

    def build_from_dump(self, dump: Path, folder: Path) -> None:
        """Index every name once, whichever graph states it."""
        leave_out = Iris().ontology
        found = named_values(dump, (*NAME_PROPERTIES, *VARIANT_PROPERTIES))
        build((name for name in found if not name[0].startswith(leave_out)), folder)
