"""Awards that look at what the member did before, in whatever order receipts are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from preuve.loyalty import (
    Credited,
    Program,
    balance,
    credit_occasion,
    judge_purchase,
    parse_program,
    receipt_points,
    take_credit_turn,
    withdraw,
)
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.earned import earned
from preuve.loyalty.occasions.grants import grants_of
from preuve.loyalty.occasions.members import erase_member, keep_member
from preuve.loyalty.rules.facts import MemberFacts, PurchaseFacts
from preuve.store import Ground
from preuve.store.outbox import OutboxRow
from tests.conftest import Clock
from tests.occasions import SENT, SUNDAY, line, of_rules, purchase

HISTORY = """
  - {rule: base, name: Base, effect: {kind: per_amount, points: 1, amount: 1}}
  - {rule: first, name: First, trigger: first_receipt, effect: {kind: fixed, points: 100}}
  - rule: third
    name: Third
    trigger: nth_receipt
    nth: {number: 3, per: week}
    effect: {kind: fixed, points: 500}
  - rule: faithful
    name: Faithful
    condition: {when: "history.spent_on('lindt', 30) >= 2000"}
    effect: {kind: fixed, points: 70}
  - rule: daily
    name: Daily
    effect: {kind: fixed, points: 20}
    caps: [{per: day, points: 30}]
