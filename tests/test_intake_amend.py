from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from preuve.intake import (
    AmendedItem,
    Amendment,
    Finished,
    Pointed,
    Refusal,
    Refused,
    Status,
    amend,
    fail,
    view,
)
from preuve.intake.amendment import RULE
from preuve.intake.tables import AuditEventRow
from preuve.loyalty import Program, balance, entries
from preuve.reading.page import Box
from preuve.reading.result import Check, Field, Place, Reason, Value
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import (
    BOUGHT_ON,
    claimed,
    doubtful,
    reading,
    send,
    unusable,
    value,
    work,
)


def amended(
    ground: Ground, program: Program, receipt_id: str, amendment: Amendment
) -> tuple[Status, int]:
    done = amend(ground, program, receipt_id, amendment, operator="eve", reason="looked at it")
    assert isinstance(done, Finished)
    return done.status, done.points


def test_accepting_what_was_read_credits_it(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    work(ground, program, receipt_id, verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
    assert amended(ground, program, receipt_id, Amendment()) == (Status.VALID, 62)
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.amended
    assert [reason.code for reason in shown.reasons] == [ReasonCode.AMENDED]


def test_a_correction_posts_the_difference(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    work(ground, program, receipt_id)
    assert amended(ground, program, receipt_id, Amendment(total=Decimal("9.90"))) == ("valid", 59)
    found = {(e.rule, e.kind, e.points) for e in entries(ground, "demo", "ann")}
    assert found == {
        ("base", "accrual", 12),
        ("cafe-moulu", "accrual", 50),
        ("base", "reversal", -12),
        ("base", "accrual", 9),
    }


def test_a_field_that_an_operator_sets_earns_what_it_would_have_earned(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    misread = Field(
        "serial_number", "Serial", "code", True, True, value("QE1"), (Check("checksum", False),)
    )
    card = reading(
        kind="warranty_card", requires=("purchased_on",), total=None, items=(), fields=(misread,)
    )
    work(ground, program, receipt_id, card, doubtful(ReasonCode.FIELD_INVALID))
    assert amended(ground, program, receipt_id, Amendment()) == (Status.VALID, 0)
    corrected = Amendment(fields={"serial_number": "QE2400817736"})
    assert amended(ground, program, receipt_id, corrected) == (Status.VALID, 200)
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.reading is not None
    assert shown.reading.fields[0].valid


def test_amending_alike_twice_posts_once(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    work(ground, program, receipt_id)
    for _ in range(2):
        amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    assert len(entries(ground, "demo", "ann")) == 4


def test_amendments_add_up(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    tea = Amendment(items=(AmendedItem(description="THE", amount=Decimal("9.90")),))
    assert amended(ground, program, receipt_id, tea) == (Status.VALID, 9)
    assert amended(ground, program, receipt_id, Amendment(decision="reject")) == ("rejected", 0)
    assert amended(ground, program, receipt_id, Amendment()) == (Status.VALID, 9)


def test_limits_hold_for_an_operator_too(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    abroad = Amendment(currency="CHF")
    assert amended(ground, program, receipt_id, abroad) == (Status.REJECTED, 0)


def test_an_unreadable_receipt_can_be_typed_in(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes)
    for _ in range(3):
        fail(ground, claimed(ground, receipt_id), "the engine crashed")
        clock.advance(minutes=2)
    values = Amendment(
        total=Decimal("20.00"), currency="EUR", purchased_on=BOUGHT_ON, retailer_name="Au Pont"
    )
    assert amended(ground, program, receipt_id, values) == (Status.VALID, 20)


def test_a_bad_picture_can_be_accepted(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id, verdict=unusable(ReasonCode.TOO_DARK))
    assert amended(ground, program, receipt_id, Amendment()) == (Status.VALID, 62)


def test_who_amended_what_and_why_is_kept(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    with ground.database.read() as session:
        event = session.scalars(select(AuditEventRow)).one()
    assert (event.actor, event.action, event.reason) == ("eve", "receipt.amend", "looked at it")
    amended_by_hand = {"code": "amended", "field": None, "detail": ""}
    assert event.detail == {
        "before": {"status": "valid", "points": 62, "reasons": [], "revision": 1},
        "changes": {"total": "9.90"},
        "earlier": None,
        "after": {"status": "valid", "points": 59, "reasons": [amended_by_hand], "revision": 2},
    }


def test_what_cannot_be_amended(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    for wanted, why in (("rcp_none", Refusal.UNKNOWN_RECEIPT), (receipt_id, Refusal.BEING_READ)):
        told = amend(ground, program, wanted, Amendment(), operator="eve", reason="-")
        assert told == Refused(why)
    other = program.model_copy(update={"program": "other"})
    told = amend(ground, other, receipt_id, Amendment(), operator="eve", reason="-")
    assert told == Refused(Refusal.UNKNOWN_RECEIPT)
    assert balance(ground, "demo", "m-1").lifetime == 0


def test_a_mistyped_value_is_refused_before_it_is_stored() -> None:
    with pytest.raises(ValidationError):
        Amendment(currency="euros")


def test_a_rejection_tells_the_member_why(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    note = Amendment(decision="reject", reason=ReasonCode.ALTERED, note="two fonts in the total")
    assert amended(ground, program, receipt_id, note) == (Status.REJECTED, 0)
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.reasons == (Reason(ReasonCode.ALTERED, detail="two fonts in the total"),)
    assert amended(ground, program, receipt_id, Amendment()) == (Status.VALID, 62)
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert [reason.code for reason in shown.reasons] == [ReasonCode.AMENDED]


def test_a_better_photo_is_asked_for_and_may_come(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    work(ground, program, receipt_id, verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
    retake = Amendment(decision="retake", reason=ReasonCode.CUT_OFF)
    assert amended(ground, program, receipt_id, retake) == (Status.INCOMPLETE, 0)
    better = send(ground, program, wakes, member="ann")
    assert work(ground, program, better).status is Status.VALID


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "reject", "reason": "too_dark"},
        {"decision": "retake", "reason": "altered"},
        {"decision": "retake"},
        {"decision": "accept", "reason": "altered"},
        {"decision": "reject", "reason": "not_accepted", "note": " "},
    ],
)
def test_a_decision_has_a_reason_of_its_own(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Amendment.model_validate(wrong)


def test_a_value_keeps_the_words_that_it_was_taken_from(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    place = Place(1, Box(10, 5, 19, 15))
    pointed = {"total": Pointed(text="9,90", place=place)}
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90"), pointed=pointed))
    assert total_of(ground, receipt_id) == Value(Decimal("9.90"), 1.0, RULE, "9,90", place)
    amended(ground, program, receipt_id, Amendment(currency="EUR"))
    assert total_of(ground, receipt_id).raw_text == "9,90"
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.80")))
    assert total_of(ground, receipt_id).raw_text == ""


def total_of(ground: Ground, receipt_id: str) -> Value[Decimal]:
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.reading is not None
    assert shown.reading.total is not None
    return shown.reading.total


def test_what_is_not_on_the_paper_is_taken_away(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    amended(ground, program, receipt_id, Amendment(absent=("receipt_number",)))
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.reading is not None
    assert shown.reading.receipt_number is None
    amended(ground, program, receipt_id, Amendment(receipt_number="000418"))
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.reading is not None
    assert shown.reading.receipt_number is not None
