"""Renders pages: one template environment, one way to answer, errors in the visitor's language.

In: a template's name and values. Out: a response in HTML. Autoescape is on for every template and none holds a script
or a style of its own, so the content policy needs no exception.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException

from dadkhah.browse.models import Ref, local_name
from dadkhah.errors import DadkhahError
from dadkhah.iris import Iris
from dadkhah.web.api.browsing import Browsing, browsing_of
from dadkhah.web.pages.controls import exact, outside, shown
from dadkhah.web.pages.files import asset
from dadkhah.web.pages.locators import place_in_words
from dadkhah.web.pages.markup import Words, plain
from dadkhah.web.pages.menus import menu
from dadkhah.web.pages.messages import complaint, note, validation
from dadkhah.web.pages.speech import Teller
from dadkhah.web.pages.texts import TEXTS
from dadkhah.web.routing.context import Context
from dadkhah.web.wire.exchange import log_crash
from dadkhah.web.wire.negotiate import LANGUAGES, choose_media_type, language_of
from dadkhah.web.wire.problems import HttpError, problem_of

_OFFERS = ("text/html", "application/xhtml+xml")
_PROBLEMS = ("application/problem+json", "application/json")
_environment = Environment(
    loader=PackageLoader("dadkhah.web.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=shown,
    trim_blocks=True,
    lstrip_blocks=True,
    # a template stays what it was when the service began, like the words it shows: no look at the file per page
    auto_reload=False,
)
_environment.globals["menu"] = menu
_environment.globals["place_in_words"] = place_in_words
_environment.filters["plain"] = plain
_environment.filters["exact"] = exact
_environment.filters["outside"] = outside


def prepare() -> None:
    """Compile all templates, so that no reader waits for it: a tenth of a second for the first page of each kind."""
    for name in _environment.list_templates():
        _environment.get_template(name)


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
        note=partial(note, language=language),
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
            snapshot_built=self.browsing.served.facts.built, base=self.browsing.base_url, **values,
        )  # fmt: skip
        return Response(text, media_type="text/html", headers={"content-language": self.language, **(headers or {})})


def language_of_path(request: Request) -> str:
    """The language that an address begins with; where it begins with none, the one that the reader asks for."""
    first = request.url.path.split("/", 2)[1]
    return first if first in LANGUAGES else language_of(request.headers.get("accept-language", ""))


async def _view(request: Request) -> AsyncIterator[View]:
    # one dependency and not four that need each other: solving them takes longer than what they do
    context: Context = request.app.state.context
    with context.serving.lease() as served:
        yield View(browsing_of(request, context, served), language_of_path(request))


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
            except Exception as error:  # noqa: BLE001 - a reader gets a page whatever happens; the log has the stack
                log_crash(error)
                return error_page(request, error)

        return answer


def error_page(request: Request, error: Exception) -> Response:
    """An error as a page in the reader's language: what is wrong, what to do, and near matches."""
    language = language_of_path(request)
    if isinstance(error, RequestValidationError):
        said = validation(error, language)
        error = HttpError(400, said.text)
    elif isinstance(error, HTTPException):
        found = tuple((name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items())
        error = HttpError(error.status_code, HTTPStatus(error.status_code).phrase, headers=found)
        said = complaint(error, language)
    else:
        said = complaint(error, language)
    problem = problem_of(error)
    path = request.url.path
    named: dict[str, Ref] = getattr(request.state, "near", {})
    words = Words(language)
    near = [
        (words.address(named[name]), words.name(named[name])) if name in named else _near(language, path, name)
        for name in getattr(error, "near", ())
    ]
    same = path[3:] if path[1:3] in LANGUAGES and path[3:4] in ("", "/") else "/"
    text = html(
        language, "error.html", same or "/", snapshot="", status=problem.status,
        problem=said, near=near,
    )  # fmt: skip
    headers = {name.decode(): value.decode("latin-1") for name, value in problem.headers}
    headers |= {"content-language": language, "vary": "Accept, Accept-Language, Accept-Encoding"}
    return Response(text, problem.status, media_type="text/html", headers=headers)


def wants_page(request: Request) -> bool:
    """Whether who asks would rather have a page than a problem document: a browser says so, other clients do not."""
    return choose_media_type(request.headers.get("accept", ""), (*_PROBLEMS, *_OFFERS)) in _OFFERS


def _near(language: str, path: str, name: str) -> tuple[str, Markup]:
    """Address and text of what may have been meant: a record, a file, a stored query."""
    kind, slug = Iris().split_thing(name) or ("", "")
    if kind:
        return f"/{language}/{quote(kind)}/{quote(slug)}", plain(local_name(name))
    if name.startswith("/"):
        return name, plain(name)
    if "://" in name:
        return f"/{language}/record?iri={quote(name, safe=':/')}", plain(name)
    page = f"/{language}/queries/{quote(name)}" if "/queries/" in path else f"/{language}/search?q={quote(name)}"
    return page, plain(name)
