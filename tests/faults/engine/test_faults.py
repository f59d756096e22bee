"""What goes wrong in one query or process stays there; the others do not notice."""

import asyncio
import contextlib
import json
import os
import resource
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dadkhah.engine.interface import QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool, PoolSettings, SnapshotSource
from dadkhah.engine.local.settings import AT_ONCE_STATEMENTS
from dadkhah.engine.readers.reader import ReaderSettings
from dadkhah.errors import (
    Busy,
    LimitError,
    OutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
    ReaderLost,
    SnapshotError,
)

from .conftest import alive, collect, gone, until, zombies_of

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?f && ?f = ?i) }"
ENDLESS_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ALL = "SELECT * { ?s ?p ?o }"
DOUBLED = (
    "SELECT (STRLEN(?v28) AS ?n) { BIND('0123456789' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(28))
    + " }"
)


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def resident(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


async def rest_of(answer):
    return [block async for block in answer.chunks]


async def test_deadline_ends_a_query_that_would_never_end(ask, pool, observer):
    before = pool.reader_pids
    began = time.monotonic()
    with pytest.raises(QueryTimeout):
        await ask(ENDLESS, seconds=0.5)
    assert time.monotonic() - began < 2
    assert observer.ended["deadline"] == 1
    assert await until(lambda: pool.state().idle == 4)
    assert len(set(before) - set(pool.reader_pids)) == 1


async def test_deadline_ends_an_endless_answer_after_it_has_begun(pool):
    answer = await pool.query(QueryRequest(ENDLESS_ROWS, ResultFormat.CSV, 3))
    with pytest.raises(QueryTimeout):
        await rest_of(answer)


async def test_query_after_a_killed_one_waits_for_no_new_process(ask, observer):
    with pytest.raises(QueryTimeout):
        await ask(ENDLESS, seconds=0.3)
    started = observer.started
    assert await ask("ASK {}")
    assert observer.started <= started + 1


@pytest.mark.parametrize("query", [DOUBLED, f"{ENDLESS_ROWS} ORDER BY DESC(CONCAT(STR(?c), STR(?f), STR(?i)))"])
async def test_memory_bomb_ends_only_its_reader(ask, pool, query):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises((OutOfMemory, QueryTimeout)):
        await ask(query, seconds=15)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"]


@pytest.mark.parametrize(
    "bomb",
    [
        "ASK " + "{" * 20_000,
        "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}",
        "SELECT (" + "1+" * 20_000 + "1 AS ?x) {}",
        "SELECT (" + "STR(" * 8_000 + "1" + ")" * 8_000 + " AS ?x) {}",
        "ASK { {} " + "UNION {} " * 6_000 + "}",
        "ASK { ?s " + "(" * 20_000 + "<http://x/p>" + ")" * 20_000 + " ?o }",
        "ASK { " + "OPTIONAL { " * 4_000 + "}" * 4_001,
    ],
)
async def test_stack_bomb_past_the_policy_does_not_end_the_service(ask, bomb):
    with contextlib.suppress(QuerySyntaxError, LimitError):
        await ask(bomb, seconds=3)
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"]


async def test_reader_killed_in_the_middle_of_an_answer_breaks_it_and_is_replaced(pool, observer):
    answer = await pool.query(QueryRequest(ENDLESS_ROWS, ResultFormat.CSV, 20))
    (pid,) = [link.pid for link in pool._held.values()]
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ReaderLost):
        await rest_of(answer)
    assert observer.ended["killed"] == 1
    assert await until(lambda: pool.state().idle == 4, 1.0), "the reader is back within a second"


async def test_every_reader_killed_at_once_is_replaced(ask, pool):
    for pid in pool.reader_pids:
        os.kill(pid, signal.SIGKILL)
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"]
    assert await until(lambda: pool.state().idle == 4)


