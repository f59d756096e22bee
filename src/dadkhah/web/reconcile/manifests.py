"""What each version of the service says about itself.

In: a request. Out: the two manifests, which cannot be one: the members have other shapes.
"""

from __future__ import annotations

from typing import Any, Final

from dadkhah import __version__
from dadkhah.vocab import OWL
from dadkhah.web.reconcile.desk import Desk
from dadkhah.web.reconcile.reading import BATCH

NAME: Final = "dadkhah"
PREVIEW_WIDTH: Final = 430
PREVIEW_HEIGHT: Final = 300
_GENERIC: Final = ("Person", "Organization", "Court", "Prison", "Place", "Event")
_MOST_TYPES: Final = 8
_HELP: Final = "Most values per cell, 0 for all"


async def default_types(desk: Desk) -> list[dict[str, Any]]:
    """The classes to offer: ours where the data has them, else the most frequent."""
    present = await desk.classes()
    ours = [desk.browsing.scheme.term(name) for name in _GENERIC]
    chosen = [iri for iri in ours if iri in present] or present[:_MOST_TYPES]
    if not chosen:
        chosen = [OWL + "Thing"]
    return [{"id": iri, "name": name} for iri, name in await desk.named(chosen)]


async def stable_manifest(desk: Desk) -> dict[str, Any]:
    """The manifest of version 0.2."""
    iris = desk.browsing.scheme.iris
    return {
        "versions": ["0.2"],
        "name": NAME,
        "identifierSpace": f"{iris.base}id/",
        "schemaSpace": iris.ontology,
        "documentation": f"{desk.browsing.base_url}/openapi.json",
        "serviceVersion": __version__,
        "batchSize": BATCH,
        "view": {"url": f"{desk.address}/view?id={{{{id}}}}"},
        "defaultTypes": await default_types(desk),
        "suggest": {
            what: {
                "service_url": desk.address,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": desk.address,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }
            for what in ("entity", "property", "type")
        },
        "preview": {
            "url": f"{desk.address}/preview?id={{{{id}}}}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "extend": {
            "propose_properties": {"service_url": desk.address, "service_path": "/extend/propose"},
            "property_settings": [
                {"name": "limit", "label": "Limit", "type": "number", "default": 0, "help_text": _HELP}
            ],
        },
    }


async def draft_manifest(desk: Desk) -> dict[str, Any]:
    """The manifest of the draft of 1.0."""
    return {
        "versions": ["1.0-draft"],
        "name": NAME,
        "lang": "en",
        "documentation": f"{desk.browsing.base_url}/openapi.json",
        "serviceVersion": __version__,
        "batchSize": BATCH,
        "view": {"url": f"{desk.address}/view?id={{id}}"},
        "defaultTypes": await default_types(desk),
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{"id": "limit", "name": "Limit", "type": "number", "default": 0, "helpText": _HELP}],
        },
        "standardizedScore": True,
    }
