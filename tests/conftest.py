"""What tests of every kind share: services of the project, started as a user starts them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def serving():
    """Start services with arguments of `serve`, in the project here or another, give their addresses.

    They end with the module.
    """
    started = []

    def start(*arguments, project=ROOT):
        process = subprocess.Popen(
            [sys.executable, "-m", "dadkhah.cli", "serve", "--port", "0", *arguments],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        for line in process.stdout:
            if '"serving"' in line:
                return json.loads(line)["address"]
        pytest.fail(f"it did not start; exit code {process.wait()}")

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=30)