async def test_stopped_reader_is_ended_and_its_query_answered_by_another(ask, pool, observer):
    running = asyncio.create_task(ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", seconds=20))
    assert await until(lambda: pool._held)
    (link,) = pool._held.values()
    os.kill(link.pid, signal.SIGSTOP)
    assert json.loads(await running)["results"]["bindings"][0]["n"]["value"] == "16000000"
    assert observer.ended["stopped"] == 1


async def test_stopped_idle_readers_are_found_before_a_query_meets_them(ask, pool, observer):
    stopped = pool.reader_pids
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    assert await until(lambda: observer.ended["stopped"] == len(stopped))
    assert json.loads(await ask("ASK { ?s ?p ?o }", seconds=5))["boolean"]
    await gone(stopped)


async def test_zygote_that_dies_is_started_anew_while_readers_go_on(ask, pool):
    first = pool.zygote_pid
    os.kill(first, signal.SIGKILL)
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"]
    assert await until(lambda: pool.zygote_pid not in (first, None))
    await pool.settled()
    with pytest.raises(QueryTimeout):
        await ask(ENDLESS, seconds=0.3)
    assert await until(lambda: pool.state().idle == 4)
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"]


async def test_consumer_that_stops_reading_loses_its_answer_and_not_the_service(source, observer):
    pool = Pool(SnapshotSource("h", source.store), PoolSettings(readers=2, stall_seconds=0.4), observer=observer)
    await pool.start()
    try:
        answer = await pool.query(QueryRequest(ENDLESS_ROWS, ResultFormat.CSV, 20))
        await anext(answer.chunks)
        assert await until(lambda: observer.ended["stalled"] == 1, 3)
        with pytest.raises(QueryTimeout):
            await rest_of(answer)
        assert await collect(await pool.query(QueryRequest("ASK {}", ResultFormat.JSON, 5)))
    finally:
        await pool.close()


async def test_slow_consumer_may_take_longer_than_the_deadline_while_nobody_waits(pool):
    answer = await pool.query(QueryRequest(ALL, ResultFormat.XML, 0.5))
    blocks = []
    async for block in answer.chunks:
        blocks.append(block)
        await asyncio.sleep(0.3)
    assert b"".join(blocks).endswith(b"</sparql>")


async def test_leaving_an_answer_frees_its_reader(pool, observer):
    answer = await pool.query(QueryRequest(ENDLESS_ROWS, ResultFormat.CSV, 20))
    await anext(answer.chunks)
    await answer.chunks.aclose()
    assert pool.state().running == 0
    assert await until(lambda: observer.ended["abandoned"] == 1 and pool.state().idle == 4)


async def test_leaving_an_answer_that_is_nearly_out_costs_no_reader(pool, observer):
    before = pool.reader_pids
    for _ in range(5):
        answer = await pool.query(QueryRequest("SELECT * { ?s ?p ?o } LIMIT 700", ResultFormat.JSON, 20))
        if answer.whole is None:
            await answer.chunks.aclose()
    assert await until(lambda: pool.state().idle == 4)
    assert pool.reader_pids == before
    assert not observer.ended["abandoned"]


@pytest.mark.parametrize("after", [0.0, 0.05])
async def test_cancelling_a_query_ends_it(pool, observer, after):
    task = asyncio.create_task(pool.query(QueryRequest(ENDLESS, ResultFormat.JSON, 20)))
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await until(lambda: pool.state().idle == 4)
    assert pool.state().running == 0


async def test_cancelling_a_waiting_query_takes_it_out_of_the_line(pool):
    busy = [asyncio.create_task(pool.query(QueryRequest(ENDLESS, ResultFormat.JSON, 1, client="a"))) for _ in range(2)]
    waiting = asyncio.create_task(pool.query(QueryRequest("ASK {}", ResultFormat.JSON, 20, client="a")))
    await asyncio.sleep(0.1)
    assert pool.state().waiting == 1
    waiting.cancel()
    await asyncio.sleep(0)
    assert pool.state().waiting == 0
    assert all(isinstance(each, QueryTimeout) for each in await asyncio.gather(*busy, return_exceptions=True))


async def test_one_client_cannot_keep_the_others_out(ask, pool):
    hogs = [asyncio.create_task(ask(ENDLESS, seconds=2, client="hog")) for _ in range(10)]
    await asyncio.sleep(0.1)
    took = []
    for _ in range(20):
        began = time.monotonic()
        await ask("ASK {}", client="other")
        took.append(time.monotonic() - began)
    assert sorted(took)[10] < 0.5
    assert all(isinstance(each, LimitError) for each in await asyncio.gather(*hogs, return_exceptions=True))


async def test_full_line_is_busy_with_a_time_to_come_back(source, observer):
    settings = PoolSettings(readers=1, spares=0, queue_length=2, queue_per_client=2, queue_seconds=0.5)
    pool = Pool(SnapshotSource("h", source.store), settings, observer=observer)
    await pool.start()
    try:
        tasks = [asyncio.create_task(pool.query(QueryRequest(ENDLESS, ResultFormat.JSON, 2))) for _ in range(4)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        kinds = [type(each) for each in results]
        assert kinds == [QueryTimeout, Busy, Busy, Busy]
        assert all(each.retry_after_seconds >= 1 for each in results[1:])
    finally:
        await pool.close()


async def test_many_queries_at_once_are_all_answered(ask, observer):
    answers = await asyncio.gather(*(ask("ASK { ?s ?p ?o }", client=str(n % 5)) for n in range(100)))
    assert len(set(answers)) == 1
    assert observer.outcomes["ok"] == 100


async def test_neither_processes_nor_descriptors_are_left_behind(source, settings):
    before = descriptors()
    pool = Pool(source, settings)
    await pool.start()
    await pool.settled()
    pids = {*pool.reader_pids, pool.zygote_pid}
    for _ in range(6):
        with pytest.raises(QueryTimeout):
            await collect(await pool.query(QueryRequest(ENDLESS, ResultFormat.JSON, 0.1)))
        answer = await pool.query(QueryRequest(ALL, ResultFormat.JSON, 5))
        await anext(answer.chunks)
        await answer.chunks.aclose()
        pids |= set(pool.reader_pids)
    assert await until(lambda: pool.state().idle == 4)
    assert zombies_of(pool.zygote_pid) == []
    assert descriptors() <= before + 2 * 4 + 4
    await pool.close()
    await gone(pids)
    assert descriptors() == before


async def test_worn_reader_is_replaced_after_its_answer(source, observer):
    settings = PoolSettings(readers=1, spares=1, reader=ReaderSettings(worn_bytes=0))
    pool = Pool(SnapshotSource("h", source.store), settings, observer=observer)
    await pool.start()
    try:
        text = "SELECT (COUNT(DISTINCT CONCAT(?c, ?f)) AS ?n) { ?a <http://x/p1> ?c . ?d <http://x/p2> ?f }"
        await collect(await pool.query(QueryRequest(text, ResultFormat.JSON, 20)))
        assert await until(lambda: observer.ended["worn"] == 1)
        assert await until(lambda: pool.state().idle == 2)
    finally:
        await pool.close()


async def test_switch_fails_no_query_and_mixes_no_snapshots(pool, ask, source, other_source):
    stop = False
    seen = []

    async def client(number):
        while not stop:
            seen.append(
                await ask(
                    "SELECT DISTINCT (STRBEFORE(STRAFTER(STR(?s), 'x/'), '/') AS ?n) { ?s ?p ?o }", client=str(number)
                )
            )

    clients = [asyncio.create_task(client(n)) for n in range(4)]
    long = await pool.query(QueryRequest(ALL, ResultFormat.JSON, 20, client="long"))
    for turn in range(4):
        await asyncio.sleep(0.1)
        await pool.switch((other_source, source)[turn % 2])
        assert pool.snapshot_hash == ("two", "one")[turn % 2]
    stop = True
    await asyncio.gather(*clients)
    names = {tuple(row["n"]["value"] for row in json.loads(each)["results"]["bindings"]) for each in seen}
    assert names == {("one",), ("two",)}
    assert len(json.loads(await collect(long))["results"]["bindings"]) == 4000
    await pool.settled()
    assert pool._old == []


async def test_snapshot_that_cannot_be_opened_leaves_the_old_one_in_service(ask, pool, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "CURRENT").write_text("nonsense")
    with pytest.raises(SnapshotError):
        await pool.switch(SnapshotSource("broken", tmp_path / "store"))
    assert pool.snapshot_hash == "one"
    assert json.loads(await ask("ASK { ?s ?p ?o }"))["boolean"]


async def test_start_without_a_snapshot_says_so_and_leaves_nothing(tmp_path):
    before = descriptors()
    pool = Pool(SnapshotSource("none", tmp_path / "nothing"))
    with pytest.raises(SnapshotError):
        await pool.start()
    await pool.close()
    assert descriptors() == before


@pytest.mark.parametrize(("more", "at_once"), [(0, True), (AT_ONCE_STATEMENTS, False)])
async def test_a_small_snapshot_answers_from_memory_from_the_start_and_a_larger_one_later(source, more, at_once):
    pool = Pool(replace(source, statements=source.statements + more))
    await pool.start()
    try:
        assert pool.state().in_memory is at_once
        assert await collect(await pool.query(QueryRequest("ASK {}", ResultFormat.JSON, 5)))
        await pool.settled()
        assert pool.state().in_memory
    finally:
        await pool.close()


async def test_dump_that_cannot_be_loaded_leaves_the_readers_on_disk(source, tmp_path, observer):
    bad = tmp_path / "bad.nq"
    bad.write_text("this is no N-Quads\n")
    pool = Pool(SnapshotSource("h", source.store, bad, 10), observer=observer)
    await pool.start()
    await pool.settled()
    try:
        assert not pool.state().in_memory
        assert observer.ended["failed"] == 1
        assert await collect(await pool.query(QueryRequest("ASK {}", ResultFormat.JSON, 5)))
    finally:
        await pool.close()


async def test_readers_end_when_the_service_is_killed(source, tmp_path):
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from dadkhah.engine.local.pool import *\n"
        "from dadkhah.engine.interface import *\n"
        "async def main():\n"
        f"    pool = Pool(SnapshotSource('h', Path({str(source.store)!r})))\n"
        "    await pool.start()\n"
        f"    task = asyncio.create_task(pool.query(QueryRequest({ENDLESS!r}, ResultFormat.JSON, 100)))\n"
        "    await asyncio.sleep(0.3)\n"
        "    print(*pool.reader_pids, pool.zygote_pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
    pids = [int(each) for each in (await process.stdout.readline()).split()]
    assert len(pids) == 6
    assert all(alive(pid) for pid in pids)
    process.kill()
    await process.wait()
    await gone(pids)


@pytest.mark.slow
async def test_a_million_rows_stream_through_flat_memory(source):
    pool = Pool(SnapshotSource("h", source.store), PoolSettings(readers=1))
    await pool.start()
    try:
        answer = await pool.query(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000", ResultFormat.CSV, 120))
        (link,) = pool._held.values()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        lines = 0
        most = 0
        async for block in answer.chunks:
            lines += block.count(b"\n")
            most = max(most, resident(link.pid))
        assert lines == 1_000_001
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
        assert most < 150 << 20
    finally:
        await pool.close()
