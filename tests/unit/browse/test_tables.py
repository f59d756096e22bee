from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dadkhah.browse.cursors import read_cursor, request_key, write_cursor
from dadkhah.browse.tables import csv_table, safe_cell
from dadkhah.errors import ParameterError


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", " =1", "\r=1", "\uff1d1", "-2+3", "=", "+"]
)
def test_a_cell_that_would_be_a_formula_is_text(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.5", "+3", "", "Evin", "\u0627\u0648\u06cc\u0646", "2025-07-27", "a=b"])
def test_a_harmless_cell_stays_as_it_is(cell):
    assert safe_cell(cell) == cell


def test_a_table_has_a_mark_and_reads_back():
    data = csv_table(("name", "n"), [('آرمان, "x"', "1"), ("line\nbreak", "-2")])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["name", "n"], ['آرمان, "x"', "1"], ["line\nbreak", "-2"]]


@given(st.text(), st.integers(0, 10**9))
def test_a_cursor_gives_its_position_back(key, position):
    assert read_cursor(request_key(key), write_cursor(request_key(key), position)) == position


@given(st.text(min_size=1, max_size=60))
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(ParameterError, match="cursor"):
        read_cursor(request_key("a list"), text)


def test_no_cursor_is_the_beginning():
    assert read_cursor(request_key("a list"), "") == 0


def test_a_cursor_of_another_list_is_refused():
    with pytest.raises(ParameterError, match="older snapshot"):
        read_cursor(request_key("snapshot-2", "/events"), write_cursor(request_key("snapshot-1", "/events"), 50))
