from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from preuve.loyalty import Award, Past, Program, award
from preuve.loyalty.rules.facts import MemberFacts, Occasion
from preuve.loyalty.rules.history import Gave
from tests.occasions import SUNDAY, happening, line, of_rules, one_rule, purchase, receipt

NOBODY = Past()
LINDT = "products:\n  lindt: {name: Lindt, words: [lindt]}\n"


def points(occasion: Occasion, program: Program, history: Past = NOBODY) -> dict[str, int]:
    found = award(occasion, program, history)
    assert found.errors == ()
    return {line.rule: line.points for line in found.lines}


def given(occasion: Occasion, program: Program, history: Past = NOBODY) -> int:
    return sum(points(occasion, program, history).values())


def test_a_point_for_each_whole_euro(program: Program) -> None:
    assert points(receipt("12.99"), program) == {"base": 12}


@pytest.mark.parametrize("total", ["0.99", "0.00", "-5.00"])
def test_less_than_a_euro_earns_nothing(total: str, program: Program) -> None:
    assert award(receipt(total), program, NOBODY).lines == ()


@pytest.mark.parametrize(
    ("effect", "total", "earned"),
    [
        ("{kind: per_amount, points: 2}", "14.80", 28),
        ("{kind: per_amount, points: 2, rounding: nearest}", "14.80", 30),
        ("{kind: per_amount, points: 2, rounding: nearest}", "14.49", 28),
        ("{kind: per_amount, points: 2, rounding: nearest}", "14.50", 30),
        ("{kind: per_amount, points: 2, rounding: up}", "14.01", 30),
        ("{kind: per_amount, points: 2, rounding: up}", "14.00", 28),
        ("{kind: per_amount, points: 1, amount: 0.5}", "14.80", 29),
        ("{kind: per_amount, points: 5, amount: 10}", "39.99", 15),
        ("{kind: fixed, points: 7}", "0.01", 7),
    ],
)
def test_points_for_spending_are_rounded_as_the_rule_says(
    effect: str, total: str, earned: int
) -> None:
    assert given(receipt(total), one_rule(f"effect: {effect}")) == earned


@pytest.mark.parametrize(("exponent", "total", "earned"), [(0, 1480, 14), (3, 1480_000, 14)])
def test_a_currency_has_the_minor_units_that_it_has(exponent: int, total: int, earned: int) -> None:
    rule = one_rule("effect: {kind: per_amount, points: 1, amount: 100}")
    assert given(receipt(total, currency="XXX", exponent=exponent), rule) == earned


BASKET = (
    line("CHOC LAIT LINDT", "5.00", quantity="2"),
    line("REMISE 30%", "-1.50", kind="discount"),
    line("LINDT EXCELLENCE", "3.20"),
    line("POMMES", "2.10", quantity="1.250", unit_of_measure="kg"),
    line("REMISE FIDELITE", "-0.40", kind="discount"),
)


@pytest.mark.parametrize(
    ("effect", "earned"),
    [
        ("{kind: per_item, points: 10}", 30),
        ("{kind: per_item, points: 10, count: lines}", 20),
        ("{kind: per_amount, points: 10, of: items}", 60),
        ("{kind: per_amount, points: 10, of: items, discounts: ignored}", 80),
        ("{kind: per_amount, points: 10}", 80),
        ("{kind: per_amount, points: 10, discounts: ignored}", 100),
    ],
)
def test_items_and_discounts_count_as_the_rule_says(effect: str, earned: int) -> None:
    rule = one_rule(f"condition: {{items: {{lists: [lindt]}}}}\neffect: {effect}", LINDT)
    assert given(receipt("8.40", BASKET), rule) == earned


def test_a_discount_never_takes_more_than_its_item_cost() -> None:
    rule = one_rule(
        "condition: {items: {lists: [lindt]}}\n"
        "effect: {kind: per_amount, points: 1, of: items}", LINDT
    )  # fmt: skip
    lines = (
        line("LINDT", "5.00"),
        line("LINDT", "3.00"),
        line("BON", "-9.00", kind="discount"),
    )
    assert given(receipt("1.00", lines), rule) == 5


