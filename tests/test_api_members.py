"""Members and events over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from preuve.access import create_key
from preuve.loyalty.programs.versions import Version, publish, save_draft
from tests.house import House, open_house

RULES = """\
program: demo
name: Demo
timezone: Europe/Paris
earn:
  - {rule: hello, name: Hello, trigger: sign_up, effect: {kind: fixed, points: 50}}
  - rule: survey
    name: Survey
    trigger: event
    event: survey
    effect: {kind: fixed, points: 9}
    grants: [{kind: gift, key: mug, name: A mug}]
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        made = save_draft(
            opened.ground, "demo", RULES, based_on=0, author="ana", reason="for tests"
        )
        assert isinstance(made, Version)
        # The API runs already, and judges by it from the next request on.
        publish(opened.ground, "demo", 1, actor="ana", reason="for tests")
        yield opened


def put(house: House, member: str, **told: Any) -> Any:
    return house.client.put(f"/v1/members/{member}", headers=house.headers, json=told)


def event(house: House, **told: Any) -> Any:
    body = {"id": "e1", "member_id": "ann", "event": "survey"} | told
    return house.client.post("/v1/events", headers=house.headers, json=body)


def test_a_member_is_erased_with_all_that_is_known(house: House) -> None:
    put(house, "old", segments=["gold"])
    event(house, id="e-old", member_id="old")
    body = {"person": "eve", "reason": "they asked"}
    answer = house.client.post("/v1/members/old/erasure", headers=house.headers, json=body)
    assert (answer.status_code, answer.json()) == (200, {"receipts": 0, "files": 0})
    assert house.get("/v1/members/old").status_code == 404
    assert house.get("/v1/members/old/balance").json()["lifetime"] == 0
    again = house.client.post("/v1/members/old/erasure", headers=house.headers, json=body)
    assert (again.status_code, again.json()["code"]) == (404, "member_unknown")
    body = {"person": "", "reason": "they asked"}
    nobody = house.client.post("/v1/members/old/erasure", headers=house.headers, json=body)
    assert nobody.status_code == 422


def test_a_member_is_told_of_seen_and_forgotten(house: House) -> None:
    told = {"birthday": "1990-05-01", "segments": ["gold"], "attributes": {"city": "Lyon", "n": 2}}
    body = put(house, "zoe", **told).json()
    assert {name: body[name] for name in told} == told
    assert body["sign_up"]["points"] == 50
    assert [line["rule"] for line in body["sign_up"]["awards"]] == ["hello"]
    seen = house.get("/v1/members/zoe").json()
    assert (seen["member_id"], seen["segments"], seen["joined_on"]) == ("zoe", ["gold"], None)
    assert house.client.delete("/v1/members/zoe", headers=house.headers).status_code == 204
    gone = house.get("/v1/members/zoe")
    assert (gone.status_code, gone.json()["code"]) == (404, "member_not_found")
    assert house.get("/v1/members/zoe/balance").json()["lifetime"] == 50


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"birthday": "2999-01-01"}, "body.birthday"),
        ({"joined_on": "tomorrow"}, "body.joined_on"),
        ({"segments": ["Gold!"]}, "body.segments.0"),
        ({"attributes": {"x": 1.5}}, "body.attributes.x"),
        ({"attributes": {"x": "\0"}}, "body.attributes.x"),
        ({"colour": "red"}, "body.colour"),
    ],
)
def test_what_cannot_be_of_a_member_is_told_with_its_place(
    house: House, told: dict[str, Any], where: str
) -> None:
    answer = put(house, "yan", **told)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].startswith(where)
    assert house.get("/v1/members/yan").status_code == 404


def test_an_event_is_credited_once_and_answered_the_same(house: House) -> None:
    first, again = event(house), event(house)
    assert first.status_code == 200
    assert first.json() == again.json()
    body = first.json()
    assert (body["points"], body["held"], body["id"]) == (9, False, "e1")
    assert [(one["kind"], one["key"]) for one in body["grants"]] == [("gift", "mug")]
    assert house.get("/v1/members/ann/balance").json()["available"] == 9
    other = event(house, member_id="bob")
    assert (other.status_code, other.json()["code"]) == (422, "event_id_reused")


def test_an_event_from_the_future_or_without_a_zone_is_refused(house: House) -> None:
    future = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for at in (future, "2026-01-01T10:00:00"):
        answer = event(house, id="e2", occurred_at=at)
        assert answer.json()["errors"][0]["where"] == "body.occurred_at"
    assert event(house, id="e2", properties={"a b": 1}).status_code == 422


def test_a_key_may_only_what_its_scopes_say(house: House) -> None:
    reader = create_key(house.ground, "demo", "reader", ["members:read"])
    headers = {"Authorization": f"Bearer {reader}"}
    assert house.client.put("/v1/members/x", headers=headers, json={}).status_code == 403
    assert house.client.delete("/v1/members/x", headers=headers).status_code == 403
    assert house.client.post("/v1/events", headers=headers, json={}).status_code == 403
