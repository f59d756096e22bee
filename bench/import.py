"""Importing, checking and building the 13,338 given memorial records: time, statements, memory of each step.

`python -m bench.import FOLDER`: writes below FOLDER. Needs the given folder (DADKHAH_GIVEN, or `shared` beside the
checkout).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[1]
GIVEN = Path(os.environ.get("DADKHAH_GIVEN", ROOT.parent / "shared"))
COMMAND = (sys.executable, "-m", "dadkhah.cli")


def timed(name: str, arguments: list[str], folder: Path) -> None:
    """Run one command and print its wall time, its CPU time and the most memory that it held."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments, "--quiet"], cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{name} failed")
    wall, cpu, memory = time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"{name:8} {wall:7.1f} s  {cpu:7.1f} s of CPU  {memory:6,.0f} MB", flush=True)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mapping, records = ROOT / "imports/iran-memorial.toml", GIVEN / "datasets/iran-memorial/records.csv"
    out = folder / "memorial"
    timed("import", ["import", str(mapping), str(records), "--out", str(out)], folder)
    timed("check", ["check"], out)
    timed("build", ["build"], out)
    manifest = orjson.loads((out / "build/snapshots/current/manifest.json").read_bytes())
    print({key: value for key, value in manifest.items() if isinstance(value, int)}, manifest.get("counts"))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
