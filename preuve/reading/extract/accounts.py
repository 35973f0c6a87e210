"""What a receipt's sums add up to: the values that a total may have by its own arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from preuve.reading.extract.figures import TENDERS, Figure
from preuve.reading.extract.taxes import TaxTable
from preuve.reading.lazy import cached_property
from preuve.reading.result import Item
from preuve.reading.template.model import Role

_NOTHING = Decimal(0)

_TAKEN_OFF = (Role.GIFT_CARD, Role.OTHER_TENDER)
"""Payments that are also printed as taken off: `Arrhes versées -40,00`."""


@dataclass(frozen=True)
class Sums:
    """The sums of the receipt, by the label that each one answers to.

    `cash_step` is what the country rounds cash to, as 0.05; None where it does not.
    """

    figures: tuple[Figure, ...]
    cash_step: Decimal | None = None

    def rounded(self, value: Decimal) -> Decimal:
        """As it is paid in cash: the value itself where the country does not round."""
        step = self.cash_step
        return (value / step).to_integral_value() * step if step else value

    def of(self, *roles: Role) -> tuple[Figure, ...]:
        """Those beside a label of one of these roles, the last of their rows, outside the tax
        summary; in reading order."""
        known = self._known.get(roles)
        if known is None:
            beside = (f for f in self._outside_tables if not f.roles.isdisjoint(roles))
            known = self._known[roles] = tuple(beside)
        return known

    @cached_property
    def _known(self) -> dict[tuple[Role, ...], tuple[Figure, ...]]:
        return {}

    @cached_property
    def _outside_tables(self) -> tuple[Figure, ...]:
        return tuple(f for f in self.figures if f.labels and f.last and not f.in_table)

    def values(self, *roles: Role) -> list[Decimal]:
        return [f.value for f in self.of(*roles)]

    @cached_property
    def roundings(self) -> list[Decimal]:
        return [v for v in self.values(Role.ROUNDING) if 0 < abs(v) < Decimal("1")]

    @cached_property
    def paid(self) -> list[Decimal]:
        taken = (-v for v in self.values(*_TAKEN_OFF) if v < 0)
        return [*(v for v in self.values(*TENDERS) if v > 0), *taken]

    @cached_property
    def totals(self) -> list[Figure]:
        """Those of rows that are mostly a total's label."""
        return [f for f in self.of(Role.TOTAL) if f.share > 0.4]

    @cached_property
    def highest_total(self) -> Decimal | None:
        return max((f.value for f in self.totals), default=None)

    @cached_property
    def vouchers(self) -> list[Figure]:
        """What a voucher pays, among the payments below the last sum called a total: a row of a
        discount's words; else, whatever it is called, what the payments lack of that total."""
        total = max(self.totals, key=lambda f: f.line.index, default=None)
        paying = {f.line.index for f in self.of(*TENDERS)}
        if total is None or not paying:
            return []
        below = [f for f in self.figures if f.last and f.line.index > total.line.index]
        beside = [f for f in below if paying & {f.line.index - 1, f.line.index + 1}]
        if called := [f for f in beside if Role.DISCOUNT in f.roles and f.share > 0.4]:
            return called
        lacking = total.value - sum(self.paid, _NOTHING)
        others = (f for f in beside if f.roles.isdisjoint(TENDERS) and not f.in_table)
        return [f for f in others if f.value == lacking > 0 and f.line.index < max(paying)][:1]

    @cached_property
    def settled(self) -> dict[Decimal, Decimal]:
        """What a total that is printed above became, and that total: more by a tip, where the sum
        of both is called a total, too; less by an insurer's part, where the rest is or was paid.
        The tip or part stands between them. Where it may be several, as of tips that are
        suggested, none; none either where the total itself was paid."""
        totals = self.of(Role.TOTAL, Role.SUBTOTAL)
        paid = self.of(Role.TOTAL, Role.WEAK_TOTAL, *TENDERS - {Role.INSURANCE})
        called = self.of(Role.TOTAL, Role.WEAK_TOTAL)
        found: dict[Decimal, Decimal] = {}
        for total in totals:
            for at, change in self._changed_below(total):
                after = total.value + change
                rows = [f.line.index for f in (called if change > 0 else paid) if f.value == after]
                if after > 0 and rows and min(rows) > at:
                    found[after] = total.value
        if len(found) != 1:
            return {}
        ((after, before),) = found.items()
        last = max(f.line.index for f in paid if f.value == after)
        less = any(f.value == before for f in self.of(*TENDERS) if f.line.index > last)
        return {} if less else found

    def _changed_below(self, total: Figure) -> Iterator[tuple[int, Decimal]]:
        """By how much each tip, and what insurers pay, change a total, and the row of it; a
        subtotal is changed by insurers alone: `Total brut`."""
        at = total.line.index
        for fee in self.of(Role.FEE) if Role.TOTAL in total.roles else ():
            if fee.line.index > at and fee.value > 0:
                yield fee.line.index, fee.value
        parts = [f for f in self.of(Role.INSURANCE) if f.line.index > at]
        for some in (parts, *([part] for part in parts if len(parts) > 1)):
            if made := sum((abs(f.value) for f in some), _NOTHING):
                yield some[-1].line.index, -made

    @cached_property
    def changes(self) -> list[Decimal]:
        return [abs(f.value) for f in self.of(Role.CHANGE) if f not in self.vouchers]


