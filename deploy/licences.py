"""The licences of what is handed out: Python packages of an SBOM, and what the page enhancements are made of.

    python deploy/licences.py build/sbom.json

In: a CycloneDX document with the packages installed, `frontend/package-lock.json`. Out: a line for each package on
standard output; exit 1 where one names no licence.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

# named in the files of the package and not where a tool looks
READ = {"jalali_core": "LGPL-2.1-or-later"}
LOCK = Path(__file__).parents[1] / "frontend/package-lock.json"


def python_packages(sbom: Path) -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of each component."""
    for one in json.loads(sbom.read_text(encoding="utf-8"))["components"]:
        named = [each.get("expression") or each.get("license", {}).get("id") or each.get("license", {}).get("name", "")
                 for each in one.get("licenses", ())]  # fmt: skip
        yield one["name"], one["version"], ", ".join(dict.fromkeys(filter(None, named))) or READ.get(one["name"], "")


def page_packages(lock: Path) -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of what is bundled for the pages, without what only builds it."""
    for path, one in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if path and not one.get("dev"):
            yield f"npm:{path.rpartition('node_modules/')[2]}", one["version"], one.get("license", "")


def main() -> None:
    rows = sorted({*python_packages(Path(sys.argv[1])), *page_packages(LOCK)})
    for name, version, licence in rows:
        print(f"{name}\t{version}\t{licence or '?'}")
    if unknown := [name for name, _, licence in rows if not licence]:
        print(f"no licence is named by {', '.join(unknown)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
