"""The given attacks on SPARQL endpoints, straight at policy and pool: each ends in time, and nobody else notices."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from dadkhah.engine.interface import QueryForm, QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool, PoolSettings
from dadkhah.engine.queries import policy
from dadkhah.engine.readers.reader import ReaderSettings
from dadkhah.errors import DadkhahError

from .conftest import Counting, collect, gone

GIVEN = Path(os.environ.get("DADKHAH_GIVEN") or Path(__file__).parents[4] / "shared")
CORPUS = GIVEN / "attacks" / "corpus"
SECONDS = 0.6
MARGIN_SECONDS = 5.0
pytestmark = [pytest.mark.given, pytest.mark.slow]


def expanded(recipe):
    made = []
    for text, times in (part if isinstance(part, list) else (part, None) for part in recipe["parts"]):
        if times is None:
            made += [text["each"].replace("{i}", str(i)) for i in range(text["from"], text["to"])]
        else:
            made.append(text * times)
    return "".join(made)


def attacks():
    manifest = json.loads((CORPUS / "manifest.json").read_text("utf-8"))
    for item in manifest["items"]:
        if not item["group"].startswith("sparql-") or "payload" not in item:
            continue
        payload = item["payload"]
        if "file" in payload:
            text = (CORPUS / payload["file"]).read_bytes().decode("utf-8", "replace")
        else:
            text = expanded(json.loads((CORPUS / payload["recipe"]).read_text("utf-8")))
        yield item["id"], item["group"], text


async def attacked(pool, text):
    """What became of it: `answered` or the name of an error class; anything else is not caught here."""
    try:
        form = policy.check(text)
        graph = form in {QueryForm.CONSTRUCT, QueryForm.DESCRIBE}
        written = ResultFormat.N_TRIPLES if graph else ResultFormat.JSON
        await collect(await pool.query(QueryRequest(text, written, SECONDS, client="attacker")))
    except DadkhahError as error:
        return type(error).__name__
    return "answered"


async def test_every_given_attack_ends_in_time_and_other_clients_do_not_notice(source):
    if not CORPUS.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CORPUS} is missing; name the given folder in DADKHAH_GIVEN")
        pytest.skip(f"{CORPUS} is missing; name the given folder in DADKHAH_GIVEN")
    observer = Counting()
    settings = PoolSettings(readers=4, spares=2, reader=ReaderSettings(headroom_bytes=256 << 20))
    pool = Pool(source, settings, observer=observer)
    await pool.start()
    await pool.settled()
    pids = [*pool.reader_pids, pool.zygote_pid]
    over = asyncio.Event()
    served = 0

    async def behave():
        nonlocal served
        while not over.is_set():
            request = QueryRequest("ASK { ?s ?p ?o }", ResultFormat.JSON, 10.0, client="other")
            assert json.loads(await collect(await pool.query(request)))["boolean"] is True
            served += 1
            await asyncio.sleep(0.02)

    other = asyncio.create_task(behave())
    todo = list(attacks())
    outcomes = {}

    async def attack():
        while todo:
            name, group, text = todo.pop()
            async with asyncio.timeout(SECONDS + MARGIN_SECONDS):
                outcomes[name] = (group, await attacked(pool, text))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(attack())
    finally:
        over.set()
        await other
        await pool.close()
        await gone(pids)
    assert len(outcomes) > 50
    assert served > 50
    writes = {name: end for name, (group, end) in outcomes.items() if group == "sparql-write"}
    assert "answered" not in writes.values(), writes
