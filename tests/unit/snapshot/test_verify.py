"""What an outsider can prove: from a dump alone, with a stranger's tools, and with `dadkhah verify`."""

import gzip
import hashlib
import json
import random
import subprocess
from pathlib import Path

import pytest

from .conftest import LINES

DOCS = Path(__file__).parents[3] / "docs/snapshot.md"
AUTHOR = "https://w3id.org/dadkhah/voice/silent-massacre-2025/author"


@pytest.fixture
def current(folder):
    return (folder / "snapshots/current").resolve()


@pytest.fixture
def outside(current, tmp_path):
    """A folder with nothing but the dump."""
    place = tmp_path / "outside"
    place.mkdir()
    (place / "dump.nq.gz").write_bytes((current / "dump.nq.gz").read_bytes())
    return place


@pytest.fixture
def verify(outside, dadkhah):
    def call(*arguments):
        done = dadkhah("verify", *arguments, cwd=outside)
        assert "Traceback" not in done.stderr
        return done

    return call


def rewritten(outside, text):
    (outside / "dump.nq.gz").write_bytes(gzip.compress(text.encode()))


def test_the_hash_is_found_with_zcat_and_sha256sum_alone(outside, current):
    done = subprocess.run(
        ["sh", "-c", "zcat dump.nq.gz | sha256sum"], cwd=outside, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == current.name


def test_the_hash_is_that_of_the_statements_in_code_point_order(current):
    assert current.name == hashlib.sha256("".join(sorted(LINES.splitlines(keepends=True))).encode()).hexdigest()


def test_a_dump_alone_holds_and_tells_hash_and_counts(verify, current):
    done = verify("dump.nq.gz", "--expect", current.name, "--json")
    assert done.returncode == 0
    [result] = json.loads(done.stdout)
    assert (result["hash"], result["quads"], result["problems"]) == (current.name, 3, [])
    graph = "".join(line for line in LINES.splitlines(keepends=True) if "<https://e.org/g>" in line)
    triples = sorted(line.replace(" <https://e.org/g> .", " .") for line in graph.splitlines(keepends=True))
    assert result["graphs"]["https://e.org/g"] == hashlib.sha256("".join(triples).encode()).hexdigest()


def test_an_unzipped_dump_holds_as_well(verify, outside, current):
    (outside / "dump.nq").write_bytes(gzip.decompress((outside / "dump.nq.gz").read_bytes()))
    assert verify("dump.nq", "--expect", current.name).returncode == 0


def test_a_dump_with_another_statement_does_not_have_the_published_hash(verify, outside, current):
    text = "".join(sorted(LINES.splitlines(keepends=True)))
    rewritten(outside, text.replace('"one"', '"all"'))
    assert verify("dump.nq.gz").returncode == 0
    done = verify("dump.nq.gz", "--expect", current.name)
    assert done.returncode == 1
    assert f"not {current.name}" in done.stdout


@pytest.mark.parametrize("kind", ["out of order", "doubled"])
def test_a_dump_that_is_not_canonical_is_refused_with_its_line(verify, outside, kind):
    lines = sorted(LINES.splitlines(keepends=True))
    lines = [lines[1], lines[0], lines[2]] if kind == "out of order" else [lines[0], lines[0]]
    rewritten(outside, "".join(lines))
    done = verify("dump.nq.gz")
    assert done.returncode == 2
    assert f"dump.nq.gz:2: this line is {kind}" in done.stderr


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b", b"no RDF at all\n", b"\x1f\x8b\x08\x00junk"])
def test_what_is_no_dump_is_refused_in_one_line(verify, outside, data):
    (outside / "dump.nq.gz").write_bytes(data)
    done = verify("dump.nq.gz", "--expect", "0" * 64)
    assert done.returncode in {1, 2}
    assert (done.stderr + done.stdout).count("\n") <= 2


def test_a_cut_dump_is_refused(verify, outside):
    data = (outside / "dump.nq.gz").read_bytes()
    (outside / "dump.nq.gz").write_bytes(data[:-9])
    done = verify("dump.nq.gz")
    assert done.returncode == 2
    assert "dump.nq.gz" in done.stderr


def test_a_manifest_beside_the_dump_is_compared_graph_by_graph(verify, outside, current):
    for name in ("manifest.json", "manifest.json.sha256"):
        (outside / name).write_bytes((current / name).read_bytes())
    assert verify("dump.nq.gz").returncode == 0
    rewritten(outside, "".join(sorted(LINES.splitlines(keepends=True))[:-1]))
    done = verify("dump.nq.gz")
    assert done.returncode == 1
    assert "graph <https://e.org/g>: not as stated" in done.stdout


def test_blank_nodes_have_canonical_labels_whatever_they_were_called(folder, dadkhah):
    links = [("x", "y"), ("y", "z"), ("z", "x"), ("z", "w")]
    hashes = set()
    for number in range(2):
        names = dict(zip("xyzw", random.Random(number).sample(["a", "b", "c", "d"], 4), strict=True))
        lines = [f"_:{names[one]} <https://e.org/p> _:{names[two]} .\n" for one, two in links]
        (folder / f"blank{number}.nt").write_text("".join(lines))
        done = dadkhah("build", "--rdf", f"blank{number}.nt", "--out", f"b{number}", "--json", cwd=folder)
        assert done.returncode == 0, done.stderr
        hashes.add(json.loads(done.stdout)["hash"])
        assert dadkhah("verify", f"b{number}/current/dump.nq.gz", cwd=folder).returncode == 0
    assert len(hashes) == 1
    dump = gzip.decompress((folder / "b0/current/dump.nq.gz").read_bytes()).decode()
    assert "_:c14n3" in dump
    (folder / "renamed.nq").write_text("".join(sorted(dump.replace("_:c14n3", "_:c14n9").splitlines(keepends=True))))
    done = dadkhah("verify", "renamed.nq", cwd=folder)
    assert done.returncode == 1
    assert "canonical labels" in done.stdout


def test_each_snapshot_pins_those_before_it(folder, dadkhah):
    for number in (2, 3):
        (folder / f"{number}.nq").write_text(LINES + f'<https://e.org/c> <https://e.org/p> "{number}" .\n')
        assert dadkhah("build", "--rdf", f"{number}.nq", "--out", "snapshots", "--quiet", cwd=folder).returncode == 0
    manifests = [json.loads(path.read_text()) for path in (folder / "snapshots").glob("?" * 64 + "/manifest.json")]
    first, second, third = sorted(manifests, key=lambda each: each["sequence"])
    chain = ""
    for each, parent in ((first, None), (second, first["hash"]), (third, second["hash"])):
        chain = hashlib.sha256(f"{chain} {each['hash']}".encode()).hexdigest()
        assert (each["chain"], each["parent"]) == (chain, parent)
    assert dadkhah("verify", "--snapshots", "snapshots", cwd=folder).returncode == 0


@pytest.mark.parametrize("option", [["--expect", "0" * 64], ["--allowed-signers", "data.nq"]])
def test_where_there_is_nothing_to_compare_nothing_is_said_to_hold(folder, dadkhah, option):
    for name in ("data", "ontology"):
        (folder / "project" / name).mkdir(parents=True)
    done = dadkhah("verify", *option, cwd=folder / "project")
    assert done.returncode == 2
    assert "there is no snapshot here" in done.stderr


def test_a_pointer_that_leads_nowhere_does_not_hold(folder, dadkhah):
    (folder / "snapshots/current").unlink()
    (folder / "snapshots/current").symlink_to("nowhere")
    done = dadkhah("verify", "--snapshots", "snapshots", cwd=folder)
    assert done.returncode == 3
    assert "does not lead to a sound snapshot" in done.stderr


def documented(command):
    """A shell command as docs/snapshot.md gives it to outsiders."""
    [line] = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(command)]
    return line.split("    #")[0]


def test_the_steps_of_the_documentation_find_the_hash_and_that_of_a_graph(outside, current):
    manifest = json.loads((current / "manifest.json").read_text())
    one_graph = {graph["iri"]: graph["hash"] for graph in manifest["graphs"]}["https://e.org/g"]
    of_graph = documented("zgrep -F").replace(AUTHOR, "https://e.org/g")
    for step, expected in ((documented("zcat dump.nq.gz | sha256sum"), current.name), (of_graph, one_graph)):
        done = subprocess.run(["sh", "-c", step], cwd=outside, capture_output=True, text=True, check=True)
        assert done.stdout.split()[0] == expected
    in_order = documented("zcat dump.nq.gz | LC_ALL=C sort")
    assert subprocess.run(["sh", "-c", in_order], cwd=outside, check=False).returncode == 0
    rewritten(outside, "".join(sorted(LINES.splitlines(keepends=True), reverse=True)))
    assert subprocess.run(["sh", "-c", in_order], cwd=outside, capture_output=True, check=False).returncode == 1
