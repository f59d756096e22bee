"""The parameters of the API's addresses, as OpenAPI describes them and as routes take them.

In: a query string. Out: frozen models whose texts are within their lengths and whose numbers are within their bounds.
What the texts mean (a record, a class, a day) is judged by `dadkhah.web.api.browsing`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dadkhah.web.api.browsing import LONGEST_LIST

_IRI_LENGTH = 2000


def _thing(description: str) -> str:
    text: str = Field("", max_length=_IRI_LENGTH, description=f"{description}: IRI, or kind/slug")
    return text


def _term(description: str) -> str:
    text: str = Field("", max_length=_IRI_LENGTH, description=f"{description}: IRI, or a name of the ontology")
    return text


class Asked(BaseModel):
    """What every view takes."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    format: str = Field("", max_length=20, description="Goes before Accept; each view says what it is offered as")


class AskedList(Asked):
    """What every list takes."""

    limit: int = Field(50, ge=1, le=LONGEST_LIST, description="Items in one answer")
    cursor: str = Field("", max_length=200, description="Where the last answer left off")


_DATE = "Date, month or year; years below 1700 are Solar Hijri, such as 1404-05-05"


class Period(Asked):
    """A span of time."""

    first: str = Field("", alias="from", max_length=40, description=f"{_DATE}: 2025-07-27, 2025-07, 2025")
    last: str = Field("", alias="to", max_length=40, description=_DATE)


class AskedRecord(Asked):
    """A record by its IRI."""

    iri: str = Field(max_length=_IRI_LENGTH, description="IRI of the record, or kind/slug")


class AskedRelations(AskedList):
    """Relations of a record by its IRI."""

    iri: str = Field(max_length=_IRI_LENGTH, description="IRI of the record, or kind/slug")


class AskedEvents(AskedList, Period):
    """Filters of events."""

    kind: str = Field("", alias="type", max_length=_IRI_LENGTH, description="Class: IRI, or a name such as Execution")
    place: str = _thing("Where it happened, or what that is part of")
    person: str = _thing("Anyone or anything that the event names")
    source: str = _thing("A work in which a voice states it")
    party: str = _term("A side whose voice states it")


class AskedRisk(Period):
    """A period and a place."""

    place: str = _thing("Where it happened, or what that is part of")


class AskedConflicts(AskedList):
    """Filters of conflicts."""

    subject: str = _thing("Of what the values are said")
    on: str = Field(
        "", alias="property", max_length=_IRI_LENGTH, description="Property: IRI, or a name of the ontology"
    )
    source: str = _thing("A work in which one of the values is said")


class AskedSearch(Period):
    """Words and filters of a search."""

    q: str = Field("", max_length=500, description="A name, or part of one, in any script or spelling")
    kind: str = Field("", alias="type", max_length=_IRI_LENGTH, description="Class: IRI, or a name such as Person")
    place: str = _thing("Where events of the record happened")
    prison: str = _thing("A prison in its events")
    court: str = _thing("A court in its events")
    judge: str = _thing("A judge in its events")
    source: str = _thing("A work in which something is said of it")
    party: str = _term("A side whose voice says something of it")
    facets: bool = Field(default=True, description="Whether to count facets")
    limit: int = Field(20, ge=1, le=100, description="Items in one answer")
    cursor: str = Field("", max_length=200, description="Where the last answer left off")


class AskedSuggestions(Asked):
    """The beginning of a name."""

    q: str = Field("", max_length=500, description="The beginning of a name, in any script or spelling")
    limit: int = Field(8, ge=1, le=50, description="Items in one answer")


class AskedLinks(Asked):
    """Which links are followed."""

    relations: list[str] = Field([], description="Only these properties: IRIs or names, repeated or by commas")
    avoid: list[str] = Field([], description="Properties or records to leave out; for paths also `hubs`")
    hub: int = Field(1000, ge=1, le=5000, description="Links beyond which a record is not followed")
    lang: Literal["", "en", "fa"] = Field("", description="Language of labels in GraphML and SVG")


class AskedGraph(AskedLinks, Period):
    """A neighbourhood."""

    seed: list[str] = Field(description="Records: IRIs or kind/slug, repeated or by commas")
    hops: int = Field(1, ge=0, le=3, description="How far from a seed")
    nodes: int = Field(300, ge=1, le=1000, description="The most records shown")


class AskedPaths(AskedLinks):
    """Paths between two records."""

    start: str = Field(alias="from", max_length=_IRI_LENGTH, description="A record: IRI, or kind/slug")
    target: str = Field(alias="to", max_length=_IRI_LENGTH, description="A record: IRI, or kind/slug")
    k: int = Field(3, ge=1, le=20, description="How many paths")
