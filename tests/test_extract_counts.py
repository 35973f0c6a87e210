"""Numbers that identify a receipt, and how many articles it says it has."""

from __future__ import annotations

import pytest

from tests.paper import understood

HEAD = "# AU BON PANIER\n12 rue Haute 99100 VALBRUN\n14/11/2026 18:42\n"
ITEMS = "PAIN                   2,00\nTARTE                 12,00\n"


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ("TOTAL   14,00\nNombre d'articles : 2", 2),
        ("TOTAL (2 articles)   14,00", 2),
        ("2 ARTICLES TOTAL   14,00", 2),
        ("MONTANT A PAYER (2 ART.)   14,00", 2),
        ("2 article(s)\nTOTAL   14,00", 2),
        ("TOTAL   14,00", None),
        ("TOTAL   14,00\nEchange de 2 articles au plus par client", None),
    ],
)
def test_how_many_articles_a_receipt_says_it_has(rows: str, count: int | None) -> None:
    reading, _ = understood(f"{HEAD}{ITEMS}{rows}\nCB                    14,00\n")
    assert (reading.item_count.value if reading.item_count else None) == count
    assert [i.description for i in reading.items] == ["PAIN", "TARTE"]


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ("Ticket : 314605", "314605"),
        ("Ticket:314605", "314605"),
        ("Facture:2609-33066", "2609-33066"),
        ("TICKET N°314605 CAISSE 1", "314605"),
        ("Reçu espèces 100,00", None),
    ],
)
def test_a_receipts_number_may_run_into_its_label(row: str, number: str | None) -> None:
    reading, _ = understood(f"{HEAD}{row}\n{ITEMS}TOTAL   14,00\n")
    assert (reading.receipt_number.value if reading.receipt_number else None) == number
