"""The start page and the query form in plain HTML, for as long as no richer pages are mounted.

Static text without scripts and without anything from a request, so that there is nothing to escape.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

_SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_HOME = """<p>A knowledge graph in which every statement says who makes it and where it was read.</p>
<ul>
<li><a href="/sparql">Ask in SPARQL</a></li>
<li><a href="/queries">Stored queries</a></li>
<li><a href="/.well-known/void">Description of the data</a></li>
<li><a href="/openapi.json">Description of the interface (OpenAPI)</a></li>
</ul>"""
_FORM = """<form action="/sparql" method="get">
<p><label for="query">Query</label></p>
<p><textarea id="query" name="query" rows="12" cols="80" spellcheck="false" dir="ltr">
SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT 10</textarea></p>
<p><label for="format">Answer as</label>
<select id="format" name="format">
<option>json</option><option>xml</option><option>csv</option><option>tsv</option></select>
<button>Ask</button></p>
</form>
<p>A query may take {seconds:g} seconds and {kilobytes} KB of text. The service is read-only.</p>"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home() -> Response:
    """Show the start page."""
    return Response(_SHELL.format(title="dadkhah", body=_HOME), media_type="text/html")


def query_form(timeout_seconds: float, query_bytes: int) -> bytes:
    """The page behind the bare address of the endpoint."""
    body = _FORM.format(seconds=timeout_seconds, kilobytes=query_bytes // 1024)
    return _SHELL.format(title="SPARQL", body=body).encode()
