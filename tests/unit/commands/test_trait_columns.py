"""The columns of traits: what is read of single records, byte for byte the same in every build, told when damaged."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path

import pytest

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.search.columns import Columns, Gathered
from dadkhah.browse.search.facets import SearchFilter, read_traits
from dadkhah.browse.search.hits import search
from dadkhah.cli.build import INDEXERS
from dadkhah.cli.indexes.answer_index import is_merged
from dadkhah.cli.indexes.trait_indexer import NAME, TraitIndexer
from dadkhah.cli.service.name_index import SnapshotNames
from dadkhah.cli.service.trait_columns import SnapshotTraits
from dadkhah.errors import SnapshotError
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.source.formats.reading import RdfInput

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)
NOTHING = SearchFilter()


def build(folder: Path, *, merge: bool, indexers=INDEXERS) -> Registry:
    source = folder / "graph.trig"
    source.write_text(graph.PREFIXES + graph.DATA, encoding="utf-8")
    compile_rdf([RdfInput(source)], BuildPlan(out=folder / "out", merge=merge, durable=False), indexers=indexers)
    return Registry(folder / "out")


@pytest.fixture(scope="module", params=[True, False], ids=["merged", "as given"])
def registry(request, tmp_path_factory):
    return build(tmp_path_factory.mktemp("traits"), merge=request.param)


@pytest.fixture(scope="module")
def snapshot(registry):
    return registry.current(verify=False)


@pytest.fixture(scope="module")
def store(snapshot):
    return snapshot.open_store()


@pytest.fixture
def asked(store):
    return EngineAsk(graph.StoreEngine(store), timeout_seconds=5), Scheme(merged=is_merged(store))


def named(index):
    return [index.named.records[number] for number in range(len(index.named.records))]


async def test_the_columns_hold_what_is_read_of_single_records(registry, snapshot, asked):
    ask, scheme = asked
    iris = named(SnapshotNames(registry).index(snapshot.hash))
    read = await read_traits(ask, scheme, iris, NOTHING)
    held = Columns(snapshot.index_path(NAME)).of(iris)
    assert {iri: (sorted(each.values), each.is_protected) for iri, each in held.items()} == {
        iri: (sorted(each.values), each.is_protected) for iri, each in read.items()
    }
    facets = {name for each in held.values() for name, _ in each.values}
    assert {"type", "place", "source"} <= facets


async def test_a_search_with_columns_gives_what_one_without_gives_and_asks_for_names_only(registry, snapshot, asked):
    ask, scheme = asked
    index = SnapshotNames(registry).of(snapshot.hash)
    columns = SnapshotTraits(registry).of(snapshot.hash)
    assert columns is not None
    for words in ("Arman Example", "North Prison", "آرمان", "Execution"):
        before = ask.queries
        with_them = await search(ask, scheme, words, index=index, where=NOTHING, columns=columns)
        assert ask.queries - before <= 1
        assert with_them == await search(ask, scheme, words, index=index, where=NOTHING)
        for facet in with_them.facets:
            where = {"type": "kind"}.get(facet.name, facet.name)
            narrow = SearchFilter(**{where: facet.values[0].ref.iri})
            narrowed = await search(ask, scheme, words, index=index, where=narrow, columns=columns)
            assert narrowed == await search(ask, scheme, words, index=index, where=narrow)
            assert narrowed.total == facet.values[0].count


def test_the_same_graph_gives_the_same_bytes(snapshot, store, tmp_path):
    TraitIndexer().build(store, tmp_path)
    built = snapshot.index_path(NAME)
    assert sorted(path.name for path in built.iterdir()) == sorted(path.name for path in tmp_path.iterdir())
    for path in built.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_rows_in_any_order_and_more_than_once_give_the_same_bytes(tmp_path):
    rows = [("urn:a", "place", "urn:1"), ("urn:b", "type", "urn:2"), ("urn:a", "type", "urn:2"), ("urn:c", "x", "y")]
    for name, given in (("one", rows), ("other", [*reversed(rows), *rows])):
        (tmp_path / name).mkdir()
        gathered = Gathered(["urn:a", "urn:b", "urn:d"])
        for row in given:
            gathered.add(*row)
        gathered.protect("urn:d")
        assert gathered.write(tmp_path / name) == 3
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
    held = Columns(tmp_path / "one").of(["urn:a", "urn:b", "urn:c", "urn:d"])
    assert [sorted(each.values) for each in held.values()] == [
        [("place", "urn:1"), ("type", "urn:2")],
        [("type", "urn:2")],
        [],
        [],
    ]
    assert [each.is_protected for each in held.values()] == [False, False, False, True]


def test_of_a_graph_without_names_nothing_is_held(tmp_path):
    Gathered([]).write(tmp_path)
    assert not Columns(tmp_path).of(["urn:a"])["urn:a"].values


def test_a_snapshot_built_without_columns_is_searched_by_asking(tmp_path):
    others = tuple(each for each in INDEXERS if each.name != NAME)
    older = build(tmp_path, merge=True, indexers=others)
    snapshot = older.current(verify=False)
    index = SnapshotNames(older).of(snapshot.hash)
    columns = SnapshotTraits(older).of(snapshot.hash)
    assert columns is None
    ask = EngineAsk(graph.StoreEngine(snapshot.open_store()), timeout_seconds=5)
    assert asyncio.run(search(ask, Scheme(), "Prison", index=index, where=NOTHING, columns=columns)).facets


def test_damaged_columns_say_what_to_do(tmp_path):
    Gathered([]).write(tmp_path)
    (tmp_path / "ends.npy").write_bytes(b"no array")
    with pytest.raises(SnapshotError, match="dadkhah build"):
        Columns(tmp_path)
    (tmp_path / "values.json").write_bytes(b'{"format":"0","values":[]}')
    with pytest.raises(SnapshotError, match="build"):
        Columns(tmp_path)
