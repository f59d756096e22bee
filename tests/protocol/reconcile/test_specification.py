"""The specification's own schemas, examples and rules, held against the service."""

import json
import os
import subprocess
import sys

import pytest

from dadkhah.errors import ParameterError
from dadkhah.web.reconcile.reading import draft_batch, extension, stable_batch

from .conftest import Schemas, given

VERSIONS = ("0.1", "0.2", "1.0-draft")


@pytest.mark.given
def test_all_labelled_examples_behave_as_labelled():
    """The 129 examples tell whether the schemas are read right, by which every answer is judged."""
    seen = 0
    for version in VERSIONS:
        schemas = Schemas(given(f"w3c/vendor/reconciliation-specs/{version}"))
        for path in sorted((schemas.folder / "examples").glob("*/*/*.json")):
            name, label = path.parts[-3], path.parts[-2]
            if name in schemas.documents:
                seen += 1
                assert (not schemas.errors(name, json.loads(path.read_text()))) == (label == "valid"), path.name
    assert seen == 129


@pytest.mark.given
@pytest.mark.parametrize(
    ("version", "name", "read"),
    [
        ("0.2", "reconciliation-query-batch", stable_batch),
        ("1.0-draft", "reconciliation-query-batch", draft_batch),
        ("0.2", "data-extension-query", extension),
        ("1.0-draft", "data-extension-query", extension),
    ],
)
def test_requests_are_read_or_refused_as_their_examples_are_labelled(version, name, read):
    folder = given(f"w3c/vendor/reconciliation-specs/{version}/examples/{name}")
    examples = sorted(folder.glob("*/*.json"))
    assert examples
    for path in examples:
        document = json.loads(path.read_text())
        if path.parent.name == "valid":
            assert read(document)
        else:
            with pytest.raises(ParameterError):
                read(document)


@pytest.mark.given
@pytest.mark.parametrize(("version", "path"), [("0.2", ""), ("1.0-draft", "/v1")])
@pytest.mark.parametrize("name", ["Hossein Rezaei", "زندان اوین"])
def test_a_running_service_meets_every_rule_of_the_checker(live, tmp_path, version, path, name):
    harness = given("w3c/harness")
    out = tmp_path / "report.json"
    command = [sys.executable, "-m", "conformance.recon_check", "--endpoint", live + path, "--api", version]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "--name", name, "--prefix", "p", "--out", str(out)],
        cwd=harness, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(out.read_text())["checks"]
    assert [rule for rule in report if rule["status"] == "fail"] == []
    assert sum(rule["status"] == "pass" for rule in report) >= 45
