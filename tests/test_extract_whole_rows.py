"""Rows of items that a template's pattern takes apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from preuve.reading.extract.items import read_items
from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.lines import lay_out
from preuve.reading.result import Item
from preuve.reading.template.drafting.sketch import Sketch
from preuve.reading.template.row_pattern import compile_row_pattern
from tests.paper import paper, stock


def items(pattern: str, rows: str) -> tuple[Item, ...]:
    data = {"template": "fr.shop", "name": "Shop", "row_patterns": [pattern]}
    template = Sketch(data).template(stock().bases["base.fr"])
    return read_items(lay_out(paper(f"CHEZ LUI\n{rows}\nTOTAL 9,99"), Lexicon(template)))


@pytest.mark.parametrize(
    ("pattern", "row", "description"),
    [
        ("{amount} {description}", "2,40 PAIN DE MIE", "PAIN DE MIE"),
        ("{amount} € {description}", "2,40 € PAIN 3 CEREALES", "PAIN 3 CEREALES"),
        ("{amount} € {description}", "2,40 PAIN", "PAIN"),
        ("{description} *{amount}", "PAIN *2,40", "PAIN"),
        ("{quantity} de {product_code} {description} {amount}", "2 de 84801 PAIN 2,40", "PAIN"),
        ("{quantity} st {description} till {amount}", "1 st PAIN DE MIE tilI 2,40", "PAIN DE MIE"),
        ("{description} {quantity} pcs {amount} {vat_code}", "PAIN N 4 2 PCS 2,40 B", "PAIN N 4"),
    ],
)
def test_the_parts_of_a_row_in_any_order(pattern: str, row: str, description: str) -> None:
    (item,) = items(pattern, row)

    assert (item.description, item.amount) == (description, Decimal("2.40"))


def test_every_part_has_its_field() -> None:
    (item,) = items(
        "{quantity} {product_code} {description} {unit_price} {amount} {vat_code}",
        "2 84801 PAIN DE MIE 1,20 2,40 A",
    )

    assert (item.quantity, item.unit_price) == (Decimal(2), Decimal("1.20"))
    assert (item.product_code, item.vat_code) == ("84801", "A")


def test_a_row_that_no_pattern_fits_is_read_as_without() -> None:
    found = items("{amount} sur {description}", "2,40 sur PAIN\nLAIT   1,10")

    assert [item.description for item in found] == ["PAIN", "LAIT"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{description}", "neither"),
        ("{description} {unit_price}", "without {amount}"),
        ("{amount} {amount}", "twice"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        compile_row_pattern(pattern)
