"""Words clicked on a document: what the template learns from them, and how another one reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from preuve.catalog.editing import Shown, shares_of, show, with_own_field
from preuve.reading.page import Box, Pages
from preuve.reading.result import Context, Place
from preuve.reading.template.model import Template
from preuve.reading.template.trying import Desk, Trial
from preuve.reading.template.writing import with_value
from tests.paper import paper, stock

TEXT = """\
template: it.velka
name: Velka
extends: base.de
recognize:
  names: [La Forgeria Velka]
"""
ONE = """
            LA FORGERIA VELKA
       nam Bassa 12, 99120 Valtria
       D.I.C IT00743110157
7 března 2026   14:05
PANE RUSTICO                       2,40
OLIO VERGINE                       8,90
SALE GROSSO                        3,20
Sommerzahl                        14,50
Kasse                                 4
Bon Nr  A-0417
"""
ANOTHER = ONE.replace("7 března", "19 května").replace("14,50", "15,45").replace("3,20", "4,15")
ANOTHER = ANOTHER.replace("A-0417", "B-2291")


def places(pages: Pages, words: str) -> list[Place]:
    wanted = words.split()
    for page in pages:
        for row in page.rows:
            for at in range(len(row.words)):
                run = row.words[at : at + len(wanted)]
                if [word.text for word in run] == wanted:
                    return [Place(page.number, Box.around(word.box for word in run))]
    raise AssertionError(f"{words} is not printed")


def clicked(text: str, field: str, words: str) -> Shown:
    pages = paper(ONE)
    shown = show(Desk(stock()), text, pages, field, places(pages, words), Context())
    assert isinstance(shown, Shown), shown
    return shown


def tried(text: str, document: str) -> Trial:
    desk = Desk(stock())
    template = desk.compile(text, "it.velka")
    assert isinstance(template, Template), template
    return desk.try_on(paper(document), template, Context())


def test_the_total_and_the_date_of_another_document_are_found_after_two_clicks() -> None:
    assert tried(TEXT, ANOTHER).reading.purchased_on is None

    shown = clicked(TEXT, "total", "14,50")
    shown = clicked(shown.text, "purchased_on", "7 března 2026")
    assert shown.learned.read
    assert shown.learned.value == "2026-03-07"

    after = tried(shown.text, ANOTHER)
    assert after.taken
    assert after.reading.purchased_on
    assert after.reading.purchased_on.value == date(2026, 5, 19)
    assert after.reading.total
    assert after.reading.total.value == Decimal("15.45")
    assert 'labels.total "sommerzahl"' in after.reading.total.rule


def test_a_word_that_means_something_else_in_the_base_is_struck_from_it() -> None:
    document = ONE.replace("Sommerzahl", "Sous-total")
    pages = paper(document)
    shown = show(Desk(stock()), TEXT, pages, "total", places(pages, "14,50"), Context())
    assert isinstance(shown, Shown)
    assert shown.learned.read
    total = tried(shown.text, ANOTHER.replace("Sommerzahl", "Sous-total")).reading.total
    assert total
    assert total.value == Decimal("15.45")


@pytest.mark.parametrize("words", ["7", "března", "2026", "března 2026"])
def test_a_part_of_the_date_is_enough(words: str) -> None:
    shown = clicked(TEXT, "purchased_on", words)
    assert (shown.learned.value, shown.learned.read) == ("2026-03-07", True)
    date_ = tried(shown.text, ANOTHER).reading.purchased_on
    assert date_
    assert date_.value == date(2026, 5, 19)
    assert "labels" not in shown.text


@pytest.mark.parametrize(
    ("title", "words", "kind", "another"),
    [
        ("Numéro de bon", "A-0417", "code", "B-2291"),
        ("Numéro de TVA", "IT00743110157", "code", "IT00743110157"),
        ("Ville", "Valtria", "text", "Valtria"),
    ],
)
def test_a_field_of_ones_own_is_named_and_found(
    title: str, words: str, kind: str, another: str
) -> None:
    pages = paper(ONE)
    text, name = with_own_field(Desk(stock()), TEXT, title, pages, places(pages, words))
    shown = clicked(text, f"fields.{name}", words)
    assert shown.learned.read

    (field,) = tried(shown.text, ANOTHER).reading.fields
    assert (field.title, field.type, field.name) == (title, kind, name)
    assert field.value
    assert field.value.value == another


def test_names_numbers_and_labels_are_taken_as_they_stand() -> None:
    assert "- LA FORGERIA VELKA" in clicked(TEXT, "retailer", "LA FORGERIA VELKA").text
    assert "number: IT00743110157" in clicked(TEXT, "recognize", "IT00743110157").text
    label = clicked(TEXT, "total", "Sommerzahl")
    assert (label.learned.value, label.learned.read) == ("14.50", True)


def test_a_frame_around_the_name_that_takes_words_of_the_next_row_teaches_the_name() -> None:
    unnamed = TEXT.replace("recognize:\n  names: [La Forgeria Velka]\n", "")
    pages = paper(ONE)
    framed = [*places(pages, "LA FORGERIA VELKA"), *places(pages, "nam Bassa")]
    shown = show(Desk(stock()), unnamed, pages, "retailer", framed, Context())
    assert isinstance(shown, Shown)
    assert (shown.learned.value, shown.learned.read) == ("LA FORGERIA VELKA", True)
    assert tried(shown.text, ANOTHER).taken

    assert not clicked(unnamed, "retailer", "Kasse").learned.read


@pytest.mark.parametrize(
    ("field", "words", "unclear"),
    [
        ("total", "14:05", "no_amount"),
        ("items", "D.I.C", "no_rows"),
        ("purchased_on", "4", "no_date"),
    ],
)
def test_words_that_cannot_be_the_value_are_refused(field: str, words: str, unclear: Any) -> None:
    pages = paper(ONE)
    assert show(Desk(stock()), TEXT, pages, field, places(pages, words), Context()) == unclear


def test_rows_that_are_marked_are_the_items_and_no_others() -> None:
    document = ONE.replace("SALE GROSSO", "Kasse saldo")
    pages = paper(document)
    rows = [row for row in pages[0].rows if row.text.startswith(("PANE", "OLIO"))]
    box = Box.around(row.box for row in rows)
    shown = show(Desk(stock()), TEXT, pages, "items", [Place(1, box)], Context())
    assert isinstance(shown, Shown)
    assert shown.learned.read
    items = tried(shown.text, document).reading.items
    assert [item.description for item in items] == ["PANE RUSTICO", "OLIO VERGINE"]


def test_all_mistakes_of_a_text_are_told_with_their_lines() -> None:
    wrong = TEXT + "labels: {totl: [a]}\nzones: {total: {top: 2}}\n"
    errors = Desk(stock()).compile(wrong, "it.velka")
    assert isinstance(errors, tuple)
    assert [error.mark.line for error in errors] == [6, 7]
    assert 'did you mean "total"' in errors[0].message
    (other,) = Desk(stock()).compile(TEXT, "it.other")  # type: ignore[misc]
    assert "saved as it.other" in other.message


def test_a_drawn_frame_is_a_zone_in_shares_and_zones_lie_where_they_are_relative_to() -> None:
    pages = paper(ONE)
    (frame,) = places(pages, "PANE RUSTICO")
    shares = shares_of(pages, frame)
    assert "left" not in shares
    text = with_value(TEXT, ("zones", "items"), shares)
    text = with_value(text, ("zones", "total"), {"below": ["Sommerzahl"], "above": ["Bon"]})
    desk = Desk(stock())
    template = desk.compile(text, "it.velka")
    assert isinstance(template, Template), template

    zones = desk.zones(pages, template)

    (items,), (total,) = zones["items"], zones["total"]
    assert items.box.top == pytest.approx(frame.box.top, abs=0.5)
    assert items.box.right == pytest.approx(frame.box.right, abs=0.5)
    (label,), (after,) = places(pages, "Sommerzahl"), places(pages, "Bon")
    assert (total.box.top, total.box.bottom) == (label.box.bottom, after.box.top)
