"""Loading in portions fills the store with what one loading would, and an error of any step ends the build."""

import threading

import pyoxigraph as ox
import pytest

from dadkhah.errors import SnapshotError
from dadkhah.snapshot.contents import fill
from dadkhah.snapshot.dump import loading
from dadkhah.snapshot.dump.loading import load_files
from dadkhah.snapshot.progress import silent

LINES = [
    f'<https://e.org/{n}> <https://e.org/p> "value {n % 7}"{graph} .\n' for n in range(300) for graph in ("", " <https://e.org/g>")
]  # fmt: skip


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "dump.nq"
    path.write_text("".join(sorted(LINES)))
    return path


@pytest.mark.parametrize("portion", [1, 100, 5000, 1 << 20])
def test_portions_of_any_size_fill_the_same_store(tmp_path, dump, portion, monkeypatch):
    monkeypatch.setattr(loading, "PORTION_BYTES", portion)
    more = tmp_path / "more.nt"
    more.write_text("<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n")
    store = ox.Store(tmp_path / "store")
    files = [(dump, ox.RdfFormat.N_QUADS), (more, ox.RdfFormat.N_TRIPLES)]
    load_files(store, files, threading.Event())
    whole = ox.Store()
    for path, form in files:
        whole.load(path=path, format=form)
    assert set(store) == set(whole)
    assert len(store) == len(LINES) + 1


def test_a_portion_that_does_not_load_is_an_error(tmp_path, dump, monkeypatch):
    monkeypatch.setattr(loading, "PORTION_BYTES", 500)
    dump.write_text(dump.read_text() + "no statement\n")
    with pytest.raises(SnapshotError, match="does not load"):
        load_files(ox.Store(tmp_path / "store"), [(dump, ox.RdfFormat.N_QUADS)], threading.Event())


class Failing:
    name = "failing"
    version = "1"

    def build_from_dump(self, dump, folder):
        (folder / "part").write_text(dump.name)
        raise OSError(28, "No space left on device")


def test_an_index_that_fails_beside_the_loading_is_an_error(tmp_path, dump):
    folder = tmp_path / "snapshot"
    folder.mkdir()
    with pytest.raises(OSError, match="No space"):
        fill(folder, dump, None, [Failing()], silent)
