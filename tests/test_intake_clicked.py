"""A click on the right words gives the value that they print, with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from preuve.intake.reviewing.clicked import Paper, Said, SaysNothing, WordAt, clicked, typed
from preuve.reading.template.fields import OwnField
from tests.paper import paper, stock

WORDS = paper(
    "EPICERIE DU PONT\n"
    "Ticket no 000417 du 03/04/2026 a 18:42\n"
    "CAFE MOULU 250G      2 x 4,20     8,40\n"
    "SERIE QE-2400 81 7736\n"
    "TOTAL23,64\n"
    "REMISE            -1 , 50 EUR\n"
    "le 31 mars 2026"
)
FRENCH = Paper(stock().bases["base.fr"], "FR", date(2026, 4, 10))


def said(
    row: int, words: str, field: str, about: Paper = FRENCH
) -> tuple[str, str, tuple[str, ...]]:
    """What a click on these words of the row gives: the value, the text it stands on, others."""
    printed = [word.text for word in WORDS[0].rows[row].words]
    wanted = words.split()
    start = next(n for n in range(len(printed)) if printed[n : n + len(wanted)] == wanted)
    at = [WordAt(1, row, start + n) for n in range(len(wanted))]
    found = clicked(WORDS, at, field, about)
    assert isinstance(found, Said), found
    assert found.pointed is not None
    return found.value, found.pointed.text, found.others


@pytest.mark.parametrize(
    ("row", "words", "field", "value", "text"),
    [
        (0, "EPICERIE DU PONT", "retailer", "EPICERIE DU PONT", "EPICERIE DU PONT"),
        (1, "03/04/2026", "purchased_on", "2026-04-03", "03/04/2026"),
        (1, "18:42", "purchased_at", "18:42", "18:42"),
        (1, "000417", "receipt_number", "000417", "000417"),
        (1, "no 000417", "receipt_number", "000417", "000417"),
        (2, "CAFE MOULU 250G", "description", "CAFE MOULU 250G", "CAFE MOULU 250G"),
        (2, "8,40", "amount", "8.40", "8,40"),
        (2, "2", "quantity", "2", "2 x"),
        (4, "TOTAL23,64", "total", "23.64", "23,64"),
        (5, "EUR", "currency", "EUR", "EUR"),
        (6, "mars", "purchased_on", "2026-03-31", "31 mars 2026"),
        (6, "31", "purchased_on", "2026-03-31", "31 mars 2026"),
    ],
)
def test_words_say_a_value(row: int, words: str, field: str, value: str, text: str) -> None:
    assert said(row, words, field)[:2] == (value, text)


def test_the_place_is_that_of_the_characters() -> None:
    found = clicked(WORDS, [WordAt(1, 4, 0)], "total", FRENCH)
    assert isinstance(found, Said)
    assert found.pointed is not None
    word = WORDS[0].rows[4].words[0].box
    assert found.pointed.place.page == 1
    assert word.left < found.pointed.place.box.left < found.pointed.place.box.right <= word.right


def test_a_part_of_an_amount_stands_for_all_of_it() -> None:
    assert said(5, "50", "amount")[0] in ("-1.50", "1.50")


def test_what_else_it_may_mean_is_told() -> None:
    assert said(1, "03/04/2026", "purchased_on")[2] == ("2026-03-04",)
    assert said(2, "2 x 4,20 8,40", "amount") == ("8.40", "8,40", ("4.20", "2"))


def test_a_day_that_had_not_come_yet_is_meant_the_other_way() -> None:
    early = replace(FRENCH, received_on=date(2026, 3, 10))
    assert said(1, "03/04/2026", "purchased_on", early)[0] == "2026-03-04"


def test_words_without_such_a_value_say_so() -> None:
    assert clicked(WORDS, [WordAt(1, 0, 0)], "total", FRENCH) == SaysNothing("EPICERIE")
    assert clicked(WORDS, [WordAt(9, 0, 0), WordAt(1, 99, 0)], "total", FRENCH) == SaysNothing("")
    assert clicked(WORDS, [], "retailer", FRENCH) == SaysNothing("")


def test_a_name_over_two_rows_is_one() -> None:
    at = [WordAt(1, 3, 0), WordAt(1, 0, 0)]
    found = clicked(WORDS, at, "retailer", FRENCH)
    assert isinstance(found, Said)
    assert found.value == "EPICERIE SERIE"


def test_a_field_of_the_templates_own_is_read_as_it_says() -> None:
    spec = OwnField(type="code", pattern="QE[0-9]{10}", normalize=("compact", "alphanumeric"))
    own = replace(FRENCH, template=FRENCH.template.model_copy(update={"fields": {"serial": spec}}))
    assert said(3, "QE-2400 81 7736", "fields.serial", own)[0] == "QE2400817736"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("12,5", "total", "12.5"),
        ("12,50 €", "total", "12.50"),
        ("1 250,00 EUR", "total", "1250.00"),
        ("-3", "amount", "-3"),
        ("14.3.26", "purchased_on", "2026-03-14"),
        ("2026-03-14", "purchased_on", "2026-03-14"),
        ("9h05", "purchased_at", "09:05"),
        ("Au Pont", "retailer", "Au Pont"),
        ("CHF", "currency", "CHF"),
        ("€", "currency", "EUR"),
    ],
)
def test_what_is_typed_is_understood_alike(text: str, field: str, value: str) -> None:
    found = typed(text, field, FRENCH)
    assert isinstance(found, Said)
    assert (found.value, found.pointed) == (value, None)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "total"),
        ("douze", "total"),
        ("12x", "total"),
        ("l2,50", "amount"),
        ("x" * 10_000, "total"),
        ("32/13/2026", "purchased_on"),
    ],
)
def test_what_is_typed_wrongly_is_told(text: str, field: str) -> None:
    assert typed(text, field, FRENCH) == SaysNothing(text)
