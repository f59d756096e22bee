"""XML results hold no character that XML 1.0 forbids, wherever the stream is cut."""

import itertools
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from dadkhah.engine.readers.xml_clean import XmlCleaner

TEXT = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\x00\x01\x0b\x1f\t\n\r\ufffd\ufffe\uffff"))
)


def cleaned(data, cuts):
    cleaner = XmlCleaner()
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    pieces = [cleaner.clean(data[a:b]) for a, b in itertools.pairwise(places)]
    return b"".join([*pieces, cleaner.rest()])


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(st.integers(0, 200)))
def test_result_parses_and_keeps_every_allowed_character(text, cuts):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    document = cleaned(f"<a>{escaped}</a>".encode(), cuts)
    expected = "".join(c if c in "\t\n\r" or (c >= "\x20" and c not in "\ufffe\uffff") else "\ufffd" for c in text)
    assert (ET.fromstring(document).text or "") == expected


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(st.integers(0, 200)))
def test_cuts_change_nothing(text, cuts):
    data = text.encode()
    assert cleaned(data, cuts) == cleaned(data, [])
