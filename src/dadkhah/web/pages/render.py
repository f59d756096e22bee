"""Renders pages: one template environment, one way to answer, errors in the visitor's language.

In: a template's name and values. Out: a response in HTML. Autoescape is on for every template and none holds a script
or a style of its own, so the content policy needs no exception.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from dadkhah.browse.models import Ref
from dadkhah.errors import DadkhahError
from dadkhah.iris import Iris
from dadkhah.web.api.browsing import Browsing, BrowsingDep
from dadkhah.web.negotiate import choose_media_type
from dadkhah.web.pages.controls import exact, outside, shown
from dadkhah.web.pages.files import asset
from dadkhah.web.pages.markup import plain
from dadkhah.web.pages.speech import Teller
from dadkhah.web.pages.texts import TEXTS
from dadkhah.web.problems import HttpError, problem_of

_OFFERS = ("text/html", "application/xhtml+xml")
_environment = Environment(
    loader=PackageLoader("dadkhah.web.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["plain"] = plain
_environment.filters["exact"] = exact
_environment.filters["outside"] = outside


def html(language: str, template: str, path: str, search: str = "", /, **values: Any) -> str:
    """Render a template.

    Args:
        language: `en` or `fa`.
        template: its file name.
        path: the address without the language, for the link to the same page in the other one.
        search: the query string of that address.
        values: what the template shows.
    """
    words = Teller(language)
    other = "fa" if language == "en" else "en"
    same = f"{path}?{search}" if search else path
    return _environment.get_template(template).render(
        lang=language,
        dir="rtl" if language == "fa" else "ltr",
        t=TEXTS[language],
        w=words,
        asset=asset,
        other=other,
        other_url=f"/{other}{same}",
        here=f"/{language}{same}",
        **values,
    )


@dataclass(frozen=True, slots=True)
class View:
    """One page being made."""

    browsing: Browsing
    language: str

    def show(self, template: str, *, headers: dict[str, str] | None = None, **values: Any) -> Response:
        """Answer with a page."""
        url = self.browsing.request.url
        text = html(
            self.language, template, url.path[3:], url.query, snapshot=self.browsing.snapshot_hash,
            base=self.browsing.base_url, **values,
        )  # fmt: skip
        return Response(text, media_type="text/html", headers={"content-language": self.language, **(headers or {})})


def language_of_path(request: Request) -> str:
    """The language that an address begins with."""
    return "fa" if request.url.path.startswith("/fa") else "en"


async def _view(request: Request, browsing: BrowsingDep) -> View:
    return View(browsing, language_of_path(request))


ViewDep = Annotated[View, Depends(_view)]


class PageRoute(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            if choose_media_type(request.headers.get("accept", ""), _OFFERS) is None:
                raise HttpError(406, "A page is offered as text/html; for data see /api/v1 and /data.")
            try:
                return await handle(request)
            except (DadkhahError, HttpError, HTTPException, RequestValidationError) as error:
                return error_page(request, error)

        return answer


def error_page(request: Request, error: Exception) -> Response:
    """An error as a page: what is wrong, what to do, and near matches."""
    language = language_of_path(request)
    if isinstance(error, RequestValidationError):
        error = HttpError(400, "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors()[:5]))
    elif isinstance(error, HTTPException):
        error = HttpError(error.status_code, HTTPStatus(error.status_code).phrase)
    problem = problem_of(error)
    near = [_near(iri) for iri in getattr(error, "near", ())]
    text = html(
        language, "error.html", request.url.path[3:] or "/", snapshot="", status=problem.status,
        detail=orjson.loads(problem.body)["detail"], near=near,
    )  # fmt: skip
    headers = {name.decode(): value.decode("latin-1") for name, value in problem.headers}
    return Response(text, problem.status, media_type="text/html", headers=headers)


def _near(iri: str) -> Ref:
    kind, slug = Iris().split_thing(iri) or ("", "")
    return Ref(iri, kind=kind, slug=slug)
