"""Older snapshots beside a new one that hold what may not be published any more.

In: what is protected now, and the snapshots of the folder. Out: those of which a statement would be left out today: a
record was public and is restricted, or had a name and has a pseudonym. They must not come back by a fall-back, a
roll-back or a download, so the registry notes them before the switch and removes them after it. It must not write
down what they hold.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable

from dadkhah.snapshot.protection.withheld import Protected, withheld
from dadkhah.snapshot.publishing.registry import Snapshot

_TERM = rb"(<[^>]*>|_:\S+)"
_LINE = re.compile(_TERM + rb" <([^>]*)> (?:<([^>]*)>|.*?)(?: <([^>]*)>)? \.\n?$", re.DOTALL)


def telling_too_much(protected: Protected, member: str, snapshots: Iterable[Snapshot]) -> list[str]:
    """Names of the folders of those that hold a statement which is withheld now; one that cannot be read is one.

    A hundredth of a second per megabyte where nothing is found.
    """
    known = protected.hidden | protected.pseudonymous | protected.aggregates
    if not known:
        return []
    any_of = re.compile(b"<(?:" + b"|".join(re.escape(iri.encode()) for iri in sorted(known)) + b")>")
    return [each.folder.name for each in snapshots if _tells(each, protected, member, any_of)]


def _tells(snapshot: Snapshot, protected: Protected, member: str, any_of: re.Pattern[bytes]) -> bool:
    try:
        with gzip.open(snapshot.dump_path) as lines:
            return any(_is_withheld(line, protected, member) for line in lines if any_of.search(line))
    except (OSError, EOFError):
        return True


def _is_withheld(line: bytes, protected: Protected, member: str) -> bool:
    parts = _LINE.fullmatch(line)
    if parts is None:
        return True
    subject, predicate, value, graph = (part.decode() if part else "" for part in parts.groups())
    return withheld(protected, member, (subject.strip("<>"), predicate, value), graph)
