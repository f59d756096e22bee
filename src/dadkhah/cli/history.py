"""The switches of a snapshots folder, as the API tells of them."""

from __future__ import annotations

from dadkhah.browse.changes import Change
from dadkhah.snapshot.registry import Registry


class RegistryChanges:
    """A `ChangeLog` over the change log of a snapshots folder, read anew each time."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def changes(self) -> list[Change]:
        """All switches, newest first."""
        return [
            Change(entry.get("at") or "", entry.get("from") or "", entry.get("to") or "", entry.get("reason") or "")
            for entry in reversed(self._registry.changes())
        ]
