"""Faults of the service as a process: a reader killed, a switch under load, the end during an answer, a small share of
descriptors, a folder it may only read."""

import concurrent.futures
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
MARK = "http://example.org/version"
COUNT = "SELECT (COUNT(*) AS ?n) (SAMPLE(?o) AS ?v) WHERE { ?s <" + MARK + "> ?o }"
# about a second of work in the engine: enough to be under way when something happens
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?a != ?d && ?c != ?f) }"


def build(folder, version, count):
    source = folder / f"v{version}.nq"
    source.write_text("".join(f'<http://example.org/{n}> <{MARK}> "{version}" .\n' for n in range(count)))
    command = [sys.executable, "-m", "dadkhah.cli", "build", "--rdf", str(source), "--out", str(folder / "snapshots")]
    subprocess.run([*command, "--quiet"], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path):
    build(tmp_path, 1, 60)
    return tmp_path


@pytest.fixture
def serve(folder):
    started = []

    def start(*arguments, **options):
        command = [
            sys.executable,
            "-m",
            "dadkhah.cli",
            "serve",
            "--snapshots",
            str(folder / "snapshots"),
            "--port",
            "0",
        ]
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, **options
        )
        started.append(process)
        for line in process.stdout:
            if '"serving"' in line:
                return process, json.loads(line)["address"]
        pytest.fail(f"it did not start; exit code {process.wait()}")

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


def ask(address, query=COUNT, seconds=30):
    url = f"{address}/sparql?" + urllib.parse.urlencode({"query": query})
    request = urllib.request.Request(url, headers={"Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        return answer.read().decode().splitlines()[1]


def metrics(address):
    with urllib.request.urlopen(f"{address}/metrics", timeout=30) as answer:
        return answer.read().decode()


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def descendants(pid):
    below = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            below += [int(stat.parent.name), *descendants(int(stat.parent.name))]
    return below


def test_a_switch_of_snapshots_fails_no_request_and_mixes_no_answer(serve, folder):
    _, address = serve()
    seen, ending = [], time.monotonic() + 60
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        building = pool.submit(build, folder, 2, 75)

        def asking():
            mine = []
            while time.monotonic() < ending and mine[-3:] != ["75,2"] * 3:
                mine.append(ask(address))
            return mine

        for done in [pool.submit(asking), pool.submit(asking)]:
            seen += done.result()
        building.result()
    assert set(seen) == {"60,1", "75,2"}


def test_a_query_that_was_being_answered_at_sigterm_comes_whole_and_the_exit_code_is_zero(serve):
    process, address = serve()
    # the first look waits until the part of the service that shows them is loaded
    metrics(address)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, address, SLOW)
        until(lambda: 'dadkhah_engine{figure="running"} 1.0' in metrics(address))
        process.send_signal(signal.SIGTERM)
        assert int(answer.result()) > 0
    assert process.wait(timeout=15) == 0


def test_after_all_readers_are_killed_queries_are_answered_again(serve):
    process, address = serve()
    ask(address)
    for pid in descendants(process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    end, answered = time.monotonic() + 20, ""
    while answered != "60,1" and time.monotonic() < end:
        try:
            answered = ask(address)
        except OSError:
            time.sleep(0.05)
    assert answered == "60,1"
    assert process.poll() is None


def test_a_folder_that_may_only_be_read_is_served(serve, folder):
    paths = [folder / "snapshots", *(folder / "snapshots").rglob("*")]
    before = {path: path.stat().st_mtime_ns for path in paths}
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        _, address = serve()
        assert ask(address) == "60,1"
    finally:
        for path in paths:
            path.chmod(path.stat().st_mode | 0o200)
    assert {path: path.stat().st_mtime_ns for path in paths} == before


def test_idle_connections_beyond_the_descriptors_do_not_end_the_service(serve):
    process, address = serve(env={**os.environ, "DADKHAH_CONNECTIONS": "40"})
    place = urllib.parse.urlsplit(address)
    idle = []
    try:
        for _ in range(120):
            sock = socket.create_connection((place.hostname, place.port), timeout=5)
            idle.append(sock)
    finally:
        for sock in idle:
            sock.close()
    end, answered = time.monotonic() + 10, ""
    while answered != "60,1" and time.monotonic() < end:
        try:
            answered = ask(address)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    assert answered == "60,1"
    assert process.poll() is None


def test_a_damaged_snapshot_is_never_served(folder):
    current = (folder / "snapshots/current").resolve()
    largest = max((path for path in current.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    largest.chmod(0o644)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 0x55
    largest.write_bytes(content)
    command = [sys.executable, "-m", "dadkhah.cli", "serve", "--snapshots", str(folder / "snapshots"), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
