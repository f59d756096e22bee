"""A reconciliation service as the other dataset: ours, Wikidata's, any that speaks version 0.2.

In: the address of a service, our names. Out: `Target`s: what the service proposes for each record of ours, by the names
it gives. Its scores are not taken over, since services do not agree on what one means: the names are compared here.
Sends names of ours to the service, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import orjson

from dadkhah.errors import ParameterError, RemoteError
from dadkhah.linking.batch.engines.portion import Watch
from dadkhah.linking.batch.sides import Side
from dadkhah.linking.batch.target import Target, kind_of, make

_BATCH: Final = 10  # queries in one request: what OpenRefine sends, so what services bear
_LIMIT: Final = 5
_TIMEOUT_SECONDS: Final = 60
_MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its address, and how an identifier becomes an address."""

    address: str
    identifier_space: str
    view: str

    def iri(self, identifier: str) -> str:
        """The address of an entity: by the identifier space where that is one, otherwise by the page for people."""
        if identifier.startswith(("http://", "https://", "urn:")):
            return identifier
        if self.identifier_space.endswith(("/", "#")):
            return self.identifier_space + quote(identifier, safe="/:")
        return self.view.replace("{{id}}", quote(identifier, safe="/:"))


def service_at(address: str) -> Service:
    """Read the manifest; raises `RemoteError` where there is none that is understood."""
    manifest = _json(Request(address, headers=_HEADERS))  # noqa: S310 the scheme was looked at by the caller
    space = manifest.get("identifierSpace")
    if not isinstance(space, str) or "name" not in manifest:
        raise RemoteError(f"{address} is no reconciliation service: its manifest has no name and identifierSpace")
    view = manifest.get("view")
    return Service(address, space, str(view.get("url", "")) if isinstance(view, dict) else "")


def asked(service: Service, ours: Side, watch: Watch) -> Iterator[Target]:
    """Ask for every name of ours; each entity that is proposed comes once, with all names that it was given."""
    names: dict[str, dict[str, None]] = {}
    kinds: dict[str, set[str]] = {}
    for start in range(0, len(ours.names), _BATCH):
        watch("service", start, len(ours.names))
        batch = ours.names[start : start + _BATCH]
        queries = {f"q{number}": {"query": name, "limit": _LIMIT} for number, name in enumerate(batch)}
        body = urlencode({"queries": orjson.dumps(queries).decode()}).encode()
        answer = _json(Request(service.address, data=body, headers=_HEADERS))  # noqa: S310 as above
        for result in answer.values():
            for entity in _entities(result, service.address):
                iri = service.iri(entity["id"])
                names.setdefault(iri, {})[entity["name"]] = None
                kinds.setdefault(iri, set()).update(_kinds(entity))
    for iri in sorted(names):
        kind = kinds[iri].pop() if len(kinds[iri]) == 1 else ""
        target = make(iri, names[iri], kind=kind)
        if target:
            yield target


_HEADERS: Final = {"Accept": "application/json", "User-Agent": "dadkhah"}


def _entities(result: Any, address: str) -> list[dict[str, str]]:
    found = result.get("result") if isinstance(result, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) and "id" in one and "name" in one for one in found):
        raise RemoteError(f"{address} answered what no version 0.2 service does: no list of results with id and name")
    return [{**one, "id": str(one["id"]), "name": str(one["name"])} for one in found]


def _kinds(entity: Mapping[str, Any]) -> set[str]:
    """The kinds of an entity by the names of its types."""
    types = entity.get("type")
    given = types if isinstance(types, list) else []
    told = [each.get("name", "") if isinstance(each, dict) else each for each in given]
    return {kind for word in told if (kind := kind_of(str(word).rpartition("#")[2].rpartition("/")[2]))}


def _json(request: Request) -> dict[str, Any]:
    if not request.full_url.startswith(("http://", "https://")):
        raise ParameterError(f"{request.full_url}: a service has an http or https address")
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 checked above
            data = answer.read(_MOST_BYTES + 1)
    except (URLError, TimeoutError, OSError) as error:
        raise RemoteError(f"{request.full_url} cannot be asked: {getattr(error, 'reason', error)}") from error
    try:
        found: Any = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise RemoteError(f"{request.full_url} answered no JSON") from error
    if not isinstance(found, dict):
        raise RemoteError(f"{request.full_url} answered no JSON object")
    return found
