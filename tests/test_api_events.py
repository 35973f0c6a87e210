"""Server-sent events, balances and the ledger over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from preuve.access import create_key
from preuve.reading.result import Reason
from preuve.reasons import ReasonCode
from tests.house import PNG, House, doubtful, open_house, reading, trusted

TODAY = datetime.now(UTC).date()


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with open_house(folder) as opened:
        yield opened


def follow(house: House, receipt_id: str) -> list[dict[str, Any]]:
    """Every event until the stream ends."""
    events = []
    path = f"/v1/receipts/{receipt_id}/events"
    with house.client.stream("GET", path, headers=house.headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
    return events


def test_events_end_with_the_final_status(house: House) -> None:
    receipt_id = house.send().json()["id"]
    later = threading.Timer(0.5, house.read, (receipt_id, reading(on=TODAY), trusted()))
    later.start()
    events = follow(house, receipt_id)
    later.join()
    assert events[0] == {"status": "queued", "final": False, "points": 0, "reasons": []}
    assert events[-1] == {"status": "valid", "final": True, "points": 40, "reasons": []}
    assert [event["final"] for event in events].count(True) == 1


def test_events_of_a_finished_receipt_are_one(house: House) -> None:
    receipt_id = house.send().json()["id"]
    house.read(receipt_id, reading(on=TODAY), doubtful(Reason(ReasonCode.NO_DATE)))
    assert follow(house, receipt_id) == [
        {"status": "pending_review", "final": True, "points": 0, "reasons": ["no_date"]}
    ]


def test_many_clients_that_follow_hold_nobody_up(house: House) -> None:
    """More than the server has threads."""
    receipt_id = house.send().json()["id"]
    ends: list[dict[str, Any]] = []
    clients = [
        threading.Thread(target=lambda: ends.append(follow(house, receipt_id)[-1]))
        for _ in range(60)
    ]
    for client in clients:
        client.start()
    time.sleep(1.0)
    assert house.get("/v1/members/m-1/balance").status_code == 200
    house.read(receipt_id, reading(on=TODAY), trusted())
    for client in clients:
        client.join()
    assert [end["status"] for end in ends] == ["valid"] * 60


def test_a_member_without_receipts_has_nothing(house: House) -> None:
    assert house.get("/v1/members/nobody/balance").json() == {
        "member_id": "nobody",
        "available": 0,
        "pending": 0,
        "reserved": 0,
        "owed": 0,
        "lifetime": 0,
        "next_expiry": None,
    }
    assert house.get("/v1/members/nobody/entries").json() == {"entries": [], "next": None}


def test_entries_come_newest_first_and_in_pages(house: House) -> None:
    for number in range(1, 6):
        receipt_id = house.send(PNG + bytes([number]), key=f"k{number}").json()["id"]
        found = reading(f"{number}0.00", on=TODAY, number=f"{number}" * 8)
        house.read(receipt_id, found, trusted())
    assert house.get("/v1/members/m-1/balance").json()["available"] == 150
    points, path, pages = [], "/v1/members/m-1/entries?limit=2", 0
    while path:
        page = house.get(path).json()
        points += [entry["points"] for entry in page["entries"]]
        path, pages = page["next"], pages + 1
    assert (points, pages) == ([50, 40, 30, 20, 10], 3)
    entry = house.get("/v1/members/m-1/entries?limit=1").json()["entries"][0]
    assert (entry["kind"], entry["rule"], entry["receipt_id"]) == ("accrual", "base", receipt_id)


def test_another_program_sees_no_points(house: House) -> None:
    receipt_id = house.send().json()["id"]
    house.read(receipt_id, reading(on=TODAY), trusted())
    other = create_key(house.ground, "other", "theirs", ["members:read"])
    headers = {"Authorization": f"Bearer {other}"}
    answer = house.client.get("/v1/members/m-1/balance", headers=headers)
    assert answer.json()["available"] == 0


def test_health_tells_that_the_queue_is_down_and_uploads_are_safe(house: House) -> None:
    answer = house.client.get("/v1/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["queue"] == "down"


def test_health_is_down_without_the_tables(house: House) -> None:
    with house.ground.database.write() as session:
        session.execute(text("ALTER TABLE receipts RENAME TO elsewhere"))
    answer = house.client.get("/v1/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")
