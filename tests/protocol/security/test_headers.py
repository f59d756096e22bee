"""Rule: every answer carries the security headers, whatever the address, the method, the status and who gives it."""

import json
from urllib.parse import quote

import pytest

from dadkhah.web.wire.headers import is_host

PERSON = "person/person-5"
MANY = "&default-graph-uri=http%3A%2F%2Fx" * 300
ANSWERS = [
    ("GET", "/", 303),
    ("GET", "/en/", 200),
    ("GET", f"/fa/{PERSON}", 200),
    ("GET", f"/id/{PERSON}", 303),
    ("GET", f"/data/{PERSON}.ttl", 200),
    ("GET", f"/data/{PERSON}.csv", 200),
    ("GET", f"/api/v1/{PERSON}", 200),
    ("GET", f"/api/v1/graph.svg?seed={PERSON}", 200),
    ("GET", "/en/person/nobody-of-this-name", 404),
    ("GET", "/id/person/nobody-of-this-name", 404),
    ("GET", "/nowhere", 404),
    ("GET", "/static/style.css", 200),
    ("GET", "/static/../../etc/passwd", 404),
    ("GET", "/api/v1/search?limit=x", 400),
    ("GET", "/en/search?limit=x", 400),
    ("GET", "/sparql", 200),
    ("GET", "/sparql?query=ASK%7B%7D", 200),
    ("HEAD", "/sparql?query=ASK%7B%7D", 200),
    ("OPTIONS", "/sparql", 204),
    ("OPTIONS", "/api/v1/stats", 204),
    ("GET", "/sparql?query=nonsense", 400),
    ("GET", "/sparql?query=" + quote("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), 403),
    ("GET", "/sparql?query=" + quote("SELECT * { ?s ?p ?o }") + MANY, 400),
    ("GET", "/sparql?query=ASK%7B%7D&format=pdf", 400),
    ("PUT", "/sparql", 405),
    ("DELETE", "/api/v1/stats", 405),
    ("GET", "/" + "a" * 70_000, 414),
    ("GET", "/.well-known/void", 200),
    ("GET", "/reconcile", 200),
    ("GET", "/reconcile?queries=%7B", 400),
    ("GET", "/reconcile/preview?id=person%2Fnobody", 404),
    ("GET", "/healthz", 200),
    ("GET", "/metrics", 200),
    ("GET", "/openapi.json", 200),
]
QUERY = b"Content-Type: application/sparql-query\r\n"
REQUESTS = [
    (b"GET /en/ HTTP/1.1\r\nHost: x\r\nAccept: application/pdf\r\n\r\n", 406),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx", 415),
    (b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + QUERY + b"Content-Length: 99999999\r\n\r\n", 413),
    (b"GET /en/ HTTP/1.1\r\n\r\n", 400),
    (b"GET /en/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (b"GET /en/ HTTP/1.1\r\nHost: evil.example/x?y\r\n\r\n", 400),
    (b"NONSENSE\r\n\r\n", 400),
    (b"GET / HTTP/3.9\r\nHost: x\r\n\r\n", 400),
    (b"GET /en/ HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", 431),
    (b"GET /en/ HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 200 + b"\r\n", 431),
    (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n", 304),
    (b"GET /en/ HTTP/1.0\r\n\r\n", 200),
]


def parsed(raw):
    head, _, _ = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in lines]
    assert len({name for name, _ in pairs}) == len(pairs), "a header is there twice"
    return int(status.split()[1]), dict(pairs)


def judge(headers, *, framed=False):
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] in {"'self'", "'none'"}
    assert policy.get("object-src", policy["default-src"]) == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == ("*" if framed else "'none'")
    assert policy["form-action"] in {"'self'", "'none'"}
    assert "unsafe" not in policy.get("script-src", policy["default-src"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in headers
    assert "server" not in headers
    assert "x-powered-by" not in headers


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS, ids=[f"{m} {p[:40]} {s}" for m, p, s in ANSWERS])
def test_an_answer_carries_the_security_headers(service, method, path, status):
    raw = service.raw(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    found, headers = parsed(raw)
    assert found == status
    judge(headers)
    if status >= 400:
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("request_bytes", "status"), REQUESTS, ids=[str(number) for number in range(len(REQUESTS))])
def test_a_refusal_by_the_connection_itself_carries_them_too(service, request_bytes, status):
    found, headers = parsed(service.raw(request_bytes, seconds=3))
    assert found == status
    judge(headers)


@pytest.mark.parametrize("query", ["ASK%7B%7D", "SELECT%20*%7B%3Fs%20%3Fp%20%3Fo%7DLIMIT%203", "nonsense"])
def test_the_short_way_of_usual_queries_and_kept_answers_carry_them_too(service, query):
    request = f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(3):
        # the connection is kept, which the short way asks for
        found, headers = parsed(service.raw(request, seconds=2))
        assert found == (400 if query == "nonsense" else 200)
        judge(headers)


def test_every_address_of_the_interface_carries_them(service):
    document = json.loads(service.ask("/openapi.json").body)
    seen = 0
    for path, methods in document["paths"].items():
        address = path.replace("{kind}", "person").replace("{extension}", "ttl").replace("{what}", "entity")
        address = address.replace("{slug}", "person-5").replace("{name}", "x")
        for method in methods:
            answer = service.ask(address, method=method.upper(), body=b"{}" if method == "post" else None)
            assert answer.status < 500, path
            judge(answer.headers, framed=answer.status == 200 and path.endswith("/preview"))
            seen += 1
    assert seen > 20


def test_a_preview_may_be_framed_and_runs_nothing(service):
    answer = service.ask(f"/reconcile/preview?id={PERSON}")
    assert answer.status == 200
    judge(answer.headers, framed=True)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_browsers_are_told_to_come_by_tls_where_clients_do(service, started_with):
    plain = service.ask("/en/")
    assert "strict-transport-security" not in plain.headers
    secure = started_with("--base-url", "https://dadkhah.example")
    for path in ("/en/", "/sparql?query=ASK%7B%7D", "/nowhere", "/sparql?query=x"):
        for _ in range(2):
            assert secure.ask(path).headers["strict-transport-security"] == "max-age=15768000"
    raw = secure.raw(b"NONSENSE\r\n\r\n", seconds=3)
    assert b"strict-transport-security" in raw


@pytest.mark.parametrize("value", ["localhost", "localhost:8000", "[::1]:80", "a-b.example", "", "127.0.0.1:7011"])
def test_a_host_is_a_name_or_address_with_a_port(value):
    assert is_host(value.encode())


@pytest.mark.parametrize(
    "value", ["a/b", "a@b", "a b", "a?b", "a#b", "a\\b", "a:b", "a,b", "[::1", "a:123456", "a\u00e9"]
)
def test_anything_else_is_none(value):
    assert not is_host(value.encode())
