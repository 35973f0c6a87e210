"""Rows read otherwise than the engine did first, where that makes the items add up."""

from __future__ import annotations

from decimal import Decimal

from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading
from tests.paper import doubted, paper, stock

HEAD = "# AU BON PANIER\n12 rue Haute 99100 VALBRUN\n14/11/2026 18:42\n"


def read(text: str, other: dict[str, tuple[str, float]] | None = None) -> Reading:
    """The reading of a typed receipt; `other` has a word's second reading and how sure it is."""
    pages = doubted(paper(HEAD + text), other or {})
    return understand(pages, stock(), Context())[0]


def amounts(reading: Reading) -> list[Decimal]:
    return [item.amount for item in reading.items]


def test_digits_on_several_rows_are_taken_as_they_make_the_sum() -> None:
    text = """
ALLUMETTES       8,18
SUCRE ROUX       2,35
FARINE           1,88
TOTAL           11,53
CB              11,53
"""
    reading = read(text, {"8,18": ("8,10", 0.3), "1,88": ("1,08", 0.2), "2,35": ("2,85", 0.1)})
    assert amounts(reading) == [Decimal("8.10"), Decimal("2.35"), Decimal("1.08")]


def test_the_likelier_of_two_changes_is_made() -> None:
    text = "SEL     1,80\nPOIVRE  2,80\nTOTAL   4,10\nCB      4,10"
    likely = read(text, {"1,80": ("1,30", 0.4), "2,80": ("2,30", 0.05)})
    assert amounts(likely) == [Decimal("1.30"), Decimal("2.80")]
    either = read(text, {"1,80": ("1,30", 0.2), "2,80": ("2,30", 0.2)})
    assert amounts(either) == [Decimal("1.80"), Decimal("2.80")]


def test_an_eight_is_a_zero_with_a_stroke_where_only_that_adds_up() -> None:
    reading = read("CROISSANT  4,28\nPAIN       2,95\nTOTAL      7,15\nCB         7,15")
    assert amounts(reading) == [Decimal("4.20"), Decimal("2.95")]


def test_a_mark_read_as_a_stroke_and_a_recap_of_discounts() -> None:
    text = """
1 ETUI RIGIDE     12/19
1 MONTURE ACETATE 96,59
REMISE            -3,05
TOTAL AVANTAGE    -3,05
NET A PAYER      105,73
CB               105,73
"""
    assert amounts(read(text)) == [Decimal("12.19"), Decimal("96.59"), Decimal("-3.05")]


def test_a_row_that_repeats_the_total_is_no_item() -> None:
    text = """
DEBIT            98,46
CHAUSSETTES       8,15
CHAUSSURE RANDO  90,31
TOTAL A PAYER    98,46
REGLEMENT CB     98,46
"""
    assert [i.description for i in read(text).items] == ["CHAUSSETTES", "CHAUSSURE RANDO"]


def test_what_any_sum_could_be_made_of_changes_nothing() -> None:
    rows = [f"ARTICLE {n:02}   {n},{n * 7 % 90 + 10}" for n in range(1, 16)]
    other = {
        row.split()[-1]: (row.split()[-1][:-1] + str(n % 10), 0.3) for n, row in enumerate(rows)
    }
    text = "\n".join([*rows, "TOTAL     123,33", "CB        123,33"])
    before = [Decimal(row.split()[-1].replace(",", ".")) for row in rows]
    assert amounts(read(text, other)) == before


def test_the_lost_minus_of_what_takes_off() -> None:
    text = "YAOURT     5,20\nCOUPE     20,00\n-20% COUPE 4,00\nRETOUR YAOURT 5,20\nTOTAL 16,00"
    assert [str(i.amount) for i in read(text).items] == ["5.20", "20.00", "-4.00", "-5.20"]


def test_an_unreadable_discount_is_its_share_of_the_amount_above() -> None:
    text = "FLOCONS   1,95\nREMISE 20% BU\nTOFU      3,99\nPROMO -10% B 10\nTOTAL     5,15"
    items = read(text).items
    assert [str(i.amount) for i in items] == ["1.95", "-0.39", "3.99", "-0.40"]
    assert [i.description for i in items] == ["FLOCONS", "REMISE 20%", "TOFU", "PROMO -10%"]


def test_savings_that_sum_the_discounts_above_them_are_none_of_their_own() -> None:
    text = """
COUCHES          3,75
COUCHES          3,75
VIN ROUGE        4,05
SOUS-TOTAL      11,55
COUCHES 2 POUR 6 EUR   -1,50
VOS ECONOMIES   -1,50
TOTAL           10,05
CB              10,05
"""
    assert amounts(read(text))[-2:] == [Decimal("4.05"), Decimal("-1.50")]
