"""A storm: readers and the zygote killed and stopped at random while thousands of queries run."""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from pathlib import Path

from dadkhah.engine.interface import QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool, PoolSettings, SnapshotSource
from dadkhah.errors import DadkhahError, LimitError

from .conftest import Counting, alive, collect, gone, until, zombies_of

STORM_SECONDS = 6.0


def open_descriptors():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_a_storm_of_kills_and_stops_gives_no_wrong_answer_and_leaves_nothing_behind(source):
    before = open_descriptors()
    observer = Counting()
    pool = Pool(source, PoolSettings(readers=3, spares=1, queue_seconds=10), observer=observer)
    await pool.start()
    await pool.settled()
    assert pool.state().in_memory
    seen = {*pool.reader_pids, pool.zygote_pid}
    chosen = random.Random(3)
    loop = asyncio.get_running_loop()
    end = loop.time() + STORM_SECONDS
    outcomes = Counter()

    async def client(number):
        while loop.time() < end:
            n = chosen.randrange(4000)
            text = f"SELECT ?o WHERE {{ <http://x/one/{n}> ?p ?o }}"
            try:
                body = await collect(await pool.query(QueryRequest(text, ResultFormat.JSON, 5.0, client=str(number))))
            except LimitError as error:
                outcomes[type(error).__name__] += 1
            else:
                (row,) = json.loads(body)["results"]["bindings"]
                assert row["o"]["value"] == f"value {n} of a statement"
                outcomes["answered"] += 1

    async def storm():
        for turn in range(10**6):
            if loop.time() >= end:
                return
            await asyncio.sleep(0.15)
            pids = [pid for pid in pool.reader_pids if pid]
            if turn % 10 == 9:
                pids = [pool.zygote_pid]
            seen.update(pids)
            # only processes of this pool, each by its number as the pool knows it at this moment
            if pids and alive(pid := chosen.choice(pids)):
                os.kill(pid, chosen.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP]) if turn % 10 != 9 else 9)

    await asyncio.gather(storm(), *(client(number) for number in range(4)))
    assert outcomes["answered"] > 200, outcomes
    assert outcomes["answered"] > 20 * (sum(outcomes.values()) - outcomes["answered"]), outcomes
    body = await collect(await pool.query(QueryRequest("ASK {}", ResultFormat.JSON, 10.0)))
    assert json.loads(body)["boolean"] is True
    seen.update((*pool.reader_pids, pool.zygote_pid))
    await pool.close()
    await gone(seen)
    assert await until(lambda: not zombies_of(os.getpid()))
    assert open_descriptors() <= before + 1


async def test_thousands_of_queries_leave_no_descriptor_and_no_process(source):
    pool = Pool(SnapshotSource(source.hash, source.store), PoolSettings(readers=2, spares=1))
    await pool.start()
    await pool.settled()
    pids, descriptors = set(pool.reader_pids), open_descriptors()

    async def client(number):
        for turn in range(800):
            text = f"ASK {{ <http://x/one/{turn}> ?p ?o }}" if turn % 5 else "ASK { broken"
            try:
                await collect(await pool.query(QueryRequest(text, ResultFormat.JSON, 20.0, client=str(number))))
            except DadkhahError:
                assert turn % 5 == 0

    await asyncio.gather(*(client(number) for number in range(4)))
    assert set(pool.reader_pids) == pids
    assert open_descriptors() == descriptors
    await pool.close()
    await gone(pids)
