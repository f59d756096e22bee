"""A restricted file that lands among public ones: nothing is built of it by default."""

import gzip
import json

import pytest

from dadkhah.errors import InputError
from dadkhah.snapshot.protection.marks import refuse_marked

DK = "https://w3id.org/dadkhah/ontology#"
MARKED = {
    "canary.nq": '<https://e.org/s> <https://e.org/phone> "+000 CANARY7F3A9C51" <https://e.org/restricted> .\n',
    "level.ttl": f"@prefix dk: <{DK}> .\n<https://e.org/s> a dk:Person ;\n    dk:protection dk:Restricted .\n",
    "level.nt": f"<https://e.org/s> <{DK}protection> <{DK}Restricted> .\n",
    "canary.nt.gz": gzip.compress(b'<https://e.org/s> <https://e.org/p> "CANARY-00af" .\n'),
}


@pytest.mark.parametrize("name", MARKED)
def test_a_marked_file_stops_the_build_and_is_named_by_file_and_line(folder, dadkhah, name):
    data = folder / "data"
    data.mkdir()
    (data / "open.nt").write_text('<https://e.org/a> <https://e.org/p> "CANARYISLANDS" .\n')
    content = MARKED[name]
    (data / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = dadkhah("build", "--rdf", "data", "--out", "snapshots", "--quiet", cwd=folder)
    assert done.returncode == 2
    lines = 3 if name == "level.ttl" else 1
    assert done.stderr.startswith(f"error: data/{name}:{lines}: ")
    assert done.stderr.count("\n") == 1
    assert "CANARY" not in done.stderr
    kept = json.loads(dadkhah("snapshots", "--snapshots", "snapshots", "--json", cwd=folder).stdout)
    assert [row["statements"] for row in kept] == [3]


def test_an_internal_build_holds_it_and_says_so_in_its_manifest(folder, dadkhah):
    (folder / "canary.nq").write_text(MARKED["canary.nq"])
    options = ["--profile", "internal", "--out", "internal", "--json"]
    done = dadkhah("build", "--rdf", "canary.nq", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["profile"] == "internal"


def test_an_internal_build_is_not_published_without_saying_so(folder, dadkhah):
    (folder / "canary.nq").write_text(MARKED["canary.nq"])
    dadkhah("build", "--rdf", "canary.nq", "--profile", "internal", "--out", "internal", cwd=folder)
    # nothing listens there: what is sent in spite of the profile ends with another code
    command = [
        "publish",
        "--to",
        "http://127.0.0.1:9/query",
        "--gsp",
        "http://127.0.0.1:9/store",
        "--snapshots",
        "internal",
    ]
    done = dadkhah(*command, cwd=folder)
    assert done.returncode == 2
    assert "--internal" in done.stderr
    assert dadkhah(*command, "--internal", cwd=folder).returncode == 3


@pytest.mark.parametrize("text", ["CANARYISLANDS", "Canary7F3A", "canary 2025", "xCANARY7F3A", "levels: dk:Restricted"])
def test_words_that_are_no_marks_are_published(tmp_path, text):
    dump = tmp_path / "dump.nq"
    dump.write_text(f'<https://e.org/a> <https://e.org/p> "{text}" .\n')
    refuse_marked(dump, [dump])


def test_a_mark_on_the_border_of_two_blocks_is_found(tmp_path):
    dump = tmp_path / "dump.nq"
    for cut in range(1, 16):
        dump.write_text("x" * ((1 << 20) - cut - 1) + " CANARY7F3A9C51 .\n")
        with pytest.raises(InputError, match=r"dump.nq:1: a canary"):
            refuse_marked(dump, [dump])
