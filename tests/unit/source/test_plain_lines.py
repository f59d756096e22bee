"""The short way past the parser changes nothing: whatever is given, the same statements or the same error come out."""

import gzip
import re

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dadkhah.errors import InputError, SourceSyntaxError
from dadkhah.source.formats import plain_lines
from dadkhah.source.formats.reading import RdfInput, write_nquads

PLAIN = b'<https://e.org/a> <https://e.org/p> "one"@fa <https://e.org/g> .\n'
WORDS = st.sampled_from(
    [
        "<https://e.org/a>", "<https://e.org/a#b#c>", "<urn:x:y>", "<https://e.org/a b>", "<http://e.org>", "<rel>",
        "<https://e.org/%zz>", "<https://e.org/é>", "<http://[::1/a>", '"one"', '"a\\tb"', '"a\tb"', '"x y <https://e.org/z>"',
        '"1"^^<http://www.w3.org/2001/XMLSchema#string>', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"a"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>', '"نام"@fa', '"a"@FA-Latn', '"a"@en--ltr',
        '"a"@en-aa-bb', '"a"@en-US', '"a"@toolongtag', "_:b", '"\\u0041"', "#", ".", "<< >>",
    ]
)  # fmt: skip
ENDINGS = st.sampled_from([" .\n", " .\r\n", ".\n", "  . # note\n", " ."])
LINES = st.lists(
    st.one_of(
        st.just(PLAIN.decode()),
        st.builds(lambda words, end: " ".join(words) + end, st.lists(WORDS, min_size=3, max_size=4), ENDINGS),
        st.text(st.characters(exclude_categories=["Cs"])).map('<https://e.org/a> <https://e.org/p> "{}" .\n'.format),
    ),
    max_size=8,
)  # fmt: skip


class Taken:
    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += data
        return len(data)

    def flush(self):
        pass


def ours(path):
    sink = Taken()
    write_nquads(RdfInput(path), sink)
    return sink.data


def parsed(text, form):
    return ox.serialize(ox.parse(text, form, rename_blank_nodes=True), format=ox.RdfFormat.N_QUADS)


def unnamed(text):
    """Lines in order of their bytes, with blank nodes of any label alike."""
    return sorted(re.sub(rb"_:[0-9a-f]{32}", b"_:b", text).splitlines(keepends=True))


def outcome(read):
    """The lines that come out, or where the error is."""
    try:
        return unnamed(read())
    except SourceSyntaxError as error:
        return error.line, error.column
    except SyntaxError as error:
        return error.lineno or 1, error.offset


@settings(deadline=None, max_examples=200)
@given(LINES, st.sampled_from(["nt", "nq"]), st.integers(1, 200))
@example(["\ufffe", PLAIN.decode()], "nq", 3)
def test_the_short_way_gives_what_the_parser_gives(tmp_path_factory, lines, suffix, block):
    text = "".join(lines).encode()
    path = tmp_path_factory.mktemp("plain") / f"data.{suffix}"
    path.write_bytes(text)
    form = ox.RdfFormat.N_TRIPLES if suffix == "nt" else ox.RdfFormat.N_QUADS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_lines, "_BLOCK", block)
        assert outcome(lambda: ours(path)) == outcome(lambda: parsed(text, form))


def test_every_character_is_written_as_the_parser_writes_it(tmp_path):
    last = [0x10000 * plane - back for plane in range(2, 18) for back in (1, 2)]
    codes = [*range(0x11000), *range(0x11000, 0x11_0000, 0x3FF), *last]
    characters = [chr(code) for code in codes if not 0xD800 <= code < 0xE000 and chr(code) not in '"\\\n\r']
    path = tmp_path / "data.nt"
    path.write_bytes(b"".join(f'<https://e.org/a> <https://e.org/p> "{one}" .\n'.encode() for one in characters))
    assert unnamed(ours(path)) == unnamed(parsed(path.read_bytes(), ox.RdfFormat.N_TRIPLES))


def test_plain_lines_do_not_reach_the_parser_and_others_do(tmp_path):
    unusual = b'<https://e.org/a> <https://e.org/p> "tab\\t" .\n'
    path = tmp_path / "data.nq"
    path.write_bytes(PLAIN * 3 + unusual + PLAIN)
    sink = Taken()
    with path.open("rb") as stream:
        reader = plain_lines.PlainLines(stream, sink, quads=True)
        assert reader.read(10) + reader.read(1000) == unusual
        assert reader.read(10) == b""
    assert sink.data == PLAIN * 4


def test_an_error_after_plain_lines_has_the_line_of_the_file(tmp_path):
    path = tmp_path / "data.nq.gz"
    path.write_bytes(gzip.compress(PLAIN * 5000 + b"<https://e.org/a> oops .\n" + PLAIN))
    with pytest.raises(SourceSyntaxError) as refused:
        ours(path)
    assert refused.value.line == 5001


def test_one_label_is_one_blank_node_however_far_apart(tmp_path):
    path = tmp_path / "data.nt"
    line = b'<https://e.org/a> <https://e.org/p> "x" .\n'
    path.write_bytes(
        b"_:b <https://e.org/p> <https://e.org/a> .\n" + line * 60_000 + b"<https://e.org/a> <https://e.org/p> _:b .\n"
    )
    labels = re.findall(rb"_:\w+", ours(path))
    assert len(labels) == 2
    assert len(set(labels)) == 1


def test_a_file_put_into_a_graph_keeps_its_lines_whole(tmp_path):
    path = tmp_path / "data.nt"
    lines = [f'<https://e.org/a> <https://e.org/p> "{n}{end}" .\n' for n in range(20_000) for end in ("", "\\t")]
    path.write_text("".join(lines))
    sink = Taken()
    write_nquads(RdfInput(path, "https://e.org/g"), sink)
    assert sorted(sink.data.decode().splitlines(keepends=True)) == sorted(
        line.replace(" .\n", " <https://e.org/g> .\n") for line in lines
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.nq", '<https://e.org/a> <https://e.org/p> "x" .\n' + PLAIN.decode()),
        ("data.trig", '<https://e.org/g> { <https://e.org/a> <https://e.org/p> "x" }'),
        ("data.jsonld", '{"@id": "https://e.org/g", "@graph": [{"@id": "https://e.org/a", "https://e.org/p": "x"}]}'),
    ],
)
def test_a_file_that_names_graphs_is_not_put_into_another(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=r"names a graph of its own.*<https://e\.org/other>"):
        write_nquads(RdfInput(path, "https://e.org/other"), Taken())
