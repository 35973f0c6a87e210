from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from preuve.intake import Status
from preuve.intake.limits import Finding, over_limits
from preuve.loyalty import Program, parse_program
from preuve.loyalty.rules.facts_of import facts_of
from preuve.loyalty.rules.program import Limits
from preuve.reading.result import Reading, Retailer
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import doubtful, reading, send, work

RECEIVED_ON = date(2026, 3, 14)
REJECTED, PENDING = Status.REJECTED, Status.PENDING_REVIEW
CARREFOUR = Retailer("Carrefour", "fr.carrefour")


def of_limits(**limits: Any) -> Program:
    plain = parse_program("program: p\nname: P\ntimezone: Europe/Paris\n", "p.yaml")
    return plain.model_copy(update={"limits": Limits.model_validate(limits)})


def found_of(read: Reading, program: Program, sent_before: int = 0) -> list[Finding]:
    sent = datetime.combine(RECEIVED_ON, time(9), UTC)
    purchase = facts_of(read, receipt_id="r", member_id="m", received_at=sent)
    return over_limits(read, purchase, program, RECEIVED_ON, sent_before)


ANY_SHOP = {"unknown": True}


@pytest.mark.parametrize(
    ("limits", "read", "found"),
    [
        ({}, {}, []),
        ({"max_age_days": 1}, {}, []),
        ({"max_age_days": 0}, {}, [(REJECTED, ReasonCode.TOO_OLD)]),
        ({}, {"purchased_on": date(2026, 3, 15)}, [(PENDING, ReasonCode.DATE_IN_FUTURE)]),
        ({}, {"purchased_on": None}, [(PENDING, ReasonCode.NO_DATE)]),
        ({}, {"purchased_on": None, "total": None, "requires": ()}, []),
        ({"currencies": ["EUR"]}, {"total": None, "currency": None, "requires": ()}, []),
        ({}, {"kind": "packaging"}, [(REJECTED, ReasonCode.KIND_NOT_ELIGIBLE)]),
        ({"kinds": ["packaging"]}, {"kind": "packaging"}, []),
        ({"starts_on": "2026-03-13"}, {}, []),
        ({"starts_on": "2026-03-14"}, {}, [(REJECTED, ReasonCode.BEFORE_PROGRAM)]),
        ({}, {"total": None}, [(PENDING, ReasonCode.NO_TOTAL)]),
        ({"currencies": ["EUR"]}, {}, []),
        ({"currencies": ["CHF"]}, {}, [(REJECTED, ReasonCode.CURRENCY_NOT_ELIGIBLE)]),
        (
            {"currencies": ["EUR"]},
            {"currency": None},
            [(PENDING, ReasonCode.CURRENCY_NOT_ELIGIBLE)],
        ),
        ({"countries": ["FR", "BE"]}, {}, []),
        ({"countries": ["BE"]}, {}, [(REJECTED, ReasonCode.COUNTRY_NOT_ELIGIBLE)]),
        ({"countries": ["FR"]}, {"country": None}, [(PENDING, ReasonCode.COUNTRY_NOT_ELIGIBLE)]),
        ({"retailers": {}}, {}, [(PENDING, ReasonCode.RETAILER_UNKNOWN)]),
        ({"retailers": {}}, {"retailer": None}, [(PENDING, ReasonCode.NO_RETAILER)]),
        ({"retailers": {}}, {"retailer": CARREFOUR}, []),
        ({"retailers": {"allow": ["fr.carrefour"]}}, {"retailer": CARREFOUR}, []),
        (
            {"retailers": {"allow": ["fr.lidl"]}},
            {"retailer": CARREFOUR},
            [(REJECTED, ReasonCode.RETAILER_NOT_ELIGIBLE)],
        ),
        (
            {"retailers": {"deny": ["fr.carrefour"]}},
            {"retailer": CARREFOUR},
            [(REJECTED, ReasonCode.RETAILER_NOT_ELIGIBLE)],
        ),
    ],
)
def test_limits(
    limits: dict[str, Any], read: dict[str, Any], found: list[tuple[Status, ReasonCode]]
) -> None:
    program = of_limits(**{"retailers": ANY_SHOP, **limits})
    findings = found_of(reading(**read), program)
    assert [(status, reason.code) for status, reason in findings] == found


def test_every_limit_that_is_passed_is_told() -> None:
    program = of_limits(retailers=ANY_SHOP, max_age_days=0, currencies=["CHF"], countries=["CH"])
    codes = [reason.code for _, reason in found_of(reading(), program)]
    assert codes == [
        ReasonCode.TOO_OLD,
        ReasonCode.CURRENCY_NOT_ELIGIBLE,
        ReasonCode.COUNTRY_NOT_ELIGIBLE,
    ]


def test_a_trusted_receipt_over_a_limit_is_rejected(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    done = work(ground, program, send(ground, program, wakes), reading(currency="CHF"))
    assert (done.status, done.points) == (REJECTED, 0)


def test_a_doubtful_one_is_looked_at_first(ground: Ground, program: Program, wakes: Wakes) -> None:
    verdict = doubtful(ReasonCode.DATE_UNCERTAIN)
    old = reading(purchased_on=date(2016, 3, 13))
    done = work(ground, program, send(ground, program, wakes), old, verdict)
    assert done.status is PENDING
    assert [reason.code for reason in done.reasons] == [
        ReasonCode.DATE_UNCERTAIN,
        ReasonCode.TOO_OLD,
        ReasonCode.BEFORE_PROGRAM,
    ]


def test_more_documents_than_a_day_takes_are_refused_in_whatever_order_they_are_read(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    few = program.model_copy(
        update={"limits": program.limits.model_copy(update={"documents_per_day": 2})}
    )
    sent = []
    for _ in range(3):
        sent.append(send(ground, few, wakes))
        clock.advance(seconds=1)
    other = send(ground, few, wakes, member="m-2")
    clock.advance(days=1)
    sent.append(send(ground, few, wakes))
    done = {
        receipt_id: work(ground, few, receipt_id, reading(receipt_number=f"00{n}", total=f"{n}"))
        for n, receipt_id in enumerate((*reversed(sent), other), 11)
    }
    late = done[sent[2]]
    assert (late.status, late.points) == (REJECTED, 0)
    assert [str(reason.code) for reason in late.reasons] == ["too_many_a_day"]
    others = [one.status for key, one in done.items() if key != sent[2]]
    assert others == [Status.VALID] * 4


def test_age_counts_to_the_day_of_submission_however_late_it_is_read(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    bought_a_year_ago = reading(purchased_on=date(2025, 3, 14), purchased_at=time(9, 0))
    receipt_id = send(ground, program, wakes)
    clock.advance(days=30)
    assert work(ground, program, receipt_id, bought_a_year_ago).status is Status.VALID
