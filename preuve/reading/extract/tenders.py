"""What was paid with: the rows with an amount, or the one means that is named without any."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from preuve.reading.extract.accounts import Sums
from preuve.reading.extract.figures import TENDERS, Figure
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.result import Tender, TenderKind
from preuve.reading.template.model import Role

_KINDS: dict[Role, TenderKind] = {
    Role.CASH: "cash",
    Role.CARD: "card",
    Role.MEAL_VOUCHER: "meal_voucher",
    Role.GIFT_CARD: "gift_card",
    Role.CHECK: "check",
    Role.OTHER_TENDER: "other",
    Role.INSURANCE: "other",
}

_PAYS_ALL = frozenset({Role.CASH, Role.CARD, Role.CHECK})
"""What a row without an amount may name: gift cards are advertised so, and shops say which meal
vouchers they take, for which rules of programs may give nothing."""

_LEAST = 0.4
"""The share of a row's letters that says what was paid with, beside an amount."""

_MOSTLY = 0.6
"""The share of one without an amount: not `chèques acceptés`."""


def read_tenders(sums: Sums) -> tuple[Tender, ...]:
    """The payment lines: the last amount beside each label of one, without a sum of the others."""
    found: list[Tender] = []
    for figure in sums.figures:
        roles = figure.roles & TENDERS
        if not roles or not figure.last or figure.in_table or not figure.value:
            continue
        said = [label for label in figure.line.labels if label.role in TENDERS]
        share = max(figure.share, figure.line.share_covered(said))  # "Payé CB"
        if share < _LEAST or figure.roles & {Role.TOTAL, Role.CHANGE}:
            continue
        role = next(r for r in _KINDS if r in roles)
        tender = _tender(_KINDS[role], figure)
        if all((t.kind, t.amount) != (tender.kind, tender.amount) for t in found):
            found.append(tender)
    found = [tender for tender in found if not _is_whole(tender, found)]
    return (*found, *(_tender("other", voucher) for voucher in sums.vouchers))


def _is_whole(tender: Tender, tenders: Sequence[Tender]) -> bool:
    """Whether the others make it: "TOTAL PAYE" above them, or the card's slip below."""
    others = sum((other.amount for other in tenders if other is not tender), Decimal(0))
    return others == tender.amount and (len(tenders) > 2 or tender.kind == "other")


def _tender(kind: TenderKind, figure: Figure) -> Tender:
    amount, line = figure.amount, figure.line
    label = line.before_amounts.strip(" :.") or figure.phrase
    paid = abs(figure.value) if kind == "other" else figure.value
    return Tender(kind, label, paid, line.place(amount.start, amount.stop))


def named_tender(sheet: Sheet, total: Decimal) -> tuple[Tender, ...]:
    """What paid the whole total by rows that say so without an amount: `Mode de règlement :
    Chèque`, `CB SANS CONTACT`; nothing where they name several means."""
    named = [(line, role) for line in sheet.lines if (role := _named(line))]
    if len({role for _, role in named}) != 1:
        return ()
    line, role = named[0]
    return (Tender(_KINDS[role], line.text, total, line.place()),)


def _named(line: Line) -> Role | None:
    """The one means of payment that a row names, if it says little else and has no amount."""
    paying = [label for label in line.labels if label.role in TENDERS]
    roles = {label.role for label in paying} & _PAYS_ALL
    if len(roles) != 1 or line.money:
        return None
    return roles.pop() if line.share_covered(paying) >= _MOSTLY else None
