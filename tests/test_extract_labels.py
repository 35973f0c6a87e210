"""Labels are found as they are printed, and as engines misread them."""

from __future__ import annotations

import pytest

from preuve.reading.extract.labels import LabelIndex
from preuve.reading.extract.text import fold
from preuve.reading.template.model import Role

INDEX = LabelIndex(
    [
        (Role.TOTAL, "total"),
        (Role.TOTAL, "net à payer"),
        (Role.SUBTOTAL, "sous total"),
        (Role.TAX, "total tva"),
        (Role.CASH, "espèces"),
        (Role.NOT_RETAILER, "taman"),
    ]
)


def roles(text: str) -> list[Role]:
    return [label.role for label in INDEX.find(fold(text))]


def test_the_longest_phrase_wins() -> None:
    assert roles("SOUS-TOTAL 12,00") == [Role.SUBTOTAL]
    assert roles("Total TVA 1,50") == [Role.TAX]
    assert roles("Total 12,00") == [Role.TOTAL]


def test_lost_spaces_and_accents_do_not_matter() -> None:
    assert roles("NETAPAYER") == [Role.TOTAL]
    assert roles("Especes") == [Role.CASH]


def test_one_wrong_letter_is_forgiven_in_a_long_word() -> None:
    assert roles("T0TAL") == [Role.TOTAL]
    assert roles("ESPECFS") == [Role.CASH]
    assert roles("TOTXYL") == []


def test_no_letter_is_forgiven_where_a_file_brings_its_words() -> None:
    assert roles("TOTAI") == [Role.TOTAL]
    assert INDEX.find(fold("TOTAI"), forgiving=False) == ()
    assert [x.role for x in INDEX.find(fold("Total"), forgiving=False)] == [Role.TOTAL]


def test_everyday_words_are_not_forgiven() -> None:
    assert roles("AMANO") == []
    assert roles("TAMAN") == [Role.NOT_RETAILER]


def test_two_labels_on_a_row_stay_two() -> None:
    assert roles("Total 12,00 Espèces 20,00") == [Role.TOTAL, Role.CASH]


def test_a_letter_is_forgiven_only_for_one_that_looks_like_it() -> None:
    assert roles("TOTAL TUA") == [Role.TAX]
    assert roles("TOTAL TPA 12,00") == [Role.TOTAL]


def test_a_v_in_the_type_of_a_till_may_look_like_a_u() -> None:
    index = LabelIndex([(Role.TAX, "TVA"), (Role.DATE, "du")])
    assert [label.role for label in index.find(("tua",))] == [Role.TAX]
    assert [label.role for label in index.find(("du",))] == [Role.DATE]


def test_a_label_takes_no_letter_of_the_value_beside_it() -> None:
    index = LabelIndex([(Role.RECEIPT_NUMBER, "n commande")])
    (label,) = index.find(("n", "commande", "c", "88121"))
    assert (label.exact, label.stop) == (True, 2)


@pytest.mark.parametrize(
    ("row", "role"),
    [
        ("Total Sales (Inclusive of GST)", Role.TOTAL),
        ("Total Amount Payable incl. 6% GST", Role.TOTAL),
        ("Total Amount excl. of GST", Role.NET_TOTAL),
        ("Total GST", Role.TAX),
    ],
)
def test_a_total_says_which_tax_is_in_it(row: str, role: Role) -> None:
    index = LabelIndex(
        [
            *((Role.TOTAL, x) for x in ("total", "total sales", "total amount", "total amt incl")),
            *((Role.TOTAL, x) for x in ("total incl gst", "total inclusive of gst")),
            (Role.NET_TOTAL, "total excl of gst"),
            *((Role.TAX, x) for x in ("gst", "total gst")),
        ]
    )
    assert index.find(fold(row))[0].role is role


def test_a_tax_behind_a_sum_is_none_of_its_label() -> None:
    index = LabelIndex([(Role.TOTAL, "total"), (Role.TOTAL, "total incl gst"), (Role.TAX, "gst")])
    found = index.find(fold("Total 12.00 incl GST 0.68"))
    assert [label.role for label in found] == [Role.TOTAL, Role.TAX]


def test_a_tax_that_is_in_a_total_may_have_that_word_in_its_own_label() -> None:
    index = LabelIndex(
        [
            *((Role.TOTAL, x) for x in ("totaal", "totaal incl. btw", "eindtotaal")),
            *((Role.TAX, x) for x in ("btw", "incl. btw")),
        ]
    )
    found = index.find(fold("Eindtotaal incl. btw 33,45"))
    assert [(x.role, x.length) for x in found] == [(Role.TOTAL, 3)]
