"""Sorting, cutting, counting and merging of N-Quads lines, beside the plain way of doing the same in memory."""

import hashlib
import io
from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dadkhah.snapshot.dump import lines as module
from dadkhah.snapshot.dump.difference import difference
from dadkhah.snapshot.dump.fields import split
from dadkhah.snapshot.dump.lines import LineSorter
from dadkhah.snapshot.dump.merge import write_merge
from dadkhah.snapshot.dump.statistics import measure

IRIS = st.sampled_from([f"https://e.org/{name}" for name in ("a", "b", "long/path#x", "é", "q?x=1&y=2")]).map(
    ox.NamedNode
)
BLANKS = st.sampled_from(["b0", "c14n1"]).map(ox.BlankNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', '" .', "\n", '\\" <https://e.org/g> .', "_:b", "a\tb", "<<( ", "نام", '"@en', '"^^<x>']
)
LITERALS = (
    TEXTS.map(ox.Literal)
    | TEXTS.map(lambda text: ox.Literal(text, language="fa-latn"))
    | TEXTS.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("https://e.org/d")))
)
QUADS = st.builds(ox.Quad, IRIS | BLANKS, IRIS, IRIS | BLANKS | LITERALS, st.just(ox.DefaultGraph()) | IRIS | BLANKS)
DATASETS = st.lists(QUADS, max_size=25)


def split_at_line_feeds(quads):
    written = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) if quads else b""
    return [line + b"\n" for line in written.split(b"\n") if line]


@given(QUADS)
def test_a_line_is_cut_into_the_fields_that_the_parser_sees(quad):
    [line] = split_at_line_feeds([quad])
    fields = split(line)
    graph = b"" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name).encode()
    assert (fields.subject, fields.predicate, fields.graph) == (
        str(quad.subject).encode(),
        str(quad.predicate).encode(),
        graph,
    )
    assert b" ".join(part for part in fields if part) + b" .\n" == line


@settings(deadline=None)
@given(DATASETS, st.integers(1, 400), st.integers(1, 50))
def test_sorted_runs_on_disk_give_what_sorting_in_memory_gives(tmp_path_factory, quads, run_bytes, piece):
    folder = tmp_path_factory.mktemp("sort")
    lines = split_at_line_feeds(quads)
    text = b"".join(lines)
    sorter = LineSorter(folder, run_bytes=run_bytes)
    for start in range(0, len(text), piece):
        sorter.write(text[start : start + piece])
    sorter.write_to(folder / "sorted")
    assert (folder / "sorted").read_bytes() == b"".join(sorted(set(lines)))
    assert [path.name for path in folder.iterdir()] == ["sorted"]
    if any(isinstance(term, ox.BlankNode) for quad in quads for term in quad):
        assert sorter.blank_nodes


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 40).map(lambda n: b"%d line\n" % n), max_size=120),
    st.integers(1, 90),
    st.integers(1, 60),
    st.integers(2, 5),
)
def test_runs_that_are_read_block_by_block_are_merged_whole(tmp_path_factory, lines, run_bytes, block, most):
    folder = tmp_path_factory.mktemp("merge")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LEAST_BYTES", block)
        patch.setattr(module, "_MERGE_BYTES", block)
        patch.setattr(module, "_MOST_RUNS", most)
        sorter = LineSorter(folder, run_bytes=run_bytes)
        for line in lines:
            sorter.write(line)
        sorter.write_to(folder / "sorted")
    assert (folder / "sorted").read_bytes() == b"".join(sorted(set(lines)))


def test_a_literal_that_looks_like_a_blank_node_is_none(tmp_path):
    sorter = LineSorter(tmp_path)
    sorter.write(b'<https://e.org/a> <https://e.org/p> "x _:b" .\n<https://e.org/a> <https://e.org/_:p> "_:b"@en .\n')
    sorter.write_to(tmp_path / "sorted")
    assert not sorter.blank_nodes


@given(DATASETS)
def test_counts_and_hashes_are_those_of_the_naive_way(quads):
    lines = sorted(set(split_at_line_feeds(quads)))
    found = measure(iter(lines))
    distinct = set(quads)
    assert (found.quads, found.hash) == (len(lines), hashlib.sha256(b"".join(lines)).hexdigest())
    assert found.entities == len({q.subject for q in distinct if isinstance(q.subject, ox.NamedNode)})
    assert found.blank_nodes == any(isinstance(term, ox.BlankNode) for quad in distinct for term in quad)
    of_graph = {graph.iri: graph for graph in found.graphs}
    for name in {quad.graph_name for quad in distinct}:
        inside = [quad for quad in distinct if quad.graph_name == name]
        triples = sorted(split_at_line_feeds([ox.Quad(*quad.triple) for quad in inside]))
        key = "" if isinstance(name, ox.DefaultGraph) else str(name).removeprefix("<").removesuffix(">")
        graph = of_graph.pop(key)
        assert graph.triples == len(inside)
        assert graph.subjects == len({quad.subject for quad in inside})
        assert graph.hash == hashlib.sha256(b"".join(triples)).hexdigest()
        assert graph.properties == Counter(quad.predicate.value for quad in inside)
    assert not of_graph


@settings(deadline=None)
@given(DATASETS)
def test_the_merge_holds_each_triple_of_any_graph_once(tmp_path_factory, quads):
    folder = tmp_path_factory.mktemp("merge")
    (folder / "dump").write_bytes(b"".join(sorted(set(split_at_line_feeds(quads)))))
    write_merge(folder / "dump", folder / "merged", folder)
    parsed = [quad.triple for quad in ox.parse(io.BytesIO((folder / "merged").read_bytes()), ox.RdfFormat.N_TRIPLES)]
    assert len(parsed) == len(set(parsed))
    assert set(parsed) == {quad.triple for quad in quads}


@settings(deadline=None)
@given(DATASETS, DATASETS)
def test_a_difference_is_what_was_added_and_removed_by_record(tmp_path_factory, before, after):
    import gzip

    folder = tmp_path_factory.mktemp("diff")
    sides = []
    for name, quads in (("old", before), ("new", after)):
        lines = sorted(set(split_at_line_feeds(quads)))
        (folder / name).write_bytes(gzip.compress(b"".join(lines)))
        sides.append({line.rstrip(b"\n").decode() for line in lines})
    changes = list(difference(folder / "old", folder / "new"))
    assert {line for change in changes for line in change.added} == sides[1] - sides[0]
    assert {line for change in changes for line in change.removed} == sides[0] - sides[1]
    assert len({change.record for change in changes}) == len(changes)


@pytest.mark.parametrize("text", [b"", b"\n"])
def test_nothing_sorted_is_nothing(tmp_path, text):
    sorter = LineSorter(tmp_path)
    sorter.write(text)
    sorter.write_to(tmp_path / "sorted")
    assert (tmp_path / "sorted").read_bytes().strip() == b""
