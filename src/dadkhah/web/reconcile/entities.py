"""What both versions share: suggestions, previews, the way to a record's page, proposals of properties.

The draft asks for these below its own address and gets languages besides; so each route stands under both.
"""

from __future__ import annotations

from html import escape
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from dadkhah.browse.models import Ref, local_name
from dadkhah.browse.pictures.told import according
from dadkhah.browse.records.naming import Naming, naming
from dadkhah.errors import NotFound, ParameterError
from dadkhah.web.api.presence import refuse_withdrawn
from dadkhah.web.reconcile.desk import PREFIX, Desk, DeskDep, answer
from dadkhah.web.reconcile.extending import proposals
from dadkhah.web.reconcile.suggesting import suggestions

router = APIRouter(prefix=PREFIX, tags=["reconciliation"])
# pages of other sites show the preview in a frame: that is its purpose; it holds no script and loads nothing
_FRAMED: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_MOST_PROPOSED: Final = 100

Text = Annotated[str, Query(max_length=4096)]


@router.get("/suggest/{what}", summary="Suggest entities, properties or types")
async def suggest_stable(
    what: str, desk: DeskDep, prefix: Text = "", cursor: Text = "", callback: Text = ""
) -> Response:
    """Suggest for version 0.2; `callback` is for clients that load scripts instead of data."""
    return answer({"result": await suggestions(desk, what, prefix, cursor, draft=False)}, callback)


@router.get("/v1/suggest/{what}", summary="Suggest entities, properties or types (1.0)")
async def suggest_draft(what: str, desk: DeskDep, prefix: Text = "", cursor: Text = "") -> Response:
    """Suggest for the draft."""
    return answer({"result": await suggestions(desk, what, prefix, cursor, draft=True)})


@router.get("/extend/propose", summary="Properties that records of a type have")
@router.get("/v1/extend/propose", summary="Properties that records of a type have (1.0)")
async def propose(
    desk: DeskDep, kind: Annotated[str, Query(alias="type")] = "", limit: Text = "", callback: Text = ""
) -> Response:
    """Propose properties for a data extension."""
    if limit and not (limit.isdecimal() and len(limit) < 10):
        raise ParameterError("limit: give a number of properties")
    most = min(int(limit), _MOST_PROPOSED) if limit else _MOST_PROPOSED
    found = [{"id": iri, "name": name} for iri, name in await proposals(desk, kind, most)] if most else []
    document = {"properties": found, **({"type": kind} if kind else {}), **({"limit": most} if limit else {})}
    return answer(document, callback)


@router.get("/view", summary="To the page of a record")
async def view(desk: DeskDep, entity: Annotated[str, Query(alias="id")] = "") -> Response:
    """Redirect to a record of ours; a record of a user's own graph is shown as its preview."""
    iri, ref = await _record(desk, entity)
    if ref.kind:
        return RedirectResponse(f"{desk.browsing.base_url}/id/{ref.kind}/{ref.slug}", 303)
    return await preview(desk, iri)


@router.get("/preview", summary="A record in a small frame")
@router.get("/v1/preview", summary="A record in a small frame (1.0)")
async def preview(desk: DeskDep, entity: Annotated[str, Query(alias="id")] = "") -> Response:
    """Show names and classes of a record as HTML."""
    iri, ref = await _record(desk, entity)
    described = await _described(desk, iri, ref)
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(ref.label().text)}</title>{_STYLE}"
    return Response(
        f"{page}<body>{described}</body></html>",
        media_type="text/html",
        headers={"content-security-policy": _FRAMED},
    )


@router.get("/flyout/{what}", summary="A few lines about an entity, property or type")
async def flyout(
    what: str, desk: DeskDep, entity: Annotated[str, Query(alias="id")] = "", callback: Text = ""
) -> Response:
    """Describe for the suggestion box of version 0.2."""
    if what == "entity":
        iri, ref = await _record(desk, entity)
        return answer({"id": entity, "html": await _described(desk, iri, ref)}, callback)
    iri = desk.term(entity)
    if not iri or what not in {"property", "type"}:
        raise NotFound("there is no such term")
    ((_, name),) = await desk.named([iri])
    return answer({"id": entity, "html": f"<p><strong>{escape(name)}</strong><br>{escape(iri)}</p>"}, callback)


async def _record(desk: Desk, text: str) -> tuple[str, Ref]:
    """A record that the data knows; raises `NotFound`, and 410 for a withdrawn one."""
    iri = desk.identifier(text)
    refuse_withdrawn(desk.browsing, iri)
    known = await desk.refs([iri]) if iri else {}
    if iri not in known:
        raise NotFound("there is no record with this identifier")
    return iri, known[iri]


_STYLE: Final = "<style>body{font:15px/1.5 sans-serif;margin:.7em}h1{font-size:1.2em;margin:0}p{margin:.3em 0}</style>"


async def _described(desk: Desk, iri: str, ref: Ref) -> str:
    """Names in all languages, classes, who gives them, the identifier; nothing else that is said of the record."""
    classes = dict(await desk.named(list(ref.types)))
    known = (await naming(desk.browsing.ask, desk.browsing.scheme, [iri])).get(iri, Naming())
    told = f"<p><small>{escape(according(known.of(ref.types), 'en', 0))}</small></p>"
    label = ref.label()
    names = [name for name in ref.names if name.text != label.text]
    others = "".join(
        f"<p dir=auto lang='{escape(name.language, quote=True)}'>{escape(name.text)}</p>" for name in names
    )
    kinds = ", ".join(escape(classes.get(kind, local_name(kind))) for kind in ref.types)
    heading = f"<h1 dir=auto lang='{escape(label.language, quote=True)}'>{escape(label.text)}</h1>"
    return f"{heading}{others}<p>{kinds}</p>{told}<p><small>{escape(iri)}</small></p>"
