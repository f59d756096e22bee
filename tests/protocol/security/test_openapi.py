"""Rule: what the description of the interface allows, and what it does not, is answered with no error of ours."""

import contextlib
import json
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

pytestmark = pytest.mark.slow
# to each of about forty addresses; what goes against the description takes longer to make
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 3}


def judge(case, seen):
    response = case.call(timeout=20)
    seen[response.status_code // 100] += 1
    # over its time, too many at once: said as such, with when to come back
    assert response.status_code < 500 or "retry-after" in response.headers, case.as_curl_command()
    assert response.headers["x-content-type-options"] == ["nosniff"]
    kind = response.headers.get("content-type", [""])[0]
    if response.status_code >= 400:
        assert kind.startswith("application/problem+json"), case.as_curl_command()
        assert {"type", "title", "status", "detail"} <= set(json.loads(response.content))
    if kind == "application/json":
        json.loads(response.content)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_is_answered_with_an_error_of_ours(service, mode):
    schema = schemathesis.openapi.from_dict(json.loads(service.ask("/openapi.json").body))
    schema.config.update(base_url=service.address)
    seen = Counter()
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:

        @settings(max_examples=EXAMPLES[mode], deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case):
            judge(case, seen)

        # where any text is a value, nothing can be wrong
        with contextlib.suppress(Unsatisfiable):
            ask()
    assert seen.total() > 100
    assert seen[2]
    assert seen[4]
