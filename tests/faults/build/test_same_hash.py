"""The same statements give the same hash, whatever the order, the place, the time zone and the names of files."""

import gzip
import json
import os
import random
import shutil
from pathlib import Path

import pytest

from .conftest import content_hash, dadkhah, version

ROOT = Path(__file__).parents[3]
ABROAD = {"LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "2"}


def built(folder, *arguments, **environment):
    done = dadkhah("build", *arguments, "--json", "--quiet", cwd=folder, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    [snapshot] = [path for path in (folder / "out").iterdir() if len(path.name) == 64]
    return snapshot, gzip.decompress((snapshot / "dump.nq.gz").read_bytes())


def test_lines_in_another_order_and_other_files_give_the_same_bytes(tmp_path):
    text = version(1)
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    (one / "all.nq").write_text(text)
    lines = text.splitlines(keepends=True)
    random.Random(5).shuffle(lines)
    (other / "x").mkdir(parents=True)
    for number in range(4):
        (other / "x" / f"{9 - number}.nq").write_text("".join(lines[number::4]) + lines[0])
    snapshot, dump = built(one, "--rdf", "all.nq", "--out", "out")
    again, same = built(other, "--rdf", "x", "--out", "out", **ABROAD)
    assert snapshot.name == again.name == content_hash(text)
    assert dump == same
    indexes = [json.loads((each / "manifest.json").read_text())["files"] for each in (snapshot, again)]
    of_names = [{name: file for name, file in files.items() if name.startswith("indexes/")} for files in indexes]
    assert of_names[0]
    assert of_names[0] == of_names[1]


@pytest.mark.slow
def test_the_whole_project_with_its_files_and_statements_shuffled_gives_the_same_hash(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        for name in ("ontology", "queries"):
            shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "data", one / "data")
    files = [path for path in (ROOT / "data").rglob("*") if path.is_file()]
    chance = random.Random(7)
    chance.shuffle(files)
    for path in files:
        target = other / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            shuffled(path.read_text(encoding="utf-8"), chance) if path.suffix == ".ttl" else path.read_text()
        )
    snapshot, dump = built(one, "--out", "out")
    again, same = built(other, "--out", "out", **ABROAD)
    assert snapshot.name == again.name
    assert dump == same


def shuffled(text, chance):
    """The records of a Turtle file in another order; blank lines part them, and prefixes come first."""
    head, *records = text.rstrip("\n").split("\n\n")
    chance.shuffle(records)
    return "\n\n".join([head, *records]) + "\n"
