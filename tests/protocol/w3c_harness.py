"""Starts the given W3C harness as a process of its own, against `dadkhah serve`, and reads what it found."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[3] / "shared"))
SERVE = f"exec {sys.executable} -m dadkhah.cli serve --rdf {{nq}} --port {{port}} --quiet"
OXIGRAPH = (
    f"{Path(sys.executable).parent}/oxigraph load --location {{dir}}/db --file {{nq}} >&2 && "
    f"exec {Path(sys.executable).parent}/oxigraph serve-read-only --location {{dir}}/db --bind 127.0.0.1:{{port}}"
)


def run_harness(module, out, *arguments, seconds=900, serve=SERVE):
    """Run one module of the harness; returns the JSON that it writes.

    Args:
        module: its name below `conformance`.
        out: where it writes to.
        arguments: further arguments.
        seconds: its time.
        serve: the command of the service that is judged.
    """
    harness = GIVEN / "w3c/harness"
    if not harness.exists():
        message = "w3c/harness is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    command = [sys.executable, "-m", f"conformance.{module}", "--serve-cmd", serve, "--out", str(out), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(harness), "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    assert out.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(out.read_text(encoding="utf-8"))
