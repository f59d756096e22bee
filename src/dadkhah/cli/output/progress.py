"""A progress line on stderr for what takes longer than a second; silent where stderr is no terminal or `--quiet`."""

from __future__ import annotations

import sys
import time

_DELAY_SECONDS = 1.0
_INTERVAL_SECONDS = 0.2
_WIDTH = 24


class ProgressLine:
    """Draws `phase [#####     ] 45 %  12 s`, rewritten in place.

    Where stderr is no terminal, each phase that begins after the first second is one plain line.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._start = time.monotonic()
        self._last = 0.0
        self._phase = ""

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show how far a phase is; see `dadkhah.snapshot.progress`."""
        now = time.monotonic()
        fresh = phase != self._phase
        if self._quiet or now - self._start < _DELAY_SECONDS or (not fresh and now - self._last < _INTERVAL_SECONDS):
            return
        self._last, self._phase = now, phase
        if self._terminal:
            sys.stderr.write(f"\r\033[K{phase} {_bar(done, total)} {now - self._start:.0f} s")
            sys.stderr.flush()
        elif fresh:
            sys.stderr.write(f"{phase} …\n")

    def close(self) -> None:
        """Clear the line."""
        if self._terminal and self._phase:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _bar(done: int, total: int) -> str:
    if not total:
        return "…"
    filled = min(_WIDTH, _WIDTH * done // total)
    return f"[{'#' * filled}{' ' * (_WIDTH - filled)}] {min(100, 100 * done // total)} %"
