"""The answers that come with a snapshot: the same as the engine's, the same in every build, asked of nobody else."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.kept import Kept
from dadkhah.browse.overviews.quality import measures
from dadkhah.browse.overviews.questions import overview_answers
from dadkhah.browse.overviews.stats import stats
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.time_and_place.events import EventFilter, events
from dadkhah.browse.time_and_place.places import place_counts
from dadkhah.cli.build import INDEXERS
from dadkhah.cli.indexes.answer_index import AnswerIndexer, SnapshotAnswers, is_merged
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.source.formats.reading import RdfInput

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)
WHOLE = {
    "stats": stats,
    "measures": measures,
    "places": place_counts,
    "timeline": lambda ask, scheme: events(ask, scheme, EventFilter(), limit=20),
}


class CountedEngine(graph.StoreEngine):
    """Counts what it is asked."""

    def __init__(self, store):
        super().__init__(store)
        self.asked = 0

    async def query(self, request):
        self.asked += 1
        return await super().query(request)


def build(folder: Path, *, merge: bool) -> Registry:
    source = folder / "graph.trig"
    source.write_text(graph.PREFIXES + graph.DATA, encoding="utf-8")
    compile_rdf([RdfInput(source)], BuildPlan(out=folder / "out", merge=merge, durable=False), indexers=INDEXERS)
    return Registry(folder / "out")


@pytest.fixture(scope="module", params=[True, False], ids=["merged", "as given"])
def built(request, tmp_path_factory):
    registry = build(tmp_path_factory.mktemp("answers"), merge=request.param)
    return registry, Scheme(merged=request.param)


@pytest.mark.parametrize("name", WHOLE)
async def test_an_overview_is_the_same_as_the_engine_gives_and_asks_it_nothing(built, name):
    registry, scheme = built
    snapshot = registry.current()
    engine = CountedEngine(snapshot.open_store())
    live = await WHOLE[name](EngineAsk(engine, timeout_seconds=10), scheme)
    assert engine.asked > 0
    engine.asked = 0
    answers = SnapshotAnswers(registry).of(snapshot.hash)
    kept = await WHOLE[name](EngineAsk(engine, timeout_seconds=10, kept=Kept(answers)), scheme)
    assert kept == live
    # names and voices may have been read before by another page; they cost by what is shown, not by what there is
    assert engine.asked <= 2


def test_the_layout_of_a_store_is_seen(built):
    registry, scheme = built
    assert is_merged(registry.current().open_store()) is scheme.merged
    assert not is_merged(ox.Store())


def test_a_snapshot_of_before_has_no_answers_and_is_served_all_the_same(tmp_path):
    source = tmp_path / "graph.trig"
    source.write_text(graph.PREFIXES + graph.DATA, encoding="utf-8")
    snapshot = compile_rdf([RdfInput(source)], BuildPlan(out=tmp_path / "out", durable=False))
    assert SnapshotAnswers(Registry(tmp_path / "out")).of(snapshot.hash) == {}


def test_the_same_store_gives_the_same_bytes(built, tmp_path):
    registry, _ = built
    snapshot = registry.current()
    AnswerIndexer().build(snapshot.open_store(), tmp_path)
    assert (tmp_path / "answers.jsonl").read_bytes() == (snapshot.index_path("answers") / "answers.jsonl").read_bytes()


async def test_no_further_page_is_begun_after_its_time(built):
    store = built[0].current().open_store()
    times = iter(range(0, 10_000, 100))

    def answering(query):
        return orjson.loads(store.query(query).serialize(format=ox.QueryResultsFormat.JSON))["results"]["bindings"]

    whole = await overview_answers(answering, built[1], most_seconds=1e9)
    begun = await overview_answers(answering, built[1], most_seconds=150, clock=lambda: next(times))
    assert begun
    assert begun.keys() < whole.keys()
