"""The page of a record, all of its statements or relations, and its card for other sites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Protocol, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from markupsafe import Markup
from pydantic import Field

from dadkhah.browse.models import Ref
from dadkhah.browse.names import refs
from dadkhah.browse.pictures.drawing import svg
from dadkhah.browse.records.reading import Shown
from dadkhah.browse.records.record import Record, record, relation_slice, statement_slice
from dadkhah.browse.relations.neighbourhoods import Neighbourhood
from dadkhah.browse.relations.star import star
from dadkhah.web.api.asked import AskedList, AskedRecord
from dadkhah.web.api.presence import missing, refuse_withdrawn, require
from dadkhah.web.api.signposting import DATA_FORMATS, of_page
from dadkhah.web.pages.citing import bibtex
from dadkhah.web.pages.markup import Words
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
# with these the pages with the most links stay at about 30 KB (of 1,172 two have 32.5): an entry of a timeline takes
# up to 2,800 bytes, one more relation of each property up to 900, a row of a statement about 400
SHOWN = Shown(statements=20, values=3, rivals=12, relations=8, entries=4, links=60)
_NEIGHBOURS = 10
_VOICES = 2
_LIST = 100
_MEDIA = {
    extension: media_type for extension, media_type in DATA_FORMATS if extension in ("ttl", "jsonld", "nt", "rdf")
}
# anyone may show a card in a frame; it has neither scripts nor forms
_FRAMED = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


class _OfProperty(Protocol):
    @property
    def property(self) -> Ref: ...


Item = TypeVar("Item", bound=_OfProperty)


class AskedAll(AskedList):
    """One part of a record, all of it."""

    of: str = Field(max_length=2000, description="The record: IRI, or kind/slug")
    by: str = Field("", alias="property", max_length=2000, description="Only relations by this property")
    limit: int = Field(_LIST, ge=1, le=500, description="Items on one page")


@router.get("/record")
async def any_record(view: ViewDep, asked: Annotated[AskedRecord, Query()]) -> Response:
    """Show a record of any graph by its IRI."""
    return await _page(view, view.browsing.record(asked.iri, "iri"))


@router.get("/all/{part}")
async def all_of(
    part: Literal["statements", "relations"], view: ViewDep, asked: Annotated[AskedAll, Query()]
) -> Response:
    """Show all statements of a record, or all that point to it, page by page."""
    browsing = view.browsing
    iri = browsing.record(asked.of, "of")
    await require(browsing, iri)
    position, only = browsing.position(asked.cursor), browsing.term(asked.by, "property")
    if part == "statements":
        items, following = await statement_slice(browsing.ask, browsing.scheme, iri, position, asked.limit)
        shown: dict[str, Any] = {"record": {"statements": items, "left": {}}}
    else:
        relations, following = await relation_slice(
            browsing.ask, browsing.scheme, iri, position, asked.limit, relation=only
        )
        shown = {"relations": relations}
    named = await refs(browsing.ask, browsing.scheme, [iri, only] if only else [iri])
    url, cursor = browsing.request.url, browsing.cursor(following)
    return view.show(
        "all.html",
        part=part,
        ref=named[iri],
        property=named.get(only),
        unfiltered=f"?{url.remove_query_params(['property', 'cursor']).query}",
        following=f"?{url.include_query_params(cursor=cursor).query}" if cursor else "",
        by_property=by_property,
        more_url="",
        most_voices=0,
        **shown,
    )


@router.get("/card/{kind}/{slug:path}")
async def card(kind: str, slug: str, view: ViewDep) -> Response:
    """Show a small card of a record, which other sites may frame."""
    found = await _read(view, view.browsing.scheme.iris.thing(kind, slug), SHOWN)
    return view.show("card.html", headers={"content-security-policy": _FRAMED} | _signposts(view, found), record=found)


async def _read(view: View, iri: str, shown: Shown) -> Record:
    browsing = view.browsing
    refuse_withdrawn(browsing, iri)
    found = await record(browsing.ask, browsing.scheme, iri, browsing.snapshot_hash, shown)
    if found is None:
        raise await missing(browsing, iri)
    return found


def _signposts(view: View, found: Record) -> dict[str, str]:
    kind, slug = quote(found.ref.kind), quote(found.ref.slug)
    return {"link": of_page(view.browsing.base_url, found.ref.iri, kind, slug)} if kind else {}


async def _page(view: View, iri: str) -> Response:
    found = await _read(view, iri, SHOWN)
    around = star(view.browsing.scheme, found, _NEIGHBOURS)
    words = Words(view.language)
    key = words.key(found.ref)
    return view.show(
        "record.html",
        headers=_signposts(view, found),
        record=found,
        picture=picture(view, around, lean=True) if len(around.nodes) > 1 else "",
        thing_base=f"{view.browsing.scheme.iris.base}id/",
        downloads=_downloads(found),
        media=_MEDIA,
        by_property=by_property,
        bibtex=bibtex(found, view.language, view.browsing.snapshot_hash),
        more_url=f"/{view.language}/all/statements?of={key}",
        relations_url=f"/{view.language}/all/relations?of={key}",
        most_voices=_VOICES,
    )


def by_property(items: Iterable[Item]) -> list[tuple[Ref, list[Item]]]:
    """Statements or relations by property: what voices say first, then what only we or the build say."""
    groups: dict[str, tuple[Ref, list[Item]]] = {}
    for item in items:
        groups.setdefault(item.property.iri, (item.property, []))[1].append(item)
    return sorted(groups.values(), key=lambda group: not any(_voiced(item) for item in group[1]))


def _voiced(item: Any) -> bool:
    assertions = item.value.assertions if hasattr(item, "value") else item.assertions
    return any(each.voice.role in ("voice", "graph", "default") for each in assertions)


def _downloads(found: Record) -> list[tuple[str, str]]:
    kind, slug = quote(found.ref.kind), quote(found.ref.slug)
    if not kind:
        address = f"/api/v1/record?iri={quote(found.ref.iri, safe=':/')}&format="
        return [(form, f"{address}{form}") for form in ("json", "jsonld", "ttl", "csv")]
    data = [(extension, f"/data/{kind}/{slug}.{extension}") for extension, _ in DATA_FORMATS]
    return [("json", f"/api/v1/{kind}/{slug}"), *data]


def picture(view: View, around: Neighbourhood, *, lean: bool = False) -> Any:
    """A graph as SVG with a link on each node."""
    words = Words(view.language)
    seeds = [node.ref.label(view.language) for node in around.nodes if node.hops == 0]
    # one title is in one language: a name in another would be read with the wrong voice, and stands in the heading
    named = ", ".join(name.text for name in seeds if name.language in ("", view.language))
    title = f"{words.texts['graph']}: {named}" if named else words.texts["graph"]
    text = words.texts["graph_says"].format(
        nodes=words.number(len(around.nodes)), edges=words.number(len(around.edges))
    )
    drawn = svg(around, view.language, words.address, title, text, lean=lean, words=words.texts["terms_elsewhere"])
    # an XML serialiser wrote it: everything from the data is escaped
    return Markup(drawn)  # noqa: S704 - see the line above


# the address of a record matches almost anything, so it is tried last
last = APIRouter(include_in_schema=False, route_class=PageRoute)


@last.get("/{kind}/{slug:path}")
async def one_record(kind: str, slug: str, view: ViewDep) -> Response:
    """Show a record."""
    return await _page(view, view.browsing.scheme.iris.thing(kind, slug))


@last.get("/{rest}")
async def nothing(rest: str, view: ViewDep) -> Response:
    """Say that there is no such page."""
    raise await missing(view.browsing, view.browsing.scheme.iris.thing("page", rest))