"""
LINDT = "products:\n  lindt: {name: Lindt, words: [lindt]}\n"
numbers = count(1)


@pytest.fixture(autouse=True)
def _afterwards(clock: Clock) -> None:
    clock.now = SENT + timedelta(hours=1)


def bought(total: str, minute: int = 0, day: int = 0, name: str = "LINDT") -> PurchaseFacts:
    """Sent `minute` minutes after the others, bought `day` days before."""
    return purchase(
        total,
        (line(name, total),),
        receipt_id=f"r{next(numbers)}",
        received_at=SENT + timedelta(minutes=minute),
        purchased_on=SUNDAY - timedelta(days=day),
    )


def program_of(key: str, rules: str = "", more: str = "") -> Program:
    head = f"program: {key}\nname: S\ntimezone: Europe/Paris\n{LINDT}{more}"
    return parse_program(f"{head}earn:{HISTORY}{rules}", "s.yaml")


def post(ground: Ground, program: Program, facts: PurchaseFacts) -> Credited:
    with ground.database.write() as session:
        take_credit_turn(session, program.program)
        return credit_occasion(
            session, judge_purchase(session, program, facts), ground.now(), reading=1
        )


def drop(ground: Ground, program: Program, facts: PurchaseFacts) -> Credited:
    with ground.database.write() as session:
        take_credit_turn(session, program.program)
        return withdraw(session, program, facts, ground.now())


def points(ground: Ground, program: Program, *facts: PurchaseFacts) -> list[int]:
    with ground.database.read() as session:
        return [receipt_points(session, program.program, each.receipt_id) for each in facts]


def test_a_receipt_that_comes_in_before_others_makes_them_later_ones(ground: Ground) -> None:
    program = program_of("spring")
    early, late = bought("10.00", 0), bought("20.00", 5)
    assert post(ground, program, late).later == ()
    assert points(ground, program, late) == [20 + 100 + 20]
    changed = post(ground, program, early).later
    assert [(one.key, one.trigger, one.errors) for one in changed] == [
        (late.receipt_id, "receipt", ())
    ]
    # No longer the first, and of the day's 30 points the first one took 20.
    assert points(ground, program, early, late) == [10 + 100 + 20, 20 + 10]
    assert balance(ground, "spring", "m-1").available == 160


def test_what_a_receipt_loses_its_later_ones_gain(ground: Ground) -> None:
    program = program_of("spring")
    early, late = bought("10.00", 0), bought("20.00", 5)
    post(ground, program, early)
    post(ground, program, late)
    assert drop(ground, program, early).later[0].key == late.receipt_id
    assert points(ground, program, early, late) == [0, 140]
    assert drop(ground, program, early) == Credited(0, ())
    post(ground, program, early)
    assert points(ground, program, early, late) == [130, 30]


def test_spending_on_a_brand_counts_as_it_was_corrected(ground: Ground) -> None:
    program = program_of("spring")
    first, second = bought("15.00", 0, day=3), bought("8.00", 5)
    post(ground, program, first)
    post(ground, program, second)
    assert points(ground, program, second) == [8 + 20]
    post(ground, program, replace(first, total=2500, lines=(line("LINDT 85%", "25.00"),)))
    assert points(ground, program, second) == [8 + 20 + 70]


def test_nothing_is_judged_again_that_asked_for_no_past(ground: Ground) -> None:
    plain = of_rules("  - {rule: a, name: A, effect: {kind: per_amount, points: 1, amount: 1}}\n")
    early, late = bought("10.00", 0), bought("20.00", 5)
    post(ground, plain, late)
    assert post(ground, plain, early).later == ()


def test_members_do_not_see_each_others_past(ground: Ground) -> None:
    program = program_of("spring")
    mine, theirs = bought("10.00", 0), replace(bought("10.00", 5), member_id="m-2")
    post(ground, program, mine)
    post(ground, program, theirs)
    assert points(ground, program, mine, theirs) == [130, 130]


def test_a_later_receipt_keeps_the_program_that_it_was_judged_by(ground: Ground) -> None:
    before = program_of("spring")
    dearer = before.model_copy(update={"earn": before.earn[1:]})
    early, late = bought("10.00", 0), bought("20.00", 5)
    post(ground, before, late)
    post(ground, dearer, early)
    assert points(ground, before, early, late) == [100 + 20, 20 + 10]


def test_a_later_receipt_whose_rule_fails_now_earns_nothing_and_is_told(ground: Ground) -> None:
    rule = (
        "  - rule: a\n    name: A\n"
        '    condition: {when: "history.spent(30) == 0 || 100 / (history.spent(30) - 500) > -9"}\n'
        "    effect: {kind: fixed, points: 7}\n"
    )
    program = of_rules(rule)
    early, late = bought("5.00", 0), bought("20.00", 5)
    post(ground, program, late)
    assert points(ground, program, late) == [7]
    (told,) = post(ground, program, early).later
    assert (told.key, [error.rule for error in told.errors]) == (late.receipt_id, ["a"])
    assert points(ground, program, early, late) == [7, 0]


def test_later_receipts_that_nothing_changes_for_cost_no_statement(ground: Ground) -> None:
    """A member may have thousands of them, and every other credit waits meanwhile."""

    def statements(later: int) -> int:
        program = program_of(f"p{later}")
        first = bought("10.00")
        for facts in (first, *(bought("5.00", minute) for minute in range(1, later + 1))):
            post(ground, program, facts)
        asked: list[object] = []

        def note(*arguments: object) -> None:
            asked.append(arguments)

        event.listen(ground.database.engine, "before_cursor_execute", note)
        assert post(ground, program, replace(first, total=1200)).later == ()
        event.remove(ground.database.engine, "before_cursor_execute", note)
        return len(asked)

    assert statements(2) == statements(9)


def test_every_entry_names_version_and_reading(ground: Ground) -> None:
    program = program_of("spring")
    facts = bought("10.00")
    post(ground, program, facts)
    for given_ in earned(ground, "spring", facts.receipt_id):
        assert given_.detail["program_version"].startswith("file-")
        assert given_.detail["reading"] == 1


def test_the_member_counts_as_when_the_receipt_was_first_credited(ground: Ground) -> None:
    program = of_rules(
        "  - {rule: a, name: A, condition: {segments: [gold]}, effect: {kind: fixed, points: 7}}\n"
    )
    gold, facts = MemberFacts("m-1", segments=frozenset({"gold"})), bought("10.00")
    with ground.database.write() as session:
        keep_member(session, "spring", gold, ground.now())
    post(ground, program, facts)
    with ground.database.write() as session:
        keep_member(session, "spring", MemberFacts("m-1"), ground.now())
    assert post(ground, program, facts).entries == 0
    assert points(ground, program, facts) == [7]
    with ground.database.write() as session:
        assert erase_member(session, "spring", "m-1")
        assert not erase_member(session, "spring", "m-9")
    post(ground, program, facts)
    assert points(ground, program, facts) == [0]


GRANTS = """
  - rule: gift
    name: Gift
    grants:
      - {kind: gift, key: mug, name: A mug}
      - {kind: voucher, key: five, name: Five euros, value: 5, currency: EUR}
    condition: {min_total: 10}
