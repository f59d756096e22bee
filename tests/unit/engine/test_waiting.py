"""The waiting line is short and fair."""

import asyncio

from dadkhah.engine.waiting.job import Job
from dadkhah.engine.waiting.line import WaitingLine


def job(client, at=0.0, deadline=100.0):
    return Job(b"", client, deadline, at, asyncio.get_running_loop().create_future())


def line(**changes):
    return WaitingLine(**{"length": 10, "per_client": 5, "running_per_client": 2, **changes})


async def test_client_that_runs_least_goes_first():
    waiting = line()
    waiting.begin("heavy")
    first, second = job("heavy"), job("light")
    waiting.add(first)
    waiting.add(second)
    assert waiting.take() is second
    assert waiting.take() is first


async def test_client_at_its_limit_waits_though_a_reader_is_free():
    waiting = line()
    waiting.begin("heavy")
    waiting.begin("heavy")
    waiting.add(job("heavy"))
    assert waiting.take() is None
    waiting.end("heavy")
    assert waiting.take() is not None


async def test_oldest_of_a_client_goes_first():
    waiting = line()
    jobs = [job("a") for _ in range(3)]
    for each in jobs:
        waiting.add(each)
    assert [waiting.take() for _ in range(3)] == jobs


async def test_clients_that_run_equally_much_take_turns():
    waiting = line()
    for client in "aab":
        waiting.add(job(client))
    assert [waiting.take().client for _ in range(3)] == ["a", "b", "a"]


async def test_line_has_room_for_others_when_one_client_fills_its_share():
    waiting = line(length=6, per_client=5)
    for _ in range(5):
        assert waiting.has_room("a")
        waiting.add(job("a"))
    assert not waiting.has_room("a")
    assert waiting.has_room("b")
    waiting.add(job("b"))
    assert not waiting.has_room("c")


async def test_those_who_waited_too_long_are_taken_out():
    waiting = line()
    late, in_time, past = job("a", at=0), job("a", at=4), job("b", at=4, deadline=5)
    for each in (late, in_time, past):
        waiting.add(each)
    assert set(waiting.overdue(5.5, 5)) == {late, past}
    assert len(waiting) == 1


async def test_discarding_twice_is_noticed():
    waiting = line()
    each = job("a")
    waiting.add(each)
    assert waiting.discard(each)
    assert not waiting.discard(each)
    assert len(waiting) == 0
