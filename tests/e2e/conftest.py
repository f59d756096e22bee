"""A service over the data of this repository, and a real Chromium that reaches nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

_ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
_START_SECONDS = 180


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    snapshots = tmp_path_factory.mktemp("service") / "snapshots"
    command = [Path(sys.executable).parent / "dadkhah", "serve", "--snapshots", snapshots, "--port", str(port)]
    process = subprocess.Popen([*map(str, command), "--quiet"], cwd=Path(__file__).parents[2])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{address}/readyz")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the service ended before it was ready"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail("the service was not ready in time")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Yield a browser that ends with its module: while it lives, its event loop runs in this thread.

    With the scope of the session, every later test of the run that starts a loop of its own would fail.
    """
    path = shutil.which("chromium")
    if path is None:
        missing = "chromium is missing (Debian package chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()
