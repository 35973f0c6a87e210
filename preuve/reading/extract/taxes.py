"""The tax summary, found by its arithmetic: net, tax and gross on one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from preuve.reading.extract.figures import Figure, main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.lazy import cached_property
from preuve.reading.result import TaxLine
from preuve.reading.template.model import Role

_CENT = Decimal("0.01")
_HIGHEST_RATE = Decimal(30)


@dataclass(frozen=True)
class TaxTable:
    """The lines by rate, without their sum row; `gross` is their sum where each has one.

    `included` are rates and taxes of rows that print nothing else: "dont TVA 20 % 12,62".
    """

    lines: tuple[TaxLine, ...]
    indexes: frozenset[int]
    included: tuple[tuple[Decimal, Decimal], ...] = ()

    def is_share_of(self, total: Decimal) -> bool:
        """Whether the one tax printed without its sums is what its rate takes of the total."""
        if self.lines or len(self.included) != 1:
            return False
        rate, tax = self.included[0]
        return is_tax_in(total, rate, tax)

    @cached_property
    def tax(self) -> Decimal | None:
        return sum((x.tax for x in self.lines), Decimal(0)) if self.lines else None

    @cached_property
    def gross(self) -> Decimal | None:
        gross = [x.gross for x in self.lines]
        if not gross or any(g is None for g in gross):
            return None
        return sum((g for g in gross if g is not None), Decimal(0))


def is_tax_in(gross: Decimal, rate: Decimal, tax: Decimal) -> bool:
    """Whether so much tax is what the rate, in percent, takes of a sum that holds it."""
    return abs(gross * rate / (100 + rate) - tax) <= _CENT


def read_taxes(sheet: Sheet, figures: tuple[Figure, ...]) -> TaxTable:
    """The tax lines of a sheet; those that a sum row repeats are not counted twice."""
    table = {f.line.index for f in figures if f.in_table}
    rates = sheet.lexicon.tax_rates
    found: list[tuple[Line, TaxLine]] = []
    rows = [line for line in sheet.lines if line.money]
    for line in rows:
        taxed = Role.TAX in line.roles or any(a.percent for a in line.amounts)
        if line.index in table or taxed:
            tax = _tax_line(line, rates, in_table=line.index in table)
            if tax:
                found.append((line, tax))
    kept = _without_sums(found)
    included = tuple(dict.fromkeys(_included(rows)))
    indexes = frozenset(line.index for line, _ in found)
    return TaxTable(tuple(x for _, x in kept), indexes, included)


def _included(lines: Sequence[Line]) -> Iterator[tuple[Decimal, Decimal]]:
    """Rate and tax of the rows that print just these."""
    for line in lines:
        rates = [a.value for a in line.amounts if a.percent]
        if Role.TAX in line.roles and len(rates) == len(line.money) == 1:
            rate, tax = rates[0], line.money[0].value
            if 0 < rate <= _HIGHEST_RATE and tax > 0:
                yield rate, tax


def _tax_line(line: Line, rates: frozenset[Decimal], *, in_table: bool) -> TaxLine | None:
    rate = next((abs(a.value) for a in line.amounts if a.percent), None)
    money = [a.value for a in line.money]
    if rate is None and in_table:
        plain = [a.value for a in line.amounts if not a.signed]
        rate = next((v for v in plain if v in rates and len(plain) > 2), None)
        if rate is not None and rate in money and len(money) > 2:
            money.remove(rate)
    if rate is not None and rate > _HIGHEST_RATE:
        return None
    if not 2 <= len(money) <= 5:
        return None
    place = line.place()
    for net, tax, gross in permutations(money, 3):
        if net + tax == gross and abs(tax) < abs(net) and _fits(net, tax, rate):
            return TaxLine(rate, tax, net, gross, place)
    if rate is None:
        return None
    pairs = [(a, b) for a, b in permutations(money, 2) if abs(b) < abs(a)]
    nets = [(net, tax) for a, tax in pairs for net in (a, a - tax) if _fits(net, tax, rate)]
    if not nets:
        return None
    # With two sums the larger is net or gross; the rate tells, by the smaller error.
    net, tax = min(nets, key=lambda pair: abs(pair[0] * rate / 100 - pair[1]))
    return TaxLine(rate, tax, net, net + tax, place)


def _fits(net: Decimal, tax: Decimal, rate: Decimal | None) -> bool:
    if rate is None:
        return net != 0 and 0 <= tax / net <= _HIGHEST_RATE / 100
    return abs(net * rate / 100 - tax) <= 2 * _CENT


def _without_sums(found: list[tuple[Line, TaxLine]]) -> list[tuple[Line, TaxLine]]:
    """Leaves out rows that repeat the sum of the rows above, or a single row once more."""
    rated = [(line, x) for line, x in found if x.rate is not None]
    unrated = [(line, x) for line, x in found if x.rate is None]
    pool = rated or unrated
    kept: list[tuple[Line, TaxLine]] = []
    for line, tax in pool:
        repeats = any((k.tax, k.net) == (tax.tax, tax.net) and k.rate == tax.rate for _, k in kept)
        total = sum((k.tax for _, k in kept), Decimal(0))
        is_sum = len(kept) > 1 and tax.tax == total and main_role(line) in (Role.TOTAL, Role.TAX)
        if not repeats and not is_sum:
            kept.append((line, tax))
    return kept
