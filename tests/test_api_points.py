"""Spending and adjusting over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preuve.access import Scope, create_key
from tests.house import House, open_house


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with open_house(folder) as opened:
        opened.key = create_key(opened.ground, "demo", "all", Scope)
        given(opened, 100)
        yield opened


def post(house: House, path: str, key: str | None = None, **body: Any) -> Any:
    headers = {**house.headers, **({"Idempotency-Key": key} if key else {})}
    return house.client.post(f"/v1/{path}", headers=headers, json=body)


def given(house: House, points: int, key: str = "g", **changes: Any) -> Any:
    said = {"person": "eve", "reason": "welcome", **changes}
    return post(house, "members/ann/adjustments", key, points=points, **said)


def reserve(house: House, points: object = 60, key: str | None = "k", **more: Any) -> Any:
    return post(house, "members/ann/redemptions", key, points=points, **more)


def told(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def balance(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.get("/v1/members/ann/balance").json()
    return found


def test_points_are_reserved_confirmed_and_seen_in_the_ledger(house: House) -> None:
    answer = reserve(house, what="a mug")
    assert answer.status_code == 201
    held = answer.json()
    assert (held["member_id"], held["points"], held["state"]) == ("ann", 60, "reserved")
    assert answer.headers["location"] == f"/v1/redemptions/{held['id']}"
    assert (balance(house)["available"], balance(house)["reserved"]) == (40, 60)
    done = post(house, f"redemptions/{held['id']}/confirm")
    assert (done.status_code, done.json()["state"]) == (200, "confirmed")
    assert post(house, f"redemptions/{held['id']}/confirm").json() == done.json()
    assert house.get(f"/v1/redemptions/{held['id']}").json() == done.json()
    entries = house.get("/v1/members/ann/entries").json()["entries"]
    assert [(e["kind"], e["points"], e["moved"], e["target"]) for e in entries] == [
        ("redemption", 0, 60, "redeemed"),
        ("redemption", -60, 60, "reserved"),
        ("adjustment", 100, 100, "available"),
    ]
    over = post(house, f"redemptions/{held['id']}/release")
    assert told(over) == (409, "redemption_over")
    assert over.json()["state"] == "confirmed"


def test_released_points_are_free(house: House) -> None:
    held = reserve(house).json()
    assert post(house, f"redemptions/{held['id']}/release").json()["state"] == "released"
    assert balance(house)["available"] == 100


def test_a_retry_reserves_nothing_more(house: House) -> None:
    assert reserve(house).json() == reserve(house).json()
    assert balance(house)["reserved"] == 60
    assert told(reserve(house, 61)) == (422, "idempotency_key_reused")
    assert told(reserve(house, key=None)) == (400, "idempotency_key_missing")


def test_more_than_there_is_is_refused(house: House) -> None:
    answer = reserve(house, 101)
    assert told(answer) == (409, "too_few_points")
    assert answer.json()["available"] == 100
    assert told(given(house, -101, "t")) == (409, "too_few_points")


@pytest.mark.parametrize("points", [0, -1, 1.5, "7", 10**10, None])
def test_points_are_a_whole_number_above_zero(house: House, points: object) -> None:
    assert told(reserve(house, points)) == (422, "invalid_request")


@pytest.mark.parametrize(
    "wrong", [{"points": 0}, {"person": ""}, {"reason": ""}, {"reason": "a\0b"}, {"more": 1}]
)
def test_an_adjustment_says_what_who_and_why(house: House, wrong: dict[str, Any]) -> None:
    assert told(given(house, **{"points": 5, "key": "w", **wrong})) == (422, "invalid_request")


def test_an_adjustment_is_done_once(house: House) -> None:
    first = given(house, 100)
    assert first.status_code == 201
    assert first.json()["points"] == 100
    assert balance(house)["available"] == 100
    assert told(given(house, 99)) == (422, "idempotency_key_reused")


def test_another_programs_redemption_is_not_there(house: House) -> None:
    held = reserve(house).json()
    key = create_key(house.ground, "other", "theirs", Scope)
    theirs = {"Authorization": f"Bearer {key}"}
    for step in ("confirm", "release"):
        answer = house.client.post(f"/v1/redemptions/{held['id']}/{step}", headers=theirs)
        assert told(answer) == (404, "redemption_not_found")
    answer = house.client.get(f"/v1/redemptions/{held['id']}", headers=theirs)
    assert told(answer) == (404, "redemption_not_found")


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("members/ann/redemptions", "points:spend"),
        ("members/ann/adjustments", "points:adjust"),
        (f"redemptions/rdm_{'0' * 32}/confirm", "points:spend"),
    ],
)
def test_a_key_needs_its_scope(house: House, path: str, scope: str) -> None:
    others = [one for one in Scope if one != scope]
    key = create_key(house.ground, "demo", "narrow", others)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k"}
    answer = house.client.post(f"/v1/{path}", headers=headers, json={})
    assert told(answer) == (403, "scope_missing")
    assert answer.json()["scope"] == scope
