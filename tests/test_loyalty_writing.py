"""A rule or a campaign added to a program's text."""

from __future__ import annotations

import pytest
import yaml

from preuve.loyalty import load_programs, parse_program
from preuve.loyalty.programs.writing import with_campaign, with_rule
from preuve.settings import Settings

RULE = {"rule": "new", "name": "50 points : bienvenue", "effect": {"kind": "fixed", "points": 50}}
HEAD = "program: demo\nname: D\ntimezone: Europe/Paris\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + "earn: []\nrounding: up\n",
        HEAD + "earn: [{rule: a, name: A, effect: {kind: fixed, points: 1}}]",
        HEAD + "earn:\n- rule: a\n  name: A\n  effect: {kind: fixed,\n    points: 1}\n# end\n",
        HEAD + "earn:\n    - rule: a\n      effect:\n        kind: fixed\n        points: 1\n"
        "      name: >\n        A\n        B\nrounding: up",
    ],
)
def test_a_rule_is_put_behind_the_others(text: str) -> None:
    written = with_rule(text, RULE)

    before, after = parse_program(text, "before"), parse_program(written, "after")
    assert [rule.rule for rule in after.earn] == [*(rule.rule for rule in before.earn), "new"]
    assert after.model_copy(update={"earn": before.earn}) == before
    assert all(line in written for line in text.splitlines() if line.startswith("#"))


@pytest.mark.parametrize(
    "more",
    [
        "",
        "campaigns: {}\n",
        "campaigns: {old: {name: Old}}\nrounding: up\n",
        "campaigns:\n  old:\n    name: Old  # as ever\n    budget: 9\n# end\nrounding: up\n",
    ],
)
def test_a_campaign_is_put_behind_the_others(more: str) -> None:
    made = {"name": "Noël", "budget": 500}
    written = with_campaign(HEAD + more, "noel", made)

    before, after = parse_program(HEAD + more, "before"), parse_program(written, "after")
    assert list(after.campaigns) == [*before.campaigns, "noel"]
    assert after.campaigns["noel"].budget == 500
    assert after.model_copy(update={"campaigns": before.campaigns}) == before
    assert all(line in written for line in more.splitlines() if "#" in line)


def test_the_rest_of_the_text_stays_letter_for_letter() -> None:
    text = (Settings().programs_dir / "demo.yaml").read_text("utf-8")

    written = with_rule(text, RULE)

    assert written.startswith(text.rstrip())
    assert len(parse_program(written, "demo").earn) == 1 + len(
        load_programs(Settings().programs_dir)["demo"].earn
    )


@pytest.mark.parametrize("text", ["", "- a", "a: [", "just words"])
def test_a_text_that_is_no_program_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="the text is"):
        with_rule(text, RULE)


def test_what_is_written_is_yaml() -> None:
    odd = {**RULE, "name": "a: b # c\n- d"}

    assert yaml.safe_load(with_rule(HEAD, odd))["earn"] == [odd]
