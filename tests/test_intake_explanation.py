"""From points to the rule, the line on the paper and the versions behind it, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preuve.intake import Amendment, amend, explain
from preuve.intake.explanation import entries_by_template, entries_on_line
from preuve.loyalty import Program, parse_program
from preuve.loyalty.occasions.provenance import (
    entries_of_readings,
    entries_of_rule,
    provenance,
    rule_as_it_was,
)
from preuve.reading.page import Box
from preuve.reading.result import Place, Value
from preuve.store import Ground
from tests.conftest import Wakes
from tests.factories import item, reading, send, work

PLACE, BELOW = Place(1, Box(10, 20, 60, 40)), Place(1, Box(10, 80, 60, 99))
RULES = """\
program: demo
name: D
timezone: Europe/Paris
limits: {retailers: {unknown: true}}
products:
  coffee: {name: café moulu, words: [café moulu]}
earn:
  - {rule: base, name: Base, effect: {kind: per_amount, points: 1, amount: 1}}
  - rule: coffee
    name: Coffee
    condition: {items: {lists: [coffee]}}
    effect: {kind: per_item, points: 50}
    grants: [{kind: gift, key: mug, name: une tasse}]
"""


@pytest.fixture
def demo() -> Program:
    return parse_program(RULES, "demo.yaml")


@pytest.fixture
def receipt(ground: Ground, demo: Program, wakes: Wakes) -> str:
    sent = send(ground, demo, wakes)
    lines = (item("PAIN", "8.30"), item("CAFÉ MOULU 250G", "4.20", place=PLACE))
    read = reading(items=lines)
    assert read.total is not None
    total = Value(read.total.value, 0.97, "test", "TOTAL 12,50", BELOW)
    work(ground, demo, sent, replace(read, total=total))
    return sent


def test_each_point_leads_to_the_line_on_the_paper(ground: Ground, receipt: str) -> None:
    found = explain(ground, "demo", receipt, "fr")
    assert found is not None
    assert found.points == 62
    assert [(one.points, one.because[0].rule) for one in found.sentences] == [
        (12, "base"),
        (50, "coffee"),
    ]
    base, coffee = (one.because[0] for one in found.sentences)
    assert [(seen.line, seen.place) for seen in base.evidence] == [(None, BELOW)]
    assert [(seen.line, seen.text, seen.amount, seen.place) for seen in coffee.evidence] == [
        (1, "CAFÉ MOULU 250G", "4.20", PLACE)
    ]
    assert (coffee.template, coffee.template_version) == ("base.fr", "1")
    assert coffee.program_version is not None
    assert "café moulu" in found.sentences[1].text
    assert len(found.grants) == 1
    assert "une tasse" in found.grants[0]
    assert entries_on_line(found, 1) == (coffee.entry_id,)
    assert entries_on_line(found, 0) == ()


def test_an_entry_leads_to_its_rule_and_back(ground: Ground, receipt: str) -> None:
    found = explain(ground, "demo", receipt, "en")
    assert found is not None
    entry = found.sentences[1].because[0]
    one = provenance(ground, "demo", entry.entry_id)
    assert one is not None
    assert (one.occasion, one.line.rule, one.lines, one.reading) == (receipt, "coffee", (1,), 1)
    assert one.program_version is not None
    rule = rule_as_it_was(ground, "demo", one.program_version, "coffee")
    assert rule is not None
    assert rule.name == "Coffee"
    assert rule_as_it_was(ground, "demo", "7", "coffee") is None
    assert entries_of_rule(ground, "demo", "coffee", one.program_version) == (one,)
    assert entries_of_rule(ground, "demo", "coffee", "7") == ()
    by_template = entries_by_template(ground, "demo", "base.fr", "1")
    assert [each.line.rule for each in by_template] == ["base", "coffee"]
    assert entries_by_template(ground, "demo", "base.fr", "2") == ()


def test_what_stands_is_explained_by_what_it_was_judged_on(
    ground: Ground, demo: Program, receipt: str
) -> None:
    amend(ground, demo, receipt, Amendment(total="20.00"), operator="ana", reason="misread")
    found = explain(ground, "demo", receipt, "en")
    assert found is not None
    assert found.points == 70
    by_rule = {one.because[0].rule: one.because[0] for one in found.sentences}
    assert by_rule["base"].evidence[0].amount == "20.00"
    assert by_rule["coffee"].evidence[0].place == PLACE
    reject = Amendment(decision="reject")
    amend(ground, demo, receipt, reject, operator="ana", reason="no receipt")
    found = explain(ground, "demo", receipt, "en")
    assert found is not None
    assert (found.points, found.sentences, found.grants) == (0, (), ())


def test_nobody_else_is_told(ground: Ground, receipt: str) -> None:
    assert explain(ground, "other", receipt, "fr") is None
    found = explain(ground, "demo", receipt, "fr")
    assert found is not None
    entry_id = found.sentences[0].because[0].entry_id
    assert provenance(ground, "other", entry_id) is None
    assert entries_of_readings(ground, "other", [(receipt, 1)]) == ()
    assert entries_by_template(ground, "other", "base.fr", "1") == ()
