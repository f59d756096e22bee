"""Rule: a table for spreadsheets holds no formula and nothing else is changed, however the bytes are cut."""

import csv
import io
import re

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse.tables import csv_table, safe_cell
from dadkhah.web.endpoint.sheets import SheetCoder, safe_rows

# what a spreadsheet runs; white space before it is dropped on opening
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
HOSTILE = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", '="x"', "=cmd|' /C calc'!A0", "-1,=2"]
)
CELLS = st.one_of(HOSTILE, st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.from_regex(NUMBER))
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8)


def serialised(rows):
    """Rows as the engine writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([["a", "b"], *rows])
    return text.getvalue().encode()


def cells(body):
    return [cell for row in csv.reader(io.StringIO(body.decode(), newline="")) for cell in row]


def is_inert(cell):
    return not FORMULA.match(cell) or NUMBER.fullmatch(cell)


@given(TABLES)
def test_no_cell_is_a_formula_and_all_others_stay(rows):
    before = cells(serialised(rows))
    after = cells(safe_rows(serialised(rows)))
    assert len(after) == len(before)
    for was, now in zip(before, after, strict=True):
        assert is_inert(now)
        assert now == was if is_inert(was) else now == f"'{was}"


@given(TABLES, st.lists(st.integers(1, 20), min_size=1, max_size=5))
def test_cuts_of_the_stream_change_nothing(rows, lengths):
    body, coder, place, out = serialised(rows), SheetCoder(), 0, b""
    while place < len(body):
        for length in lengths:
            out += coder.feed(body[place : place + length])
            place += length
    assert out + coder.finish() == safe_rows(body)


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_what_the_engine_itself_writes_is_made_safe(values):
    store = ox.Store()
    rows = " ".join(f"({ox.Literal(value)})" for value in values)
    body = store.query(f"SELECT ?v {{ VALUES (?v) {{ {rows} }} }}").serialize(format=ox.QueryResultsFormat.CSV)
    assert all(is_inert(cell) for cell in cells(safe_rows(body)))


@given(TABLES)
def test_lists_of_the_interface_hold_no_formula(rows):
    assert all(is_inert(cell) for cell in cells(csv_table(("a", "b"), rows))[2:])


def test_a_number_stays_a_number():
    assert [safe_cell(text) for text in ("-12.5", "+3", "7")] == ["-12.5", "+3", "7"]
