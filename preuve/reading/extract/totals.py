"""The total: every sum on the paper is a candidate, and all evidence for and against is added.

Weights are log-odds by judgement, checked on the benchmark; the confidence that comes out is a
calibrated function of them (`judge.py`), never a weight itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from preuve.messages import Message, listed, say
from preuve.reading.extract.accounts import Accounts, Sums
from preuve.reading.extract.figures import Figure
from preuve.reading.extract.second_readings import cut_short, not_read, second_readings
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.taxes import TaxTable
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.result import Candidate, Item
from preuve.reading.template.model import Role

_LABEL_WEIGHT = {
    Role.TOTAL: 4.0,
    Role.WEAK_TOTAL: 1.5,
    Role.SUBTOTAL: 0.5,
    Role.NET_TOTAL: -2.0,
    Role.TAX: -3.0,
    Role.ROUNDING: -4.0,
    Role.CHANGE: -3.0,
    Role.CASH: 0.0,
    Role.CARD: 1.5,
    Role.MEAL_VOUCHER: 0.3,
    Role.GIFT_CARD: 0.0,
    Role.CHECK: 1.0,
    Role.OTHER_TENDER: 1.0,
    Role.INSURANCE: -2.0,
    Role.ITEM_COUNT: -2.0,
    Role.SAVINGS: -3.0,
    Role.IGNORE: -3.0,
    Role.DISCOUNT: -3.0,
    Role.DEPOSIT: -2.0,
    Role.REFUND: -2.0,
    Role.FEE: -2.0,
}
_ROUNDED_TOTAL = 3.0
"""A sum of one or more beside a word for rounding is the total after it, not the rounding."""

CONFIRMATIONS = frozenset({"items", "taxes", "subtotal", "change", "tender", "rounding", "code"})
_STEP = Decimal("0.05")
"""What a printed rounding leads to where the country is not known to round."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for (or against) a candidate, with its weight; `name` is a message."""

    name: str
    weight: float
    detail: str = ""


def why(evidence: Iterable[Evidence]) -> Message:
    """All that speaks for and against a candidate, in words."""
    return listed([_weighed(one.name, one.weight) for one in evidence], ", ")


@lru_cache(maxsize=4096)
def _weighed(name: str, weight: float) -> Message:
    return say("{what} {weight:+.1f}", what=name, weight=weight)


@quickly_made
@dataclass(frozen=True, slots=True)
class TotalCandidate(Keeping):
    """A value that may be the total, the figure that prints it best, and the evidence."""

    value: Decimal
    figure: Figure
    evidence: tuple[Evidence, ...]

    @cached_property
    def score(self) -> float:
        return sum(e.weight for e in self.evidence)

    @property
    def confirmed_by(self) -> frozenset[str]:
        """The independent checks that this value passes."""
        return frozenset(e.name for e in self.evidence) & CONFIRMATIONS

    def as_candidate(self) -> Candidate:
        amount = self.figure.amount
        place = self.figure.line.place(amount.start, amount.stop)
        return Candidate(self.figure.line.text, round(self.score, 2), why(self.evidence), place)


def rank_totals(
    sheet: Sheet, sums: Sums, items: Sequence[Item], taxes: TaxTable
) -> tuple[TotalCandidate, ...]:
    """All candidates for the total, the best first."""
    placed = [f for f in sums.figures if sheet.in_zone("total", f.line)]
    positive = [f for f in placed if f.value > 0]
    by_value: dict[Decimal, list[Figure]] = {}
    for figure in (*positive, *_nothing_due(placed, items)):
        by_value.setdefault(figure.value, []).append(figure)
    second = dict(second_readings(sheet, positive, by_value))
    accounts = Accounts.of(sums, items, taxes)
    second.update(cut_short(sheet, placed, items, by_value))
    second.update(not_read(sheet, placed, items, accounts.less_change))
    ranked = []
    for value, same in by_value.items():
        labels = [_label_evidence(figure) for figure in same]
        label, best = max(zip(labels, same, strict=True), key=_by_label)
        evidence = (
            label,
            *_printed(best, same),
            *_confirmed_as_settled(value, sums.settled, accounts, taxes),
            *_against(value, best, sums, taxes, by_value),
            *(() if value in sums.settled else _pays_a_part(value, accounts, by_value)),
            *_coded(sheet, value),
        )
        ranked.append(TotalCandidate(value, best, evidence))
    for value, figure in second.items():
        evidence = (
            _label_evidence(figure),
            Evidence("second reading", -2.0, f"first read {figure.amount.text}"),
            *_confirmed(value, accounts, taxes),
            *_coded(sheet, value),
        )
        ranked.append(TotalCandidate(value, figure, evidence))
    ranked.sort(key=lambda c: (c.score, c.value), reverse=True)
    return tuple(ranked)


def _by_label(one: tuple[Evidence, Figure]) -> tuple[float, int]:
    label, figure = one
    return label.weight, figure.line.index


def _nothing_due(figures: Sequence[Figure], items: Sequence[Item]) -> Iterator[Figure]:
    """Totals of zero or less: a meal on the house, or more taken back than bought.

    Taken where the items make it, or where no sum above zero is called a total.
    """
    made = sum((i.amount for i in items), Decimal(0))
    called = [f for f in figures if f.roles == {Role.TOTAL} and f.last and not f.in_table]
    owing = any(f.value > 0 for f in called)
    for figure in called:
        if (items and figure.value == made <= 0) or (figure.value < 0 and not owing):
            yield figure


