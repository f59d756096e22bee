"""The data to take away: the canonical dump, the tables, and each graph, with sizes and checksums.

`/dumps` lists them; `/dumps/{hash}/…` names a file of one snapshot and never changes, `/dumps/…` without a hash leads
to the snapshot being served. `SHA256SUMS` is what `sha256sum -c` reads. Beside them stand the proofs: the manifest,
which states the hash of everything else, its seal, and, where somebody signed it, the signature and the key. A graph
in N-Triples is sorted, so that its SHA-256 is the one listed and the one in the snapshot's manifest; a very large one
is for the client to sort.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from dadkhah.browse import terms
from dadkhah.browse.ask import whole
from dadkhah.engine.interface import QueryForm, ResultFormat
from dadkhah.errors import NotFound, ParameterError
from dadkhah.web.api.browsing import Browsing, BrowsingDep
from dadkhah.web.api.encode import to_json
from dadkhah.web.api.formats import chosen, respond
from dadkhah.web.api.signposting import written
from dadkhah.web.endpoint.answer_response import AnswerResponse
from dadkhah.web.endpoint.answers import Question
from dadkhah.web.endpoint.description import LICENSE
from dadkhah.web.endpoint.serving import Facts, GraphCounts, StoredFile
from dadkhah.web.wire.exchange import Receive, Send
from dadkhah.web.wire.headers import names_tag

router = APIRouter(tags=["dumps"])
_KEPT = "public, max-age=31536000, immutable"
# a manifest tells when it was built, and may be signed later
_LOOKED_AT_AGAIN = "no-cache"
_TYPES = {".gz": "application/gzip", ".csv": "text/csv; charset=utf-8", ".json": "application/json"}
_PLAIN = "text/plain; charset=utf-8"
# statements of a graph that are sorted here, some 60 MB of text; a larger one is sent as it comes
_SORTED = 200_000
_GRAPH_TYPES = {"nt": ResultFormat.N_TRIPLES, "ttl": ResultFormat.TURTLE}


class Downloads(Protocol):
    """Knows where the files of snapshots are."""

    def path(self, snapshot_hash: str, name: str) -> Path | None:
        """The file of this name; None where there is none."""
        ...


def dump_address(base_url: str, facts: Facts, file: StoredFile) -> str:
    """The lasting address of a file."""
    return f"{base_url}/dumps/{facts.hash}/{file.name}"


def graph_address(base_url: str, facts: Facts, graph: GraphCounts, extension: str) -> str:
    """The lasting address of one graph in a format."""
    return f"{base_url}/dumps/{facts.hash}/graph.{extension}?iri={quote(graph.iri, safe='')}"


def signposts(base_url: str, facts: Facts) -> str:
    """The Link header of whatever tells about the whole: licence, description, and each file."""
    links = [(LICENSE, {"rel": "license"}), (f"{base_url}/.well-known/void#dataset", {"rel": "cite-as"})]
    links += [
        (f"{base_url}/.well-known/void", {"rel": "describedby", "type": media_type})
        for media_type in ("text/turtle", "application/ld+json", "application/rdf+xml")
    ]
    links += [
        (dump_address(base_url, facts, file), {"rel": "item", "type": media_type(file.name)})
        for file in (*facts.files, *facts.proofs)
    ]
    links += [(f"{base_url}/dumps", {"rel": "collection", "type": "application/json"})]
    links += [("https://schema.org/Dataset", {"rel": "type"})]
    return written(links)


def media_type(name: str) -> str:
    """The media type of a file, without parameters."""
    return _type_of(name).partition(";")[0]


def _type_of(name: str) -> str:
    return _TYPES.get(Path(name).suffix, _PLAIN)


@router.get("/dumps", summary="All files to take away, with sizes and SHA-256")
async def listed(browsing: BrowsingDep) -> Response:
    """List the canonical dump, the tables, the graphs and the proofs of the snapshot being served."""
    chosen(browsing, ("json",))
    facts, base = browsing.served.facts, browsing.base_url
    files, proofs = (
        [
            {"name": file.name, "url": dump_address(base, facts, file), "mediaType": media_type(file.name),
             "bytes": file.bytes, "sha256": file.sha256}
            for file in stored
        ]
        for stored in (facts.files, facts.proofs)
    )  # fmt: skip
    graphs = [
        {"iri": graph.iri, "triples": graph.triples, "sha256OfSortedNTriples": graph.hash,
         "ntriples": graph_address(base, facts, graph, "nt"), "turtle": graph_address(base, facts, graph, "ttl")}
        for graph in facts.graphs
        if graph.iri
    ]  # fmt: skip
    document: dict[str, Any] = {
        "snapshot": facts.hash,
        "built": facts.built,
        "statements": facts.quads,
        "license": LICENSE,
        "checksums": f"{base}/dumps/{facts.hash}/SHA256SUMS",
        "files": files,
        "proofs": proofs,
        "signed": any(file.name == "signers" for file in facts.proofs),
        "graphs": graphs,
    }
    return respond(to_json(document), "json", headers={"link": signposts(base, facts)})


@router.get("/dumps/{snapshot}/SHA256SUMS", summary="Checksums of all files, for sha256sum -c")
async def checksums(snapshot: str, browsing: BrowsingDep) -> Response:
    """Give a line for each file."""
    facts = _served(browsing, snapshot)
    lines = "".join(f"{file.sha256}  {Path(file.name).name}\n" for file in (*facts.files, *facts.proofs))
    return Response(lines, media_type="text/plain", headers={"cache-control": _LOOKED_AT_AGAIN})


@router.get("/dumps/{snapshot}/graph.{extension}", summary="One graph: what one voice says")
async def one_graph(
    snapshot: str, extension: str, browsing: BrowsingDep, iri: Annotated[str, Query(max_length=2000)]
) -> Response:
    """Give a graph in `nt`, sorted so that its hash can be checked (up to `_SORTED` statements), or in `ttl`."""
    facts = _served(browsing, snapshot)
    form = _GRAPH_TYPES.get(extension)
    if form is None:
        raise NotFound(f"A graph is offered as {', '.join(_GRAPH_TYPES)}.")
    graph = next((each for each in facts.graphs if each.iri and each.iri == iri), None)
    if graph is None:
        near = [each.iri for each in facts.graphs if iri and iri in each.iri]
        raise NotFound("There is no graph of this name.", near=tuple(near[:5]))
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {terms.iri(iri)} {{ ?s ?p ?o }} }}"
    name = _file_name(iri)
    if form is ResultFormat.TURTLE or graph.triples > _SORTED:
        question = Question(
            text=text,
            form=QueryForm.CONSTRUCT,
            timeout_seconds=browsing.context.settings.timeout_seconds,
            format=extension,
            name=name,
        )
        return AnswerResponse(browsing.context.answers, browsing.context.question(browsing.request, question))
    lines = (await whole(await browsing.ask.rdf(text, form))).splitlines(keepends=True)
    body = b"".join(sorted(lines))
    headers = {"content-disposition": f'attachment; filename="{name}.nt"', "cache-control": _KEPT}
    if graph.hash:
        headers |= _digest(graph.hash)
    return Response(body, media_type=ResultFormat.N_TRIPLES.value, headers=headers)


def _file_name(iri: str) -> str:
    tail = iri.rstrip("/").split("/")[-2:]
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in "-".join(tail))[:80]


@router.get("/dumps/{name:path}", summary="A file of the snapshot being served, or of one named by its hash")
async def file(name: str, browsing: BrowsingDep) -> Response:
    """Give a file; without a hash, lead to that of the snapshot being served."""
    facts = browsing.served.facts
    snapshot, _, rest = name.partition("/")
    known = {each.name: each for each in (*facts.files, *facts.proofs)}
    if name in known or name == "SHA256SUMS":
        target = f"{browsing.base_url}/dumps/{facts.hash}/{name}"
        return Response(status_code=302, headers={"location": target, "cache-control": "no-cache"})
    stored = known.get(rest)
    if snapshot != facts.hash or stored is None:
        raise NotFound("There is no such file.", near=tuple(f"/dumps/{each}" for each in known))
    return _download(browsing, facts, stored)


def _download(browsing: Browsing, facts: Facts, stored: StoredFile) -> Response:
    places: Downloads | None = browsing.context.parts.get(Downloads)
    path = places.path(facts.hash, stored.name) if places else None
    if path is None or not path.is_file():
        raise NotFound("There is no such file.")
    tag = f'"{stored.sha256}"'
    headers = {
        "etag": tag,
        "cache-control": _LOOKED_AT_AGAIN if stored in facts.proofs else _KEPT,
        **_digest(stored.sha256),
        "link": written(
            [
                (f"{browsing.base_url}/dumps", {"rel": "collection", "type": "application/json"}),
                (LICENSE, {"rel": "license"}),
            ]
        ),
    }
    if names_tag(browsing.request.headers.get("if-none-match", ""), tag.encode()):
        return Response(status_code=304, headers=headers)
    kind = FileResponse if path.suffix == ".gz" else _WholeFile
    return kind(path, media_type=_type_of(path.name), filename=path.name, headers=headers)


class _WholeFile(FileResponse):
    """A file that is compressed on its way, so that no range of it can be given."""

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        self.headers["accept-ranges"] = "none"
        kept = [pair for pair in scope["headers"] if pair[0] not in {b"range", b"if-range"}]
        await super().__call__({**scope, "headers": kept}, receive, send)


def _digest(sha256: str) -> dict[str, str]:
    """The hash of the bytes as they are sent (RFC 9530)."""
    return {"repr-digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"}


def _served(browsing: Browsing, snapshot: str) -> Facts:
    facts = browsing.served.facts
    if snapshot not in (facts.hash, "current"):
        raise ParameterError("Only the snapshot being served can be taken away; see /dumps.")
    return facts