def test_what_is_paid_with_some_tenders_earns_nothing() -> None:
    rule = one_rule("effect: {kind: per_amount, points: 1, except_tenders: [meal_voucher]}")
    assert given(receipt("20.00", tenders={"meal_voucher": 1100, "card": 900}), rule) == 9
    assert given(receipt("20.00", tenders={"meal_voucher": 2500}), rule) == 0


@pytest.mark.parametrize(
    ("condition", "changes", "holds"),
    [
        ("{retailers: [fr.example]}", {}, True),
        ("{retailers: [fr.other]}", {}, False),
        ("{retailers: [fr.example]}", {"retailer_key": None}, False),
        ("{countries: [FR, BE]}", {}, True),
        ("{countries: [BE]}", {}, False),
        ("{kinds: [invoice]}", {}, False),
        ("{min_total: 12.50}", {}, True),
        ("{min_total: 12.51}", {}, False),
        ("{fields: {serial: {}}}", {"fields": {"serial": "QE2"}}, True),
        ("{fields: {serial: {}}}", {}, False),
        ("{fields: {model: {one_of: [Aube-300, x]}}}", {"fields": {"model": "AUBE 300"}}, True),
        ("{fields: {model: {one_of: [Aube 200]}}}", {"fields": {"model": "AUBE 300"}}, False),
        ("{fields: {price: {min: 12, max: 12.50}}}", {"fields": {"price": "12.50"}}, True),
        ("{fields: {price: {min: 12.51}}}", {"fields": {"price": "12.50"}}, False),
        ("{fields: {price: {min: 2026-01-01}}}", {"fields": {"price": "12.50"}}, False),
        ("{fields: {until: {min: 2026-01-01}}}", {"fields": {"until": "2026-05-01"}}, True),
        ("{segments: [gold, vip]}", {}, True),
        ("{segments: [silver]}", {}, False),
        ("{not_segments: [gold]}", {}, False),
        ("{items: {}}", {}, False),
        ("{items: {}}", {"lines": (line("PAIN", "2.00"),)}, True),
        ("{items: {min_pieces: 3}}", {"lines": (line("PAIN", "2.00", quantity="2"),)}, False),
        ("{items: {min_pieces: 2}}", {"lines": (line("PAIN", "2.00", quantity="2"),)}, True),
        ("{when: 'receipt.total >= 1250 && receipt.weekday == \"sun\"'}", {}, True),
        ("{when: 'receipt.total > 1250'}", {}, False),
        ("{when: 'member.age >= 18'}", {}, True),
    ],
)
def test_a_condition_holds_or_not(condition: str, changes: dict[str, object], holds: bool) -> None:
    rule = one_rule(f"condition: {condition}\neffect: {{kind: fixed, points: 5}}")
    member = MemberFacts("m", birthday=date(1990, 1, 1), segments=frozenset({"gold"}))
    assert given(receipt("12.50", member=member, **changes), rule) == (5 if holds else 0)


@pytest.mark.parametrize(
    ("window", "holds"),
    [
        ("{starts_on: 2026-11-22, ends_on: 2026-11-22}", True),
        ("{starts_on: 2026-11-23}", False),
        ("{ends_on: 2026-11-21}", False),
        ("{weekdays: [sat, sun]}", True),
        ("{weekdays: [mon]}", False),
        ("{hours: ['18:00-19:00']}", True),
        ("{hours: ['18:42-18:43']}", True),
        ("{hours: ['18:00-18:42']}", False),
        ("{hours: ['22:00-02:00', '18:00-19:00']}", True),
        ("{hours: ['18:43-18:42']}", False),
    ],
)
def test_a_window_is_open_on_the_day_of_purchase(window: str, holds: bool) -> None:
    rule = one_rule(f"window: {window}\neffect: {{kind: fixed, points: 5}}")
    assert bool(given(receipt(), rule)) is holds


