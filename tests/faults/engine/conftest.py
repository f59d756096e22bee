"""A pool over a small real store. Faults are real: processes are killed and stopped, memory and stacks used up."""

import asyncio
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.engine.interface import QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool, PoolSettings, SnapshotSource
from dadkhah.engine.readers.reader import ReaderSettings


class Counting:
    """An observer that remembers."""

    def __init__(self):
        self.outcomes = Counter()
        self.ended = Counter()
        self.started = 0

    def query_ended(self, outcome, queue_seconds, run_seconds):
        assert queue_seconds >= 0
        assert run_seconds >= 0
        self.outcomes[outcome] += 1

    def reader_started(self, seconds):
        self.started += 1

    def reader_ended(self, reason):
        self.ended[reason] += 1


def write_snapshot(folder: Path, quads: int, name: str) -> SnapshotSource:
    lines = "".join(
        f'<http://x/{name}/{n}> <http://x/p{n % 7}> "value {n} of a statement" .\n' for n in range(quads)
    ).encode()
    store = ox.Store(str(folder / "store"))
    store.bulk_load(input=lines, format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    (folder / "dump.nq").write_bytes(lines)
    return SnapshotSource(name, folder / "store", folder / "dump.nq", quads)


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    return write_snapshot(tmp_path_factory.mktemp("snapshot"), 4000, "one")


@pytest.fixture(scope="session")
def other_source(tmp_path_factory):
    return write_snapshot(tmp_path_factory.mktemp("other"), 500, "two")


@pytest.fixture
def settings():
    return PoolSettings(readers=3, spares=1, queue_seconds=3, reader=ReaderSettings(headroom_bytes=256 << 20))


@pytest.fixture
def observer():
    return Counting()


@pytest.fixture(params=["disk", "memory"])
async def pool(request, source, settings, observer):
    """A pool that holds its data in the one way, then in the other."""
    given = source if request.param == "memory" else SnapshotSource(source.hash, source.store)
    pool = Pool(given, settings, observer=observer)
    await pool.start()
    await pool.settled()
    assert pool.state().in_memory == (request.param == "memory")
    yield pool
    pids = [*pool.reader_pids, pool.zygote_pid]
    await pool.close()
    await gone(pids)


@pytest.fixture
def ask(pool):
    async def ask(text, *, seconds=20.0, written=ResultFormat.JSON, client="", **more):
        return await collect(await pool.query(QueryRequest(text, written, seconds, client=client, **more)))

    return ask


async def collect(answer):
    if answer.whole is not None:
        return answer.whole
    return b"".join([block async for block in answer.chunks])


def alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def zombies_of(pid):
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] == "Z" and int(fields[1]) == pid:
                found.append(int(each.name))
    return found


async def until(condition, seconds=10.0):
    """Wait for a condition; says whether it came."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return True
        await asyncio.sleep(0.02)
    return False


async def gone(pids):
    assert await until(lambda: not any(pid and alive(pid) for pid in pids)), "processes are left behind"
