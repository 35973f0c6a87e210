"""The tax summary, found by its arithmetic: net, tax and gross on one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, permutations

from preuve.reading.extract.figures import Figure, main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.lazy import cached_property
from preuve.reading.result import TaxLine
from preuve.reading.template.model import Role

_CENT = Decimal("0.01")
_HIGHEST_RATE = Decimal(30)
_MOST_SUMS = 5


@dataclass(frozen=True)
class TaxTable:
    """The lines by rate, without their sum row; `gross` is their sum where each has one.

    `included` are the taxes of rows that print no sums beside them: "dont TVA 20 % 12,62".
    """

    lines: tuple[TaxLine, ...]
    indexes: frozenset[int]
    included: tuple[TaxLine, ...] = ()

    def is_share_of(self, total: Decimal) -> bool:
        """Whether the one tax printed without its sums is what its rate takes of the total."""
        rated = [(x.rate, x.tax) for x in self.included if x.rate]
        return not self.lines and len(rated) == 1 and is_tax_in(total, *rated[0])

    def in_total(self, total: Decimal | None) -> tuple[TaxLine, ...]:
        """What the paper says of its taxes: the table, or else the taxes without their sums, none
        more than its rate takes of the total; of a single one that total is the gross sum. One
        without its rate counts where no other is printed."""
        if self.lines or not total:
            return self.lines
        rated = [x for x in self.included if x.rate and x.tax <= _share(total, x.rate) + _CENT]
        if len(rated) == 1 and rated[0].rate and is_tax_in(total, rated[0].rate, rated[0].tax):
            return (replace(rated[0], net=total - rated[0].tax, gross=total),)
        alone = [x for x in self.included if x.tax <= _share(total, _HIGHEST_RATE)]
        return tuple(rated or (alone if len(alone) == 1 else ()))

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
    return abs(_share(gross, rate) - tax) <= _CENT


def _share(gross: Decimal, rate: Decimal) -> Decimal:
    return gross * rate / (100 + rate)


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
    indexes = frozenset(line.index for line, _ in found)
    return TaxTable(tuple(x for _, x in kept), indexes, tuple(_included(rows, rates)))


def _included(lines: Sequence[Line], rates: frozenset[Decimal]) -> Iterator[TaxLine]:
    """The taxes of rows that print no sums, each once: one or several, each behind its rate, or
    one without a rate."""
    told = set()
    for line in lines:
        if Role.TAX not in line.roles:
            continue
        for rate, tax in _rates_and_taxes(line, rates):
            if (rate is None or 0 < rate <= _HIGHEST_RATE) and tax and (rate, tax) not in told:
                told.add((rate, tax))
                yield TaxLine(rate, tax, place=line.place())


def _rates_and_taxes(
    line: Line, rates: frozenset[Decimal]
) -> Sequence[tuple[Decimal | None, Decimal]]:
    """What a row for taxes prints in turn: rates, with their sign or known, and amounts."""
    numbers = [a for a in line.amounts if a.percent or a.plain]
    behind = list(zip(numbers[::2], numbers[1::2], strict=False))
    percent = any(a.percent for a in numbers)
    rated = all(y.plain and (x.percent or (not percent and x.value in rates)) for x, y in behind)
    if rated and behind and len(numbers) == 2 * len(behind):
        return [(x.value, abs(y.value)) for x, y in behind]
    alone = len(numbers) == len(line.money) == 1 and main_role(line) is Role.TAX
    return [(None, numbers[0].value)] if alone else ()


def _tax_line(line: Line, rates: frozenset[Decimal], *, in_table: bool) -> TaxLine | None:
    said = next((abs(a.value) for a in line.amounts if a.percent), None)
    if said is not None and said > _HIGHEST_RATE:
        return None
    money = [a.value for a in line.money]
    known = [said] if said is not None else []
    if said is None and in_table:
        # Beside a code of one figure, which may be a rate somewhere, too.
        plain = [a.value for a in line.amounts if not a.signed]
        known = [v for v in plain if v in rates] if len(plain) > 2 else []
    elif said is None and {Role.TAX, Role.NET_TOTAL} <= line.roles and len(money) == 2:
        known = sorted(rates)
    maybe = known if said is not None else [*known, None]
    whole = (_whole(money, rate) for rate in maybe)
    tax = next(filter(None, chain(whole, (_by_rate(money, rate) for rate in known))), None)
    if tax is None:
        return None
    rate = _only_rate(tax, rates) if tax.rate is None else tax.rate
    return replace(tax, rate=rate, place=line.place())


def _only_rate(tax: TaxLine, rates: frozenset[Decimal]) -> Decimal | None:
    """The one known rate that makes the tax of the net sum."""
    made = [x for x in rates if tax.net and abs(tax.net * x / 100 - tax.tax) <= _CENT]
    return made[0] if len(made) == 1 else None


def _whole(sums: Sequence[Decimal], rate: Decimal | None) -> TaxLine | None:
    """Net, tax and gross among the sums of a row."""
    for net, tax, gross in permutations(_without(sums, rate), 3):
        if net + tax == gross and abs(tax) < abs(net) and _fits(net, tax, rate):
            return TaxLine(rate, tax, net, gross)
    return None


def _by_rate(sums: Sequence[Decimal], rate: Decimal) -> TaxLine | None:
    """The tax and one more sum of a row, which the rate tells from each other."""
    pairs = [(a, b) for a, b in permutations(_without(sums, rate), 2) if abs(b) < abs(a)]
    nets = [(net, tax) for a, tax in pairs for net in (a, a - tax) if _fits(net, tax, rate)]
    if not nets:
        return None
    # With two sums the larger is net or gross; the rate tells, by the smaller error.
    net, tax = min(nets, key=lambda pair: abs(pair[0] * rate / 100 - pair[1]))
    return TaxLine(rate, tax, net, net + tax)


def _without(sums: Sequence[Decimal], rate: Decimal | None) -> Sequence[Decimal]:
    """The sums without the rate that stands among them; none where they are too many."""
    money = [v for v in sums if v != rate] if rate in sums and len(sums) > 2 else sums
    return money if len(money) <= _MOST_SUMS else ()


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
        gross = sum((k.gross or Decimal(0) for _, k in kept), Decimal(0))
        called = main_role(line) in (Role.TOTAL, Role.TAX) or tax.gross == gross
        is_sum = len(kept) > 1 and tax.tax == total and called
        if not repeats and not is_sum:
            kept.append((line, tax))
    return kept