def test_without_a_printed_time_no_hour_is_known() -> None:
    rule = one_rule("window: {hours: ['00:00-23:59']}\neffect: {kind: fixed, points: 5}")
    assert given(receipt(purchased_at=None), rule) == 0
    assert given(receipt(purchased_at=None, purchased_on=None), rule) == 5


def test_a_program_may_count_on_the_day_of_submission() -> None:
    monday = "window: {weekdays: [mon], hours: ['10:00-11:00']}\neffect: {kind: fixed, points: 5}"
    assert given(receipt(), one_rule(monday)) == 0
    assert given(receipt(), one_rule(monday, "counts_on: submission\n")) == 5


def test_without_a_date_the_day_of_submission_counts() -> None:
    found = award(receipt(purchased_on=None), one_rule("effect: {kind: fixed, points: 5}"), NOBODY)
    assert found.counted_on == date(2026, 11, 23)


STACK = """\
  - {rule: bonus, name: B, priority: 9, effect: {kind: fixed, points: 10}}
  - {rule: double, name: D, effect: {kind: multiplier, times: 2}}
  - {rule: triple, name: T, effect: {kind: multiplier, times: 3}}
  - {rule: base, name: S, effect: {kind: per_amount, points: 1}}
"""


def test_first_spending_then_one_multiplier_then_bonuses() -> None:
    assert list(points(receipt("12.50"), of_rules(STACK)).items()) == [
        ("base", 12),
        ("triple", 24),
        ("bonus", 10),
    ]


def test_priority_decides_among_multipliers_and_the_file_among_equals() -> None:
    preferred = STACK.replace("rule: double, name: D", "rule: double, name: D, priority: 1")
    assert points(receipt("12.50"), of_rules(preferred))["double"] == 12
    equal = STACK.replace("times: 3", "times: 2")
    assert "double" in points(receipt("12.50"), of_rules(equal))


def test_nothing_follows_the_last_rule() -> None:
    ended = STACK.replace("rule: double, name: D", "rule: double, name: D, priority: 1, last: true")
    assert points(receipt("12.50"), of_rules(ended)) == {"base": 12, "double": 12}
    # It has to give something for that.
    assert points(receipt("0.50"), of_rules(ended)) == {"bonus": 10}


def test_a_multiplier_may_mean_some_rules_alone() -> None:
    rules = (
        "  - {rule: base, name: S, effect: {kind: per_amount, points: 1}}\n"
        "  - rule: lindt\n    name: L\n    condition: {items: {lists: [lindt]}}\n"
        "    effect: {kind: per_amount, points: 2, of: items}\n"
        "  - {rule: half, name: H, effect: {kind: multiplier, times: 1.5, rules: [lindt]}}\n"
    )
    found = points(receipt("20.00", (line("LINDT", "3.50"),)), of_rules(rules, LINDT))
    assert found == {"base": 20, "lindt": 6, "half": 3}


def test_the_same_priority_follows_the_file() -> None:
    rules = "".join(
        f"  - {{rule: r{n}, name: R, effect: {{kind: fixed, points: 1}}}}\n" for n in range(9)
    )
    assert list(points(receipt(), of_rules(rules))) == [f"r{n}" for n in range(9)]


WEEK = (
    Gave("a", date(2026, 11, 15), 5),
    Gave("a", date(2026, 11, 16), 8),
    Gave("a", SUNDAY, 3),
    Gave("a", SUNDAY, 100, mine=False),
    Gave("other", SUNDAY, 100),
    Gave("a", date(2026, 11, 1), 2),
    Gave("a", date(2026, 10, 31), 50),
)


