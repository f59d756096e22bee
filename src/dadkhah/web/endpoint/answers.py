"""One query answered over HTTP: format, conditional request, cache, engine, coding, stream.

In: a query that the policy accepted, and what the request says about the answer. Out: a response on `send`, or an
error before the response has begun. An answer that fails after it has begun is cut (`AnswerCut`) and never ended
properly. Routers answer with `answer_response.AnswerResponse`; the SPARQL endpoint calls `Answers.respond` itself.
"""

from __future__ import annotations

import ipaddress
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from dadkhah.engine.interface import Answer, Dataset, QueryForm, QueryRequest, ResultFormat
from dadkhah.errors import DadkhahError, ParameterError
from dadkhah.web.endpoint.answer_head import REVALIDATE, VARY, headers_of, key_of, tag_of
from dadkhah.web.endpoint.parameters import header
from dadkhah.web.endpoint.serving import Served, Serving
from dadkhah.web.endpoint.sheets import as_sheet, is_sheet
from dadkhah.web.wire.cache import Entry, Key, Raw, ResultCache, is_volatile
from dadkhah.web.wire.compress import SMALLEST, StreamCoder, compress
from dadkhah.web.wire.exchange import AnswerCut, Send, send_whole
from dadkhah.web.wire.headers import COMMON, Header, names_tag
from dadkhah.web.wire.negotiate import OFFERS, choose_coding, choose_format, named_format
from dadkhah.web.wire.problems import HttpError, code_of
from dadkhah.web.wire.settings import WebSettings


