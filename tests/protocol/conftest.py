"""Makes the harness known to the tests beside it."""

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("w3c_harness", Path(__file__).with_name("w3c_harness.py"))
harness = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(harness)


@pytest.fixture(scope="session")
def w3c():
    """The module that runs the harness."""
    return harness
