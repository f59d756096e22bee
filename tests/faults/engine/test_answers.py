"""What a pool answers: formats, datasets, errors with their place, unknown functions."""

import asyncio
import json
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest

from dadkhah.engine.interface import Dataset, QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool, PoolSettings, SnapshotSource
from dadkhah.engine.readers.reader import ReaderSettings
from dadkhah.errors import InputError, ParameterError, QueryRefused, QuerySyntaxError, QueryTooLarge, ResultTooLarge

from .conftest import collect

SELECT_FORMATS = [ResultFormat.JSON, ResultFormat.XML, ResultFormat.CSV, ResultFormat.TSV]
GRAPH_FORMATS = [each for each in ResultFormat if each not in SELECT_FORMATS]


def rows(answer):
    return json.loads(answer)["results"]["bindings"]


@pytest.mark.parametrize("limit", [3, 4000])
@pytest.mark.parametrize("written", SELECT_FORMATS)
async def test_solutions_are_those_of_the_engine_byte_for_byte(ask, source, written, limit):
    text = f"SELECT * {{ ?s ?p ?o }} ORDER BY ?s LIMIT {limit}"
    expected = ox.Store.read_only(str(source.store)).query(text)
    wanted = expected.serialize(format=getattr(ox.QueryResultsFormat, written.name))
    assert await ask(text, written=written) == wanted


@pytest.mark.parametrize("written", GRAPH_FORMATS)
async def test_graphs_can_be_read_back_in_every_format(ask, written):
    answer = await ask("CONSTRUCT WHERE { ?s <http://x/p1> ?o }", written=written)
    if written is ResultFormat.N3:
        assert b"http://x/p1" in answer
        return
    parsed = list(ox.parse(answer, format=ox.RdfFormat.from_media_type(written.value)))
    assert len(parsed) == 572


async def test_ask_has_a_boolean(ask):
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"] is True


async def test_small_answer_is_whole_and_large_one_streams(pool):
    small = await pool.query(QueryRequest("ASK {}", ResultFormat.JSON, 5))
    assert small.whole is not None
    large = await pool.query(QueryRequest("SELECT * { ?s ?p ?o }", ResultFormat.JSON, 5))
    assert large.whole is None
    assert len(rows(await collect(large))) == 4000


async def test_syntax_error_has_line_and_column(ask):
    with pytest.raises(QuerySyntaxError) as caught:
        await ask("SELECT *\nWHERE { ?s ?p ?o . é é }")
    assert caught.value.line == 2
    assert caught.value.column in range(20, 26)


async def test_undeclared_prefix_is_said_so(ask):
    with pytest.raises(QuerySyntaxError, match="prefix"):
        await ask("SELECT * { ?s nope:p ?o }")


async def test_unknown_function_is_an_unbound_value(ask):
    answer = await ask("PREFIX f: <http://f/> SELECT ?x (f:a(?x) AS ?y) (<urn:b>() AS ?z) { VALUES ?x { 1 2 } }")
    assert [sorted(row) for row in rows(answer)] == [["x"], ["x"]]


async def test_unknown_function_that_the_scan_misses_is_found_when_it_is_called(ask):
    # an escaped slash in a local name
    answer = await ask(r"PREFIX f: <http://f/> SELECT (f:a\/b(1) AS ?y) {}")
    assert rows(answer) == [{}]


async def test_unknown_function_in_a_large_answer_leaves_it_whole(ask):
    answer = await ask("SELECT ?s { { ?s ?p ?o } UNION { ?s ?p ?o FILTER(COALESCE(<urn:f>(?o), true)) } }")
    assert len(rows(answer)) == 8000


async def test_casts_and_known_functions_still_work(ask):
    answer = await ask("PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:integer('5') AS ?x) {}")
    assert rows(answer)[0]["x"]["value"] == "5"


@pytest.mark.parametrize("written", [ResultFormat.XML, ResultFormat.RDF_XML])
async def test_xml_is_well_formed_whatever_a_literal_holds(ask, written):
    literal = '"a\\u0001\\u000b\\uFFFE <&> \\uFFFF"'
    text = (
        f"SELECT ({literal} AS ?x) {{}}"
        if written is ResultFormat.XML
        else f"CONSTRUCT {{ <http://s> <http://p/p> {literal} }} WHERE {{}}"
    )
    document = ET.fromstring(await ask(text, written=written))
    assert "a\ufffd\ufffd\ufffd <&> \ufffd" in "".join(document.itertext())


async def test_dataset_of_the_request_overrides_from(ask):
    text = "SELECT (COUNT(*) AS ?n) FROM <http://elsewhere/> { ?s ?p ?o }"
    assert rows(await ask(text))[0]["n"]["value"] == "0"
    dataset = Dataset(default_graphs=("http://nowhere/",))
    assert rows(await ask("SELECT * { ?s ?p ?o }", dataset=dataset)) == []
    assert rows(await ask("SELECT * { ?s ?p ?o }", dataset=Dataset(named_graphs=("http://nowhere/",)))) == []


