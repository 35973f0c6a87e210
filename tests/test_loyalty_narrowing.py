"""Which rules are looked at: never fewer than apply, and few of many."""

from __future__ import annotations

import gc
from datetime import date, time, timedelta
from weakref import ref

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.loyalty import Past, Program
from preuve.loyalty.rules.compiled import compiled
from preuve.loyalty.rules.conditions import blocked_by
from preuve.loyalty.rules.facts import MemberFacts, Occasion
from tests.occasions import HEAD, SUNDAY, happening, line, of_rules, one_rule, receipt

LISTS = """\
products:
  lindt: {name: Lindt, words: [lindt]}
  amora: {name: Amora, words: [amora]}
  both: {name: Both, words: [xyz], includes: [lindt, amora]}
campaigns:
  noel: {name: Noel, starts_on: 2026-11-20, ends_on: 2026-11-23}
"""
FRAME = yaml.safe_load(HEAD + LISTS)
DAYS = [SUNDAY + timedelta(days=n) for n in (-3, -1, 0, 1, 3)]
some = st.sampled_from
conditions = st.fixed_dictionaries(
    {},
    optional={
        "kinds": some([["receipt"], ["invoice"]]),
        "retailers": some([["fr.a"], ["fr.b", "fr.a"]]),
        "countries": some([["FR"], ["BE", "FR"]]),
        "min_total": some(["0.01", "12.50", "12.505", "1000"]),
        "items": some([{}, {"lists": ["lindt"]}, {"lists": ["both"]}, {"words": ["moutarde"]}]),
        "segments": some([["gold"], ["gold", "staff"]]),
        "not_segments": some([["staff"]]),
    },
)
windows = st.fixed_dictionaries(
    {},
    optional={
        "starts_on": some(DAYS),
        "weekdays": some([["sun"], ["mon", "sat"]]),
        "hours": some([["17:00-19:00"]]),
    },
)
receipts_rules = st.fixed_dictionaries(
    {"condition": conditions, "window": windows},
    optional={"campaign": st.just("noel"), "trigger": st.just("first_receipt")},
)
other_rules = some(
    [
        {"trigger": "event", "event": "seen"},
        {"trigger": "event", "event": "told"},
        {"trigger": "sign_up", "condition": {"segments": ["gold"]}},
        {"trigger": "birthday", "campaign": "noel"},
    ]
)
programs = st.lists(st.one_of(receipts_rules, other_rules), min_size=1, max_size=12)
members = st.builds(
    MemberFacts, st.just("m"), segments=st.frozensets(some(["gold", "staff", "new"]))
)
bought = st.lists(some(["CHOC LINDT", "MOUTARDE AMORA", "PAIN"]), max_size=3)


@st.composite
def occasions(draw: st.DrawFn) -> Occasion:
    member = draw(members)
    if draw(st.booleans()):
        trigger = draw(some(["sign_up", "birthday", "event"]))
        return happening(trigger, member, event="seen" if trigger == "event" else "")
    return receipt(
        draw(some([0, 1, 1249, 1250, 1251, 1500, 100_000])),
        tuple(line(name, "2.00") for name in draw(bought)),
        member,
        kind=draw(some(["receipt", "invoice"])),
        retailer_key=draw(some([None, "fr.a", "fr.c"])),
        country=draw(some([None, "FR", "DE"])),
        exponent=draw(some([0, 2, 3])),
        purchased_on=draw(some([None, *DAYS])),
        purchased_at=draw(some([None, time(18), time(9)])),
    )


@settings(max_examples=60, deadline=None)
@given(programs, occasions())
def test_no_rule_that_applies_is_left_out(rules: list[dict[str, object]], of: Occasion) -> None:
    numbered = [
        {"rule": f"r{n}", "name": "R", "effect": {"kind": "fixed", "points": 1}, **rule}
        for n, rule in enumerate(rules)
    ]
    ready = compiled(Program.model_validate({**FRAME, "earn": numbered}))
    scene = ready.scene(of, Past())
    looked_at = ready.rules_for(scene)
    assert [one for one in ready.rules if one in looked_at] == list(looked_at)
    for one in ready.rules:
        assert one in looked_at or blocked_by(one, scene) is not None


def test_of_rules_for_many_shops_days_and_products_few_are_looked_at() -> None:
    rules = "".join(
        f"  - {{rule: {name}, name: R, condition: {{{condition}}}, window: {{{window}}},"
        " effect: {kind: fixed, points: 1}}\n"
        for name, condition, window in (
            ("shop", "retailers: [fr.b]", ""),
            ("later", "", "starts_on: 2026-11-23"),
            ("weekday", "", "weekdays: [mon]"),
            ("big", "min_total: 50", ""),
            ("mustard", "items: {lists: [amora]}", ""),
            ("gold", "segments: [gold]", ""),
            ("meant", "items: {lists: [lindt]}, min_total: 10", "weekdays: [sun]"),
        )
    )
    ready = compiled(of_rules(rules, LISTS))
    scene = ready.scene(receipt("12.00", (line("LINDT", "3.00"),), retailer_key="fr.a"), Past())
    assert [one.rule.rule for one in ready.rules_for(scene)] == ["meant"]


def test_an_occasion_is_forgotten_as_soon_as_it_is_judged() -> None:
    """CEL keeps the functions that it was handed where the collector does not see them."""
    when = "history.spent(30) > 0 || items.exists(i, i.amount > 1) || member.days > 3"
    rule = one_rule(f"effect: {{kind: fixed, points: 1}}\ncondition: {{when: '{when}'}}")
    ready = compiled(rule)
    past = Past(bought=((date(2026, 11, 20), receipt("3.00").purchase),))  # type: ignore[arg-type]
    gc.disable()
    try:
        scene = ready.scene(receipt("12.00", (line("PAIN", "2.00"),)), past)
        assert blocked_by(ready.rules[0], scene) is None
        gone = ref(scene)
        del scene
        assert gone() is None
    finally:
        gc.enable()
