"""`preuve programs held`: what a rule failed on, judged again once it is mended, or let go."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from cli.main import app
from preuve.loyalty import Program, balance, parse_program
from preuve.loyalty.occasions.events import Happened, take_event
from preuve.loyalty.programs.versions import Version, newest, publish, save_draft
from tests.shop import Shop

TEXT = """\
program: demo
name: D
timezone: Europe/Paris
earn:
  - rule: survey
    name: Survey
    trigger: event
    event: survey
    condition: {{when: "event.properties.stars {test}"}}
    effect: {{kind: fixed, points: 9}}
"""


def run(command: str, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["programs", command, "demo", *arguments])


def in_force(shop: Shop, test: str) -> Program:
    text = TEXT.format(test=test)
    known = newest(shop.ground, "demo")
    based_on = known.number if known else 0
    saved = save_draft(shop.ground, "demo", text, based_on=based_on, author="a", reason="-")
    assert isinstance(saved, Version)
    publish(shop.ground, "demo", saved.number, actor="a", reason="-")
    return parse_program(text, "demo")


def test_what_a_rule_failed_on_waits_until_it_is_judged_again_or_let_go(shop: Shop) -> None:
    failing = in_force(shop, ">= 0")
    for member in ("ann", "bob"):
        told = Happened(f"e-{member}", member, "survey", None, {"stars": "five"})
        found = take_event(shop.ground, failing, told)
        if member == "bob":
            key = getattr(found, "key", "")
    shown = run("held")
    assert shown.exit_code == 0
    assert "survey" in shown.stdout
    again = run("judge-again")
    assert (again.exit_code, "survey" in again.stdout) == (1, True)

    assert run("dismiss", key, "--reason", "a test of ours").exit_code == 0
    twice = run("dismiss", key, "--reason", "a test of ours")
    assert twice.exit_code == 2
    assert "does not wait" in twice.stderr
    in_force(shop, "== 'five'")
    assert run("judge-again").exit_code == 0
    assert "Nothing waits." in run("held").stdout
    assert balance(shop.ground, "demo", "ann").available == 9
    assert balance(shop.ground, "demo", "bob").available == 0
