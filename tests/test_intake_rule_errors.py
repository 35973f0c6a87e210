"""A rule that cannot be computed on a receipt: nothing is credited, and a person looks."""

from __future__ import annotations

from preuve.intake import Amendment, Status, amend, view
from preuve.loyalty import Program, balance, parse_program
from preuve.store import Ground
from tests.conftest import Wakes
from tests.factories import reading, send, work

RULES = """\
program: demo
name: D
timezone: Europe/Paris
limits: {retailers: {unknown: true}}
earn:
  - {rule: base, name: Base, effect: {kind: per_amount, points: 1}}
  - rule: odd
    name: Odd
    condition: {when: 100 / (receipt.total - 1300) != 5}
    effect: {kind: fixed, points: 5}
    grants: [{kind: badge, key: star, name: Star}]
"""


def odd() -> Program:
    return parse_program(RULES, "demo.yaml")


def test_a_rule_error_credits_nothing_and_waits_for_a_person(ground: Ground, wakes: Wakes) -> None:
    sent = send(ground, odd(), wakes)
    done = work(ground, odd(), sent, reading(total="13.00", items=()))
    assert (done.status, done.points) == (Status.PENDING_REVIEW, 0)
    (reason,) = done.reasons
    assert (reason.code, reason.field, reason.detail) == ("rule_error", "odd", "divides by zero")
    assert balance(ground, "demo", "m-1").lifetime == 0


def test_who_corrects_the_total_lets_the_rule_be_computed(ground: Ground, wakes: Wakes) -> None:
    sent = send(ground, odd(), wakes)
    work(ground, odd(), sent, reading(total="13.00", items=()))
    amend(ground, odd(), sent, Amendment(total="13.50"), operator="ana", reason="misread")
    seen = view(ground, "demo", sent)
    assert seen is not None
    assert (seen.status, seen.points) == (Status.VALID, 13 + 5)
