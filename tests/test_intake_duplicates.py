from __future__ import annotations

import threading
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from preuve.intake import Amendment, Finished, Status, amend, finish, view
from preuve.intake.purchase import Likeness, compare, purchase_of
from preuve.intake.tables import PurchaseRow
from preuve.loyalty import Program, balance
from preuve.reading.result import Field, MatchResult, Reading, Retailer
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import (
    BOUGHT_ON,
    TRUSTED,
    claimed,
    doubtful,
    item,
    pages,
    reading,
    send,
    unusable,
    value,
    work,
)

SAME, POSSIBLE, DIFFERENT = Likeness.SAME, Likeness.POSSIBLE, Likeness.DIFFERENT


def outcome(done: Finished) -> tuple[Status, list[ReasonCode], int]:
    return done.status, [reason.code for reason in done.reasons], done.points


@pytest.mark.parametrize("second", ["ann", "bob"])
def test_the_same_bytes_credit_once(
    second: str, ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    first = send(ground, program, wakes, b"photo", member="ann")
    clock.advance(seconds=1)
    again = send(ground, program, wakes, b"photo", member=second)
    assert work(ground, program, first).points == 62
    # Whatever is read: another engine may read the same bytes in another way.
    other = reading(total="99.00", purchased_at=time(9, 1), receipt_number=None)
    done = work(ground, program, again, other)
    assert outcome(done) == (Status.DUPLICATE, [ReasonCode.EXACT_DUPLICATE], 0)
    shown = view(ground, "demo", again)
    assert shown is not None
    assert shown.original_id == first


def test_of_the_same_bytes_the_first_sent_counts_whoever_is_read_first(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    first = send(ground, program, wakes, b"photo")
    clock.advance(seconds=1)
    again = send(ground, program, wakes, b"photo")
    assert work(ground, program, again).status is Status.DUPLICATE
    assert work(ground, program, first).status is Status.VALID


def test_the_same_bytes_in_another_program_are_another_matter(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    other = program.model_copy(update={"program": "other"})
    assert work(ground, program, send(ground, program, wakes, b"photo")).points == 62
    assert work(ground, other, send(ground, other, wakes, b"photo")).points == 62


def test_a_file_that_could_not_be_used_may_come_again(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    dark = unusable(ReasonCode.TOO_DARK)
    for _ in range(2):
        receipt_id = send(ground, program, wakes, b"dark")
        assert work(ground, program, receipt_id, verdict=dark).status is Status.INCOMPLETE


def test_what_a_person_rejected_stays_away(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    first = send(ground, program, wakes, b"forged")
    work(ground, program, first)
    clock.advance(seconds=1)
    amend(ground, program, first, Amendment(decision="reject"), operator="eve", reason="forged")
    assert work(ground, program, send(ground, program, wakes, b"forged")).points == 0


def test_some_of_the_same_files_go_to_a_person(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    work(ground, program, send(ground, program, wakes, b"top"))
    both = send(ground, program, wakes, b"top", b"bottom")
    longer = reading(total="80.00", purchased_at=time(9, 1), receipt_number="99")
    done = work(ground, program, both, longer)
    assert outcome(done) == (Status.PENDING_REVIEW, [ReasonCode.POSSIBLE_DUPLICATE], 0)


def test_the_same_purchase_on_another_photo_credits_once(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    work(ground, program, send(ground, program, wakes, member="ann"))
    noisy = reading(
        retailer="EPICERlE DU P0NT",
        receipt_number="0OO417",
        items=(item("CAFE MQULU 250G", "4.20"), item("PAIN OE MIE", "8.30")),
    )
    done = work(ground, program, send(ground, program, wakes, member="bob"), noisy)
    assert outcome(done) == (Status.DUPLICATE, [ReasonCode.SAME_PURCHASE], 0)
    assert balance(ground, "demo", "bob").lifetime == 0


def test_two_photos_finishing_at_once_credit_once(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    """Each is read a little differently, so that no unique key alone can tell."""
    names = ["EPICERIE DU PONT", "EPICERIE DU P0NT", "EPICERIE DU PQNT", "EPICER1E DU PONT"]
    claims = [claimed(ground, send(ground, program, wakes, member="ann")) for _ in names]
    done: list[Finished | None] = []

    def end(number: int) -> None:
        read = reading(retailer=names[number], receipt_number=None)
        held = claims[number]
        done.append(finish(ground, program, held, pages(), read, TRUSTED, engine="fake"))

    threads = [threading.Thread(target=end, args=(number,)) for number in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(each.status for each in done if each)
    assert statuses == [Status.DUPLICATE] * 3 + [Status.VALID]
    assert balance(ground, "demo", "ann").lifetime == 62


def test_a_near_miss_goes_to_a_person_who_may_accept_it(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    work(ground, program, send(ground, program, wakes, member="ann"))
    second = send(ground, program, wakes, member="ann")
    faint = reading(purchased_at=None, receipt_number=None)
    done = work(ground, program, second, faint)
    assert outcome(done) == (Status.PENDING_REVIEW, [ReasonCode.POSSIBLE_DUPLICATE], 0)
    accepted = amend(ground, program, second, Amendment(), operator="eve", reason="two coffees")
    assert isinstance(accepted, Finished)
    assert (accepted.status, accepted.points) == (Status.VALID, 62)


def test_a_person_cannot_accept_the_very_same_purchase(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    work(ground, program, send(ground, program, wakes))
    second = send(ground, program, wakes)
    assert work(ground, program, second).status is Status.DUPLICATE
    again = amend(ground, program, second, Amendment(), operator="eve", reason="a slip")
    assert isinstance(again, Finished)
    assert again.status is Status.DUPLICATE


def test_a_doubtful_receipt_does_not_hold_its_purchase(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    verdict = doubtful(ReasonCode.TOTAL_UNCERTAIN)
    first = send(ground, program, wakes)
    work(ground, program, first, verdict=verdict)
    assert work(ground, program, send(ground, program, wakes)).status is Status.VALID
    late = amend(ground, program, first, Amendment(), operator="eve", reason="clear enough")
    assert isinstance(late, Finished)
    assert late.status is Status.DUPLICATE


def test_rejecting_a_credited_receipt_lets_its_purchase_go(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    first = send(ground, program, wakes, member="ann")
    work(ground, program, first)
    amend(ground, program, first, Amendment(decision="reject"), operator="eve", reason="stolen")
    assert balance(ground, "demo", "ann").available == 0
    assert work(ground, program, send(ground, program, wakes, member="bob")).points == 62


def test_correcting_the_total_moves_the_purchase(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    first = send(ground, program, wakes)
    work(ground, program, first, reading(total="72.50"))
    right = Amendment(total=Decimal("12.50"))
    amend(ground, program, first, right, operator="eve", reason="a misread digit")
    assert work(ground, program, send(ground, program, wakes)).status is Status.DUPLICATE


def test_the_database_refuses_a_purchase_held_twice(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    work(ground, program, send(ground, program, wakes))
    second = send(ground, program, wakes)
    with ground.database.read() as session:
        held = session.scalars(select(PurchaseRow)).one()
    names = (column.name for column in PurchaseRow.__table__.columns)
    copy = {name: getattr(held, name) for name in names}
    with pytest.raises(IntegrityError), ground.database.write() as session:
        session.add(PurchaseRow(**{**copy, "receipt_id": second}))


CARREFOUR = Retailer("Carrefour", "fr.carrefour")
LIDL = Retailer("Lidl", "fr.lidl")
OTHER_ITEMS = (item("LESSIVE", "12.50"),)


@pytest.mark.parametrize(
    ("changes", "likeness"),
    [
        ({}, SAME),
        ({"retailer": "EPICERIE DU PONI"}, SAME),
        ({"retailer": None}, SAME),
        ({"retailer": "12 rue du Pont", "receipt_number": None}, SAME),
        ({"receipt_number": None}, SAME),
        ({"purchased_at": None}, SAME),
        ({"receipt_number": "000411"}, SAME),
        ({"purchased_at": time(18, 43)}, SAME),
        ({"purchased_at": time(18, 43), "receipt_number": None}, POSSIBLE),
        ({"purchased_at": None, "receipt_number": None}, POSSIBLE),
        ({"purchased_at": None, "receipt_number": "931255"}, DIFFERENT),
        ({"receipt_number": "931255"}, POSSIBLE),
        ({"retailer": "Lidl", "items": OTHER_ITEMS, "receipt_number": None}, POSSIBLE),
        ({"purchased_at": time(9, 5), "receipt_number": "931255"}, DIFFERENT),
        ({"purchased_at": time(9, 5)}, POSSIBLE),
        ({"purchased_at": time(9, 5), "receipt_number": None}, DIFFERENT),
        ({"total": "12.60"}, POSSIBLE),
        ({"total": "12.60", "receipt_number": None}, POSSIBLE),
        ({"total": "12.60", "receipt_number": "931255"}, DIFFERENT),
        ({"total": "12.60", "receipt_number": None, "items": OTHER_ITEMS}, DIFFERENT),
        ({"purchased_on": BOUGHT_ON - timedelta(days=1)}, POSSIBLE),
        ({"purchased_on": BOUGHT_ON - timedelta(days=1), "receipt_number": "7"}, DIFFERENT),
        ({"purchased_on": None, "receipt_number": None}, DIFFERENT),
        ({"total": None, "receipt_number": None, "items": ()}, DIFFERENT),
    ],
)
def test_how_alike_two_readings_are(changes: dict[str, Any], likeness: Likeness) -> None:
    one, other = purchase_of(reading()), purchase_of(reading(**changes))
    assert compare(one, other) is likeness
    assert compare(other, one) is likeness


@pytest.mark.parametrize(
    ("changes", "likeness"),
    [
        ({"retailer": CARREFOUR}, SAME),
        ({"retailer": "CARREFOUR MARKET"}, SAME),
        ({"retailer": LIDL, "items": OTHER_ITEMS}, DIFFERENT),
        ({"retailer": LIDL}, POSSIBLE),
    ],
)
def test_a_known_retailer_is_compared_by_its_key(
    changes: dict[str, Any], likeness: Likeness
) -> None:
    one, other = purchase_of(reading(retailer=CARREFOUR)), purchase_of(reading(**changes))
    assert compare(one, other) is likeness


def test_a_fingerprint_needs_date_total_and_time_or_number() -> None:
    assert purchase_of(reading()).fingerprint == "2026-03-13|1250|000417|epiceriedupont"
    by_time = purchase_of(reading(receipt_number=None, retailer=CARREFOUR))
    assert by_time.fingerprint == "2026-03-13|1250|18:42|fr.carrefour"
    for missing in ("purchased_on", "total"):
        assert purchase_of(reading(**{missing: None})).fingerprint is None
    assert purchase_of(reading(purchased_at=None, receipt_number=None)).fingerprint is None


def test_a_purchase_of_another_day_is_another_purchase(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    work(ground, program, send(ground, program, wakes))
    next_day = reading(purchased_on=date(2026, 3, 14), receipt_number="000533")
    assert work(ground, program, send(ground, program, wakes), next_day).status is Status.VALID


def test_a_unique_field_tells_documents_apart_and_the_same_one_again(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    def order(number: str) -> Reading:
        own = Field("order", "Order", "code", unique=True, value=value(number))
        match = MatchResult("demo.shop", "1", 0.9)
        return reading(kind="order_confirmation", match=match, purchased_at=None, fields=(own,))

    def sent(number: str) -> Status:
        return work(ground, program, send(ground, program, wakes), order(number)).status

    # One day, one shop, one total: two orders, whatever receipts would look like.
    assert sent("LM-4417-0092") is Status.VALID
    assert sent("AX-1020-7788") is Status.VALID
    assert sent("LM-4417-0092") is Status.DUPLICATE
