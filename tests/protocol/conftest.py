"""Makes the harness known to the tests beside it."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("w3c_harness", Path(__file__).with_name("w3c_harness.py"))
harness = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(harness)


@pytest.fixture(scope="session")
def w3c():
    """The module that runs the harness."""
    return harness


@pytest.fixture(scope="module")
def serving():
    """Start services of the project here with arguments of `serve`, give their addresses; they end with the module."""
    yield from _services()


@pytest.fixture(scope="session")
def project_service(tmp_path_factory):
    """The address of the project as it is now, built and served once for all tests that only read it."""
    folder = tmp_path_factory.mktemp("project")
    subprocess.run(
        [sys.executable, "-m", "dadkhah.cli", "build", "--quiet", "--out", str(folder)],
        cwd=Path(__file__).parents[2],
        check=True,
    )
    services = _services()
    yield next(services)("--snapshots", str(folder))
    services.close()


def _services():
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "dadkhah.cli", "serve", "--port", "0", *arguments],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        for line in process.stdout:
            if '"serving"' in line:
                return json.loads(line)["address"]
        pytest.fail(f"it did not start; exit code {process.wait()}")

    try:
        yield start
    finally:
        for process in started:
            process.terminate()
            process.communicate(timeout=30)
