"""Real remote engines on loopback: `oxigraph serve` and Virtuoso, ended by the id of the process."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

GRAPHS = ("http://example.org/a", "http://example.org/b")


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def quads(graph, count):
    return "".join(
        f'<{graph}/{n}> <http://example.org/p> "wert {n} é سلام"@fa <{graph}> .\n'
        f'<{graph}/{n}> <http://example.org/number> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer> <{graph}> .\n'
        for n in range(count)
    )


@dataclass(frozen=True)
class Remote:
    name: str
    query: str
    gsp: str
    update: str | None
    user: str | None = None
    password: str = ""


def wait_for(url, process, log):
    for _ in range(1800):  # a new Virtuoso takes half a minute on a busy machine
        assert process.poll() is None, f"it ended: {log.read_text(errors='replace')[-800:]}"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"no answer: {log.read_text(errors='replace')[-800:]}")


def ended(process):
    # its data are thrown away: nothing has to be written first
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """A store of two graphs, as a snapshot holds it."""
    folder = tmp_path_factory.mktemp("published") / "store"
    lines = quads(GRAPHS[0], 400) + quads(GRAPHS[1], 30)
    opened = ox.Store(str(folder))
    opened.load(lines.encode(), format=ox.RdfFormat.N_QUADS)
    opened.flush()
    del opened
    return folder


# ended with the module: an engine that cannot stop a query would go on with it beside all later tests
@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oxigraph")
    port = free_port()
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--location", str(folder / "db")]
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], stdout=out, stderr=out)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/", process, log)
        yield Remote("oxigraph", f"{base}/query", f"{base}/store", f"{base}/update")
    finally:
        ended(process)


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory):
    program = shutil.which("virtuoso-t")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("virtuoso-t is missing: run tests/system.sh")
        pytest.skip("virtuoso-t is missing: run tests/system.sh")
    folder = tmp_path_factory.mktemp("virtuoso")
    port, sql = free_port(), free_port()
    (folder / "vsp").mkdir()
    (folder / "v.ini").write_text(INI.format(folder=folder, port=port, sql=sql))
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program, "+foreground", "+configfile", str(folder / "v.ini")], stdout=out, stderr=out, cwd=folder
        )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/sparql", process, log)
        yield Remote("virtuoso", f"{base}/sparql", f"{base}/sparql-graph-crud-auth", None, "dba", "dba")
    finally:
        ended(process)


@pytest.fixture(params=["oxigraph", "virtuoso"])
def remote(request):
    """Each engine in turn."""
    return request.getfixturevalue(request.param)


INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 20
CheckpointInterval = 60
CaseMode = 2
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2
MaxQueryMem = 512M
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}/vsp
ServerThreads = 10
DavRoot = DAV
EnabledDavVSP = 0
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 600
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 10
"""
