"""The switches of a snapshots folder, and what each of them changed, as the API and the pages tell of them.

In: the folder. Out: switches, and records with their statements. Nothing is told that the snapshot of today does not
hold: a statement, record or value that went may have gone to protect somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from dadkhah.browse.records.changes import Change, Changed, ChangedRecord
from dadkhah.browse.records.history import Told
from dadkhah.cli.service.record_history import told_of
from dadkhah.errors import NotFound, SnapshotError
from dadkhah.iris import DEFAULT_BASE, Iris
from dadkhah.snapshot.dump.difference import RecordChange, difference
from dadkhah.snapshot.plan import PUBLIC
from dadkhah.snapshot.publishing.registry import Registry, Snapshot

# statements of both snapshots together; comparing so many takes about two seconds
_STATEMENTS = 1_000_000
_RECORDS = 500
_STATEMENTS_OF_RECORD = 8
# comparisons kept; one of each switch that a list shows
_KEPT = 32


@dataclass(frozen=True, slots=True)
class _Stores:
    """The snapshot before, the one after, and the one of today."""

    before: ox.Store
    after: ox.Store
    today: ox.Store


class RegistryChanges:
    """A `ChangeLog` over the change log of a snapshots folder, read anew each time; comparisons are kept."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._kept: dict[tuple[str, str, str], Changed] = {}

    def changes(self) -> list[Change]:
        """All switches, newest first."""
        return [
            Change(entry.get("at") or "", entry.get("from") or "", entry.get("to") or "", entry.get("reason") or "")
            for entry in reversed(self._registry.changes())
        ]

    def changed(self, change: Change) -> Changed:
        """Compare the snapshots of a switch, once for each snapshot of today."""
        today = self._registry.pointed()
        if not change.before:
            return Changed(unknown="first")
        if today is None:
            return Changed(unknown="not kept")
        key = (change.before, change.after, today.folder.name)
        found = self._kept.get(key)
        if found is None:
            found = self._compare(change, today)
            while len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = found
        return found

    def _compare(self, change: Change, today: Snapshot) -> Changed:
        try:
            before, after = self._registry.open(change.before), self._registry.open(change.after)
            # to those who may see another profile, its snapshots are named, and `dadkhah diff` compares them
            if {each.manifest.profile for each in (before, after, today)} != {PUBLIC}:
                return Changed(unknown="not public")
            if before.manifest.quads + after.manifest.quads > _STATEMENTS:
                return Changed(unknown="too large")
            stores = _Stores(before.open_store(), after.open_store(), today.open_store())
            derived = f"<{Iris(today.manifest.base or DEFAULT_BASE).graph('derived')}> ."
            return _count(difference(before.dump_path, after.dump_path), stores, derived)
        except (NotFound, SnapshotError):
            return Changed(unknown="not kept")


def _count(changes: Iterable[RecordChange], stores: _Stores, derived: str) -> Changed:
    found = Changed()
    records: list[ChangedRecord] = []
    for each in changes:
        came, went = ([line for line in lines if not line.endswith(derived)] for lines in (each.added, each.removed))
        if not (came or went) or each.record.startswith("_:"):
            continue
        record = ox.NamedNode(each.record)
        new, gone = not _is_there(stores.before, record), not _is_there(stores.after, record)
        found = replace(
            found,
            added=found.added + new,
            removed=found.removed + gone,
            changed=found.changed + (not new and not gone),
            statements_added=found.statements_added + len(came),
            statements_removed=found.statements_removed + len(went),
        )
        if len(records) < _RECORDS and _is_there(stores.today, record):
            told = _standing(came, stores.today)
            records.append(ChangedRecord(each.record, "added" if new else "changed", told, len(came), len(went)))
    return replace(found, records=tuple(records))


def _is_there(store: ox.Store, record: ox.NamedNode) -> bool:
    return next(store.quads_for_pattern(record, None, None), None) is not None


def _standing(lines: Sequence[str], today: ox.Store) -> tuple[Told, ...]:
    """The first of some statements that the snapshot of today makes as well."""
    found: list[Told] = []
    for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS):
        told = told_of(quad) if quad in today else None
        if told is not None:
            found.append(told)
        if len(found) == _STATEMENTS_OF_RECORD:
            break
    return tuple(found)
