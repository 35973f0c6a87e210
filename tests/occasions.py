"""Occasions that rules look at, for tests that need no reading and no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from preuve.loyalty import Program, parse_program
from preuve.loyalty.rules.facts import Happening, LineFacts, MemberFacts, Occasion, PurchaseFacts
from preuve.reading.result import ItemKind

SUNDAY = date(2026, 11, 22)
SENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HEAD = "program: spring\nname: Spring\ntimezone: Europe/Paris\n"

numbers = count(1)


def of_rules(rules: str, more: str = "") -> Program:
    """A program of these rules; `more` are other parts of it, as `products:`."""
    return parse_program(f"{HEAD}{more}earn:\n{rules}", "spring.yaml")


def one_rule(rest: str, more: str = "") -> Program:
    """A program of one rule, whose other keys stand one a line in `rest`."""
    lines = "".join(f"    {line}\n" for line in rest.strip().splitlines())
    return of_rules(f"  - rule: a\n    name: A\n{lines}", more)


def line(
    description: str, amount: str, *, kind: ItemKind = "product", number: int = 0, **more: Any
) -> LineFacts:
    if "quantity" in more:
        more["quantity"] = Decimal(more["quantity"])
    return LineFacts(number, kind, description, int(Decimal(amount) * 100), **more)


def purchase(
    total: str | int = "12.50", lines: tuple[LineFacts, ...] = (), **more: Any
) -> PurchaseFacts:
    """12.50 EUR spent on a Sunday at 18:42 and sent the day after; lines are numbered anew.

    A total that is a number is one of minor units.
    """
    minor = total if isinstance(total, int) else int(Decimal(total) * 100)
    numbered = tuple(
        LineFacts(number, *(getattr(one, name) for name in LineFacts.__slots__[1:]))
        for number, one in enumerate(lines)
    )
    known: dict[str, Any] = {
        "receipt_id": f"r-{next(numbers)}",
        "member_id": "m-1",
        "received_at": SENT,
        "kind": "receipt",
        "retailer_key": "fr.example",
        "retailer_name": "Example",
        "country": "FR",
        "currency": "EUR",
        "exponent": 2,
        "purchased_on": SUNDAY,
        "purchased_at": time(18, 42),
    }
    return PurchaseFacts(**(known | {"total": minor, "lines": numbered} | more))


def receipt(
    total: str | int = "12.50",
    lines: tuple[LineFacts, ...] = (),
    member: MemberFacts | None = None,
    **more: Any,
) -> Occasion:
    bought = purchase(total, lines, **more)
    who = member or MemberFacts("m-1")
    return Occasion("receipt", bought.receipt_id, bought.received_at, who, bought)


def happening(trigger: Happening, member: MemberFacts | None = None, **more: Any) -> Occasion:
    """A sign-up, a birthday or an event on the Monday."""
    return Occasion(trigger, f"o-{next(numbers)}", SENT, member or MemberFacts("m-1"), **more)
