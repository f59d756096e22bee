import pytest

pytestmark = [pytest.mark.given, pytest.mark.slow]


def test_every_query_protocol_and_service_description_test_passes(w3c, tmp_path):
    # nothing can change the data of this service, so one server does for all tests
    data = tmp_path / "protocol.nq"
    w3c.run_module("w3c_protocol", "--dump-data", str(data))
    with w3c.running(data) as address:
        found = w3c.run_harness(
            "w3c_protocol", tmp_path / "protocol.json", "--query-url", f"{address}/sparql", serve=None
        )
    # updates and the graph store are no part of a service without a write path; refusals of both are tested
    judged = [one for one in found["tests"] if one["status"] != "skip"]
    failed = {one["id"]: one["detail"] for one in judged if one["status"] != "pass"}
    assert failed == {}
    assert sum(one["category"] == "protocol" for one in judged) == 27
    assert sum(one["category"] == "service-description" for one in judged) == 3
