"""A campaign's budget when several processes give from it at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from preuve.loyalty import balance, credit_occasion, judge_purchase, take_credit_turn, withdraw
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.tables import GivenRow
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.occasions import SENT, of_rules, purchase
from tests.processes import forked

BUDGET, MEMBER_CAP, WRITERS, RECEIPTS = 500, 100, 3, 12
RULES = """\
  - {rule: a, name: A, campaign: easter, effect: {kind: per_amount, points: 1, amount: 1}}
  - {rule: b, name: B, campaign: easter, effect: {kind: fixed, points: 7}}
  - {rule: c, name: C, campaign: spring, effect: {kind: fixed, points: 13}}
  - {rule: d, name: D, campaign: spring, effect: {kind: fixed, points: 4}}
"""
PROGRAM = of_rules(
    RULES,
    f"campaigns:\n  easter: {{name: Easter, budget: {BUDGET}}}\n"
    f"  spring: {{name: Spring, member_cap: {MEMBER_CAP}}}\n",
)


def give(settings: Settings, writer: int) -> None:
    """Credits receipts of members that the other writers credit too, and takes some back."""
    ground = open_ground(settings)
    for number in range(RECEIPTS):
        facts = purchase(
            "20.00",
            receipt_id=f"w{writer}-{number}",
            member_id=f"m-{number % 3}",
            received_at=SENT + timedelta(minutes=number),
        )
        with ground.database.write() as session:
            take_credit_turn(session, PROGRAM.program)
            judged = judge_purchase(session, PROGRAM, facts)
            credit_occasion(session, judged, SENT + timedelta(days=1), reading=1)
        if number % 4 == 0:
            with ground.database.write() as session:
                take_credit_turn(session, PROGRAM.program)
                withdraw(session, PROGRAM, facts, SENT + timedelta(days=1))
    ground.close()


def test_processes_at_once_give_budgets_and_what_a_member_may_have_to_the_last_point(
    settings: Settings, ground: Ground
) -> None:
    writers = [forked.Process(target=give, args=(settings, number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    easter, spring = budgets(ground, PROGRAM)
    points = func.sum(GivenRow.points)
    of_campaigns = select(GivenRow.campaign, points).group_by(GivenRow.campaign)
    of_members = select(GivenRow.member_id, points).where(GivenRow.campaign == "spring")
    with ground.database.read() as session:
        given = dict(session.execute(of_campaigns).all())
        members = dict(session.execute(of_members.group_by(GivenRow.member_id)).all())
    in_ledger = sum(balance(ground, "spring", f"m-{number}").lifetime for number in range(3))
    # 27 receipts of 27 points stand, more than the budget has; 9 of 17 for each member.
    assert easter.spent == given["easter"] == BUDGET
    assert members == {f"m-{number}": MEMBER_CAP for number in range(3)}
    assert in_ledger == BUDGET + spring.spent == BUDGET + 3 * MEMBER_CAP
