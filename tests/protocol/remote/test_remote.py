"""The remote engine and publishing, against real engines."""

import asyncio
import http.server
import json
import threading

import pyoxigraph as ox
import pytest

from dadkhah.engine.interface import Dataset, QueryRequest, ResultFormat
from dadkhah.engine.remote.endpoint import RemoteEngine, RemoteSettings
from dadkhah.engine.remote.publish import PublishTarget, publish
from dadkhah.errors import (
    ConfigurationError,
    DadkhahError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    RemoteError,
    ResultTooLarge,
)

from .conftest import GRAPHS

A, B = GRAPHS
SAME = [
    f"SELECT ?s ?o WHERE {{ GRAPH <{A}> {{ ?s <http://example.org/p> ?o }} }} ORDER BY ?s LIMIT 20",
    f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{B}> {{ ?s ?p ?o }} }}",
    f"SELECT (SUM(?o) AS ?n) WHERE {{ GRAPH <{A}> {{ ?s <http://example.org/number> ?o FILTER(?o > 390) }} }}",
    f"SELECT ?o WHERE {{ GRAPH <{A}> {{ <{A}/7> <http://example.org/number> ?o OPTIONAL {{ ?o ?q ?z }} }} }}",
    f"SELECT ?o WHERE {{ GRAPH <{A}> {{ <{A}/absent> ?p ?o }} }}",
]


def target_of(remote, **changed):
    fields = {"query": remote.query, "gsp": remote.gsp, "user": remote.user, "password": remote.password}
    return PublishTarget(**{**fields, **changed})


async def ask(engine, text, *, form=ResultFormat.JSON, dataset=None, seconds=20.0):
    answer = await engine.query(QueryRequest(text, form, seconds, dataset))
    if answer.whole is not None:
        return answer.whole
    return b"".join([chunk async for chunk in answer.chunks])


def rows(body):
    answer = json.loads(body)
    names = answer["head"]["vars"]
    return [
        tuple((row[name]["value"], row[name].get("xml:lang")) if name in row else None for name in names)
        for row in answer["results"]["bindings"]
    ]


@pytest.fixture
async def loaded(remote, store):
    """An engine over what was published."""
    outcomes = await publish(store, target_of(remote))
    assert all(outcome.arrived for outcome in outcomes), outcomes
    async with RemoteEngine(RemoteSettings(remote.query)) as engine:
        yield engine


async def test_publishing_replaces_each_graph_and_verifies_it(remote, store):
    for _ in range(2):
        outcomes = await publish(store, target_of(remote))
        assert [(each.graph, each.expected, each.found) for each in outcomes] == [(A, 800, 800), (B, 60, 60)]
        assert all(each.arrived for each in outcomes)
        assert outcomes[1].same


async def test_a_graph_over_the_engines_limit_of_rows_is_counted_only(virtuoso, store):
    outcomes = await publish(store, target_of(virtuoso))
    assert [each.same for each in outcomes] == [None, True]


async def test_statements_that_differ_in_equal_number_are_reported(oxigraph, virtuoso, tmp_path):
    folders = []
    for name in ("x", "y"):
        folder = tmp_path / name
        made = ox.Store(str(folder))
        made.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(name), ox.NamedNode("urn:differ")))
        made.flush()
        del made
        folders.append(folder)
    await publish(folders[0], target_of(virtuoso))
    (outcome,) = await publish(folders[1], target_of(virtuoso, gsp=oxigraph.gsp))
    assert (outcome.expected, outcome.found, outcome.same) == (1, 1, False)
    assert not outcome.arrived


async def test_publishing_by_update_arrives_too(oxigraph, store):
    outcomes = await publish(store, target_of(oxigraph, gsp=None, update=oxigraph.update))
    assert [(each.found, each.same) for each in outcomes] == [(800, True), (60, True)]


async def test_what_did_not_arrive_is_reported(oxigraph, virtuoso, store):
    # loaded into one engine and counted in another, which holds another number of statements
    await publish(store, target_of(virtuoso))
    wrong = PublishTarget(virtuoso.query, gsp=oxigraph.gsp, user=virtuoso.user, password=virtuoso.password)
    smaller = ox.Store()
    smaller.add(ox.Quad(ox.NamedNode(A), ox.NamedNode(A), ox.Literal("1"), ox.NamedNode(A)))
    folder = store.parent / "smaller"
    copy = ox.Store(str(folder))
    copy.extend(smaller)
    copy.flush()
    del copy
    (outcome,) = await publish(folder, wrong)
    assert (outcome.expected, outcome.found) == (1, 800)
    assert not outcome.arrived


