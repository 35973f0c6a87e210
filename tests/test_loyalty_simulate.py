"""What a draft would have given for what really happened."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.loyalty import Program, credit_occasion, judge_purchase, parse_program, withdraw
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.events import Happened, take_event
from preuve.loyalty.programs.simulate import simulate
from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.store import Ground, open_ground
from tests.conftest import Clock
from tests.databases import migrated
from tests.occasions import SENT, SUNDAY, line, of_rules, purchase

MORE = """\
products:
  lindt: {name: Lindt, words: [lindt]}
campaigns:
  easter: {name: Easter, budget: 90, member_cap: 55}
"""
RULES = """\
  - {rule: base, name: Base, effect: {kind: per_amount, points: 1, amount: 1}}
  - {rule: first, name: First, trigger: first_receipt, effect: {kind: fixed, points: 100}}
  - rule: faithful
    name: Faithful
    condition: {when: "history.spent_on('lindt', 7) >= 2000"}
    effect: {kind: fixed, points: 70}
  - rule: daily
    name: Daily
    effect: {kind: fixed, points: 20}
    caps: [{per: day, points: 30}]
  - rule: easter
    name: Easter
    campaign: easter
    effect: {kind: fixed, points: 25}
    caps: [{per: week, times: 3, of: all}]
  - rule: survey
    name: Survey
    trigger: event
    event: survey
    effect: {kind: fixed, points: 9}
