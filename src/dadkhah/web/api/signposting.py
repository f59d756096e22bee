"""Link headers of a record, so that a machine finds its data, its licence and its lasting name (FAIR Signposting).

In: addresses. Out: header values. The page of a record carries what `of_page` gives; a data file what `of_data` gives.
https://signposting.org/FAIR/ level 1 in headers, level 2 as a link set (RFC 9264).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dadkhah.web.endpoint.description import LICENSE
from dadkhah.web.wire.negotiate import LANGUAGES

# what a record is offered as, best first: extension and media type
DATA_FORMATS: tuple[tuple[str, str], ...] = (
    ("ttl", "text/turtle"),
    ("jsonld", "application/ld+json"),
    ("nt", "application/n-triples"),
    ("rdf", "application/rdf+xml"),
    ("csv", "text/csv"),
    ("trig", "application/trig"),
    ("nq", "application/n-quads"),
)
_NOT_IN_URI = re.compile(r'[^\x00-\x7f]|[<>" ]')
LINKSET = "application/linkset+json"
_KINDS = {
    "person": "https://schema.org/Person",
    "event": "https://schema.org/Event",
    "institution": "https://schema.org/Organization",
    "court": "https://schema.org/Organization",
    "prison": "https://schema.org/Place",
    "place": "https://schema.org/Place",
    "source": "https://schema.org/CreativeWork",
}


Links = list[tuple[str, dict[str, str]]]
"""Targets with their parameters, `rel` among them."""


def page_links(base_url: str, iri: str, kind: str, slug: str) -> Links:
    """The links of a record's page."""
    links: Links = [(iri, {"rel": "cite-as"}), (LICENSE, {"rel": "license"})]
    links += [
        (f"{base_url}/data/{kind}/{slug}.{extension}", {"rel": "describedby", "type": media_type})
        for extension, media_type in DATA_FORMATS
    ]
    links += [("https://schema.org/AboutPage", {"rel": "type"})]
    links += [(_KINDS.get(kind, "https://schema.org/Thing"), {"rel": "type"})]
    links += [
        (f"{base_url}/{language}/{kind}/{slug}", {"rel": "alternate", "type": "text/html", "hreflang": language})
        for language in LANGUAGES
    ]
    return links


def data_links(base_url: str, iri: str, kind: str, slug: str) -> Links:
    """The links of a record's data."""
    page = f"{base_url}/{LANGUAGES[0]}/{kind}/{slug}"
    return [(iri, {"rel": "cite-as"}), (LICENSE, {"rel": "license"}), (page, {"rel": "describes", "type": "text/html"})]


def of_page(base_url: str, iri: str, kind: str, slug: str) -> str:
    """The Link header of a record's page, and of the redirect to it."""
    linkset = (f"{base_url}/linkset/{kind}/{slug}.json", {"rel": "linkset", "type": LINKSET})
    return written([*page_links(base_url, iri, kind, slug), linkset])


def of_data(base_url: str, iri: str, kind: str, slug: str) -> str:
    """The Link header of a record's data."""
    linkset = (f"{base_url}/linkset/{kind}/{slug}.json", {"rel": "linkset", "type": LINKSET})
    return written([*data_links(base_url, iri, kind, slug), linkset])


def linkset(base_url: str, iri: str, kind: str, slug: str) -> list[dict[str, Any]]:
    """All links of a record's pages and data files, as the contexts of a link set (RFC 9264, section 4.2)."""
    pages = [f"{base_url}/{language}/{kind}/{slug}" for language in LANGUAGES]
    files = [f"{base_url}/data/{kind}/{slug}.{extension}" for extension, _ in DATA_FORMATS]
    contexts = [_context(anchor, page_links(base_url, iri, kind, slug)) for anchor in pages]
    return contexts + [_context(anchor, data_links(base_url, iri, kind, slug)) for anchor in files]


def _context(anchor: str, links: Links) -> dict[str, Any]:
    found: dict[str, Any] = {"anchor": anchor}
    for target, parameters in links:
        kept = {name: [value] if name == "hreflang" else value for name, value in parameters.items() if name != "rel"}
        found.setdefault(parameters["rel"], []).append({"href": target, **kept})
    return found


def written(links: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """Links as a header value (RFC 8288)."""
    return ", ".join(
        f"<{_ascii(target)}>" + "".join(f'; {name}="{value}"' for name, value in parameters.items())
        for target, parameters in links
    )


def _ascii(target: str) -> str:
    """An IRI as a URI (RFC 3987, section 3.1), since header values hold ASCII only."""
    return _NOT_IN_URI.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), target)
