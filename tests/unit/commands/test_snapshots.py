import gzip
import hashlib
import json

import pytest

ONE = "<https://e.org/a> <https://e.org/p> <https://e.org/b> <https://e.org/g> .\n"
TWO = '<https://e.org/a> <https://e.org/p> "=1+1" <https://e.org/g> .\n'


@pytest.fixture
def built(run, project):
    for number, text in enumerate((ONE, ONE + TWO), 1):
        (project / f"{number}.nq").write_text(text)
        done = run("build", "--rdf", f"{number}.nq", "--out", "build/snapshots", "--quiet")
        assert done.returncode == 0, done.stderr
    return json.loads(run("snapshots", "--json").stdout)


def test_snapshots_are_listed_newest_first_with_the_current_one_marked(built):
    assert [row["current"] for row in built] == [True, False]
    assert [row["statements"] for row in built] == [2, 1]


def test_the_way_back_is_one_command(built, run):
    assert run("snapshots", "--use", built[1]["hash"][:10]).returncode == 0
    now = json.loads(run("snapshots", "--json").stdout)
    assert [row["current"] for row in now] == [False, True]


def test_a_damaged_snapshot_cannot_be_switched_to(built, run, project):
    dump = project / "build/snapshots" / built[1]["hash"] / "dump.nq.gz"
    dump.chmod(0o644)
    dump.write_bytes(dump.read_bytes()[:-4] + b"\0\0\0\0")
    done = run("snapshots", "--use", built[1]["hash"])
    assert done.returncode == 3
    assert "damaged" in done.stderr
    assert json.loads(run("snapshots", "--json").stdout)[0]["current"]


def test_diff_names_the_record_and_the_statement_that_came(built, run):
    done = run("diff", built[1]["hash"][:10], "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"record": "https://e.org/a", "added": [TWO.rstrip()], "removed": []}


def test_diff_of_a_snapshot_with_itself_is_empty(built, run):
    done = run("diff", built[0]["hash"], built[0]["hash"])
    assert (done.returncode, done.stdout) == (0, "")


def test_exported_n_quads_have_the_hash_that_names_the_snapshot(built, run, project):
    assert run("export", "--format", "nq", "--out", "out.nq.gz").returncode == 0
    lines = gzip.decompress((project / "out.nq.gz").read_bytes())
    assert lines.decode() == TWO + ONE
    assert hashlib.sha256(lines).hexdigest() == built[0]["hash"]


def test_exported_cells_do_not_run_as_formulas(built, run):
    assert "'=1+1" in run("export", "--format", "csv").stdout


@pytest.mark.parametrize("form", ["ttl", "nt", "rdfxml", "jsonld", "trig", "nq"])
def test_every_format_holds_the_named_graph(built, run, form):
    done = run("export", "--format", form, "--graph", "https://e.org/g")
    assert done.returncode == 0, done.stderr
    assert "https://e.org/" in done.stdout


def test_an_unknown_graph_is_said_to_be_unknown(built, run):
    done = run("export", "--graph", "https://e.org/nothing")
    assert done.returncode == 2
    assert "no graph" in done.stderr
