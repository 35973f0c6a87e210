"""What holds for every program and every receipt, whatever hypothesis thinks of."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.loyalty import Award, Past, Program, award
from preuve.loyalty.rules.earning import rounded
from preuve.loyalty.rules.effects import Cap, Fixed, Multiplier, PerAmount, Rounding
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.history import Gave
from preuve.loyalty.rules.program import Campaign
from preuve.loyalty.rules.rule import EarnRule
from preuve.loyalty.rules.windows import period_of
from tests.occasions import SUNDAY, receipt

amounts = st.integers(0, 10**7)
effects = st.one_of(
    st.builds(
        PerAmount,
        kind=st.just("per_amount"),
        points=st.integers(1, 20),
        amount=st.decimals("0.01", 50, places=2),
        rounding=st.sampled_from([None, "down", "nearest", "up"]),
    ),
    st.builds(Fixed, kind=st.just("fixed"), points=st.integers(1, 500)),
    st.builds(Multiplier, kind=st.just("multiplier"), times=st.decimals("1.01", 5, places=2)),
)
caps = st.builds(
    Cap,
    per=st.sampled_from(["receipt", "day", "week", "month", "campaign"]),
    points=st.integers(1, 300),
    of=st.sampled_from(["member", "all"]),
)
rules = st.lists(
    st.builds(
        EarnRule,
        rule=st.just("x"),
        name=st.just("X"),
        priority=st.integers(-1, 1),
        effect=effects,
        caps=st.lists(caps, max_size=2).map(tuple),
        campaign=st.sampled_from([None, "c"]),
    ),
    max_size=8,
)
BUDGET = 400


@st.composite
def programs(draw: st.DrawFn) -> Program:
    earn = tuple(
        rule.model_copy(update={"rule": f"r{number}"}) for number, rule in enumerate(draw(rules))
    )
    campaigns = {"c": Campaign(name="C", budget=BUDGET)}
    return Program(
        program="p", name="P", timezone="Europe/Paris", campaigns=campaigns, earn=earn
    )  # fmt: skip


gifts = st.lists(
    st.builds(
        Gave,
        rule=st.integers(0, 7).map(lambda number: f"r{number}"),
        day=st.integers(-40, 5).map(lambda days: SUNDAY + timedelta(days=days)),
        points=st.integers(0, 200),
        campaign=st.sampled_from([None, "c"]),
        mine=st.booleans(),
    ),
    max_size=12,
).map(lambda gave: Past(gave=tuple(gave)))


def judged(occasion: Occasion, program: Program, history: Past) -> Award:
    found = award(occasion, program, history)
    assert found.errors == ()
    return found


@settings(max_examples=60, deadline=None)
@given(programs(), amounts, gifts)
def test_caps_and_budgets_hold_and_nothing_is_negative(
    program: Program, total: int, history: Past
) -> None:
    found = judged(receipt(total), program, history)
    by_key = {rule.rule: rule for rule in program.earn}
    assert len({line.rule for line in found.lines}) == len(found.lines)
    for line in found.lines:
        assert line.points > 0
        for cap in by_key[line.rule].caps:
            first, last = period_of(SUNDAY, cap.per)
            before = history.given(line.rule, first, last, everyone=cap.of == "all").points
            held = 0 if cap.per == "receipt" else before
            assert held + line.points <= (cap.points or 0)
    of_campaign = [line.points for line in found.lines if by_key[line.rule].campaign]
    assert sum(of_campaign) <= history.budget_left("c", BUDGET)


@settings(max_examples=60, deadline=None)
@given(programs(), amounts, gifts)
def test_rules_stack_in_their_order(program: Program, total: int, history: Past) -> None:
    found = judged(receipt(total), program, history)
    place = {rule.rule: number for number, rule in enumerate(program.earn)}
    stages = {"per_amount": 0, "multiplier": 1, "fixed": 2}
    order = [
        (stages[line.detail["kind"]], -program.earn[place[line.rule]].priority, place[line.rule])
        for line in found.lines
    ]
    assert order == sorted(order)
    assert sum(stage == 1 for stage, _, _ in order) <= 1


@settings(max_examples=40, deadline=None)
@given(programs(), amounts, gifts)
def test_the_order_of_the_file_decides_among_equals_alone(
    program: Program, total: int, history: Past
) -> None:
    """Rules without a shared budget give the same in whatever order they stand."""
    free = tuple(rule.model_copy(update={"campaign": None}) for rule in program.earn)
    turned = tuple(reversed(free))
    one = judged(receipt(total), program.model_copy(update={"earn": free}), history)
    other = judged(receipt(total), program.model_copy(update={"earn": turned}), history)
    assert one.points == other.points


@settings(max_examples=60, deadline=None)
@given(programs(), amounts, gifts)
def test_the_same_occasion_is_worth_the_same(program: Program, total: int, history: Past) -> None:
    occasion = receipt(total)
    assert award(occasion, program, history) == award(occasion, program, history)


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_rounding_says_what_it_does(number: int, by: int) -> None:
    down, nearest, up = (rounded(number, by, how) for how in ("down", "nearest", "up"))
    assert down * by <= number < (down + 1) * by
    assert (up - 1) * by < number <= up * by
    assert abs(2 * (nearest * by - number)) <= by
    assert down <= nearest <= up <= down + 1


@settings(max_examples=40, deadline=None)
@given(amounts, amounts, st.integers(1, 50), st.decimals("0.01", 50, places=2))
def test_splitting_a_purchase_wins_nothing_where_parts_do_not_count(
    one: int, other: int, points: int, amount: Decimal
) -> None:
    """Rounded up nothing is won by joining two."""

    def worth(total: int, how: Rounding) -> int:
        effect = PerAmount(kind="per_amount", points=points, amount=amount, rounding=how)
        rule = EarnRule(rule="r", name="R", effect=effect)
        program = Program(program="p", name="P", timezone="Europe/Paris", earn=(rule,))
        return judged(receipt(total), program, Past()).points

    assert worth(one, "down") + worth(other, "down") <= worth(one + other, "down")
    assert worth(one, "up") + worth(other, "up") >= worth(one + other, "up")


@settings(max_examples=40, deadline=None)
@given(programs(), amounts, amounts)
def test_who_spends_more_never_earns_less(program: Program, total: int, more: int) -> None:
    free = tuple(rule.model_copy(update={"campaign": None}) for rule in program.earn)
    of_rules = program.model_copy(update={"earn": free})
    less = judged(receipt(total), of_rules, Past())
    assert judged(receipt(total + more), of_rules, Past()).points >= less.points