def _coded(sheet: Sheet, value: Decimal) -> Iterator[Evidence]:
    code = sheet.code
    if code is None or not code.total:
        return
    if code.total == value:
        yield Evidence("code", 5.0, f"the {code.scheme} code says so")
    else:
        yield Evidence("code says otherwise", -1.0, f"{code.scheme} {code.total}")


def _label_evidence(figure: Figure) -> Evidence:
    if not figure.labels:
        return Evidence("no label", -1.5)
    weights = [_LABEL_WEIGHT.get(role, 0.0) for role in figure.roles]
    if Role.ROUNDING in figure.roles and abs(figure.value) >= 1:
        weights = [_ROUNDED_TOTAL]
    weight = max(weights) if min(weights) >= 0 else sum(weights) / len(weights)
    if weight > 0:
        weight *= 0.4 + 0.6 * min(1.0, figure.share * 1.2)
        if not figure.beside:
            weight *= 0.8
        if not figure.last:
            weight *= 0.5
    if figure.in_table:
        weight -= 3.0
    role = "/".join(sorted(figure.roles))
    return Evidence("label", weight, f'{role} "{figure.phrase}"')


def _printed(best: Figure, same: Sequence[Figure]) -> Iterator[Evidence]:
    if len(same) > 1:
        others = {f.line.index for f in same if f.labels and not f.in_table} - {best.line.index}
        if others:
            yield Evidence("printed again", 0.6 * min(2, len(others)))
    if best.amount.signed and Role.TOTAL in best.roles:
        yield Evidence("currency sign", 0.3)


def _confirmed(value: Decimal, accounts: Accounts, taxes: TaxTable) -> Iterator[Evidence]:
    """The checks that a value passes, each independent of the label that it stands beside."""
    nets = {value - offset for offset in accounts.offsets}
    items = accounts.items
    if items > 1 and nets & accounts.item_sums:
        yield Evidence("items", 3.0, "items make the total")
    elif items > 1 and nets & accounts.taxed_items:
        yield Evidence("items", 2.5, "items and taxes make the total")
    elif items == 1 and nets & accounts.item_sums:
        yield Evidence("single item", 1.0)
    elif items == 1 and nets & accounts.taxed_items:
        yield Evidence("single item", 1.5, "the item and taxes make the total")
    elif items > 1 and value in accounts.rounded_items:
        yield Evidence("items", 2.0, "items make the total, rounded")
    if accounts.subtotals - {value} and nets & accounts.taxed_subtotals:
        yield Evidence("subtotal", 2.5, "subtotal and taxes make the total")
    if nets & accounts.of_tax_table:
        yield Evidence("taxes", 2.5, "the tax summary makes the total")
    elif taxes.is_share_of(value):
        yield Evidence("taxes", 2.0, "the tax in it is the rate's share of the total")
    if value in accounts.less_change:
        yield Evidence("change", 3.5, "paid minus change is the total")
    elif value in accounts.paid:
        yield Evidence("tender", 1.5, "stands beside the payment")
    elif value == accounts.all_paid:
        yield Evidence("tender", 2.5, "the payments make the total")


def _confirmed_as_settled(
    value: Decimal, settled: Mapping[Decimal, Decimal], accounts: Accounts, taxes: TaxTable
) -> Iterator[Evidence]:
    """As `_confirmed`; what makes the total before a tip, or an insurer's part, makes the one
    after it."""
    if value in settled.values():
        yield Evidence("before a tip or an insurer's part", -4.0)
        return
    before = settled.get(value)
    if before is None:
        yield from _confirmed(value, accounts, taxes)
        return
    confirmed = (tuple(_confirmed(v, accounts, taxes)) for v in (value, before))
    yield from max(confirmed, key=lambda checks: sum(e.weight for e in checks))
    if value in accounts.paid and before not in accounts.paid:
        yield Evidence("tender", 1.5, "the payment is what is left or has the tip in it")


def _pays_a_part(
    value: Decimal, accounts: Accounts, known: Mapping[Decimal, list[Figure]]
) -> Iterator[Evidence]:
    """Whether the value is one of several payments, which together make another printed sum."""
    whole = accounts.all_paid
    if whole is not None and whole != value and whole in known and value in accounts.paid:
        yield Evidence("a part of what was paid", -2.0)


def _against(
    value: Decimal,
    best: Figure,
    sums: Sums,
    taxes: TaxTable,
    by_value: dict[Decimal, list[Figure]],
) -> Iterator[Evidence]:
    cash = sums.rounded(value)
    if cash != value and any(
        Role.TOTAL in f.roles and not f.in_table for f in by_value.get(cash, ())
    ):
        yield Evidence("before rounding", -3.0, f"{cash} is printed as a total too")
    step = sums.cash_step or _STEP
    for rounding in sums.roundings:
        for sign in (1, -1):
            rounded = value + sign * rounding
            if rounded != value and rounded in by_value and rounded % step == 0 != value % step:
                yield Evidence("before rounding", -3.0, f"{rounded} follows")
        if any(value - s in by_value for s in (rounding, -rounding)) and value % step == 0:
            yield Evidence("rounding", 2.0, "the total after rounding")
    highest = sums.highest_total
    above = highest is not None and value > highest and Role.TOTAL not in best.roles
    if above and value not in sums.settled:
        yield Evidence("above every total", -1.5)
    if not taxes.lines or value == taxes.gross:
        return
    if value == taxes.tax:
        yield Evidence("is the tax", -2.5)
    if taxes.tax and any(line.net == value for line in taxes.lines):
        yield Evidence("is a net sum", -1.5)
