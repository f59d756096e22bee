"""In which format a list or view is answered: by `format=`, else by `Accept`.

In: a request and the formats a view has. Out: a response. A format that is asked for and not offered is refused with
the list of those that are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from dadkhah.browse.pictures.told import according
from dadkhah.browse.records.rdf import (
    Quads,
    construct_query,
    json_ld_of,
    quads_about,
    write_nquads,
    write_trig,
    write_turtle,
)
from dadkhah.browse.voices import voices_of
from dadkhah.engine.interface import QueryForm
from dadkhah.errors import ParameterError
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.api.encode import to_json
from dadkhah.web.endpoint.answer_response import AnswerResponse
from dadkhah.web.endpoint.answers import Question
from dadkhah.web.wire.exchange import Message, Receive, Send
from dadkhah.web.wire.headers import Header
from dadkhah.web.wire.negotiate import choose_media_type
from dadkhah.web.wire.problems import HttpError

MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "graphml": "application/graphml+xml",
    "svg": "image/svg+xml",
    "geojson": "application/geo+json",
    "ftm": "application/x-ndjson",
}
RDF_FORMATS = ("ttl", "nt", "rdf", "jsonld")
QUAD_FORMATS = ("trig", "nq")
VOICED_FORMATS = (*QUAD_FORMATS, "ttl", "jsonld")
LIST_FORMATS = ("json", "csv", *RDF_FORMATS, *QUAD_FORMATS, "ftm", "graphml", "geojson")
# records that one answer in RDF describes: what a list shows at most
_DESCRIBED = 500


def chosen(browsing: Browsing, offers: Sequence[str]) -> str:
    """The format of an answer, by name; the first offer where anything will do.

    Raises:
        ParameterError: `format=` names none of the offers.
        HttpError: 406, `Accept` takes none of them.
    """
    named = browsing.request.query_params.get("format", "").strip().lower()
    if named:
        if named not in offers:
            raise ParameterError(f"format: this view is offered as {', '.join(offers)}")
        return named
    types = tuple(MEDIA_TYPES[offer] for offer in offers)
    accepted = choose_media_type(browsing.request.headers.get("accept", ""), types)
    if accepted is None:
        raise HttpError(406, f"This view is offered as {', '.join(types)}.")
    return offers[types.index(accepted)]


def respond(body: bytes, form: str, *, name: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A response in a format; tables and files of other programs are offered as a download of this name."""
    more = dict(headers or {})
    media_type = MEDIA_TYPES[form]
    if name and form in ("csv", "ftm", "graphml", "nq", "trig"):
        more["content-disposition"] = f'attachment; filename="{_file_name(name)}.{form}"'
    if form == "csv":
        media_type = "text/csv; charset=utf-8"
    return Response(body, media_type=media_type, headers=more)


def _file_name(name: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "-" for letter in name)[
        :80
    ]


async def rdf_response(
    browsing: Browsing, form: str, iris: Sequence[str], *, name: str, headers: Sequence[Header] = ()
) -> Response | AsgiResponse:
    """Everything said about records, in RDF, with the voice of each statement.

    N-Triples and RDF/XML, which have no place for it, are written by the engine's own serialisers.
    """
    described = list(dict.fromkeys(iris))[:_DESCRIBED]
    if form in VOICED_FORMATS:
        body = await _voiced(browsing, form, await quads_about(browsing.ask, browsing.scheme, described))
        more = {key.decode(): value.decode("latin-1") for key, value in headers}
        return respond(body, form, name=name, headers=more)
    question = browsing.context.question(
        browsing.request,
        Question(
            text=construct_query(browsing.scheme, described),
            form=QueryForm.CONSTRUCT,
            timeout_seconds=browsing.context.settings.timeout_seconds,
            format=form,
            name=_file_name(name),
        ),
    )
    return AsgiResponse(AnswerResponse(browsing.context.answers, question), headers)


async def _voiced(browsing: Browsing, form: str, quads: Quads) -> bytes:
    if form in QUAD_FORMATS:
        return write_trig(quads) if form == "trig" else write_nquads(quads)
    voices = await voices_of(browsing.ask, browsing.scheme, dict.fromkeys(quad[3] for quad in quads))
    if form == "ttl":
        return write_turtle(quads, lambda graph: according([voices[graph]], "en"))
    return to_json(json_ld_of(browsing.scheme, quads, voices))


class AsgiResponse(Response):
    """An answer of the engine with headers added."""

    def __init__(self, app: AnswerResponse, headers: Sequence[Header] = ()) -> None:
        super().__init__()
        self._app = app
        self._added = list(headers)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._added]
            await send(message)

        await self._app(scope, receive, sending)
