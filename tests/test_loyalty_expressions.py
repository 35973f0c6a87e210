from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.loyalty import ProgramsError
from preuve.loyalty.rules.checking import mistakes
from preuve.loyalty.rules.expressions import ExpressionsInvalid, compile_expression
from preuve.loyalty.rules.program import Program
from tests.occasions import one_rule

LISTS = "products:\n  lindt: {name: Lindt, words: [lindt]}\n"


def refused(when: str, trigger: str = "receipt") -> str:
    """What is told of a rule with such an expression."""
    event = "event: poll\n" if trigger == "event" else ""
    with pytest.raises(ProgramsError) as caught:
        one_rule(
            f"trigger: {trigger}\n{event}condition:\n  when: >-\n    {when}\n"
            "effect: {kind: fixed, points: 1}",
            LISTS,
        )
    errors = caught.value.errors
    assert {error.where for error in errors} == {"earn.0.condition.when"}
    assert all(error.line >= 8 for error in errors)
    return "\n".join(error.message for error in errors)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("receipt.total >", "is no CEL: 1:16"),
        ("recept.total > 1", 'recept is unknown; did you mean "receipt"? (at character 1: recept'),
        ("receipt.totl > 1", 'totl is no name here; did you mean "total"? (at character 9'),
        ("receipt.total.cents > 1", "has nothing below it"),
        ("receipt > 1", "say what of receipt"),
        ('receipt["total"] > 1', "without brackets"),
        ("receipt.total > 14.80", "14.80 € is 1480 (at character 17"),
        ("receipt.total > .5", "only whole numbers"),
        ("receipt.total > 1u", "only whole numbers"),
        ("receipt.total / 0 > 1", "divides by zero (at character 15"),
        ("receipt.total % 00 > 1", "divides by zero"),
        ("100 / (receipt.total - 1150) > 1", "divides by zero; tried on an example"),
        ("receipt.total / history.receipts(30) > 1", "divides by zero; tried on a bare occasion"),
        ("items[0].amount > 5", "asks for an item that is not there; tried on a bare"),
        ("items.exists(i, items.exists(j, i.amount < j.amount))", "a loop in a loop"),
        ("items.exists(i, i.lists.exists(l, l == 'x'))", "a loop in a loop"),
        ("items.exists(i, i.amont > 5)", 'did you mean "amount"?'),
        ("items[0].amont > 5", 'did you mean "amount"?'),
        ("items.filter(i, i.amount > 1).exists(j, j.amont > 5)", 'did you mean "amount"?'),
        ("items.exists(receipt, true)", "receipt has its meaning"),
        ("receipt.total > 'a'", "mixes kinds of values"),
        ("receipt.total + 1", "and not true or false"),
        ("receipt.total == 1 ? true : 2", "and not true or false; tried on"),
        ("9223372036854775807 + receipt.total > 0", "too large"),
        ("fields.size + 'a' > 5", "mixes kinds of values"),
        ("fields > 5", "write one name after fields"),
        ("member.attributes.city.zip == 'x'", "write one name after member.attributes"),
        ("history.spend(30) > 5", 'did you mean "spent"?'),
        ("history.spent('30') > 5", "write history.spent(30), from 1 to 731 days"),
        ("history.spent(0) > 5", "from 1 to 731 days"),
        ("history.spent(receipt.total) > 5", "write history.spent(30)"),
        ("history.bought('lind', 30) > 5", 'did you mean "lindt"?'),
        ("history.bought(30) > 5", 'write history.bought("name", 30)'),
        ("history == 1", "write what of history"),
        ("items.exists(i, 'lind' in i.lists)", 'did you mean "lindt"?'),
        ("matches(receipt.kind, 'a')", "matches is no function here"),
        ("receipt.kind.matches('a')", "matches is no function here"),
        ("{'a': 1}.a == 1", "'{' is not part of the language here"),
        ("receipt.total > 1 // && (", "'/' is not part of the language here"),
        ("r'a' == 'a'", "r is unknown"),
        (".receipt.total > 1", "nothing stands before the dot"),
        ("!" * 480 + "tru", "tru is unknown"),
        ("(" * 11 + "true" + ")" * 11, "nests deeper than 10"),
        ("true || " * 70 + "true", "500 characters at most"),
        ("event.name == 'x'", "event is not there with `trigger: receipt`"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(when: str, told: str) -> None:
    assert told in refused(when)


@pytest.mark.parametrize("trigger", ["sign_up", "birthday", "event"])
def test_a_receipt_is_there_for_receipts_alone(trigger: str) -> None:
    assert "receipt is not there" in refused("receipt.total > 1", trigger)


@pytest.mark.parametrize(
    "when",
    [
        "receipt.total >= 1000 && receipt.country == 'FR'",
        "items.exists(i, 'lindt' in i.lists && i.amount > 500)",
        "items.filter(i, i.pieces > 1).size() >= 2 || size(items) > 9",
        "items.map(i, i.amount).exists(a, a > 500) && items.all(i, i.kind != 'refund')",
        "history.receipts(30) > 0 && receipt.total / history.receipts(30) > 100",
        "has(fields.size) && int(fields.size) > 40",
        "member.attributes.city == 'Lyon' && member.attributes.children > 2",
        "'gold' in member.segments && member.days >= 365",
        "receipt.retailer in ['fr.carrefour', 'fr.auchan'] && receipt.day >= '2026-12-01'",
        "receipt.kind.startsWith('inv') ? receipt.total > 5 : receipt.total > 10",
        'receipt.retailer_name.contains("a) (") && history.receipts_at("fr.example", 7) < 3',
        "-receipt.total < 0 && receipt.total * 2 - 1 > 5 && !(receipt.hour == 3)",
    ],
)
def test_what_may_be_asked(when: str) -> None:
    compile_expression(when)
    quoted = when.replace('"', '\\"')
    one_rule(f'condition: {{when: "{quoted}"}}\neffect: {{kind: fixed, points: 1}}', LISTS)


def test_all_mistakes_of_an_expression_are_told_at_once() -> None:
    told = refused("receipt.totl > 1 && recept.kind == 'a' && items.exists(i, i.prize > 3)")
    assert "total" in told
    assert 'did you mean "receipt"?' in told
    assert "prize" in told


MARKS = "().,[]{}?:+-*/%<>=!&|'\"\\ \n0"
WORDS = "receipt items history fields i total amount exists spent has 30 1.5 in true && == 'a' é"
PIECES = st.sampled_from([*WORDS.split(), *MARKS])
BARE = Program(program="p", name="P", timezone="Europe/Paris")


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_written_is_taken_or_refused(source: str) -> None:
    """No other exception, and what is taken can be tried."""
    try:
        compile_expression(source)
    except ExpressionsInvalid:
        return
    rule = one_rule("effect: {kind: fixed, points: 1}").earn[0]
    asking = rule.condition.model_copy(update={"when": source})
    rules = (rule.model_copy(update={"condition": asking}),)
    list(mistakes(BARE.model_copy(update={"earn": rules})))
