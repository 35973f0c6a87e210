"""Words to values: everything that one paper says, by one template's words and rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from preuve.reading.extract.accounts import Sums
from preuve.reading.extract.counts import read_item_count, read_receipt_number
from preuve.reading.extract.fields import read_fields
from preuve.reading.extract.figures import read_figures
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
from preuve.reading.extract.tenders import read_tenders
from preuve.reading.extract.totals import TotalCandidate, rank_totals
from preuve.reading.page import Pages
from preuve.reading.result import Context, Item, Tender, Value
from preuve.reading.template.model import Role


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
        tenders=read_tenders(sums),
        totals=totals,
        dates=rank_dates(sheet, country, context.received_on),
        names=rank_names(sheet),
    )


def _cash_step(lexicon: Lexicon, country: str | None) -> Decimal | None:
    known = lexicon.template.countries.get(country or "")
    return Decimal(str(known.cash_rounding)) if known and known.cash_rounding else None


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
