"""What a service without a snapshot has in the place of its change log and its index of names: nothing, and says so.

Apart from `remote_service`, whose HTTP client takes a tenth of a second to load and is no part of serving a snapshot.
"""

from __future__ import annotations

from dadkhah.browse.records.changes import Change, Changed
from dadkhah.browse.search.hits import NameIndex
from dadkhah.linking.index.search import NamesIndex


class NoChanges:
    """A `ChangeLog` of nothing: a remote engine has no switches of ours."""

    def changes(self) -> list[Change]:
        """No switch."""
        return []

    def changed(self, change: Change) -> Changed:
        """Nothing that could be compared."""
        del change
        return Changed(unknown="not kept")


class NoNames:
    """No index of names: it is a part of snapshots."""

    def index(self, snapshot_hash: str) -> NamesIndex | None:
        """Nothing."""
        del snapshot_hash
        return None

    def of(self, snapshot_hash: str) -> NameIndex | None:
        """Nothing, as for a snapshot that was built without one."""
        del snapshot_hash
        return None
