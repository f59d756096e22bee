"""How a router gets what it works with.

A router is a module with an `APIRouter`; `dadkhah.web.app.create_site` takes it in. Its routes declare what they need
as parameters of these annotated types and never reach for a global:

    router = APIRouter()

    @router.get("/api/v1/things/{slug}")
    async def thing(slug: str, context: ContextDep, served: ServedDep) -> Response: ...

`ServedDep` is a lease of the engine and the facts being served when the request began; it holds until the answer is
out, also while another snapshot is taken up. Routes return `Response` with bytes (FastAPI's `response_model` costs a
hundred times as much), raise the classes of `dadkhah.errors`, and answer queries with `AnswerResponse`. Security
headers, ETag, compression, HEAD and OPTIONS are added to whatever they return (`dadkhah.web.finish`).
What else a router needs (an index, a template environment) is put into `Context.parts` by the command line under the
type of the part, and read with `context.part(Type)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request

from dadkhah.errors import ConfigurationError
from dadkhah.web.answers import Answers, Question, client_key
from dadkhah.web.metrics import Metrics
from dadkhah.web.serving import Served, Serving
from dadkhah.web.settings import WebSettings

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Context:
    """What the routes share; made once by `create_site`."""

    settings: WebSettings
    serving: Serving
    answers: Answers
    metrics: Metrics
    parts: dict[type, Any] = field(default_factory=dict)

    def part(self, kind: type[Part]) -> Part:
        """A part that the command line put in.

        Raises:
            ConfigurationError: this service runs without it.
        """
        if kind not in self.parts:
            raise ConfigurationError(f"This service runs without {kind.__name__}.")
        return cast("Part", self.parts[kind])

    def question(self, request: Request, question: Question) -> Question:
        """Fill in what the request says about an answer: Accept, codings, conditions, client."""
        headers = request.headers
        return Question(
            text=question.text,
            form=question.form,
            timeout_seconds=min(question.timeout_seconds, self.settings.timeout_seconds),
            accept=headers.get("accept", ""),
            coding=headers.get("accept-encoding", ""),
            conditional=headers.get("if-none-match", ""),
            format=question.format,
            dataset=question.dataset,
            client=client_key(request.scope, self.settings.trusted_proxies),
            name=question.name,
        )


def _context(request: Request) -> Context:
    return cast("Context", request.app.state.context)


ContextDep = Annotated[Context, Depends(_context)]


def _served(context: ContextDep) -> Iterator[Served]:
    with context.serving.lease() as served:
        yield served


ServedDep = Annotated[Served, Depends(_served)]