@dataclass(frozen=True)
class Accounts:
    """The sums that items, subtotals, taxes and payments make: a total is one of them.

    `offsets` are what a rounding may have added; the sets hold the values before it, but for
    those that are rounded or paid.
    """

    items: int
    offsets: set[Decimal]
    item_sums: set[Decimal]
    taxed_items: set[Decimal]
    rounded_items: set[Decimal]
    subtotals: set[Decimal]
    taxed_subtotals: set[Decimal]
    of_tax_table: set[Decimal]
    less_change: set[Decimal]
    paid: set[Decimal]
    all_paid: Decimal | None

    @classmethod
    def of(cls, sums: Sums, items: Sequence[Item], taxes: TaxTable) -> Accounts:
        extras = _extras(sums, taxes)
        item_sums = set(sums_of(items))
        subtotals = {s for s in sums.values(Role.SUBTOTAL, Role.NET_TOTAL) if s > 0}
        gross = taxes.gross
        untaxed = sum((i.amount for i in items if i.kind in ("fee", "deposit")), _NOTHING)
        paid = [*sums.paid, *(abs(f.value) for f in sums.vouchers)]
        changes = sums.changes
        return cls(
            items=len(items),
            offsets={_NOTHING, *sums.roundings},
            item_sums=item_sums,
            taxed_items={made + extra for made in item_sums for extra in extras},
            rounded_items={sums.rounded(made) for made in item_sums},
            subtotals=subtotals,
            taxed_subtotals={made + extra for made in subtotals for extra in extras},
            of_tax_table=set() if gross is None else {gross, gross + untaxed, sums.rounded(gross)},
            less_change={p - c for p in paid for c in changes if c},
            paid=set(paid),
            all_paid=sum(paid, _NOTHING) - sum(changes[:1]) if len(paid) > 1 else None,
        )


def _extras(sums: Sums, taxes: TaxTable) -> set[Decimal]:
    """What tax, fees and discounts together may add, where there is at least one of them."""
    printed = [v for v in sums.values(Role.TAX) if v > 0]
    table = [] if taxes.tax is None else [taxes.tax]
    fees = sums.values(Role.FEE)
    cuts = [abs(v) for v in sums.values(Role.DISCOUNT)]
    return {
        tax + fee - cut
        for tax in (*_one_or_all(printed), *table)
        for fee in _one_or_all(fees)
        for cut in _one_or_all(cuts)
        if tax or fee or cut
    }


def _one_or_all(amounts: Sequence[Decimal]) -> set[Decimal]:
    """None of them, one of them, or their sum."""
    return {_NOTHING, *amounts, sum(amounts, _NOTHING)}


def sums_of(items: Sequence[Item]) -> Iterator[Decimal]:
    """The sums that items may make: with everything, and with fees left out."""
    yield sum((i.amount for i in items), _NOTHING)
    if any(i.kind == "fee" for i in items):
        yield sum((i.amount for i in items if i.kind != "fee"), _NOTHING)