@dataclass(frozen=True, slots=True)
class Question:
    """A query as a client put it.

    Attributes:
        text: the query, accepted by the policy.
        form: its query form.
        accept, coding, conditional: the request headers Accept, Accept-Encoding and If-None-Match.
        format: value of `format=`, which goes before Accept.
        timeout_seconds: time until the answer has to be whole.
        client: key of the client for fairness.
        name: file name of a download, without extension.
        head: whether only the headers are wanted.
        raw: the request as it came, to be found again without parsing; None where it must not be.
    """

    text: str
    form: QueryForm
    timeout_seconds: float
    accept: str = ""
    coding: str = ""
    conditional: str = ""
    format: str | None = None
    dataset: Dataset | None = None
    client: str = ""
    name: str = ""
    head: bool = False
    raw: Raw | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: the format of its answer, the engine that it went to, and its key in the cache."""

    question: Question
    form: ResultFormat
    served: Served
    key: Key | None


@dataclass(slots=True)
class Outcome:
    """How a response went, for the metrics; begins as a failure, so that a cancelled one is counted as cut."""

    name: str = "cut"


class Answers:
    """Answers questions from the cache or the engine being served."""

    def __init__(self, serving: Serving, cache: ResultCache, settings: WebSettings) -> None:
        self.serving = serving
        self.cache = cache
        self.settings = settings
        serving.on_swap(cache.clear)

    async def respond(self, question: Question, send: Send) -> Outcome:
        """Answer one question.

        Raises:
            HttpError, DadkhahError: before the response has begun; nothing was sent.
            AnswerCut: afterwards; the connection must not end the response properly.
        """
        form = chosen_format(question)
        with self.serving.lease() as served:
            lasting = not is_volatile(question.text)
            key = self._key(served, question, form) if lasting else None
            if key is not None:
                tag = tag_of(key)
                if question.conditional and names_tag(question.conditional, tag):
                    await send_whole(send, 304, ((b"etag", tag), REVALIDATE, VARY, *COMMON), b"")
                    return Outcome("not-modified")
                entry = self.cache.get(key) if self.cache.max_bytes else None
                if entry is not None:
                    if question.raw is not None:
                        self.cache.alias(question.raw, key)
                    await send_whole(send, 200, entry.headers, b"" if question.head else entry.body)
                    return Outcome("cached")
            return await self._ask(Asked(question, form, served, key), send)

    def _key(self, served: Served, question: Question, form: ResultFormat) -> Key:
        media_type = f"{form.value} for sheets" if is_sheet(question.format, form) else form.value
        coding = choose_coding(question.coding)
        snapshot = served.engine.snapshot_hash
        return key_of(snapshot, question.text, media_type, coding, name=question.name, dataset=question.dataset)

    async def _ask(self, asked: Asked, send: Send) -> Outcome:
        question = asked.question
        request = QueryRequest(
            text=question.text,
            format=asked.form,
            timeout_seconds=question.timeout_seconds,
            dataset=question.dataset,
            client=question.client,
            base_iri=self.settings.sparql_url,
        )
        return await self.give(await asked.served.engine.query(request), asked, send)

    async def give(self, answer: Answer, asked: Asked, send: Send) -> Outcome:
        """Send what the engine answered, whole or as a stream.

        Raises:
            AnswerCut: the rest of a stream cannot be had.
        """
        question, form, key = asked.question, asked.form, asked.key
        if is_sheet(question.format, form):
            answer = as_sheet(answer)
        coding = choose_coding(question.coding)
        fixed = headers_of(question.form, form, question.name, key)
        if answer.whole is None:
            body = await _stream(answer, question, coding, fixed, send, keep=self._may_keep(asked))
            if body is not None:
                coded = () if coding == "identity" else ((b"content-encoding", coding.encode()),)
                self._keep(asked, (*fixed, *coded, (b"content-length", str(len(body)).encode())), body)
            return Outcome("ok")
        body = answer.whole
        if coding != "identity" and len(body) >= SMALLEST:
            body = await compress(body, coding)
            fixed = (*fixed, (b"content-encoding", coding.encode()))
        headers = (*fixed, (b"content-length", str(len(body)).encode()))
        self._keep(asked, headers, body)
        await send_whole(send, 200, headers, b"" if question.head else body)
        return Outcome("ok")

    def _may_keep(self, asked: Asked) -> int:
        """The most bytes of a stream that are put by for the cache."""
        return min(self.cache.max_entry_bytes, self.cache.max_bytes) if asked.key is not None else 0

    def _keep(self, asked: Asked, headers: tuple[Header, ...], body: bytes) -> None:
        # the snapshot may have been replaced while the engine worked: what it gave is not the new one's answer
        if asked.key is None or not self.cache.max_bytes or asked.served is not self.serving.current:
            return
        self.cache.put(asked.key, Entry.of(headers, body))
        if asked.question.raw is not None:
            self.cache.alias(asked.question.raw, asked.key)


async def _stream(
    answer: Answer, question: Question, coding: str, fixed: tuple[Header, ...], send: Send, *, keep: int
) -> bytes | None:
    """Send a stream; gives its body, for the cache, where that came whole and has at most `keep` bytes."""
    coder = None
    kept: list[bytes] = []
    room = keep
    if coding != "identity":
        coder = StreamCoder(coding)
        fixed = (*fixed, (b"content-encoding", coding.encode()))
    chunks: Any = answer.chunks
    # closing the iterator ends the query where the client left or asked for the headers only
    async with aclosing(chunks):
        await send({"type": "http.response.start", "status": 200, "headers": fixed})
        if question.head:
            await send({"type": "http.response.body", "body": b""})
            return None
        try:
            async for chunk in chunks:
                data = chunk if coder is None else await coder.feed(chunk)
                if not data:
                    continue
                room -= len(data)
                if room > 0:
                    kept.append(data)
                else:
                    kept.clear()
                await send({"type": "http.response.body", "body": data, "more_body": True})
        except DadkhahError as error:
            raise AnswerCut(code_of(type(error))) from error
    last = b"" if coder is None else coder.finish()
    await send({"type": "http.response.body", "body": last})
    return b"".join((*kept, last)) if room > len(last) else None


def chosen_format(question: Question) -> ResultFormat:
    """The format of the answer.

    Raises:
        HttpError: 406 where the client accepts none that suits the query form.
        ParameterError: `format=` names none that there is.
    """
    if question.format is not None:
        try:
            chosen = named_format(question.format, question.form)
        except KeyError as error:
            raise ParameterError("The value of format names no result format; try json, xml, csv, ttl.") from error
    else:
        chosen = choose_format(question.accept or "*/*", question.form)
    if chosen is None:
        offers = ", ".join(offer.value for offer in OFFERS[question.form])
        raise HttpError(406, f"A query of the form {question.form} is answered as one of: {offers}.")
    return chosen


def client_key(scope: Any, trusted_proxies: tuple[str, ...]) -> str:
    """A key for the client of a request: its address, or its network where it may hold many (IPv6).

    The address is that of the peer; of a trusted proxy, what it says in X-Forwarded-For.
    """
    address = scope["client"][0] if scope.get("client") else ""
    if address in trusted_proxies:
        forwarded = header(scope["headers"], b"x-forwarded-for").split(",")
        address = next((one.strip() for one in reversed(forwarded) if one.strip() not in trusted_proxies), address)
    if ":" in address:
        try:
            return str(ipaddress.ip_network((address, 64), strict=False))
        except ValueError:
            return address
    return address
