"""An expression tried on made-up occasions before a program is used: one with everything, one bare.

What a template or a partner will put into fields, attributes and properties is not known then:
any kind will do that the expression can be computed with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product

from preuve.loyalty.rules.expressions import Expression, RuleFault
from preuve.loyalty.rules.facts import LineFacts, MemberFacts, Occasion, PurchaseFacts, Scalar
from preuve.loyalty.rules.history import History, Past
from preuve.loyalty.rules.matching import Matcher
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.rule import HAPPENS, RECEIPTS, EarnRule
from preuve.loyalty.rules.scene import Scene
from preuve.messages import Message, say
from preuve.reading.template.fields import FieldType

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
KINDS: tuple[Scalar, ...] = ("7", 7, True)
FIELD_TYPES: Mapping[type, FieldType] = {str: "text", int: "number", bool: "yes_no"}
UNKNOWN = ("fields.", "member.attributes.", "event.properties.")
MOST_KINDS = 4
"""Names whose kind is not known, each tried with every other."""
LINES = (
    LineFacts(0, "product", "CAFE MOULU 250G", 420, Decimal(2), 210, None, "4006381333931", "77"),
    LineFacts(1, "product", "PAIN DE MIE", 830),
    LineFacts(2, "discount", "REMISE", -100),
)


def what_fails(expression: Expression, rule: EarnRule, program: Program) -> Message | None:
    """Why an expression cannot be used; None where it can."""
    unknown = sorted(name for name in expression.uses.names if name.startswith(UNKNOWN))
    told = None
    for kinds in product(KINDS, repeat=min(len(unknown), MOST_KINDS)):
        values = dict(zip(unknown, (*kinds, *("7" for _ in unknown[MOST_KINDS:])), strict=True))
        told = _fault(expression, rule, program, values)
        if told is None:
            return None
    return told


def _fault(
    expression: Expression, rule: EarnRule, program: Program, values: dict[str, Scalar]
) -> Message | None:
    for bare in (False, True):
        scene = _scene(expression, rule, program, values, bare=bare)
        try:
            expression.holds(scene.context(expression.roots))
        except RuleFault as fault:
            on = say("an example")
            if bare:
                on = say("a bare occasion: no items, nothing spent, no history")
            return say("{told}; tried on {on}", told=fault.told, on=on)
    return None


def _scene(
    expression: Expression,
    rule: EarnRule,
    program: Program,
    values: dict[str, Scalar],
    *,
    bare: bool,
) -> Scene:
    told = {
        place: {n.removeprefix(place): v for n, v in values.items() if n.startswith(place)}
        for place in UNKNOWN
    }
    fields = told["fields."]
    bought = _purchase(fields, bare=bare) if rule.trigger in RECEIPTS else None
    member = MemberFacts("m", attributes=told["member.attributes."])
    if not bare:
        days = (TODAY - timedelta(days=400), date(1990, 5, 1))
        member = MemberFacts("m", *days, frozenset({"gold"}), told["member.attributes."])
    occasion = Occasion(
        HAPPENS[rule.trigger],
        "trial",
        NOW,
        member,
        bought,
        rule.event or "",
        told["event.properties."],
    )
    history: History = Past()
    if not bare:
        history = Past(bought=((TODAY, _purchase(fields, bare=False)),))
    return Scene(occasion, program, history, Matcher({}), expression.uses)


def _purchase(fields: dict[str, Scalar], *, bare: bool) -> PurchaseFacts:
    return PurchaseFacts(
        receipt_id="trial",
        member_id="m",
        received_at=NOW,
        kind="receipt",
        retailer_key=None if bare else "fr.example",
        retailer_name="" if bare else "Example",
        country=None if bare else "FR",
        currency=None if bare else "EUR",
        exponent=2,
        total=0 if bare else 1150,
        purchased_on=None if bare else TODAY,
        purchased_at=None if bare else time(17, 30),
        lines=() if bare else LINES,
        fields={name: "yes" if value is True else str(value) for name, value in fields.items()},
        field_types={name: FIELD_TYPES[type(value)] for name, value in fields.items()},
    )
