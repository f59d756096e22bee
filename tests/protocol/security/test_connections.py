"""Rules of the connection: nobody smuggles a request past it, fills it, or holds it; others are served meanwhile."""

import gzip
import json
import re
import socket
import threading
import time
import zlib
from urllib.parse import quote

import pytest

OTHER = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + FORM
CHUNKED = b"Transfer-Encoding: chunked\r\n"
# what two parsers may read differently: how long a request is, and where the next one begins
AMBIGUOUS = [
    POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + OTHER,
    POST + b"Content-Length: 5, 44\r\n\r\n" + OTHER,
    POST + b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + OTHER,
    POST + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b" Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b"X: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + OTHER,
    POST + b"Content-Length: +5\r\n\r\nquery" + OTHER,
    POST + b"Content-Length: -1\r\n\r\n" + OTHER,
    POST + b"Content-Length: 0x5\r\n\r\nquery" + OTHER,
    POST + b"Content-Length: 5_0\r\n\r\nquery" + OTHER,
    POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + OTHER,
    POST + CHUNKED + b"\r\n0x5\r\nquery\r\n0\r\n\r\n" + OTHER,
    POST + CHUNKED + b"\r\n-5\r\nquery\r\n0\r\n\r\n" + OTHER,
    POST + CHUNKED + b"\r\nFFFFFFFFFFFFFFFFF\r\n" + OTHER,
    POST + CHUNKED + b"\r\n5;a=\x00\r\nquery\r\n0\r\n\r\n" + OTHER,
    POST + CHUNKED + b"\r\n5\nquery\n0\n\n" + OTHER,
    b"GET /en/\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: x\r\nX\x00: 1\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
    b"GET /en/ HTTP/1.1 \r\nHost: x\r\n\r\n",
    b"GET  /en/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /en/\tHTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


def statuses(raw):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", raw)]


@pytest.mark.parametrize("data", AMBIGUOUS, ids=range(len(AMBIGUOUS)))
def test_what_could_be_read_in_two_ways_hides_no_request(service, data):
    raw = service.raw(data, seconds=2)
    # the hidden request was one for the figures
    assert b"dadkhah_query_seconds" not in raw
    assert all(status < 500 or status == 505 for status in statuses(raw))
    assert service.is_alive()


def test_requests_in_a_row_are_answered_one_by_one_and_in_order(service):
    paths = ("/healthz", "/nowhere", "/robots.txt", "/healthz")
    data = b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths[:-1])
    raw = service.raw(data + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", seconds=10)
    assert statuses(raw) == [200, 404, 200, 200]


def test_requests_sent_ahead_are_not_worked_for_a_client_that_left(service):
    def running():
        figures = service.ask("/metrics").text
        return float(re.search(r'^dadkhah_engine\{figure="running"\} (\S+)', figures, re.MULTILINE)[1])

    with socket.create_connection((service.host, service.port), timeout=5) as sock:
        for number in range(20):
            query = quote(f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }}")
            sock.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        assert running() == 1
    # sooner than the first of them meets its limit
    time.sleep(2)
    assert running() == 0


def test_open_connections_are_counted(service):
    def counted():
        return float(re.search(r"^dadkhah_connections (\S+)", service.ask("/metrics").text, re.MULTILINE)[1])

    before = counted()
    held = [socket.create_connection((service.host, service.port), timeout=5) for _ in range(5)]
    try:
        assert counted() >= before + 4
    finally:
        for sock in held:
            sock.close()


def bomb(coding):
    zeros = b"query=" + b"A" * (64 << 20)
    return gzip.compress(zeros) if coding == "gzip" else zlib.compress(zeros)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip", "br", "x-unknown"])
@pytest.mark.parametrize("path", ["/sparql", "/reconcile", "/reconcile/v1/match", "/validate"])
def test_a_compressed_body_is_not_unpacked(service, coding, path):
    begun = time.monotonic()
    kind = "application/json" if path.endswith("match") else "application/x-www-form-urlencoded"
    answer = service.ask(path, method="POST", body=bomb(coding), Content_Encoding=coding, Content_Type=kind)
    assert 400 <= answer.status < 500
    assert time.monotonic() - begun < 5
    assert service.is_alive()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"queries":[' + b'{"conditions":[' * 10_000,
        b'{"queries": ' + b"9" * 100_000 + b"}",
        b'{"queries": [1e999]}',
        b'{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "\xff"}]}]}',
        b'{"q":1,' * 10 + b'"q":1}' * 10,
        b"\xef\xbb\xbf{}",
        b"",
        b"null",
    ],
    ids=range(10),
)
@pytest.mark.parametrize("path", ["/reconcile/v1/match", "/reconcile/v1/extend"])
def test_json_that_is_deep_long_or_broken_is_refused(service, body, path):
    answer = service.ask(path, method="POST", body=body, Content_Type="application/json")
    assert 400 <= answer.status < 500
    assert json.loads(answer.body)["status"] == answer.status


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", ",".join(f"a/b{number};q=0.{number % 10}" for number in range(1500))),
        ("Accept", "text/html;" * 3000),
        ("Accept", ";q=" * 9000),
        ("Accept-Language", ",".join(["fa;q=0.1"] * 3000)),
        ("Accept-Encoding", ",".join(["gzip;q=0.1"] * 2500)),
        ("If-None-Match", ",".join(['W/"x"'] * 5000)),
        ("Range", "bytes=" + ",".join("0-1" for _ in range(7000))),
        ("If-Modified-Since", "x" * 30_000),
        ("Cookie", "a=b;" * 7000),
    ],
    ids=range(9),
)
def test_long_lists_in_headers_cost_nothing(service, name, value):
    for path in ("/en/person/person-5", "/id/person/person-5", "/sparql?query=ASK%7B%7D", "/api/v1/search?q=person"):
        begun = time.monotonic()
        raw = service.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\nConnection: close\r\n\r\n".encode())
        assert statuses(raw)[0] < 500
        assert time.monotonic() - begun < 3


def test_clients_that_never_finish_are_let_go_and_others_are_served(service):
    held, slow = [], b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
    stop = threading.Event()

    def drip(sock):
        while not stop.is_set():
            try:
                sock.sendall(b"X-A: 1\r\n"[:1])
            except OSError:
                return
            stop.wait(0.5)

    try:
        for number in range(150):
            sock = socket.create_connection((service.host, service.port), timeout=15)
            sock.sendall(slow if number % 3 else POST + b"Content-Length: 1000\r\n\r\n")
            held.append(sock)
        threads = [threading.Thread(target=drip, args=(sock,)) for sock in held[:40]]
        for thread in threads:
            thread.start()
        times = []
        for _ in range(40):
            begun = time.monotonic()
            assert service.ask("/sparql?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 1")).status == 200
            times.append(time.monotonic() - begun)
        assert sorted(times)[-2] < 1
        stop.set()
        for thread in threads:
            thread.join()
        # each is closed in the end, most with an answer that says why
        held[0].settimeout(20)
        held[1].settimeout(20)
        assert b"" in {held[0].recv(10_000) or b"", held[0].recv(10_000)}
        assert held[1].recv(10_000) == b"" or held[1].recv(10_000) == b""
    finally:
        stop.set()
        for sock in held:
            sock.close()
    assert service.is_alive()
