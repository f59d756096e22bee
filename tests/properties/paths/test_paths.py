from __future__ import annotations

import asyncio
from itertools import islice, pairwise

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dadkhah.browse.ask import EngineAsk
from dadkhah.browse.relations.links import LinkPolicy
from dadkhah.browse.relations.neighbourhoods import neighbourhood
from dadkhah.browse.relations.paths import paths
from dadkhah.browse.relations.shortest import Around, PathBounds, find_paths
from dadkhah.browse.scheme import Scheme
from dadkhah.engine.interface import Answer, QueryRequest

RELATION = ox.NamedNode("https://example.org/relatedTo")
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def name(node: int) -> str:
    return f"https://example.org/n{node:03d}"


@st.composite
def graphs(draw):
    nodes = draw(st.integers(2, 14))
    pair = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    graph = nx.Graph()
    graph.add_nodes_from(name(node) for node in range(nodes))
    graph.add_edges_from((name(a), name(b)) for a, b in draw(st.lists(pair, max_size=30)) if a != b)
    return graph


def search(graph, start, target, k, bounds=PathBounds()):  # noqa: B008 - a frozen value
    """Drive the search over a networkx graph; all links of a node are asked for once, and no batch is empty."""
    walk = find_paths(start, target, k, bounds)
    asked = set()
    try:
        look = next(walk)
        while True:
            assert look.nodes
            if look.onto is None:
                assert not asked & set(look.nodes)
                asked.update(look.nodes)
            pairs = [(node, other) for node in look.nodes for other in graph[node]]
            look = walk.send(Around([pair for pair in pairs if look.onto is None or pair[1] in look.onto]))
    except StopIteration as stop:
        return stop.value


def expected(graph, start, target, k):
    if start not in graph or target not in graph or not nx.has_path(graph, start, target):
        return []
    return list(islice(nx.shortest_simple_paths(graph, start, target), k))


def assert_agrees(found, graph, start, target, k):
    wanted = expected(graph, start, target, k)
    assert [len(path) for path in found] == [len(path) for path in wanted]
    assert len(set(found)) == len(found)
    for path in found:
        assert path[0] == start
        assert path[-1] == target
        assert len(set(path)) == len(path)
        assert all(graph.has_edge(a, b) for a, b in pairwise(path))


@MANY
@given(graphs(), st.integers(1, 8), st.data())
def test_k_shortest_paths_agree_with_networkx(graph, k, data):
    start, target = (data.draw(st.sampled_from(sorted(graph))) for _ in "ab")
    found = search(graph, start, target, k)
    if start == target:
        assert found.paths == ((start,),)
        return
    assert_agrees(found.paths, graph, start, target, k)
    assert found.complete


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize(("nodes", "links"), [(60, 90), (200, 300), (400, 2000)])
def test_k_shortest_paths_of_larger_graphs_whose_levels_are_joined_agree_with_networkx(nodes, links, seed):
    drawn = nx.gnm_random_graph(nodes, links, seed=seed)
    graph = nx.relabel_nodes(drawn, {node: name(node) for node in drawn})
    found = search(graph, name(0), name(1), 6)
    assert_agrees(found.paths, graph, name(0), name(1), 6)
    assert found.complete


def test_levels_of_many_nodes_are_joined_instead_of_being_read():
    # two stars whose leaves are linked one to one: a level would read every link of 300 leaves
    graph = nx.Graph()
    for leaf in range(300):
        graph.add_edges_from([(name(900), name(leaf)), (name(leaf), name(leaf + 300)), (name(leaf + 300), name(901))])
    found = search(graph, name(900), name(901), 5)
    assert found.complete
    assert [len(path) for path in found.paths] == [4] * 5
    assert found.expanded == 2


def test_a_search_whose_time_is_over_gives_what_it_has_and_says_how_far_it_came():
    graph = nx.relabel_nodes(nx.cycle_graph(40), {node: name(node) for node in range(40)})
    walk = find_paths(name(0), name(20), 1, PathBounds())
    look = next(walk)
    for _ in range(5):
        look = walk.send(Around([(node, other) for node in look.nodes for other in graph[node]]))
    with pytest.raises(StopIteration) as stop:
        walk.send(Around([], late=True))
    found = stop.value.value
    assert (found.paths, found.complete, found.ended, found.searched) == ((), False, "time", 5)


@pytest.mark.parametrize("make", [nx.path_graph, nx.cycle_graph, nx.complete_graph, nx.star_graph])
@pytest.mark.parametrize("size", [2, 5, 12, 20])
def test_regular_graphs_agree_with_networkx(make, size):
    graph = nx.relabel_nodes(make(size), {node: name(node) for node in range(size + 1)})
    start, target = name(0), name(size - 1)
    assert_agrees(search(graph, start, target, 5).paths, graph, start, target, 5)


def test_a_search_over_its_bound_says_so_and_ends():
    graph = nx.relabel_nodes(nx.balanced_tree(5, 5), {node: name(node) for node in range(4000)})
    found = search(graph, name(3905), name(3000), 1, PathBounds(expanded=40))
    assert not found.complete
    assert found.expanded <= 40


def test_what_is_found_within_a_step_bound_is_marked_incomplete():
    graph = nx.relabel_nodes(nx.complete_graph(14), {node: name(node) for node in range(14)})
    found = search(graph, name(0), name(1), 100_000, PathBounds(steps=2_000))
    assert not found.complete
    assert found.paths[0] == (name(0), name(1))


