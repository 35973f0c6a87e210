from __future__ import annotations

import pytest

from preuve.reading.extract.identifiers import identifiers
from tests.paper import paper


def found(*rows: str) -> list[str]:
    return [str(identifier) for identifier in identifiers(paper("\n".join(rows)))]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "Siret 718 500 457 00012 - APE 1071D - TVA FR72718500457",
            ["siret 71850045700012", "siren 718500457", "vat FR72718500457"],
        ),
        ("421 938 861 RCS Paris", ["siren 421938861"]),
        ("USt-IdNr.:DE 186 018 569", ["vat DE186018569"]),
        ("CHE-105.839.536 HR/MWST", ["vat CHE105839536"]),
        ("(Co. No. 113825-W)", ["company 113825-W"]),
        ("(001451637-M)", ["company 1451637-M"]),
        ("GST ID. NO: 000181747712", ["company 000181747712"]),
        ("CIF: A28425270", ["company A28425270"]),
        ("TEL:07-5547360/016-7993391", ["phone 075547360", "phone 167993391"]),
        ("Tel. 05251/180420", ["phone 251180420"]),
        ("Tel. +41 (0)34 495 02 22", ["phone 344950222"]),
        ("TEL 034 495 02 22", ["phone 344950222"]),
        ("03.88.92.92.22", ["phone 388929222"]),
        ("(858) 560-0071", ["phone 585600071"]),
        ("www.leroymerlin.fr/cgu-cgv", ["domain leroymerlin.fr"]),
        ("info@kambly.ch", ["domain kambly.ch"]),
        ("www,popular.com.my", ["domain popular.com.my"]),
    ],
)
def test_identifiers_come_out_plain(row: str, expected: list[str]) -> None:
    assert found(row) == expected


@pytest.mark.parametrize(
    "row",
    [
        "Siret 718 500 457 00013",
        "USt-IdNr.:DE 186 018 560",
        "SOONHUAT2000@HOTMAIL.COM",
        "2 @6.90 13.80",
        "1250 12.11.2026 18:42 000417",
        "3017620422003 NUTELLA 4,20",
        "TOTAL 1 234,56 EUR",
    ],
)
def test_other_numbers_are_none(row: str) -> None:
    assert found(row) == []


def test_each_is_told_once_where_it_stands_first() -> None:
    printed = identifiers(paper("Tel 034 495 02 22\nCHE-105.839.536\nFax 034 495 02 22"))

    assert [str(one) for one in printed] == ["phone 344950222", "vat CHE105839536"]
    assert printed[0].place is not None
    assert printed[0].place.box.top == 0
