"""Words to values: everything that one paper says, by one template's words and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from preuve.reading.extract.accounts import Sums
from preuve.reading.extract.counts import read_item_count, read_receipt_number
from preuve.reading.extract.fields import read_fields
from preuve.reading.extract.figures import TENDERS, Figure, read_figures
from preuve.reading.extract.items import read_items
from preuve.reading.extract.labels import beside_label
from preuve.reading.extract.language import choose_country, read_currency
from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.lines import lay_out
from preuve.reading.extract.purchase import DateCandidate, rank_dates, read_time
from preuve.reading.extract.reconcile import reconcile
from preuve.reading.extract.retailer import NameCandidate, rank_names
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.tax_column import without_tax_column
from preuve.reading.extract.taxes import TaxTable, read_taxes
from preuve.reading.extract.totals import TotalCandidate, rank_totals
from preuve.reading.page import Pages
from preuve.reading.result import Context, Item, Tender, TenderKind, Value
from preuve.reading.template.model import Role

_TENDER_KINDS: dict[Role, TenderKind] = {
    Role.CASH: "cash",
    Role.CARD: "card",
    Role.MEAL_VOUCHER: "meal_voucher",
    Role.GIFT_CARD: "gift_card",
    Role.CHECK: "check",
    Role.OTHER_TENDER: "other",
    Role.INSURANCE: "other",
}


@dataclass(frozen=True)
class Extract:
    """What was found, with every candidate: `judge` decides how far to trust it."""

    sheet: Sheet
    country: str | None
    currency: Value[str] | None
    sums: Sums
    items: tuple[Item, ...]
    taxes: TaxTable
    tenders: tuple[Tender, ...]
    totals: tuple[TotalCandidate, ...]
    dates: tuple[DateCandidate, ...]
    names: tuple[NameCandidate, ...]


def extract(pages: Pages, lexicon: Lexicon, context: Context) -> Extract:
    """All values and candidates on the pages, read by the lexicon's template. Never raises."""
    sheet = without_tax_column(lay_out(pages, lexicon))
    country = choose_country(sheet, context.country)
    figures = read_figures(sheet)
    items = read_items(sheet)
    taxes = read_taxes(sheet, figures)
    sums = Sums(figures, _cash_step(lexicon, country))
    totals = rank_totals(sheet, sums, items, taxes)
    repaired = reconcile(sheet, items, totals, sums)
    if repaired is not items:
        items, totals = repaired, rank_totals(sheet, sums, repaired, taxes)
    return Extract(
        sheet=sheet,
        country=country,
        currency=read_currency(pages, lexicon, country),
        sums=sums,
        items=items,
        taxes=taxes,
        tenders=_tenders(sums),
        totals=totals,
        dates=rank_dates(sheet, country, context.received_on),
        names=rank_names(sheet),
    )


def _cash_step(lexicon: Lexicon, country: str | None) -> Decimal | None:
    known = lexicon.template.countries.get(country or "")
    return Decimal(str(known.cash_rounding)) if known and known.cash_rounding else None


def _tenders(sums: Sums) -> tuple[Tender, ...]:
    """The payment lines: the last amount beside each label of one, without a sum of the others."""
    found: list[Tender] = []
    for figure in sums.figures:
        roles = figure.roles & TENDERS
        if not roles or not figure.last or figure.in_table or not figure.value:
            continue
        if figure.share < 0.4 or figure.roles & {Role.TOTAL, Role.CHANGE}:
            continue
        role = next(r for r in _TENDER_KINDS if r in roles)
        tender = _tender(_TENDER_KINDS[role], figure)
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


def labelled_value(sheet: Sheet, sums: Sums, *roles: Role) -> Value[Decimal] | None:
    """The first sum beside one of these labels."""
    for figure in sums.of(*roles):
        amount, line = figure.amount, figure.line
        label = next(x for x in figure.labels if x.role in roles)
        rule = beside_label(sheet.lexicon.template, label)
        place = line.place(amount.start, amount.stop)
        return Value(figure.value, 0.8, rule, line.text, place)
    return None


__all__ = [
    "Extract",
    "extract",
    "labelled_value",
    "read_fields",
    "read_item_count",
    "read_receipt_number",
    "read_time",
]