"""
PROGRAM = of_rules(RULES, MORE)
# Counts receipts, where no expression looks back.
THIRD = of_rules(
    "  - rule: third\n    name: Third\n    trigger: nth_receipt\n"
    "    nth: {number: 3, per: month}\n    effect: {kind: fixed, points: 40}\n"
)


@pytest.fixture(autouse=True)
def _afterwards(clock: Clock) -> None:
    clock.now = SENT + timedelta(days=60)


def post(ground: Ground, program: Program, facts: PurchaseFacts) -> None:
    with ground.database.write() as session:
        judged = judge_purchase(session, program, facts)
        credit_occasion(session, judged, ground.now(), reading=1)


def bought(total: str, day: int = 0, member: str = "m-1") -> PurchaseFacts:
    return purchase(
        total,
        (line("LINDT", total),),
        member_id=member,
        received_at=SENT + timedelta(days=day),
        purchased_on=SUNDAY + timedelta(days=day),
    )


def test_the_program_in_force_would_give_what_it_gave(ground: Ground) -> None:
    chance = random.Random(7)
    days = sorted(chance.randrange(20) for _ in range(30))
    for number, day in enumerate(days):
        total, member = f"{chance.randrange(5, 40)}.00", f"m-{chance.randrange(3)}"
        facts = bought(total, day, member)
        at = facts.received_at + timedelta(seconds=number)
        post(ground, PROGRAM, replace(facts, received_at=at))
    take_event(ground, PROGRAM, Happened("e", "m-1", "survey", SENT, {}))
    found = simulate(ground, PROGRAM)
    assert (found.occasions, found.same, found.failures) == (31, 31, 0)
    assert found.points == found.really > 1000
    assert [rule.really for rule in found.rules] == [rule.points for rule in found.rules]
    assert all(rule.points for rule in found.rules)
    assert found.spent == {"easter": budgets(ground, PROGRAM)[0].spent}
    assert simulate(ground, PROGRAM.model_copy(update={"program": "other"})).occasions == 0


def test_the_nth_receipt_of_a_month_is_found_again(ground: Ground) -> None:
    for day in (-25, 1, 2, 3, 4):
        post(ground, THIRD, bought("10.00", day))
    found = simulate(ground, THIRD)
    assert (found.points, found.really, found.same) == (40, 40, 5)


def test_a_draft_is_compared_with_what_was_given(ground: Ground) -> None:
    for day in (1, 2, 3):
        post(ground, PROGRAM, bought("10.00", day))
    rejected = bought("99.00", 4)
    post(ground, PROGRAM, rejected)
    with ground.database.write() as session:
        withdraw(session, PROGRAM, rejected, ground.now())
    draft = of_rules(
        "  - {rule: base, name: B, effect: {kind: per_amount, points: 9, amount: 1},"
        " caps: [{per: week, points: 100}]}\n"
        "  - {rule: gift, name: G, grants: [{kind: voucher, key: v, name: V, value: 5,"
        " currency: EUR}], condition: {min_total: 10}}\n"
    )
    steps: list[tuple[int, int]] = []
    found = simulate(ground, draft, progress=lambda done, of: steps.append((done, of)))
    base, gift, *gone = found.rules
    assert (base.points, base.times, base.members, base.held_back) == (100, 2, 1, 170)
    assert (gift.points, gift.grants, gift.vouchers) == (0, 3, {"EUR": 1500})
    assert {one.rule: (one.points, one.really) for one in gone}["first"] == (0, 100)
    assert (found.more, found.less, found.same) == (0, 3, 0)
    assert [one.points for one in found.largest] == [90, 10]
    assert steps == [(3, 3)]


def test_what_came_before_the_days_chosen_is_past_and_not_judged(ground: Ground) -> None:
    for day in range(4):
        post(ground, PROGRAM, bought("21.00", day))
    found = simulate(ground, PROGRAM, since=date(2026, 11, 24), until=date(2026, 11, 25))
    by_rule = {rule.rule: rule.points for rule in found.rules}
    assert found.occasions == 2
    assert (by_rule["first"], by_rule["faithful"], by_rule["base"]) == (0, 140, 42)


def test_a_rule_that_fails_is_told(ground: Ground) -> None:
    post(ground, PROGRAM, bought("21.00"))
    draft = of_rules(
        "  - rule: a\n    name: A\n    effect: {kind: fixed, points: 7}\n"
        '    condition: {when: "receipt.total / (receipt.total - 2100) > 1"}\n'
    )
    found = simulate(ground, draft)
    assert (found.points, found.failures) == (0, 1)
    assert [(one.rule, one.told) for one in found.failed] == [("a", "divides by zero")]


def test_what_the_limits_keep_out_earns_nothing_and_is_no_past(ground: Ground) -> None:
    days = ((1, "12.00", {}), (2, "5.00", {"retailer_key": None}), (2, "7.00", {}), (2, "9.00", {}))
    for number, (day, total, more) in enumerate(days):
        facts = bought(total, day)
        at = facts.received_at + timedelta(minutes=number)
        post(ground, PROGRAM, replace(facts, received_at=at, **more))
    old = bought("20.00", 9)
    post(ground, PROGRAM, replace(old, purchased_on=old.purchased_on - timedelta(days=3)))
    take_event(ground, PROGRAM, Happened("e", "m-1", "survey", SENT, {}))
    draft = of_rules(
        RULES, f"{MORE}limits: {{max_age_days: 2, documents_per_day: 2, retailers: {{}}}}\n"
    )
    found = simulate(ground, draft)
    told = {str(one.code): (one.refused, one.waiting, one.points) for one in found.limits}
    # For spending, by the day, and of what Easter has for the member: 25, then 5.
    assert told == {
        "retailer_unknown": (0, 1, 5 + 20 + 25),
        "too_many_a_day": (1, 0, 9 + 10 + 5),
        "too_old": (1, 0, 20 + 20 + 5),
    }
    by_rule = {rule.rule: (rule.points, rule.times) for rule in found.rules}
    assert (found.kept_out, by_rule["base"], by_rule["survey"]) == (3, (19, 2), (9, 1))
    assert found.really - found.points > 100


def test_the_command_simulates_a_file_and_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ground = open_ground(migrated("", tmp_path))
    post(ground, PROGRAM, bought("10.00"))
    ground.close()
    path = tmp_path / "spring.yaml"
    path.write_text(
        "program: spring\nname: S\ntimezone: Europe/Paris\nearn:\n"
        "  - {rule: base, name: B, effect: {kind: per_amount, points: 3, amount: 1}}\n"
    )
    parse_program(path.read_text(), "spring.yaml")
    done = CliRunner().invoke(app, ["programs", "simulate", "spring", "--file", str(path)])
    assert done.exit_code == 0, done.output
    assert "1 occasions, 1 members: 30 points, -125 beside the 155 really given" in done.output
    assert "30 points (really 155)" in done.output
    missing = CliRunner().invoke(app, ["programs", "simulate", "spring"])
    assert missing.exit_code == 2