@pytest.mark.parametrize(
    ("cap", "earned"),
    [
        ("{per: receipt, points: 7}", 7),
        ("{per: day, points: 9}", 6),
        ("{per: day, points: 3}", 0),
        ("{per: week, points: 15}", 4),
        ("{per: month, points: 20}", 2),
        ("{per: campaign, points: 70}", 2),
        ("{per: day, points: 110, of: all}", 7),
        ("{per: day, times: 1}", 0),
        ("{per: day, times: 2}", 12),
        ("{per: day, times: 2, of: all}", 0),
        ("{per: receipt, points: 7}, {per: week, points: 15}", 4),
    ],
)
def test_caps_hold_what_a_rule_gives(cap: str, earned: int) -> None:
    rule = one_rule(f"caps: [{cap}]\neffect: {{kind: fixed, points: 12}}")
    assert given(receipt(), rule, Past(gave=WEEK)) == earned


BUDGET = "campaigns:\n  noel: {name: N, budget: 100}\n"
TWO = (
    "  - {rule: a, name: A, campaign: noel, effect: {kind: per_amount, points: 1}}\n"
    "  - rule: b\n    name: B\n    campaign: noel\n    effect: {kind: fixed, points: 12}\n"
    "    grants: [{kind: badge, key: star, name: Star}]\n"
)


@pytest.mark.parametrize(
    ("spent", "earned"),
    [(0, {"a": 12, "b": 12}), (80, {"a": 12, "b": 8}), (90, {"a": 10}), (100, {})],
)
def test_a_budget_stops_all_rules_of_its_campaign(spent: int, earned: dict[str, int]) -> None:
    history = Past(gave=(Gave("a", SUNDAY, spent, "noel", mine=False),))
    found = award(receipt("12.50"), of_rules(TWO, BUDGET), history)
    assert {line.rule: line.points for line in found.lines} == earned
    assert len(found.grants) == ("b" in earned)


@pytest.mark.parametrize(
    ("had", "of_others", "earned", "held"),
    [
        (0, 500, {"a": 12, "b": 12}, {}),
        (80, 500, {"a": 12, "b": 8}, {"b": 4}),
        (95, 0, {"a": 5}, {"a": 7, "b": 12}),
        (100, 0, {}, {"a": 12, "b": 12}),
    ],
)
def test_all_rules_of_a_campaign_give_a_member_no_more_than_its_cap(
    had: int, of_others: int, earned: dict[str, int], held: dict[str, int]
) -> None:
    history = Past(
        gave=(
            Gave("gone", SUNDAY, had, "noel"),
            Gave("a", SUNDAY, of_others, "noel", mine=False),
            Gave("a", SUNDAY, 1000, "other"),
        )
    )
    capped = of_rules(TWO, "campaigns:\n  noel: {name: N, member_cap: 100, budget: 5000}\n")
    found = award(receipt("12.50"), capped, history)
    assert {line.rule: line.points for line in found.lines} == earned
    assert found.held_back == held
    if had == 80:
        assert found.lines[1].detail["held_by"] == {"per": "whole_campaign", "points": 100}


def test_a_cap_leaves_its_trace() -> None:
    rule = one_rule("caps: [{per: week, points: 15}]\neffect: {kind: fixed, points: 12}")
    (capped,) = award(receipt(), rule, Past(gave=WEEK)).lines
    assert capped.detail["uncapped"] == 12
    assert capped.detail["held_by"] == {"per": "week", "of": "member", "points": 15}
    assert capped.why == "A: 12, at most 4"


@pytest.mark.parametrize(
    ("rest", "held"),
    [
        ("caps: [{per: week, points: 15}]\neffect: {kind: fixed, points: 12}", {"a": 8}),
        ("caps: [{per: week, points: 3}]\neffect: {kind: fixed, points: 12}", {"a": 12}),
        ("caps: [{per: day, times: 1}]\neffect: {kind: per_amount, points: 2}", {"a": 24}),
        ("caps: [{per: week, points: 16}]\neffect: {kind: fixed, points: 5}", {}),
    ],
)
def test_what_caps_hold_back_is_told(rest: str, held: dict[str, int]) -> None:
    assert award(receipt("12.50"), one_rule(rest), Past(gave=WEEK)).held_back == held


