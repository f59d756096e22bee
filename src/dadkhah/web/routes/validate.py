"""`POST /validate`: what is wrong with a Turtle document, as findings or as a SHACL report. Nothing is stored.

In: the document. Out: JSON, or RDF by Accept. The judging is done elsewhere (`Judge`), since it may have to be stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter, Request, Response

from dadkhah.web.endpoint.parameters import header, read_body
from dadkhah.web.routing.deps import ContextDep
from dadkhah.web.wire.negotiate import choose_media_type
from dadkhah.web.wire.problems import HttpError

TURTLE = "text/turtle"
JSON = "application/json"
OFFERS = (JSON, TURTLE, "application/n-triples", "application/rdf+xml", "application/ld+json")
router = APIRouter(tags=["validation"])


class Judge(Protocol):
    """Judges a document and writes the report."""

    async def judge(self, document: bytes, wanted: str) -> bytes:
        """A report in JSON (`wanted` is `json`) or as RDF (its media type)."""
        ...


@dataclass(frozen=True, slots=True)
class Validation:
    """The judge; put in by the command line."""

    judge: Judge


_BODY = {"requestBody": {"required": True, "content": {TURTLE: {"schema": {"type": "string"}}}}}


@router.post("/validate", summary="Findings on a Turtle document", openapi_extra=_BODY)
async def validate(request: Request, context: ContextDep) -> Response:
    """Judge a document by the ontology's shapes and the rules for files; it is not kept.

    The answer is a list of findings with line and column, or a SHACL validation report where RDF is asked for.
    """
    headers = request.scope["headers"]
    kind = header(headers, b"content-type").partition(";")[0].strip().lower()
    if kind and kind != TURTLE:
        raise HttpError(415, f"Send Turtle (Content-Type: {TURTLE}).", headers=((b"accept-post", TURTLE.encode()),))
    wanted = choose_media_type(header(headers, b"accept") or "*/*", OFFERS)
    if wanted is None:
        raise HttpError(406, f"The findings are given as one of: {', '.join(OFFERS)}.")
    document = await read_body(headers, request.receive, context.settings)
    report = await context.part(Validation).judge.judge(document, "json" if wanted == JSON else wanted)
    return Response(report, media_type=wanted, headers={"cache-control": "no-store"})