class StoreEngine:
    snapshot_hash = "0" * 64

    def __init__(self, store):
        self.store = store

    async def query(self, request: QueryRequest) -> Answer:
        return Answer(
            chunks=iter(()), whole=self.store.query(request.text).serialize(format=ox.QueryResultsFormat.JSON)
        )


def ask_over(graph) -> EngineAsk:
    store = ox.Store()
    for node in graph:
        store.add(
            ox.Quad(
                ox.NamedNode(node), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal(node[-3:])
            )
        )
    for number, (a, b) in enumerate(graph.edges):
        # statements point either way and stand in one of three graphs; a path does not care
        ends = (a, b) if number % 2 else (b, a)
        graph_name = ox.DefaultGraph() if number % 3 else ox.NamedNode("https://example.org/graph")
        store.add(ox.Quad(ox.NamedNode(ends[0]), RELATION, ox.NamedNode(ends[1]), graph_name))
    return EngineAsk(StoreEngine(store), timeout_seconds=10)


SCHEME = Scheme(merged=False)
POLICY = LinkPolicy(bookkeeping=SCHEME.no_links)


@FEW
@given(graphs(), st.integers(1, 5), st.data())
async def test_paths_read_by_sparql_agree_with_networkx(graph, k, data):
    start, target = (data.draw(st.sampled_from(sorted(graph))) for _ in "ab")
    found = await paths(ask_over(graph), SCHEME, start, target, k=k, policy=POLICY)
    if start == target:
        assert found.paths == ((),)
        return
    chains = [tuple([step.start.iri for step in chain] + [chain[-1].end.iri]) for chain in found.paths]
    assert_agrees(chains, graph, start, target, k)
    for chain in found.paths:
        for step in chain:
            ends = {step.start.iri, step.end.iri}
            assert step.edges
            assert all({edge.subject, edge.object} == ends and edge.voices for edge in step.edges)


@FEW
@given(graphs(), st.integers(1, 3), st.data())
async def test_neighbourhoods_read_by_sparql_agree_with_networkx(graph, hops, data):
    seeds = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=1, max_size=2, unique=True))
    found = await neighbourhood(ask_over(graph), SCHEME, seeds, hops=hops, policy=POLICY)
    wanted = {}
    for seed in seeds:
        for node, distance in nx.single_source_shortest_path_length(graph, seed, cutoff=hops).items():
            wanted[node] = min(distance, wanted.get(node, distance))
    assert {node.ref.iri: node.hops for node in found.nodes} == wanted
    assert {frozenset((edge.subject, edge.object)) for edge in found.edges} == {
        frozenset(edge) for edge in graph.subgraph(wanted).edges
    }


async def test_a_hub_is_reached_but_not_followed_and_can_be_avoided():
    graph = nx.star_graph(60)
    nx.add_path(graph, [1, 100, 101, 102, 2])
    graph = nx.relabel_nodes(graph, {node: name(node) for node in graph})
    policy = LinkPolicy(bookkeeping=SCHEME.no_links, hub_links=20)
    through = await paths(ask_over(graph), SCHEME, name(1), name(2), k=1, policy=policy)
    assert [step.end.iri for step in through.paths[0]] == [name(0), name(2)]
    around = await paths(ask_over(graph), SCHEME, name(1), name(2), k=1, policy=policy, avoid_hubs=True)
    assert [step.end.iri for step in around.paths[0]] == [name(100), name(101), name(102), name(2)]


async def test_an_avoided_relation_is_not_taken():
    graph = nx.Graph([(name(1), name(2))])
    policy = LinkPolicy(bookkeeping=SCHEME.no_links, avoid=frozenset([RELATION.value]))
    found = await paths(ask_over(graph), SCHEME, name(1), name(2), k=1, policy=policy)
    assert found.paths == ()


class SlowEngine(StoreEngine):
    """Takes a while for each answer, once it has given so many."""

    def __init__(self, store, quick):
        super().__init__(store)
        self.quick = quick

    async def query(self, request: QueryRequest) -> Answer:
        self.quick -= 1
        if self.quick < 0 and "VALUES ?s" in request.text and "?op" in request.text:
            await asyncio.sleep(30)
        return await super().query(request)


def slow(graph, quick) -> EngineAsk:
    made = ask_over(graph)
    return EngineAsk(SlowEngine(made._engine.store, quick), timeout_seconds=60)


async def test_a_neighbourhood_whose_time_is_over_gives_what_was_found_and_says_so():
    graph = nx.relabel_nodes(nx.path_graph(9), {node: name(node) for node in range(9)})
    found = await neighbourhood(slow(graph, 1), SCHEME, [name(4)], hops=3, policy=POLICY, seconds=0.5)
    assert {node.ref.iri for node in found.nodes} == {name(3), name(4), name(5)}
    assert found.notes == ("the search ended after 0.5 seconds; more lies within 3 hops",)
    assert len(found.edges) == 2


async def test_paths_whose_time_is_over_say_how_far_was_searched():
    graph = nx.relabel_nodes(nx.path_graph(9), {node: name(node) for node in range(9)})
    bounds = PathBounds(seconds=0.5)
    found = await paths(slow(graph, 2), SCHEME, name(0), name(8), k=1, policy=POLICY, bounds=bounds)
    assert (found.paths, found.complete) == ((), False)
    assert found.searched >= 1
    assert found.notes[0].startswith("the search ended after 0.5 seconds; searched so far: every path of at most ")