async def test_publishing_needs_a_way_to_write(oxigraph, store):
    with pytest.raises(ConfigurationError):
        await publish(store, PublishTarget(oxigraph.query))
    with pytest.raises(RemoteError, match="status"):
        await publish(store, PublishTarget(oxigraph.query, gsp=oxigraph.query))


@pytest.mark.parametrize("text", SAME)
async def test_answers_are_those_of_the_local_engine(loaded, store, text):
    expected = ox.Store.read_only(str(store)).query(text).serialize(format=ox.QueryResultsFormat.JSON)
    assert rows(await ask(loaded, text)) == rows(expected)


async def test_ask_and_construct_pass_through(loaded):
    body = await ask(loaded, f"ASK {{ GRAPH <{A}> {{ ?s ?p 7 }} }}")
    assert json.loads(body)["boolean"] is True
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{B}> {{ ?s ?p ?o }} }}"
    body = await ask(loaded, text, form=ResultFormat.N_TRIPLES)
    assert len(list(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))) == 60


async def test_the_dataset_of_the_request_is_forwarded(loaded):
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s <http://example.org/p> ?o }"
    assert rows(await ask(loaded, count, dataset=Dataset((B,)))) == [(("30", None),)]
    text = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s <http://example.org/p> ?o } }"
    assert rows(await ask(loaded, text, dataset=Dataset((), (A,)))) == [(("400", None),)]


async def test_what_does_not_parse_is_a_syntax_error(loaded):
    with pytest.raises(QuerySyntaxError):
        await ask(loaded, "SELECT ?s WHERE { ?s ?p }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "DROP ALL",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "SELECT * {" + "{" * 4000,
        "SELECT * {" + " UNION ".join(["{ ?s ?p ?o }"] * 3000) + "}",
    ],
)
async def test_hostile_queries_never_reach_the_engine(text):
    # nothing listens there: what was sent would be a RemoteError
    async with RemoteEngine(RemoteSettings("http://127.0.0.1:9/sparql")) as engine:
        with pytest.raises(DadkhahError) as caught:
            await ask(engine, text)
    assert not isinstance(caught.value, RemoteError)
    assert isinstance(caught.value, QueryRefused | QuerySyntaxError) or "limit" in str(caught.value)


async def test_rows_that_virtuoso_cuts_off_are_an_error(virtuoso, store):
    await publish(store, target_of(virtuoso))
    async with RemoteEngine(RemoteSettings(virtuoso.query)) as engine:
        with pytest.raises(ResultTooLarge):
            await ask(engine, f"SELECT * WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}")


async def test_the_deadline_holds_whatever_the_engine_does(oxigraph, store):
    await publish(store, target_of(oxigraph))
    slow = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{A}> {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} FILTER(?c > ?i) }}"
    loop = asyncio.get_running_loop()
    async with RemoteEngine(RemoteSettings(oxigraph.query)) as engine:
        begun = loop.time()
        with pytest.raises(QueryTimeout):
            await ask(engine, slow, seconds=0.5)
        assert loop.time() - begun < 5


async def test_an_engine_that_is_not_there_is_a_remote_error():
    async with RemoteEngine(RemoteSettings("http://127.0.0.1:9/sparql")) as engine:
        with pytest.raises(RemoteError):
            await ask(engine, "ASK {}")


JSON_TYPE = "application/sparql-results+json"


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (206, {}, ResultTooLarge),
        (500, {}, RemoteError),
        (200, {"X-SPARQL-MaxRows": "10"}, ResultTooLarge),
        (200, {"Content-Type": "text/html"}, RemoteError),
        (200, {"Content-Length": "9999"}, RemoteError),
        (200, {"Content-Length": None}, RemoteError),
        (302, {"Location": "/elsewhere"}, RemoteError),
        (504, {}, QueryTimeout),
    ],
)
async def test_anything_but_a_whole_200_is_an_error(status, headers, error):
    body = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
    sent = {"Content-Type": JSON_TYPE, "Content-Length": str(len(body)), **headers}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in sent.items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            async with RemoteEngine(RemoteSettings(f"http://127.0.0.1:{server.server_port}/")) as engine:
                with pytest.raises(error):
                    await ask(engine, "SELECT * {}")
        finally:
            server.shutdown()
            thread.join()