@pytest.mark.parametrize("graph", ["::", "no such", "http://x/\x00", "http://x/> <", ""])
async def test_graph_that_is_no_iri_is_an_error_of_the_request(ask, graph):
    with pytest.raises(ParameterError):
        await ask("ASK {}", dataset=Dataset(default_graphs=(graph,)))


async def test_relative_iris_are_resolved_against_the_base_of_the_request(ask):
    answer = await ask("SELECT (STR(<a>) AS ?x) {}", base_iri="http://base/sparql")
    assert rows(answer)[0]["x"]["value"] == "http://base/a"
    with pytest.raises(QuerySyntaxError):
        await ask("SELECT (STR(<a>) AS ?x) {}")


async def test_format_that_does_not_suit_the_form_is_an_error_of_the_request(ask):
    with pytest.raises(ParameterError):
        await ask("CONSTRUCT WHERE { ?s ?p ?o }", written=ResultFormat.JSON)
    with pytest.raises(ParameterError):
        await ask("SELECT * { ?s ?p ?o }", written=ResultFormat.TURTLE)


async def test_service_reaches_no_network_even_past_the_policy(ask):
    server = await asyncio.start_server(lambda _reader, _writer: pytest.fail("a reader sent a request"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises((QueryRefused, InputError)):
        await ask(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
    assert rows(await ask(f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")) == [{}]
    server.close()
    await server.wait_closed()


async def test_update_changes_nothing_even_past_the_policy(ask):
    with pytest.raises(QuerySyntaxError):
        await ask("INSERT DATA { <http://x> <http://x> <http://x> }")


async def test_request_that_cannot_be_sent_in_one_piece_is_too_large(ask):
    with pytest.raises(QueryTooLarge):
        await ask("ASK {}", dataset=Dataset(default_graphs=("http://x/" + "a" * 300_000,)))


@pytest.mark.parametrize("graphs", [1, 1000])
async def test_many_graphs_in_one_request(ask, graphs):
    dataset = Dataset(named_graphs=tuple(f"http://g/{n}" for n in range(graphs)))
    assert rows(await ask("SELECT * { GRAPH ?g { ?s ?p ?o } }", dataset=dataset)) == []


@pytest.mark.parametrize(
    ("limits", "written"),
    [
        ({"max_result_bytes": 100_000}, ResultFormat.JSON),
        ({"max_result_rows": 1000}, ResultFormat.JSON),
        ({"max_result_rows": 1000}, ResultFormat.XML),
        ({"max_result_rows": 1000}, ResultFormat.CSV),
        ({"max_result_rows": 1000}, ResultFormat.TSV),
    ],
)
async def test_answer_over_a_cap_is_never_taken_for_a_whole_one(source, limits, written):
    pool = Pool(SnapshotSource("h", source.store), PoolSettings(readers=1, spares=0, reader=ReaderSettings(**limits)))
    await pool.start()
    try:
        with pytest.raises(ResultTooLarge, match="over"):
            await collect(await pool.query(QueryRequest("SELECT * { ?s ?p ?o }", written, 10)))
        answer = await collect(await pool.query(QueryRequest("SELECT * { ?s ?p ?o } LIMIT 300", written, 10)))
        assert answer
    finally:
        await pool.close()


async def test_empty_rows_and_braces_in_literals_do_not_change_the_count_of_rows(source):
    pool = Pool(SnapshotSource("h", source.store), PoolSettings(readers=1, reader=ReaderSettings(max_result_rows=3)))
    await pool.start()
    try:
        text = 'SELECT * { VALUES ?x { "},{\\"" "a },{ b" 1 } }'
        answer = await collect(await pool.query(QueryRequest(text, ResultFormat.JSON, 10)))
        assert len(rows(answer)) == 3
    finally:
        await pool.close()


async def test_a_reader_that_worked_long_is_the_last_to_be_asked_again(pool, ask):
    """It frees what its answer was made of; whoever asks next shall not wait for that."""
    many = "CONSTRUCT { ?s ?p ?o . ?a ?q ?o } WHERE { ?s ?p ?o . ?a ?q ?b FILTER(STRSTARTS(STR(?a), 'http://x/one/')) }"
    generation = pool._current
    assert generation is not None
    before = list(generation.idle)
    assert len(await ask(f"{many} LIMIT 60000", written=ResultFormat.N_TRIPLES)) > 1_000_000
    assert generation.idle == [before[-1], *before[:-1]]
    await ask("ASK {}")
    assert generation.idle == [before[-1], *before[:-1]], "a short one keeps its place"