@pytest.mark.parametrize(
    ("most", "gave", "held"),
    [(5, {"double": 5}, {"double": 7}), (None, {"double": 12}, {}), (0, {"half": 6}, {})],
)
def test_of_multipliers_only_the_one_that_counts_is_held_back(
    most: int | None, gave: dict[str, int], held: dict[str, int]
) -> None:
    past = Past(gave=(Gave("double", SUNDAY, 20 - (20 if most is None else most)),))
    rules = (
        "  - {rule: base, name: B, effect: {kind: per_amount, points: 1}}\n"
        "  - {rule: half, name: H, priority: -1, effect: {kind: multiplier, times: 1.5}}\n"
        "  - {rule: double, name: D, effect: {kind: multiplier, times: 2},"
        " caps: [{per: day, points: 20}]}\n"
    )
    if most == 0:
        rules = rules.replace("priority: -1", "priority: 0")
    found = award(receipt("12.50"), of_rules(rules), past)
    assert {one.rule: one.points for one in found.lines} == {"base": 12, **gave}
    assert found.held_back == held


def earlier(*days: date) -> Past:
    return Past(bought=tuple((day, purchase("30.00", purchased_on=day)) for day in days))


@pytest.mark.parametrize(
    ("trigger", "days", "holds"),
    [
        ("trigger: first_receipt", (), True),
        ("trigger: first_receipt", (date(2025, 1, 1),), False),
        ("trigger: nth_receipt\nnth: {number: 2}", (date(2025, 1, 1),), True),
        ("trigger: nth_receipt\nnth: {number: 2}", (), False),
        ("trigger: nth_receipt\nnth: {number: 2, per: week}", (date(2026, 11, 15),), False),
        ("trigger: nth_receipt\nnth: {number: 2, per: week}", (date(2026, 11, 16),), True),
        ("trigger: nth_receipt\nnth: {number: 2, per: month}", (date(2026, 11, 1),), True),
        ("trigger: nth_receipt\nnth: {number: 2, per: month}", (date(2026, 11, 1),) * 3, False),
        ("trigger: nth_receipt\nnth: {number: 2, every: true}", (date(2025, 1, 1),) * 3, True),
        ("trigger: nth_receipt\nnth: {number: 2, per: year}", (date(2025, 12, 31),), False),
    ],
)
def test_a_receipt_may_have_to_be_the_first_or_nth(
    trigger: str, days: tuple[date, ...], holds: bool
) -> None:
    rule = one_rule(f"{trigger}\neffect: {{kind: fixed, points: 5}}")
    assert bool(given(receipt(), rule, earlier(*days))) is holds


def test_each_trigger_waits_for_its_own_occasion() -> None:
    rules = of_rules(
        "  - {rule: r, name: R, effect: {kind: fixed, points: 1}}\n"
        "  - {rule: s, name: S, trigger: sign_up, effect: {kind: fixed, points: 2}}\n"
        "  - {rule: b, name: B, trigger: birthday, effect: {kind: fixed, points: 3}}\n"
        "  - {rule: e, name: E, trigger: event, event: poll, effect: {kind: fixed, points: 4}}\n"
        "  - rule: w\n    name: W\n    trigger: event\n    event: poll\n"
        "    condition: {when: event.properties.score > 3}\n"
        "    effect: {kind: fixed, points: 5}\n"
    )
    assert points(receipt(), rules) == {"r": 1}
    assert points(happening("sign_up"), rules) == {"s": 2}
    assert points(happening("birthday"), rules) == {"b": 3}
    assert points(happening("event", event="other"), rules) == {}
    assert points(happening("event", event="poll"), rules) == {"e": 4}
    told = happening("event", event="poll", properties={"score": 4})
    assert points(told, rules) == {"e": 4, "w": 5}


