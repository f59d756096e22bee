"""The SPARQL endpoint: SPARQL 1.1 Protocol for queries, as a plain ASGI application.

It stands before FastAPI's router, whose cost per request is that of several point look-ups. In: ASGI. Out: answers
of `Answers`, the service description, an HTML form for browsers, or problem details.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from dadkhah.engine.interface import QueryForm
from dadkhah.errors import DadkhahError
from dadkhah.web.endpoint.answer_head import VARY
from dadkhah.web.endpoint.answers import Answers, Question, client_key
from dadkhah.web.endpoint.description import service_description, void_description
from dadkhah.web.endpoint.express import Express
from dadkhah.web.endpoint.metrics import Metrics
from dadkhah.web.endpoint.outcomes import Inspect, outcome_of, send_problem
from dadkhah.web.endpoint.parameters import SparqlParameters, fields_of, parameters_from, parameters_of_post
from dadkhah.web.wire.exchange import AnswerCut, Receive, Send, send_whole
from dadkhah.web.wire.headers import COMMON, Header, preflight
from dadkhah.web.wire.negotiate import choose_media_type
from dadkhah.web.wire.problems import HttpError
from dadkhah.web.wire.settings import WebSettings

__all__ = ["ALLOW", "PATH", "Inspect", "SparqlEndpoint"]

PATH: Final = "/sparql"
ALLOW: Final = b"GET, HEAD, POST, OPTIONS"
_READ_ONLY: Final = b"GET, HEAD, OPTIONS"
_DESCRIPTIONS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "text/html")
_HTML = "text/html"


FormPage = Callable[[], Awaitable[bytes | None]]
"""Gives the HTML page that a browser gets for the bare address; None where there is none."""


class SparqlEndpoint:
    """The application behind `/sparql`, and the descriptions that are made by queries."""

    def __init__(
        self,
        answers: Answers,
        inspect: Inspect,
        metrics: Metrics,
        settings: WebSettings,
        *,
        page: FormPage,
        functions: tuple[str, ...] = (),
    ) -> None:
        self._answers = answers
        self._inspect = inspect
        self._metrics = metrics
        self._settings = settings
        self._page = page
        self._functions = functions
        self.immediate = Express(answers, inspect, metrics)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; every outcome is counted."""
        begun = time.perf_counter()
        outcome = "cut"
        try:
            outcome = await self._respond(scope, receive, send)
        except (HttpError, DadkhahError) as error:
            outcome = outcome_of(error)
            await send_problem(error, send)
        except AnswerCut:
            raise
        except Exception:
            outcome = "error"
            raise
        finally:
            self._metrics.observe(outcome, time.perf_counter() - begun)

    async def _respond(self, scope: dict[str, Any], receive: Receive, send: Send) -> str:
        method = scope["method"]
        query_string: bytes = scope["query_string"]
        if method in ("GET", "HEAD"):
            fields = fields_of(query_string, self._settings.parameters)
            parameters = parameters_from(fields, self._settings, described=True)
        elif method == "POST":
            parameters = await parameters_of_post(scope["headers"], query_string, receive, self._settings)
        elif method == "OPTIONS":
            await send_whole(send, 204, preflight(ALLOW))
            return "ok"
        else:
            raise HttpError(405, f"{method[:20]} is not offered here.", headers=((b"allow", ALLOW),))
        if parameters.query is None:
            return await self._describe(scope, parameters.format, send)
        question = self._question(scope, parameters, parameters.query)
        return (await self._answers.respond(question, send)).name

    def _question(self, scope: dict[str, Any], parameters: SparqlParameters, query: str) -> Question:
        form = self._inspect(query)
        accept = coding = conditional = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"accept-encoding":
                coding = value
            elif name == b"if-none-match":
                conditional = value
        raw = None
        if scope["method"] == "GET" and not conditional:
            raw = (scope["raw_path"] + b"?" + scope["query_string"], accept, coding)
        return Question(
            text=query,
            form=form,
            timeout_seconds=parameters.timeout_seconds,
            accept=accept.decode("latin-1"),
            coding=coding.decode("latin-1"),
            conditional=conditional.decode("latin-1"),
            format=parameters.format,
            dataset=parameters.dataset,
            client=client_key(scope, self._settings.trusted_proxies),
            head=scope["method"] == "HEAD",
            raw=raw,
        )

    async def _describe(self, scope: dict[str, Any], wanted: str | None, send: Send) -> str:
        accept = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"accept")
        if wanted is None:
            chosen = choose_media_type(accept or "*/*", _DESCRIPTIONS)
            page = await self._page() if chosen == _HTML else None
            if page is not None:
                await send_html(page, send)
                return "ok"
        facts = self._answers.serving.current.facts
        text = service_description(facts, self._settings.base_url, functions=self._functions)
        return await self._construct(text, "service", scope, wanted, send)

    async def describe_data(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer `/.well-known/void`."""
        del receive
        if scope["method"] == "OPTIONS":
            await send_whole(send, 204, preflight(_READ_ONLY))
            return
        if scope["method"] not in ("GET", "HEAD"):
            refused = HttpError(405, "Only GET is offered here.", headers=((b"allow", _READ_ONLY),))
            await send_problem(refused, send)
            return
        facts = self._answers.serving.current.facts
        try:
            await self._construct(void_description(facts, self._settings.base_url), "void", scope, None, send)
        except (HttpError, DadkhahError) as error:
            await send_problem(error, send)

    async def _construct(self, text: str, name: str, scope: dict[str, Any], wanted: str | None, send: Send) -> str:
        headers = dict(scope["headers"])
        question = Question(
            text=text,
            form=QueryForm.CONSTRUCT,
            timeout_seconds=self._settings.timeout_seconds,
            # a browser gets Turtle, which it can show
            accept=_without_html(headers.get(b"accept", b"").decode("latin-1")),
            coding=headers.get(b"accept-encoding", b"").decode("latin-1"),
            conditional=headers.get(b"if-none-match", b"").decode("latin-1"),
            format=wanted,
            client=client_key(scope, self._settings.trusted_proxies),
            name=name,
            head=scope["method"] == "HEAD",
        )
        return (await self._answers.respond(question, send)).name


def _without_html(accept: str) -> str:
    """The header as it is, or Turtle where a browser asks."""
    return "text/turtle, */*;q=0.1" if _HTML in accept else accept


async def send_html(body: bytes, send: Send) -> None:
    """Send a page."""
    headers: list[Header] = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        VARY,
        *COMMON,
    ]
    await send_whole(send, 200, headers, body)
