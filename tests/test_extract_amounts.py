"""Amounts as tills print them and engines misread them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from preuve.reading.extract.amounts import AmountReader
from preuve.reading.template.model import Numbers

FRENCH = AmountReader(Numbers(decimal=(",", "."), group=(" ", ".")), ("€", "EUR"))
INDONESIAN = AmountReader(Numbers(decimal=(",", "."), group=(".", ","), decimals=0), ("Rp",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("28,87", "28.87"),
        ("CARTE POSTALE.......1,20", "1.20"),
        ("1,46 EUR B", "1.46"),
        ("2,35EUR A", "2.35"),
        ("11.60€", "11.60"),
        ("€ 9,50", "9.50"),
        ("1 234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("12 ,50", "12.50"),
        ("0,25*C", "0.25"),
        ("-0.71", "-0.71"),
        ("0,45-V", "-0.45"),
        ("(1,20)", "-1.20"),
        ("1,4D CW", "1.40"),
        ("O,99", "0.99"),
        ("1:06 EUR A", "1.06"),
        ("CARTE (1x11.60€)", "11.60"),
        ("TOTAL:12,50", "12.50"),
        ("TVA :2,60", "2.60"),
    ],
)
def test_reads_a_sum_of_money(text: str, value: str) -> None:
    plain = [a.value for a in FRENCH.find(text) if a.plain]
    assert plain == [Decimal(value)]


@pytest.mark.parametrize(
    "text",
    [
        "17/01/2025 14:08",
        "30.11.2023",
        "192.168.1.20",
        "1.00.00",
        "12:30",
        "Heure:14.32",
        "Le:12,05,26",
    ],
)
def test_dates_times_and_versions_are_no_sums(text: str) -> None:
    assert not [a for a in FRENCH.find(text) if a.plain]


def test_percent_and_weight_are_told_apart() -> None:
    rate, weight, price = FRENCH.find("5,50% 0,543 kg 3,99")
    assert rate.percent
    assert weight.measured
    assert not weight.plain
    assert price.plain
    assert not price.measured


def test_a_country_without_cents_groups_by_three() -> None:
    assert [(a.value, a.plain) for a in INDONESIAN.find("Rp160.050")] == [(Decimal(160050), True)]
    assert [a.value for a in INDONESIAN.find("1,250,000")] == [Decimal(1250000)]


def test_a_damaged_decimal_mark_is_read_only_at_the_end_of_a_row() -> None:
    (found,) = FRENCH.find_damaged("TOTAL 78-10")
    assert found.value == Decimal("78.10")
    assert not FRENCH.find_damaged("TEL 03 88 20 29 51 MERCI")
    assert not INDONESIAN.find_damaged("TOTAL 78-10")
