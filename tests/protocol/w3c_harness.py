"""Starts the given W3C harness as a process of its own, against `dadkhah serve`, and reads what it found."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[3] / "shared"))
SERVE = f"exec {sys.executable} -m dadkhah.cli serve --rdf {{nq}} --port {{port}} --quiet"
OXIGRAPH = (
    f"{Path(sys.executable).parent}/oxigraph load --location {{dir}}/db --file {{nq}} >&2 && "
    f"exec {Path(sys.executable).parent}/oxigraph serve-read-only --location {{dir}}/db --bind 127.0.0.1:{{port}}"
)


READY = "/sparql?query=ASK%7B%7D"


def harness_folder():
    """The harness; a run without it tells so."""
    harness = GIVEN / "w3c/harness"
    if not harness.exists():
        message = "w3c/harness is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return harness


def run_module(module, *arguments, seconds=900):
    """Run one module of the harness to its end."""
    harness = harness_folder()
    command = [sys.executable, "-m", f"conformance.{module}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(harness), "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)


def run_harness(module, out, *arguments, serve=SERVE, ready=READY):
    """Run one module of the harness; returns the JSON that it writes.

    Args:
        module: its name below `conformance`.
        out: where it writes to.
        arguments: further arguments.
        serve: the command of the service that is judged, or None where the arguments name a running one.
        ready: a path that answers once the service is ready.
    """
    served = () if serve is None else ("--serve-cmd", serve, "--ready-path", ready)
    done = run_module(module, *served, "--out", str(out), *arguments)
    assert out.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(out.read_text(encoding="utf-8"))


@contextmanager
def running(nquads, **settings):
    """Our service over some N-Quads; gives its address.

    Args:
        nquads: the data.
        settings: as in the environment, without their prefix.
    """
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    command = [sys.executable, "-m", "dadkhah.cli", "serve", "--rdf", str(nquads), "--port", str(port), "--quiet"]
    environment = {**os.environ, **{f"DADKHAH_{name.upper()}": value for name, value in settings.items()}}
    with subprocess.Popen(command, start_new_session=True, env=environment) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}{READY}", process)
            yield address
        finally:
            process.terminate()


def _wait_for(url, process):
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, "the service ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert time.monotonic() < end, "the service does not answer"
            time.sleep(0.05)
        else:
            return
