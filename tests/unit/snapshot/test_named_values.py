"""Values read from a dump are those that a store answers with."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dadkhah.snapshot.dump import named_values
from dadkhah.snapshot.dump.named_values import named_values as read

NAME, OTHER = "https://e.org/name", "https://e.org/names"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['a "quoted" name', f'> <{NAME}> "x"', "back\\slash", "two\nlines", f'\n<https://e.org/x> <{NAME}> "y"', "نام"]
)
VALUES = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["fa", "en-us"])),
    TEXTS.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("https://e.org/d"))),
    st.just(ox.NamedNode("https://e.org/b")),
)
QUADS = st.lists(
    st.builds(
        ox.Quad,
        st.sampled_from([ox.NamedNode("https://e.org/a"), ox.NamedNode("https://e.org/é"), ox.BlankNode("b")]),
        st.sampled_from([ox.NamedNode(NAME), ox.NamedNode(OTHER)]),
        VALUES,
        st.sampled_from([ox.DefaultGraph(), ox.NamedNode("https://e.org/g")]),
    ),
    max_size=20,
)


@settings(deadline=None)
@given(QUADS, st.integers(1, 300))
def test_each_literal_of_the_property_is_read_and_nothing_else(tmp_path_factory, quads, block):
    dump = Path(tmp_path_factory.mktemp("values")) / "dump.nq"
    lines = {ox.serialize([quad], format=ox.RdfFormat.N_QUADS) for quad in quads}
    dump.write_bytes(b"".join(sorted(lines)))
    store = ox.Store()
    store.extend(quads)
    expected = [
        (quad.subject.value, quad.object.value, quad.object.language or "")
        for quad in store.quads_for_pattern(None, ox.NamedNode(NAME), None, None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(named_values, "_BLOCK", block)
        assert sorted(read(dump, [NAME])) == sorted(expected)
