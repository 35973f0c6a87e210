"""From what an operator enters to an amendment, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from pydantic import ValidationError

from console.correction import Entered, Entry, Form, Line
from console.words import keys
from preuve.intake import Paper, WordAt
from preuve.reading.page import Box
from preuve.reading.result import Field, Place, Reading
from preuve.reasons import ReasonCode
from tests.factories import item, reading, value
from tests.paper import paper, stock

FRENCH = Paper(stock().bases["base.fr"], "FR", date(2026, 3, 14))
PLACE = Place(1, Box(1, 2, 3, 4))
READ = replace(
    reading(),
    fields=(Field("serial", "Numéro de série", "code", value=value("QE1")),),
    items=(
        item("CAFÉ MOULU 250G", "4.20", product_code="3017620422003", place=PLACE),
        item("REMISE", "-1.00", kind="discount"),
    ),
)


def form(entered: Entered = Entered(), read: Reading = READ, language: str = "fr") -> Form:
    return Form(read, entered, language)


def texts(shown: Form) -> dict[str, str]:
    return {field.name: field.entry.text for field in shown.fields()}


def entered(**values: str) -> Entered:
    given = Entered()
    for name, text in values.items():
        given = given.with_value(name, form().from_typing(text, name, FRENCH))
    return given


def test_what_was_read_stands_in_the_boxes_as_people_write_it() -> None:
    assert texts(form()) == {
        "retailer": "Épicerie du Pont",
        "purchased_on": "13/03/2026",
        "purchased_at": "18:42",
        "total": "12,50",
        "currency": "EUR",
        "receipt_number": "000417",
        "fields.serial": "QE1",
    }
    assert texts(form(language="en"))["total"] == "12.50"


def test_what_was_entered_stands_in_their_place() -> None:
    shown = form(entered(total="9,9"))
    total = next(field for field in shown.fields() if field.name == "total")
    assert (total.entry.text, total.entry.value, total.entered) == ("9,9", "9.9", True)
    assert total.confidence is None
    assert shown.total() == Decimal("9.9")


def test_untouched_it_is_accepted_as_read() -> None:
    assert form().amendment({}).model_dump(exclude_unset=True) == {}


def test_every_value_becomes_the_amendments() -> None:
    given = entered(
        retailer="Au Pont", purchased_on="14/03/2026", purchased_at="9h05", total="9,90"
    )
    given = given.with_value("fields.serial", Entry(text="QE2", value="QE2"))
    made = form(given).amendment({"au pont": "fr.pont"})
    assert made.retailer_name == "Au Pont"
    assert made.retailer_key == "fr.pont"
    assert made.purchased_on == date(2026, 3, 14)
    assert made.purchased_at == time(9, 5)
    assert made.total == Decimal("9.90")
    assert made.fields == {"serial": "QE2"}
    assert made.items is None


def test_an_emptied_box_takes_a_value_away_where_it_may_be_missing() -> None:
    given = entered(receipt_number="", purchased_at=" ")
    assert form(given).wrong() == {}
    assert set(form(given).amendment({}).absent) == {"receipt_number", "purchased_at"}
    assert form(entered(total="")).wrong() == {"total": "empty"}


def test_what_is_not_understood_keeps_it_from_being_accepted() -> None:
    given = entered(total="douze", purchased_on="32/13/2026")
    assert form(given).wrong() == {"total": "not_understood", "purchased_on": "not_understood"}


def test_ten_thousand_characters_are_no_value() -> None:
    with pytest.raises(ValidationError):
        form().from_typing("x" * 10_000, "retailer", FRENCH)


def test_words_on_the_picture_keep_their_place() -> None:
    words = paper("TOTAL 9,90")
    entry = form().from_words(words, [WordAt(1, 0, 1)], "total", FRENCH)
    assert entry is not None
    assert (entry.text, entry.value) == ("9,90", "9.90")
    made = form(Entered().with_value("total", entry)).amendment({})
    assert made.pointed["total"].text == "9,90"
    assert form().from_words(words, [WordAt(1, 0, 0)], "total", FRENCH) is None


def test_the_items_are_summed_while_they_are_entered() -> None:
    shown = form()
    assert shown.sum_of_lines() == Decimal("3.20")
    first, second = shown.lines()
    dearer = Entry(text="5,20", value="5.20")
    changed = form(Entered().with_lines([with_amount(first, dearer), second]))
    assert changed.sum_of_lines() == Decimal("4.20")
    open_one = form(Entered().with_lines([with_amount(first, Entry(text="x")), second]))
    assert open_one.sum_of_lines() is None
    assert open_one.wrong() == {"items.0.amount": "not_understood"}


def test_an_item_keeps_what_was_not_touched() -> None:
    first, second = form().lines()
    added = Line(
        cells={
            "description": Entry(text="PAIN", value="PAIN"),
            "quantity": Entry(text=""),
            "amount": Entry(text="-2", value="-2"),
        }
    )
    lines = [with_amount(first, Entry(text="5,20", value="5.20")), second, added]
    made = form(Entered().with_lines(lines)).amendment({})
    assert made.items is not None
    assert [(i.description, i.amount, i.kind) for i in made.items] == [
        ("CAFÉ MOULU 250G", Decimal("5.20"), "product"),
        ("REMISE", Decimal("-1.00"), "discount"),
        ("PAIN", Decimal("-2"), "discount"),
    ]
    assert (made.items[0].product_code, made.items[0].place) == ("3017620422003", PLACE)


def with_amount(line: Line, amount: Entry) -> Line:
    return line.model_copy(update={"cells": {**line.cells, "amount": amount}})


def test_a_draft_comes_back_as_it_was() -> None:
    given = entered(total="9,9", retailer="Au Pont").with_lines(form().lines())
    assert Entered.model_validate(given.model_dump(mode="json")) == given


def test_every_reason_is_told_to_operators() -> None:
    told = {key.removeprefix("reasons.") for key in keys() if key.startswith("reasons.")}
    assert told == {str(code) for code in ReasonCode}
