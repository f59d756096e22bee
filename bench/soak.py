"""All given attacks on the service, with a well-behaved client beside them, again and again for a time.

    python -m bench soak [--minutes 30] [--work FOLDER]

In: the given corpus and runner. Out: for each round what the runner counts, with the memory and the processes of the
service as the runner saw them; exit 1 where anything crashed, leaked, was executed, unescaped or ran away.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.http import BIN, GIVEN, free_port

# records under an address of the graph's own: the page of any IRI
ROLES = (
    "sparql=/sparql,export=/sparql,gsp=/sparql,root=/,health=/healthz,search=/api/v1/search,suggest=/api/v1/suggest,"
    "reconcile=/reconcile,preview=/reconcile/preview,static=/static/,docs=/en/about,void=/.well-known/void,"
    "openapi=/openapi.json,metrics=/metrics,changes=/api/v1/changes,"
    "entity=/en/record?iri=http://example.org/id/{id}"
)
NEVER = ("crashed", "hung_or_runaway", "leaked", "executed", "unescaped")
SHOWN = ("inputs_tried", "passed", *NEVER, "availability", "probe_p99_s", "idle_p99_s", "peak_mb", "server_starts")


def prepared(work: Path) -> Path:
    """A copy of the runner, which writes beside itself, with its graphs."""
    folder = work / "attacks"
    if not folder.exists():
        shutil.copytree(GIVEN / "attacks", folder)
        for path in (folder, *folder.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)
        # what it makes last has a template that is not given; the graphs come first
        subprocess.run([sys.executable, "make_dataset.py", "data"], cwd=folder, stderr=subprocess.DEVNULL, check=False)
    return folder


def attacked(folder: Path, number: int) -> dict[str, float]:
    """One round of all attacks."""
    port = free_port()
    out = folder / f"round-{number}.json"
    serve = f"exec {BIN.absolute()}/dadkhah serve --rdf {folder.absolute()}/data/public.nq --port {port} --quiet"
    base = ["--base", f"http://127.0.0.1:{port}", "--roles", ROLES, "--server-cmd", serve, "--name", "dadkhah"]
    command = ["./sandbox.sh", str(BIN.absolute() / "python"), "run.py", *base, "--out", str(out.absolute())]
    subprocess.run(command, cwd=folder, stdout=sys.stderr, check=True)
    summary: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))["summary"]
    return summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--work", type=Path, default=Path("build/soak"))
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    folder = prepared(asked.work)
    end = time.monotonic() + asked.minutes * 60
    number, bad = 0, 0.0
    while number == 0 or time.monotonic() < end:
        number += 1
        summary = attacked(folder, number)
        print(json.dumps({"round": number, **{name: summary[name] for name in SHOWN}}), flush=True)
        bad += sum(summary[name] for name in NEVER)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
