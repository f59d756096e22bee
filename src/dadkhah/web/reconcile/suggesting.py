"""Suggestions while someone types: records, classes, properties.

In: the beginning of a name, or an identifier. Out: JSON items, the same in both versions but for the languages of the
draft.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from dadkhah.browse.search.hits import suggest
from dadkhah.errors import NotFound, ParameterError
from dadkhah.linking.normalise import fold
from dadkhah.web.reconcile.desk import Desk

PAGE: Final = 10
_FURTHEST: Final = 200
_TERMS: Final = 600  # classes or properties that are looked through
KINDS: Final = ("entity", "property", "type")


async def suggestions(desk: Desk, what: str, prefix: str, cursor: str, *, draft: bool) -> list[dict[str, Any]]:
    """A page of suggestions; raises `NotFound` for a service that there is none of."""
    start = _position(cursor)
    if what not in KINDS:
        raise NotFound(f"no suggestions of {what[:40]!r}", near=KINDS)
    if what == "entity":
        found = await _entities(desk, prefix.strip()[:_FURTHEST], start + PAGE, draft=draft)
    else:
        known = await (desk.properties() if what == "property" else desk.classes())
        found = await _terms(desk, known[:_TERMS], prefix)
    return found[start : start + PAGE]


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    if not cursor.isdecimal() or int(cursor) > _FURTHEST:
        raise ParameterError(f"cursor: give how many suggestions to skip, up to {_FURTHEST}")
    return int(cursor)


async def _entities(desk: Desk, prefix: str, limit: int, *, draft: bool) -> list[dict[str, Any]]:
    iris: list[str] = []
    matched: dict[str, str] = {}
    iri = desk.identifier(prefix)
    if iri:
        iris = [iri]
    elif prefix and desk.names is not None:
        # a whole name first: what is typed may be finished
        hits = await asyncio.to_thread(desk.names.complete, prefix, limit)
        iris, matched = [hit.iri for hit in hits], {hit.iri: hit.label for hit in hits}
    elif prefix:
        plain = await suggest(desk.browsing.ask, desk.browsing.scheme, prefix, index=None, limit=limit)
        iris, matched = [hit.ref.iri for hit in plain], {hit.ref.iri: hit.matched for hit in plain}
    known = await desk.refs(iris)
    classes = dict(await desk.named(list(dict.fromkeys(kind for ref in known.values() for kind in ref.types))))
    found = []
    for each in iris:
        if each not in known:
            continue
        label = known[each].label()
        item: dict[str, Any] = {"id": each, "name": label.text}
        if matched.get(each, label.text) != label.text:
            item["description"] = f"also recorded as {matched[each]}"
        item["notable"] = [{"id": kind, "name": classes[kind]} for kind in known[each].types]
        if draft and label.language:
            item["lang"] = label.language
        found.append(item)
    return found


async def _terms(desk: Desk, iris: list[str], prefix: str) -> list[dict[str, Any]]:
    """Terms with a name, or a word of it, that begins so; or whose IRI does; all for an empty prefix."""
    wanted = fold(prefix)
    found: list[tuple[int, str, str]] = []
    for iri, name in await desk.named(iris):
        words = fold(name)
        if words.startswith(wanted):
            found.append((0, iri, name))
        elif f" {wanted}" in words or fold(iri.rpartition("#")[2].rpartition("/")[2]).startswith(wanted):
            found.append((1, iri, name))
        elif iri.startswith(prefix):
            found.append((2, iri, name))
    # the sort is stable: within a rank the most frequent come first
    found.sort(key=lambda item: item[0])
    return [{"id": iri, "name": name} for _, iri, name in found]
