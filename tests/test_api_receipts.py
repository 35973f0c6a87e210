"""Sending documents and seeing what became of them, over HTTP on a real database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from api.bodies import SubmittedBody
from preuve.reading.page import Box
from preuve.reading.result import Check, Field, Place, Reason, Value
from preuve.reasons import ReasonCode, member_text
from tests.house import PNG, House, doubtful, open_house, reading, trusted

TODAY = datetime.now(UTC).date()


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with open_house(folder) as opened:
        yield opened


def test_a_submission_is_stored_answered_with_links_and_wakes_a_worker(house: House) -> None:
    answer = house.send(PNG + b"a", PNG + b"b", reference_id="order 7")
    assert answer.status_code == 202
    body = answer.json()
    receipt_id = body["id"]
    assert body["links"]["self"] == answer.headers["location"] == f"/v1/receipts/{receipt_id}"
    assert body["status"] == "received"
    assert house.woken == [(receipt_id, "interactive")]
    seen = house.get(body["links"]["self"]).json()
    assert (seen["status"], seen["final"], seen["reading"]) == ("queued", False, None)
    assert (seen["accepted"], seen["points"], seen["reasons"]) == (None, 0, [])
    assert seen["reference_id"] == "order 7"


def test_the_example_on_the_page_has_an_id_as_real_ones_are(house: House) -> None:
    form = re.compile(r"rcp_[0-9a-f]{32}")
    schemas = house.get("/openapi.json").json()["components"]["schemas"]
    example = schemas["SubmittedBody"]["example"]
    assert form.fullmatch(house.send().json()["id"])
    assert form.fullmatch(example["id"])
    assert example["id"] in example["links"]["self"]
    assert SubmittedBody.model_validate(example).model_dump(mode="json") == example


def test_a_repeated_request_gets_the_same_answer_and_stores_nothing(house: House) -> None:
    first, again = house.send(key="k"), house.send(key="k")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.headers["location"] == again.headers["location"]
    assert len(house.woken) == 1


@pytest.mark.parametrize(
    "other", [{"member": "m-2"}, {"reference_id": "r"}], ids=["member", "reference"]
)
def test_a_key_that_was_used_for_something_else_is_refused(
    house: House, other: dict[str, str]
) -> None:
    house.send(key="k")
    answer = house.send(key="k", **other)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    answer = house.send(PNG + b"other bytes", key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_read_receipt_shows_values_places_points_and_awards(house: House) -> None:
    receipt_id = house.send().json()["id"]
    house.read(receipt_id, reading("40.03", on=TODAY), trusted())
    seen = house.get(f"/v1/receipts/{receipt_id}").json()
    assert (seen["status"], seen["final"], seen["accepted"]) == ("valid", True, True)
    assert seen["points"] == 40
    assert [(line["rule"], line["points"]) for line in seen["awards"]] == [("base", 40)]
    total = seen["reading"]["total"]
    assert (total["value"], total["confidence"]) == ("40.03", 0.97)
    assert total["place"] == {"page": 1, "corners": [[10, 20], [60, 20], [60, 40], [10, 40]]}
    assert seen["reading"]["retailer"]["value"] == {"key": None, "name": "SUPERVAL"}
    assert seen["reading"]["purchased_on"]["value"] == TODAY.isoformat()
    assert seen["reading"]["items"][0]["amount"] == "40.03"
    assert seen["reading"]["pages"] == [{"number": 1, "width": 400, "height": 800}]


def test_a_warranty_card_shows_its_own_fields_and_what_they_earned(house: House) -> None:
    place = Place(1, Box(10, 20, 60, 40))
    serial = Value("QE2400817736", 0.98, "demo: fields", "QE24 0081 7736", place)
    fields = (
        Field(
            "serial_number", "Numéro de série", "code", True, True, serial, (Check("luhn", True),)
        ),
        Field("model", "Modèle", "text"),
    )
    card = replace(
        reading(on=TODAY),
        kind="warranty_card",
        requires=("retailer", "purchased_on"),
        total=None,
        items=(),
        fields=fields,
    )
    first, second = (house.send(PNG + k.encode(), key=k).json()["id"] for k in ("a", "b"))
    house.read(first, card, trusted())
    house.read(second, card, trusted())
    seen = house.get(f"/v1/receipts/{first}").json()
    assert (seen["status"], seen["points"]) == ("valid", 200)
    assert (seen["reading"]["kind"], seen["reading"]["total"]) == ("warranty_card", None)
    number, model = seen["reading"]["fields"]
    assert (number["title"], number["type"], number["valid"]) == ("Numéro de série", "code", True)
    assert number["value"]["value"] == "QE2400817736"
    assert number["value"]["place"]["corners"] == [[10, 20], [60, 20], [60, 40], [10, 40]]
    assert (model["value"], model["valid"]) == (None, False)
    # The same serial number on another photo is the same card.
    again = house.get(f"/v1/receipts/{second}").json()
    assert (again["status"], again["points"]) == ("duplicate", 0)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("de, en;q=0.5, fr;q=0.4", "en"),
        ("de", "en"),
        ("fr;q=0", "en"),
        (";;q=x,", "en"),
        (None, "en"),
    ],
)
def test_reasons_speak_the_members_language(
    house: House, header: str | None, language: str
) -> None:
    receipt_id = house.send().json()["id"]
    reason = Reason(ReasonCode.TOTAL_UNCERTAIN, "total", "internal")
    house.read(receipt_id, reading(on=TODAY), doubtful(reason))
    headers = {"accept-language": header} if header else {}
    answer = house.get(f"/v1/receipts/{receipt_id}", **headers)
    told = answer.json()["reasons"][0]
    assert told["text"] == member_text(ReasonCode.TOTAL_UNCERTAIN, language)
    assert told["texts"]["fr"] != told["texts"]["en"]
    assert (told["code"], told["field"]) == ("total_uncertain", "total")
    assert "internal" not in answer.text


def test_another_programs_receipt_is_not_found(house: House) -> None:
    from preuve.access import create_key

    receipt_id = house.send().json()["id"]
    other = create_key(house.ground, "other", "theirs", ["receipts:read"])
    for path in (f"/v1/receipts/{receipt_id}", f"/v1/receipts/{receipt_id}/events"):
        answer = house.client.get(path, headers={"Authorization": f"Bearer {other}"})
        assert (answer.status_code, answer.json()["code"]) == (404, "receipt_not_found")


def test_an_old_receipt_says_why_it_earns_nothing(house: House) -> None:
    receipt_id = house.send().json()["id"]
    house.read(receipt_id, reading(on=date(2021, 1, 1)), trusted())
    seen = house.get(f"/v1/receipts/{receipt_id}", **{"accept-language": "fr"}).json()
    assert (seen["status"], seen["accepted"], seen["points"]) == ("rejected", True, 0)
    assert seen["reasons"][0]["code"] == "too_old"
    assert seen["awards"] == []


def test_points_are_explained_in_the_language_asked_for(house: House) -> None:
    receipt_id = house.send().json()["id"]
    house.read(receipt_id, reading("40.03", on=TODAY), trusted())
    path = f"/v1/receipts/{receipt_id}/explanation"
    french = house.get(path, **{"Accept-Language": "fr"})
    assert french.headers["vary"] == "Accept-Language"
    body = french.json()
    assert (body["points"], body["language"], body["grants"]) == (40, "fr", [])
    (sentence,) = body["sentences"]
    assert "40 points" in sentence["text"]
    assert sentence["text"] != house.get(path).json()["sentences"][0]["text"]
    (because,) = sentence["because"]
    assert (because["rule"], because["template"]) == ("base", "base.fr")
    (evidence,) = because["evidence"]
    assert (evidence["line"], evidence["amount"]) == (None, "40.03")
    assert evidence["place"]["corners"] == [[10, 20], [60, 20], [60, 40], [10, 40]]
    assert house.get("/v1/receipts/rcp_none/explanation").status_code == 404
