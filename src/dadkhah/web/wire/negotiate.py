"""Which representation a request gets: Accept, Accept-Encoding and Accept-Language (RFC 9110, section 12.5).

In: header values. Out: a result format, content coding or language; None where no format offered is acceptable.
What formats are offered is cached by header value, since clients send few different ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dadkhah.engine.interface import QueryForm, ResultFormat

# of pages; the first where none is named
LANGUAGES = ("en", "fa")
TABLE_FORMATS = (ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV)
GRAPH_FORMATS = (
    ResultFormat.TURTLE,
    ResultFormat.N_TRIPLES,
    ResultFormat.RDF_XML,
    ResultFormat.JSON_LD,
    ResultFormat.TRIG,
    ResultFormat.N_QUADS,
    ResultFormat.N3,
)
# in order of the server's preference among equals
OFFERS: dict[QueryForm, tuple[ResultFormat, ...]] = {
    QueryForm.SELECT: TABLE_FORMATS,
    QueryForm.ASK: TABLE_FORMATS,
    QueryForm.CONSTRUCT: GRAPH_FORMATS,
    QueryForm.DESCRIBE: GRAPH_FORMATS,
}
# further names by which clients ask for a format
ALIASES: dict[ResultFormat, frozenset[str]] = {
    ResultFormat.JSON: frozenset({"application/json"}),
    ResultFormat.XML: frozenset({"application/xml", "text/xml"}),
    ResultFormat.N_TRIPLES: frozenset({"text/plain", "text/ntriples"}),
    ResultFormat.RDF_XML: frozenset({"application/xml", "text/xml"}),
    ResultFormat.JSON_LD: frozenset({"application/json"}),
    ResultFormat.TURTLE: frozenset({"application/x-turtle", "application/turtle"}),
    ResultFormat.TRIG: frozenset({"application/x-trig"}),
    ResultFormat.N_QUADS: frozenset({"text/x-nquads", "text/nquads"}),
    ResultFormat.N3: frozenset({"text/rdf+n3"}),
}
EXTENSIONS: dict[ResultFormat, str] = {
    ResultFormat.JSON: "srj",
    ResultFormat.XML: "srx",
    ResultFormat.CSV: "csv",
    ResultFormat.TSV: "tsv",
    ResultFormat.TURTLE: "ttl",
    ResultFormat.N_TRIPLES: "nt",
    ResultFormat.RDF_XML: "rdf",
    ResultFormat.JSON_LD: "jsonld",
    ResultFormat.TRIG: "trig",
    ResultFormat.N_QUADS: "nq",
    ResultFormat.N3: "n3",
}
# values of the convenience parameter `format=`; "json" and "xml" depend on the query form
_SHORT_NAMES: dict[str, tuple[ResultFormat, ...]] = {
    "json": (ResultFormat.JSON, ResultFormat.JSON_LD),
    "xml": (ResultFormat.XML, ResultFormat.RDF_XML),
    "turtle": (ResultFormat.TURTLE,),
    "ntriples": (ResultFormat.N_TRIPLES,),
    "nquads": (ResultFormat.N_QUADS,),
    **{extension: (form,) for form, extension in EXTENSIONS.items()},
    **{form.value: (form,) for form in ResultFormat},
}
_RANGE = re.compile(r"(?:\*/\*|[\w!#$&^.+-]+/(?:\*|[\w!#$&^.+-]+))\Z")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
# the longest header value that is looked at; what comes after is ignored
_HEADER_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of Accept: a media range in lower case and its quality."""

    name: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How closely this range names the media type: 3 exactly, 2 by type, 1 any, 0 not at all."""
        if self.name == media_type:
            return 3
        if self.name == "*/*":
            return 1
        return 2 if self.name.endswith("/*") and media_type.startswith(self.name[:-1]) else 0


def _weighed(header: str) -> Iterator[tuple[str, float]]:
    """The elements of a header in lower case, each with its q-value (RFC 9110, section 12.4.2), 0 for one amiss."""
    for element in header[:_HEADER_CHARACTERS].lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = float(value) if _QUALITY.match(value.strip()) else 0.0
        yield name, quality


@lru_cache(maxsize=512)
def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """The media ranges of an Accept header; malformed elements are left out, and none at all means anything."""
    ranges = tuple(MediaRange(name, quality) for name, quality in _weighed(header) if _RANGE.match(name))
    return ranges or (MediaRange("*/*", 1.0),)


def quality_of(media_type: str, ranges: tuple[MediaRange, ...]) -> float:
    """The quality of an offer: that of the most specific range, and the best among equals."""
    specificity, quality = max((candidate.specificity(media_type), candidate.quality) for candidate in ranges)
    return quality if specificity else 0.0


@lru_cache(maxsize=2048)
def choose_format(accept: str, form: QueryForm) -> ResultFormat | None:
    """The format for an answer to a query of this form, or None where the client accepts none of them."""
    ranges = parse_accept(accept)
    chosen, best = None, 0.0
    for offer in OFFERS[form]:
        # an alias counts only where it is named outright: text/* must not mean XML because of text/xml
        aliases = ALIASES.get(offer, frozenset())
        named = max((candidate.quality for candidate in ranges if candidate.name in aliases), default=0.0)
        quality = max(quality_of(offer.value, ranges), named)
        if quality > best:
            chosen, best = offer, quality
    return chosen


def named_format(name: str, form: QueryForm) -> ResultFormat | None:
    """The format that `format=` names for a query of this form; None where it suits another form only.

    Raises:
        KeyError: no format has this name.
    """
    offers = OFFERS[form]
    return next((candidate for candidate in _SHORT_NAMES[name.strip().lower()] if candidate in offers), None)


@lru_cache(maxsize=256)
def choose_media_type(accept: str, offers: tuple[str, ...]) -> str | None:
    """The first of the best accepted media types among `offers`, or None."""
    ranges = parse_accept(accept)
    scored = [(quality_of(offer, ranges), -index, offer) for index, offer in enumerate(offers)]
    best = max(scored)
    return best[2] if best[0] > 0 else None


@lru_cache(maxsize=256)
def choose_coding(accept_encoding: str) -> str:
    """`br`, `gzip` or `identity` (RFC 9110, section 12.5.3); brotli only where it is preferred or equal."""
    qualities = dict(_weighed(accept_encoding))
    anything = qualities.get("*", 0.0)
    brotli, gzip = qualities.get("br", anything), qualities.get("gzip", qualities.get("x-gzip", anything))
    identity = qualities.get("identity", 0.0)
    if max(brotli, gzip) <= 0 or identity > max(brotli, gzip):
        return "identity"
    return "br" if brotli >= gzip else "gzip"


def language_of(accept_language: str) -> str:
    """The language of a page for an Accept-Language header: the best of ours, English where none is named."""
    best, quality = LANGUAGES[0], 0.0
    for element in accept_language[:500].split(","):
        tag, _, parameters = element.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        primary = tag.partition("-")[0].lower()
        if primary in LANGUAGES and weight > quality:
            best, quality = primary, weight
    return best
