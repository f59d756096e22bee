"""Whatever a client sends, the answer is valid or an error of the client's, never one of ours."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import E

TEXT = st.text(max_size=60) | st.sampled_from(
    ["Hossein", "علی کریمی", "Evin", f"{E}ali", f"{E}born", f"{E}Person", "a/b", "urn:x"]
)
PLAIN = TEXT | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
VALUE = PLAIN | st.fixed_dictionaries({"id": TEXT}, optional={"name": TEXT}) | st.lists(PLAIN, max_size=3)
STABLE = st.fixed_dictionaries(
    {"query": TEXT},
    optional={
        "type": TEXT | st.lists(TEXT, max_size=2),
        "limit": st.integers(1, 1000) | st.just(2.0),
        "properties": st.lists(st.fixed_dictionaries({"pid": TEXT, "v": VALUE}), max_size=3),
        "type_strict": st.sampled_from(["any", "should", "all"]),
    },
)
CONDITION = st.fixed_dictionaries(
    {"matchType": st.sampled_from(["name", "id", "property"]), "propertyValue": VALUE, "propertyId": TEXT},
    optional={
        "required": st.booleans(),
        "matchQuantifier": st.sampled_from(["any", "all", "none"]),
        "matchQualifier": TEXT,
    },
)
DRAFT = st.fixed_dictionaries(
    {"conditions": st.lists(CONDITION, min_size=1, max_size=3)}, optional={"type": TEXT, "limit": st.integers(1, 9)}
)
ANY = st.recursive(
    st.none() | PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CHECKS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@CHECKS
@given(st.dictionaries(TEXT, STABLE, max_size=3))
async def test_a_valid_batch_of_0_2_gets_a_valid_answer(client, stable, batch):
    response = await client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert response.status_code == 200, response.text
    assert set(response.json()) == set(batch)
    stable.check("reconciliation-result-batch", response.json())


@CHECKS
@given(st.lists(DRAFT, max_size=3))
async def test_a_valid_batch_of_the_draft_gets_a_valid_answer(client, draft, batch):
    response = await client.post("/reconcile/v1/match", json={"queries": batch})
    assert response.status_code == 200, response.text
    assert len(response.json()["results"]) == len(batch)
    draft.check("reconciliation-result-batch", response.json())


@CHECKS
@given(st.lists(TEXT, max_size=3), st.lists(st.fixed_dictionaries({"id": TEXT}), max_size=3))
async def test_a_valid_extension_gets_a_valid_answer(client, stable, draft, ids, properties):
    asked = {"ids": ids, "properties": properties}
    one = await client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert one.status_code == 200, one.text
    stable.check("data-extension-response", one.json())
    two = await client.post("/reconcile/v1/extend", json=asked)
    assert two.status_code == 200, two.text
    draft.check("data-extension-response", two.json())


@CHECKS
@given(ANY)
async def test_any_json_is_answered_or_refused(client, document):
    text = json.dumps(document)
    for response in (
        await client.post("/reconcile", data={"queries": text}),
        await client.post("/reconcile", data={"extend": text}),
        await client.post("/reconcile/v1/match", content=text),
        await client.post("/reconcile/v1/extend", content=text),
    ):
        assert response.status_code in {200, 400, 413}, response.text


@CHECKS
@given(TEXT, TEXT, st.sampled_from(["entity", "type", "property", "other"]))
async def test_any_text_can_be_suggested_for_previewed_and_proposed(client, text, cursor, what):
    for path, parameters in (
        (f"/reconcile/suggest/{what}", {"prefix": text, "cursor": cursor}),
        ("/reconcile/preview", {"id": text}),
        ("/reconcile/view", {"id": text}),
        (f"/reconcile/flyout/{what}", {"id": text}),
        ("/reconcile/extend/propose", {"type": text, "limit": cursor}),
        ("/reconcile", {"callback": text}),
    ):
        response = await client.get(path, params=parameters)
        assert response.status_code < 500, (path, response.text)


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"queries=%ff", b"queries=%7B%22q%22%3A%7B%22query%22%3A%22%5Cud800%22%7D%7D", b"&&&=", b""]
)
async def test_broken_bytes_are_no_error_of_ours(client, body):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert (await client.post("/reconcile", content=body, headers=headers)).status_code < 500
    assert (
        await client.post("/reconcile/v1/match", content=body, headers={"content-type": "application/json"})
    ).status_code < 500
