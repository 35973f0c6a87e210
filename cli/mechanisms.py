"""The reading's mechanisms, each with the seam at which it can be taken out.

A seam is a function of the reading room, by its name where it is called; what stands in for it
does as if the mechanism had found nothing. The reading itself has no switches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from preuve.reading import extract, header, judge, pipeline
from preuve.reading.extract import (
    figures,
    items,
    lines,
    name_evidence,
    name_rows,
    purchase,
    retailer,
    sheet,
    totals,
)
from preuve.reading.extract.amounts import AmountReader
from preuve.reading.extract.labels import LabelIndex
from preuve.reading.extract.sheet import Sheet
from preuve.reading.page import Page, Pages, Row, Word
from preuve.reading.template.match import NoMatch

StandIn = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True)
class Seam:
    """Where (a module or class) and under which name the function is called."""

    where: Any
    name: str
    stand_in: StandIn


@dataclass(frozen=True)
class Mechanism:
    name: str
    seams: tuple[Seam, ...]

    @contextmanager
    def taken_out(self) -> Iterator[None]:
        with ExitStack() as stack:
            for seam in self.seams:
                original = getattr(seam.where, seam.name)
                stack.callback(setattr, seam.where, seam.name, original)
                setattr(seam.where, seam.name, seam.stand_in(original))
            yield


def mechanisms() -> tuple[Mechanism, ...]:
    """All of them, in the order of the table."""
    return (
        _one("templates of retailers", pipeline, "match", _always(NoMatch())),
        _one("base by the paper's words (else English)", pipeline, "choose_base", _english),
        _one("country by words and signs", extract, "choose_country", _always(None)),
        _one("rows by lean (else by height alone)", extract, "lay_out", _with_pages(_flat_rows)),
        _one("labels with one letter misread", LabelIndex, "_forgiven", _always([])),
        _one("labels above or below an amount", figures, "_label_nearby", _own_row),
        _one("amounts whose decimal mark is damaged", AmountReader, "find_damaged", _always(())),
        _one("total: its label", totals, "_label_evidence", _unlabelled),
        _one("total: items make it", totals, "_confirmed", _without("items", "single item")),
        _one("total: the tax table makes it", totals, "_confirmed", _without("taxes")),
        _one("total: subtotal and taxes make it", totals, "_confirmed", _without("subtotal")),
        _one("total: tender and change", totals, "_confirmed", _without("tender", "change")),
        _one(
            "total: cash rounding",
            totals,
            "_against",
            _without("before rounding", "rounding"),
        ),
        _one("engines' other readings", Sheet, "other_values", _always({})),
        _one("items repaired by arithmetic", extract, "reconcile", _given(1)),
        _one("items: names one row up", items, "names_one_row_up", _given(0)),
        _one("items: names over several rows", items, "whole_names", _given(1)),
        Mechanism(
            "items: columns and leading of a letter's table",
            (
                Seam(items, "in_columns", _given(1)),
                Seam(items, "by_leading", _given(1)),
            ),
        ),
        _one("photos that overlap", lines, "_overlap", _always(0)),
        _one("date: labels of other dates", purchase, "labelled", _without_other_dates()),
        Mechanism(
            "date: the time beside it",
            (
                Seam(purchase, "_time_beside", _always(None)),
                Seam(purchase, "_around", _always([])),
            ),
        ),
        _one("date: order by country", extract, "rank_dates", _no_country),
        _one("date: order by other dates", purchase, "_in_best_order", _first_order),
        Mechanism(
            "barcodes and QR codes",
            (
                Seam(sheet, "read_facts", _always(None)),
                Seam(sheet, "digits_of_dates", _always(())),
            ),
        ),
        _one("name: over several rows", retailer, "name_of", _first_row),
        _one(
            "name: legal form",
            retailer,
            "weigh",
            _without(
                "legal form",
                "legal form as usual",
                "ends in its legal form",
                "begins with the name above",
            ),
        ),
        _one("name: a company above its sign", retailer, "_is_over_sign", _always(False)),
        _one("name: the only one above the address", retailer, "_alone", _given(2)),
        _one("name: behind a greeting", name_rows, "_without_greeting", _given(1)),
        _one("name: not the town", retailer, "weigh", _without("a town")),
        _one(
            "name: web address",
            retailer,
            "weigh",
            _without("as the web address", "nearly as the web address"),
        ),
        _one("name: blocks of a letter", retailer, "read_letterhead", _always(None)),
        _one("name: what is no name", name_evidence, "_against", _always(())),
        _one("name: more than first and large", judge, "is_borne_out", _always(True)),
        _one("name: company as its template spells it", header, "legal_name", _given(0)),
        _one("name: as a row that was read better", retailer, "_as_spelled_again", _given(1)),
        _one("doubt: two amounts may be the total", judge, "_two_totals", _always(())),
        _one("doubt: no receipt of a purchase", judge, "_no_purchase", _always(())),
        _one("two receipts in one photo", pipeline, "shows_two", _always(False)),
    )


def _one(name: str, where: Any, attribute: str, stand_in: StandIn) -> Mechanism:
    return Mechanism(name, (Seam(where, attribute, stand_in),))


def _always(answer: Any) -> StandIn:
    return lambda _: lambda *_, **__: answer


def _given(number: int) -> StandIn:
    """Leaves what it is given, by the number of the argument, as it is."""
    return lambda _: lambda *given, **__: given[number]


def _without(*names: str) -> StandIn:
    """The same evidence but for these."""
    return lambda original: lambda *all_: (e for e in original(*all_) if e.name not in names)


def _without_other_dates() -> StandIn:
    return _without("another date's label", "another date's label above")


def _with_pages(changed: Callable[[Page], Page]) -> StandIn:
    def stand_in(original: Callable[..., Any]) -> Callable[..., Any]:
        def on_changed(pages: Pages, *more: Any) -> Any:
            return original(tuple(changed(page) for page in pages), *more)

        return on_changed

    return stand_in


def _flat_rows(page: Page) -> Page:
    """Words side by side by the middle of their boxes alone."""
    if page.source != "ocr":
        return page
    rows: list[list[Word]] = []
    words = (word for row in page.rows for word in row.words)
    for word in sorted(words, key=lambda one: one.box.center[1]):
        last = rows[-1][-1].box if rows else None
        if last and word.box.center[1] - last.center[1] < last.height / 2:
            rows[-1].append(word)
        else:
            rows.append([word])
    in_order = (tuple(sorted(row, key=lambda one: one.box.left)) for row in rows)
    return replace(page, rows=tuple(Row(words) for words in in_order))


def _english(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _, bases: next(base for base in bases if base.template.language == "en")


def _own_row(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _, line, *__: (line, ())


def _unlabelled(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _: totals.Evidence("label", 0.0)


def _no_country(original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda sheet, _, *more: original(sheet, None, *more)


def _first_order(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda printed, *_: (printed.value, [])


def _first_row(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _, rows, *__: (name_rows.clean(rows[0].text), 1)
