"""Rules of who is let in: tokens, and requests in a minute."""

import hashlib
import hmac
from types import SimpleNamespace

import pytest

from dadkhah.web import gate as gate_module
from dadkhah.web.gate import Gate, Rate
from dadkhah.web.wire.settings import GateSettings, WebSettings

TOKEN = "a-token-of-the-archive-team"
HASH = hashlib.sha256(TOKEN.encode()).hexdigest()


async def app(scope, receive, send):
    headers = [(b"cache-control", b"public, max-age=31536000"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"secret"})


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


async def ask(made, *, path="/sparql", authorization=None, client="192.0.2.1", headers=()):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "client": (client, 4000)}
    scope["headers"] = [*headers, *([(b"authorization", authorization.encode("latin-1"))] if authorization else [])]
    await made(scope, None, send)
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def with_tokens(**settings):
    return Gate(app, WebSettings(gate=GateSettings((HASH, "0" * 64), **settings)))


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
async def test_who_has_the_token_is_let_in(given):
    assert (await ask(with_tokens(), authorization=given))[0] == 200


@pytest.mark.parametrize(
    "given",
    [
        None,
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN.upper()}",
        f"Bearer {HASH}",
        f"Bearer {'0' * 64}",
        f"Bearer {TOKEN},Bearer {TOKEN}",
        "Bearer \xff\xfe",
    ],
)
async def test_who_has_none_is_told_nothing_but_that(given):
    status, headers, body = await ask(with_tokens(), authorization=given)
    assert status == 401
    assert headers[b"www-authenticate"].startswith(b"Bearer")
    assert headers[b"cache-control"] == b"no-store"
    assert b"secret" not in body
    assert TOKEN.encode() not in body


async def test_what_was_let_in_is_kept_by_no_cache_and_read_by_no_other_site():
    _, headers, _ = await ask(with_tokens(), authorization=f"Bearer {TOKEN}")
    assert headers[b"cache-control"] == b"no-store"
    assert b"access-control-allow-origin" not in headers


async def test_health_is_told_to_everybody():
    assert (await ask(with_tokens(), path="/healthz"))[0] == 200


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", "Bearer guess"])
async def test_every_token_is_compared_in_constant_time(given, monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((one, other))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(gate_module, "hmac", SimpleNamespace(compare_digest=compare))
    await ask(with_tokens(), authorization=given)
    assert len(compared) == 2


async def test_a_client_over_its_rate_is_told_when_to_come_back():
    clock = Clock()
    made = Gate(app, WebSettings(gate=GateSettings((), 60)), clock)
    answers = [(await ask(made))[0] for _ in range(15)]
    assert answers == [200] * 10 + [429] * 5
    status, headers, _ = await ask(made)
    assert status == 429
    assert int(headers[b"retry-after"]) == 1
    assert (await ask(made, client="192.0.2.2"))[0] == 200
    clock.now += int(headers[b"retry-after"])
    assert (await ask(made))[0] == 200


async def test_the_rate_cannot_be_got_around_by_naming_another_client():
    made = Gate(app, WebSettings(gate=GateSettings((), 6)), Clock())
    named = [[(b"x-forwarded-for", f"10.0.0.{number}".encode())] for number in range(20)]
    answers = [(await ask(made, headers=headers))[0] for headers in named]
    assert answers.count(200) == 5


async def test_behind_a_proxy_that_is_trusted_each_client_has_its_own():
    settings = WebSettings(gate=GateSettings((), 6), trusted_proxies=("192.0.2.1",))
    made = Gate(app, settings, Clock())
    named = [[(b"x-forwarded-for", f"10.0.0.{number}".encode())] for number in range(20)]
    assert {(await ask(made, headers=headers))[0] for headers in named} == {200}


async def test_one_network_of_version_6_is_one_client():
    made = Gate(app, WebSettings(gate=GateSettings((), 6)), Clock())
    answers = [(await ask(made, client=f"2001:db8::{number:x}"))[0] for number in range(20)]
    assert answers.count(200) == 5


async def test_guesses_at_a_token_are_counted():
    made = Gate(app, WebSettings(gate=GateSettings((HASH,), 6)), Clock())
    answers = [(await ask(made, authorization="Bearer guess"))[0] for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


def test_what_is_remembered_of_clients_is_bounded():
    rate = Rate(60, Clock())
    for number in range(30_000):
        rate.wait(str(number))
    assert len(rate._buckets) <= 20_000
