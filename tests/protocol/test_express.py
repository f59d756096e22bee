"""The short way of a usual GET gives what the long way gives; what it cannot give it leaves to the long way."""

import contextlib
import http.client
import re
import socket
import time
import urllib.parse

import pytest

pytestmark = [pytest.mark.given, pytest.mark.slow]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ROWS = "SELECT * { ?s ?p ?o . ?a ?b ?c }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6)) + " }"


@pytest.fixture(scope="module")
def address(w3c, tmp_path_factory):
    data = tmp_path_factory.mktemp("express") / "data.nq"
    lines = (f'<http://e.org/s{n}> <http://e.org/p> "value of {n}" .\n' for n in range(150))
    data.write_text("".join(lines), encoding="utf-8")
    with w3c.running(data) as found:
        yield found


@pytest.fixture
def connection(address):
    with contextlib.closing(http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=30)) as made:
        yield made


def ask(connection, query, *, more="", **headers):
    path = "/sparql?query=" + urllib.parse.quote_plus(query) + more
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    kept = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "date"}
    return answer.status, kept, answer.read()


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (COUNT, "*/*"),
        (COUNT, "application/sparql-results+xml"),
        ("ASK { ?s ?p ?o }", "text/csv;q=0.5, application/sparql-results+json"),
        ("CONSTRUCT WHERE { <http://e.org/s1> ?p ?o }", "text/turtle"),
        ("DESCRIBE <http://e.org/s1>", "application/ld+json"),
        ("SELECT * { <relative> ?p ?o }", "*/*"),
        ("SELECT * { ?s ?p }", "*/*"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "*/*"),
        ("SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }", "*/*"),
        ("SELECT * { ?s ?p ?o }", "image/png"),
        (" ", "*/*"),
    ],
)
def test_both_ways_give_the_same_status_headers_and_bytes(connection, query, accept):
    # a second parameter sends a request the long way; the cache would answer it, if the query were not spelled anew
    short = ask(connection, query, Accept=accept)
    again = ask(connection, query, Accept=accept)
    long = ask(connection, query, more="&timeout=6", Accept=accept)
    assert short == again == long


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_coded_answers_say_so(connection, coding):
    status, headers, body = ask(connection, "SELECT ?s { ?s ?p ?o }", Accept_Encoding=coding)
    assert status == 200
    assert headers.get("content-encoding", "identity") == coding
    assert int(headers["content-length"]) == len(body)


def test_a_large_answer_streams_whole(connection):
    status, headers, body = ask(connection, ROWS, Accept="text/tab-separated-values")
    assert (status, headers["transfer-encoding"]) == (200, "chunked")
    assert len(body.splitlines()) == 150 * 150 + 1


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_a_stream_of_moderate_size_comes_whole_from_the_cache_when_it_is_asked_for_again(connection, coding):
    query = f"{ROWS} LIMIT 3000 # {coding}"
    status, headers, body = ask(connection, query, Accept_Encoding=coding)
    assert (status, headers["transfer-encoding"]) == (200, "chunked")
    status, again, same = ask(connection, query, Accept_Encoding=coding)
    assert (status, same) == (200, body)
    assert int(again["content-length"]) == len(body)
    left = {name: value for name, value in headers.items() if name != "transfer-encoding"}
    assert left == {name: value for name, value in again.items() if name != "content-length"}


def test_pipelined_requests_are_answered_in_order(address):
    host = urllib.parse.urlsplit(address)
    queries = [f"SELECT ({number} AS ?n) {{}}" for number in range(30)]
    lines = [f"GET /sparql?query={urllib.parse.quote(query)} HTTP/1.1\r\nHost: x\r\n" for query in queries]
    with socket.create_connection((host.hostname, host.port), timeout=30) as sock, sock.makefile("rb") as answers:
        sock.sendall("\r\n".join([*lines[:-1], lines[-1] + "Connection: close\r\n\r\n"]).encode())
        text = answers.read().decode()
    assert re.findall(r'"value":"(\d+)"', text) == [str(number) for number in range(30)]


def test_a_client_that_leaves_frees_its_reader(connection, address):
    host = urllib.parse.urlsplit(address)
    request = f"GET /sparql?query={urllib.parse.quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(20):
        with socket.create_connection((host.hostname, host.port), timeout=30) as sock:
            sock.sendall(request)
            time.sleep(0.02)
    began = time.monotonic()
    assert ask(connection, "ASK {}")[0] == 200
    # twenty queries of six seconds each would keep the eight readers for longer
    assert time.monotonic() - began < 5


def test_a_query_over_its_time_is_told_so(connection):
    status, headers, body = ask(connection, ENDLESS)
    assert status in {503, 504}
    assert headers["content-type"] == "application/problem+json"
    assert b"#query-timeout" in body
    assert ask(connection, "ASK {}")[0] == 200


def test_a_repeated_request_is_answered_alike_in_one_piece_in_several_and_among_others(address):
    host = urllib.parse.urlsplit(address)
    one, other = (
        f"GET /sparql?query={urllib.parse.quote(f'SELECT ({name!r} AS ?n) {{}}')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        for name in ("one", "other")
    )
    with socket.create_connection((host.hostname, host.port), timeout=30) as sock, sock.makefile("rb") as answers:
        for pieces in ([one], [one], [one], [other, one], [one[:9], one[9:]], [one + other, one[:-1], one[-1:]], [one]):
            for piece in pieces:
                sock.sendall(piece)
                time.sleep(0.05)
        sock.sendall(one.replace(b"Host: x", b"Host: x\r\nConnection: close"))
        text = answers.read().decode()
    once = ["one", "one", "one", "other"]
    assert re.findall(r'"value":"(\w+)"', text) == [*once, *once, "one", "one", "one"]
    assert len(set(re.findall(r"etag: (.*)\r", text))) == 2
