"""What the routes of the service share; made once when the service is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from dadkhah.errors import ConfigurationError
from dadkhah.web.endpoint.answers import Answers, Question, client_key
from dadkhah.web.endpoint.metrics import Metrics
from dadkhah.web.endpoint.serving import Serving
from dadkhah.web.wire.settings import WebSettings

if TYPE_CHECKING:
    from starlette.requests import Request

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Context:
    """What the routes share; `parts` holds what the command line put in, by type."""

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
