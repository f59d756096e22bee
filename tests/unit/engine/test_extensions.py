"""The described extension functions are those that the engine has."""

import pyoxigraph as ox
import pytest

from dadkhah.engine.extensions import FUNCTIONS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_engine_knows_each_function_that_is_described(function):
    # a known function without a value for its argument is unbound; an unknown one ends the query
    next(ox.Store().query(f"SELECT (<{function}>(1) AS ?x) {{}}"))


def test_an_unknown_function_would_be_found_out():
    with pytest.raises(RuntimeError, match="not supported"):
        next(ox.Store().query("SELECT (<http://www.opengis.net/def/function/geosparql/none>(1) AS ?x) {}"))
