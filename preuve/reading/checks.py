"""What the values of one receipt say about each other: items, taxes, payment, count, date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import ne

from preuve.messages import say
from preuve.reading.extract import Extract
from preuve.reading.extract.purchase import SECOND_READING, DateCandidate
from preuve.reading.extract.totals import TotalCandidate
from preuve.reading.result import Check, Context, Item, Reading
from preuve.reading.template.model import Role

ARITHMETIC = frozenset({"items", "taxes", "payment", "item_count"})
LEAST_TOTAL = 0.8
"""Evidence below which a sum is not called a total at all (a score, see `totals`)."""

ROUNDING_AT_MOST = Decimal("0.05")
"""What rounding may take off a total: no discount is as small."""

_CALLED, _PLAINLY, _NEAR = 4.0, 5.0, 1.0
"""The evidence for a date with a label; with a time too; by how much it may fall short of more."""

_CALLED_TOTAL = frozenset({Role.TOTAL, Role.WEAK_TOTAL})

_CENT = Decimal("0.01")


def best_total(found: Extract) -> TotalCandidate | None:
    """The candidate that most speaks for; None where that is too little."""
    best = next(iter(found.totals), None)
    return best if best and best.score >= LEAST_TOTAL else None


def other_total(found: Extract) -> TotalCandidate | None:
    """A sum that the paper gives as much right to be called the total as the best one.

    Either it alone is called the total and something confirms it, as before cash is rounded; or it
    is called a total, too, and was paid, which the best was not; or a card paid it and it is the
    total but for one digit; or it is called a total, too, and the best one is confirmed by a
    payment alone, which may be misread in the same way; or the items make it, a discount leads from
    it to the total, and no payment says which was paid.
    """
    best, *rivals = found.totals
    if best.confirmed_by == {"tender"}:
        called = (c for c in rivals if c.figure.roles & _CALLED_TOTAL and not c.figure.in_table)
        near = (c for c in called if _but_for_one_digit(c.value, best.value))
        if misread := next((c for c in near if found.sums.rounded(c.value) != best.value), None):
            return misread
    labelled = [c for c in rivals if c.figure.labels and not c.figure.in_table and c.confirmed_by]
    if Role.TOTAL not in best.figure.roles:
        return next((c for c in labelled if Role.TOTAL in c.figure.roles), None)
    if best.confirmed_by & {"tender", "change", "code"}:
        return None
    for paid in labelled:
        if Role.TOTAL in paid.figure.roles and "tender" in paid.confirmed_by:
            return paid
        if Role.CARD in paid.figure.roles and _but_for_one_digit(paid.value, best.value):
            return paid
    more = best.value + ROUNDING_AT_MOST
    before = [c for c in labelled if c.value > more and "items" in c.confirmed_by]
    return next((c for c in before if c.figure.roles & {Role.TOTAL, Role.SUBTOTAL}), None)


def lacks_total(found: Extract) -> bool:
    """Whether the paper's total was hardly read, as where the photo ends above it: the best sum
    is a subtotal by its label, and nobody paid it; or it is to be rounded, and neither the result
    nor a payment stands below."""
    best, sums = found.totals[0], found.sums
    if best.figure.roles == {Role.SUBTOTAL}:
        return not best.confirmed_by & {"tender", "change", "code", "taxes"}
    to_round = sums.rounded(best.value) != best.value
    return bool(sums.roundings) and to_round and not sums.paid


def other_date(found: Extract) -> DateCandidate | None:
    """A date that the paper calls the purchase's as plainly as the best one, or another with a
    time of day, as two papers in one photo have; or the same print as it may be read, too."""
    best, *rivals = found.dates
    if best.coded:
        return None
    least = max(_PLAINLY, best.score - _NEAR) if best.labelled else _CALLED
    named = (d for d in rivals if d.labelled and d.score >= least)
    apart = [d for d in rivals if d.time and d.line is not best.line]
    timed = (d for d in apart if d.score >= _PLAINLY or (d.labelled and not best.time))
    again = (d for d in rivals if d.read_second and d.score >= best.score + SECOND_READING.weight)
    return next(named, None) or next(timed, None) or next(again, None)


def _but_for_one_digit(one: Decimal, other: Decimal) -> bool:
    first, second = str(one), str(other)
    return len(first) == len(second) and sum(map(ne, first, second)) == 1


def run_checks(
    found: Extract, amounts: Sequence[Check], reading: Reading, context: Context
) -> tuple[Check, ...]:
    """Every check, in a fixed order; `passed` is None where the paper lacks what it needs.

    `amounts` are those of the best total: none where the reading has it as no total.
    """
    return (
        *(amounts if reading.total else check_amounts(found, None)),
        _item_count_check(reading),
        _date_check(reading, context.received_on),
    )


def check_amounts(found: Extract, total: TotalCandidate | None) -> tuple[Check, ...]:
    """The checks that a total is put to."""
    return (
        _items_check(found, total),
        _taxes_check(found, total),
        _payment_check(found, total),
    )


def _items_check(found: Extract, total: TotalCandidate | None) -> Check:
    if total is None or not found.items:
        return Check("items", None, say("no items or no total"))
    makes = sum((i.amount for i in found.items), Decimal(0))
    passed = any(e.name in ("items", "single item") for e in total.evidence)
    return Check(
        "items",
        passed,
        say("items make {made}, the total is {total}", made=makes, total=total.value),
    )


def _taxes_check(found: Extract, total: TotalCandidate | None) -> Check:
    if total is None or not found.taxes.lines:
        return Check("taxes", None, say("no tax summary"))
    gross = found.taxes.gross
    if total.confirmed_by & {"taxes", "subtotal"}:
        return Check("taxes", True, say("taxes and net make {total}", total=total.value))
    if gross is None or gross < total.value / 2:
        return Check("taxes", None, say("the tax summary has no gross sums"))
    near = abs(gross - total.value) <= 5 * _CENT and found.sums.rounded(gross) == total.value
    told = say("the tax summary makes {made}, the total is {total}", made=gross, total=total.value)
    return Check("taxes", near, told)


def _payment_check(found: Extract, total: TotalCandidate | None) -> Check:
    if total is None or not found.tenders:
        return Check("payment", None, say("no payment line"))
    if total.confirmed_by & {"tender", "change"}:
        return Check("payment", True, say("the payment agrees with {total}", total=total.value))
    paid = sum((t.amount for t in found.tenders), Decimal(0))
    change = next(iter(found.sums.changes), Decimal(0))
    agreeing = {total.value, found.sums.rounded(total.value)}
    if whole := found.sums.settled.get(total.value):
        agreeing |= {whole, whole - total.value}  # with what an insurer paid, or that alone
    passed = paid - change in agreeing
    detail = say(
        "paid {paid}, change {change}, the total is {total}",
        paid=paid,
        change=change,
        total=total.value,
    )
    return Check("payment", passed, detail)


def _item_count_check(reading: Reading) -> Check:
    if reading.item_count is None or not reading.items:
        return Check("item_count", None, say("no number of articles printed"))
    printed = reading.item_count.value
    products = [i for i in reading.items if i.kind == "product"]
    passed = printed in {len(products), len(reading.items), _pieces(products)}
    detail = say(
        "{printed:d} printed, {rows:d} rows, {pieces:d} pieces",
        printed=printed,
        rows=len(products),
        pieces=_pieces(products),
    )
    return Check("item_count", passed, detail)


def _pieces(items: Sequence[Item]) -> int:
    whole = [i.quantity for i in items if i.quantity and i.quantity == int(i.quantity)]
    return int(sum(whole, Decimal(0))) + len(items) - len(whole)


def _date_check(reading: Reading, received_on: date | None) -> Check:
    if reading.purchased_on is None or received_on is None:
        return Check("date", None, say("no date to compare"))
    day = reading.purchased_on.value
    passed = day <= received_on + timedelta(days=1)
    return Check(
        "date",
        passed,
        say("bought {bought}, received {received}", bought=day, received=received_on),
    )