"""


def test_a_grant_is_recorded_and_told_once(ground: Ground) -> None:
    program, facts = of_rules(GRANTS), bought("10.00")
    for _ in range(3):
        post(ground, program, facts)
    five, mug = grants_of(ground, "spring", member_id="m-1")
    assert [(one.kind, one.key, one.value, one.currency) for one in (mug, five)] == [
        ("gift", "mug", None, None),
        ("voucher", "five", 500, "EUR"),
    ]
    drop(ground, program, facts)
    assert all(one.withdrawn_at for one in grants_of(ground, "spring", occasion=facts.receipt_id))
    post(ground, program, facts)
    again = grants_of(ground, "spring")
    assert [(one.id, one.withdrawn_at) for one in again] == [(five.id, None), (mug.id, None)]
    with ground.database.read() as session:
        told = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    assert [row.kind for row in told] == [
        *["grant.made"] * 2,
        *["grant.withdrawn"] * 2,
        *["grant.made"] * 2,
    ]
    assert told[0].payload["grant_id"] == told[4].payload["grant_id"]
    assert grants_of(ground, "other") == ()


BUDGET = """
  - {rule: a, name: A, campaign: easter, effect: {kind: per_amount, points: 1, amount: 1}}
"""
EASTER = "campaigns:\n  easter: {name: Easter, budget: 50}\n"


def test_a_budget_is_given_to_the_last_point_and_returns(ground: Ground) -> None:
    program = of_rules(BUDGET, EASTER)
    one, two, three = bought("30.00", 0), bought("30.00", 5), bought("30.00", 9)
    for facts in (one, two, three):
        post(ground, program, facts)
    assert points(ground, program, one, two, three) == [30, 20, 0]
    (easter,) = budgets(ground, program)
    assert (easter.campaign, easter.budget, easter.spent, easter.left) == ("easter", 50, 50, 0)
    post(ground, program, two)
    assert points(ground, program, two) == [20]
    drop(ground, program, one)
    assert budgets(ground, program)[0].left == 30
    post(ground, program, three)
    assert points(ground, program, one, two, three) == [0, 20, 30]
    assert budgets(ground, program)[0].left == 0


def test_a_budget_that_was_lowered_below_what_is_spent_has_nothing_left(ground: Ground) -> None:
    one = bought("30.00")
    post(ground, of_rules(BUDGET, EASTER), one)
    less = of_rules(BUDGET, EASTER.replace("50", "20"))
    assert budgets(ground, less)[0].left == 0
    post(ground, less, bought("30.00", 5))
    assert budgets(ground, less)[0].spent == 30


# Of versions that give more and less.
CAPS = """
  - rule: monthly
    name: Monthly
    effect: {kind: per_amount, points: %d}
    caps: [{per: month, points: 40}, {per: campaign, times: 3}]
  - rule: easter
    name: Easter
    campaign: easter
    effect: {kind: fixed, points: %d}
    caps: [{per: week, points: 20}]
  - rule: egg
    name: Egg
    campaign: easter
    condition: {min_total: 20}
    effect: {kind: fixed, points: 30}
"""
A_MEMBER = "campaigns:\n  easter: {name: Easter, member_cap: 70}\n"
TOTALS = ("8.00", "21.00", "30.00")
VERSIONS = ((1, 9), (2, 6))
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from([None, *TOTALS]),
        st.integers(0, len(VERSIONS) - 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(CHANGES)
def test_any_order_ends_as_doing_it_right_once(
    ground: Ground, changes: list[tuple[int, str | None, int, bool]]
) -> None:
    """Five receipts of one member, credited, corrected, rejected, redelivered and reprocessed by
    another version as they come."""
    number = next(numbers)
    program, right = (
        [program_of(f"{key}{number}", CAPS % gives, A_MEMBER) for gives in VERSIONS] for key in "pq"
    )
    receipts = [bought("1.00", minute, day=minute % 3 * 7) for minute in range(5)]
    ends: dict[int, tuple[PurchaseFacts, int] | None] = {}
    for which, total, version, twice in changes:
        facts = receipts[which]
        if total is not None:
            minor = int(float(total) * 100)
            facts = replace(facts, total=minor, lines=(line("LINDT", total),))
        ends[which] = (facts, version) if total else None
        for _ in range(2 if twice else 1):
            (post if total else drop)(ground, program[version], facts)
    last = [end for _, end in sorted(ends.items()) if end]
    for facts, version in last:
        post(ground, right[version], facts)
    assert points(ground, program[0], *receipts) == points(ground, right[0], *receipts)
    has, ought = (balance(ground, one[0].program, "m-1") for one in (program, right))
    assert has == ought
