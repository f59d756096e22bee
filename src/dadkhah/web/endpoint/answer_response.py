"""The answer to a query as a response that a FastAPI route returns."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from dadkhah.web.endpoint.answers import Answers, Question


class AnswerResponse(Response):
    """An ASGI application that answers one question; headers, status and body come from `Answers.respond`."""

    def __init__(self, answers: Answers, question: Question) -> None:
        super().__init__()
        self._answers = answers
        self._question = question

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        del scope, receive
        await self._answers.respond(self._question, send)
