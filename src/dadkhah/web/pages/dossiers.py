"""The dossier of a record: a page to be printed, and the same as PDF where the extra for it is installed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response

from dadkhah.browse.records.dossiers import Dossier, dossier
from dadkhah.web.api.presence import missing, refuse_withdrawn
from dadkhah.web.api.signposting import of_page
from dadkhah.web.pages.file_route import FileRoute
from dadkhah.web.pages.paper import write_pdf
from dadkhah.web.pages.render import PageRoute, View, ViewDep

router = APIRouter(include_in_schema=False, route_class=PageRoute)
papers = APIRouter(include_in_schema=False, route_class=FileRoute)
_STATIC = Path(__file__).parent.parent / "static"
_FONTS = ("Vazirmatn-Regular.woff2", "Vazirmatn-Bold.woff2")


@papers.get("/dossier/{kind}/{slug:path}.pdf")
async def as_pdf(kind: str, slug: str, view: ViewDep) -> Response:
    """Give a dossier as PDF."""
    found = await _found(view, kind, slug)
    text = bytes(view.show("paper.html", **_shown(view, found)).body).decode()
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in slug)[:80]
    headers = {"content-disposition": f'attachment; filename="dossier-{name}.pdf"', "content-language": view.language}
    return Response(await write_pdf(text, _style()), media_type="application/pdf", headers=headers)


@router.get("/dossier/{kind}/{slug:path}")
async def as_page(kind: str, slug: str, view: ViewDep) -> Response:
    """Show everything about a record and the events it is named in, with hashes, to be printed and verified."""
    found = await _found(view, kind, slug)
    link = of_page(view.browsing.base_url, found.ref.iri, quote(kind), quote(slug))
    return view.show("dossier.html", headers={"link": link}, **_shown(view, found))


async def _found(view: View, kind: str, slug: str) -> Dossier:
    iri = view.browsing.scheme.iris.thing(kind, slug)
    refuse_withdrawn(view.browsing, iri)
    found = await dossier(view.browsing.ask, view.browsing.scheme, iri)
    if found is None:
        raise await missing(view.browsing, iri)
    return found


def _shown(view: View, found: Dossier) -> Mapping[str, Any]:
    facts = view.browsing.served.facts
    path = f"/{view.language}/dossier/{quote(found.ref.kind)}/{quote(found.ref.slug)}"
    return {
        "file": found,
        "facts": facts,
        "graphs": {graph.iri: graph for graph in facts.graphs},
        "numbers": {passage.iri: number for number, passage in enumerate(found.passages, 1)},
        "address": f"{view.browsing.base_url}{path}",
        "pdf": f"{path}.pdf",
        "page": f"/{view.language}/{quote(found.ref.kind)}/{quote(found.ref.slug)}",
    }


def _style() -> str:
    """The style of the paper with its fonts inside, since the process that sets it fetches nothing."""
    faces = []
    for name, weight in zip(_FONTS, (400, 700), strict=True):
        path = _STATIC / "built" / name
        if path.is_file():
            data = base64.b64encode(path.read_bytes()).decode()
            source = f"url(data:font/woff2;base64,{data})"
            faces.append(f"@font-face{{font-family:Vazirmatn;font-weight:{weight};src:{source}}}")
    return "\n".join([*faces, (_STATIC / "paper.css").read_text("utf-8")])