def test_a_rule_may_give_what_is_no_points() -> None:
    rule = one_rule(
        "caps: [{per: campaign, times: 1}]\n"
        "grants:\n"
        "  - {kind: voucher, key: five, name: 5 euros, value: 5, currency: EUR}\n"
        "  - {kind: message, key: thanks, name: Merci}"
    )
    found = award(receipt(), rule, NOBODY)
    assert [(g.rule, g.kind, g.key, g.value, g.currency) for g in found.grants] == [
        ("a", "voucher", "five", 500, "EUR"),
        ("a", "message", "thanks", None, None),
    ]
    assert found.lines == ()
    again = Past(gave=(Gave("a", SUNDAY, 0),))
    assert award(receipt(), rule, again) == Award(counted_on=SUNDAY)


def test_what_shows_at_run_time_credits_nothing_at_all() -> None:
    rules = of_rules(
        "  - {rule: base, name: S, effect: {kind: per_amount, points: 1}}\n"
        "  - rule: wild\n    name: W\n"
        "    condition: {when: 'receipt.total * receipt.total * receipt.total > 0'}\n"
        "    effect: {kind: fixed, points: 1}\n"
        "  - rule: part\n    name: P\n"
        "    condition: {when: 'int(fields.size) > 1'}\n"
        "    effect: {kind: fixed, points: 1}\n"
    )
    assert given(receipt(), rules) == 12 + 1
    found = award(receipt("30000.00", fields={"size": "large"}), rules, NOBODY)
    assert found.lines == found.grants == ()
    assert [error.rule for error in found.errors] == ["wild", "part"]
    assert "too large" in found.errors[0].told


def test_a_misread_total_gives_no_fortune() -> None:
    rule = one_rule("effect: {kind: per_amount, points: 1000000}")
    assert given(receipt("999.00"), rule) == 999_000_000
    (error,) = award(receipt("1001.00"), rule, NOBODY).errors
    assert error.rule == "a"
    assert "1001000000 points" in error.told


def test_a_rule_that_needs_a_field_passes_over_documents_without_it() -> None:
    rule = one_rule("condition: {when: 'fields.size == \"L\"'}\neffect: {kind: fixed, points: 1}")
    assert given(receipt(), rule) == 0
    assert given(receipt(fields={"size": "L"}), rule) == 1
    either = one_rule(
        "condition: {when: '!has(fields.size) || fields.size == \"L\"'}\n"
        "effect: {kind: fixed, points: 1}"
    )
    assert given(receipt(), either) == 1
    assert given(receipt(fields={"size": "M"}), either) == 0


@pytest.mark.parametrize(
    ("when", "kind", "text", "holds"),
    [
        ("fields.a >= 12", "number", "12", True),
        ("fields.a > 12", "number", "12.5", True),
        ("fields.a + 1 > 12", "number", "12", True),
        ("fields.a >= 1480", "amount", "14.80", True),
        ("fields.a > 1480", "amount", "14.80", False),
        ("fields.a", "yes_no", "yes", True),
        ("!fields.a", "yes_no", "no", True),
        ("fields.a >= '2026-11-01'", "date", "2026-11-22", True),
        ("fields.a == '0012'", "code", "0012", True),
    ],
)
def test_fields_are_what_their_template_says(when: str, kind: str, text: str, holds: bool) -> None:
    rule = one_rule(f"condition: {{when: {when!r}}}\neffect: {{kind: fixed, points: 1}}")
    of = receipt(fields={"a": text}, field_types={"a": kind})
    assert given(of, rule) == holds


@pytest.mark.parametrize(
    ("when", "kind", "text", "told"),
    [
        ("fields.a >= 12", "number", "1O", "asks for fields.a, and '1O' is no number"),
        ("fields.a >= 12", "number", "NaN", "mixes kinds of values"),
        ("fields.a >= 12", "amount", "about 12", "'about 12' is no amount"),
        ("fields.a", "yes_no", "perhaps", "'perhaps' is no yes_no"),
        ("fields.a >= 12", "text", "13", "mixes kinds of values"),
        ("fields.a + 1 > 12", "number", "12.5", "mixes kinds of values"),
        ("fields.a > 12", "number", "9" * 40, "is no number"),
    ],
)
def test_a_field_that_is_not_what_it_should_be_is_a_rule_error(
    when: str, kind: str, text: str, told: str
) -> None:
    rule = one_rule(f"condition: {{when: {when!r}}}\neffect: {{kind: fixed, points: 1}}")
    (error,) = award(receipt(fields={"a": text}, field_types={"a": kind}), rule, NOBODY).errors
    assert told in error.told


def test_history_is_asked_in_expressions() -> None:
    def holds(when: str) -> bool:
        rule = one_rule(f"condition: {{when: '{when}'}}\neffect: {{kind: fixed, points: 1}}", LINDT)
        days = ((date(2026, 10, 23), 1), (date(2026, 10, 24), 2), (date(2026, 11, 23), 4))
        bought = tuple(
            (day, purchase("30.00", (line("LINDT", "5.00", quantity=str(n)),), purchased_on=day))
            for day, n in days
        )
        return bool(given(receipt(), rule, Past(bought=bought)))

    assert holds("history.spent(30) == 3000")
    assert holds("history.spent(31) == 6000")
    assert holds("history.receipts(60) == 2")
    assert holds('history.spent_on("lindt", 30) == 500')
    assert holds('history.bought("lindt", 60) == 3')
    assert holds('history.receipts_at("fr.example", 30) == 1')
    assert holds('history.receipts_at("fr.other", 30) == 0')


def test_the_zone_decides_the_day_of_what_is_no_receipt() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    rule = one_rule("trigger: sign_up\neffect: {kind: fixed, points: 1}")
    told = Occasion("sign_up", "k", late, MemberFacts("m"))
    assert award(told, rule, NOBODY).counted_on == date(2026, 11, 23)


def test_a_line_tells_how_its_points_come_about() -> None:
    rule = one_rule(
        "window: {ends_on: 2026-11-29}\n"
        "condition: {items: {lists: [lindt]}}\n"
        "effect: {kind: per_amount, points: 2, of: items}", LINDT
    )  # fmt: skip
    (told,) = award(receipt("20.00", BASKET), rule, NOBODY).lines
    assert told.why == "A: 6 x 2 for 6.70"
    assert told.detail == {
        "kind": "per_amount",
        "name": "A",
        "trigger": "receipt",
        "counted_on": "2026-11-22",
        "until": "2026-11-29",
        "each": 2,
        "per": "1",
        "count": 6,
        "rounding": "down",
        "amount": 670,
        "currency": "EUR",
        "exponent": 2,
        "products": ["Lindt"],
        "lines": [
            _line(0, "CHOC LAIT LINDT", 500, 2, 'words "lindt" (LINDT)'),
            _line(1, "REMISE 30%", -150, 1, "discount on line 0"),
            _line(2, "LINDT EXCELLENCE", 320, 1, 'words "lindt" (LINDT)'),
        ],
    }


def _line(
    number: int, description: str, amount: int, pieces: int, because: str
) -> dict[str, object]:
    return {
        "line": number,
        "description": description,
        "amount": amount,
        "pieces": pieces,
        "because": because,
    }


def test_time_of_day_is_the_printed_one() -> None:
    rule = one_rule("condition: {when: 'receipt.hour == 9'}\neffect: {kind: fixed, points: 1}")
    assert given(receipt(purchased_at=time(9, 5)), rule) == 1
    assert given(receipt(purchased_at=None), rule) == 0


def test_a_quantity_that_is_no_number_of_pieces_is_one() -> None:
    rule = one_rule("condition: {items: {}}\neffect: {kind: per_item, points: 1}")
    for quantity, count in (("0", 1), ("-2", 1), ("1.5", 1), ("3", 3), ("3.000", 3)):
        bought = line("PAIN", "2.00", quantity=Decimal(quantity))
        assert given(receipt(lines=(bought,)), rule) == count
