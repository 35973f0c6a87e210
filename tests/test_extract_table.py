"""Tables on letters: columns, names over several rows, sums beside them, dates below titles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading
from tests.paper import RECEIVED, letter, stock

HEAD = """
Lumera Technik GmbH                                          Zu zahlen
Birkenweg 4, 80339 Isenau                                   107,10 EUR

Rechnung
Bestelldatum         Rechnungsdatum       Fällig am
2. Mai 2025          5. Mai 2025          19. Mai 2025

Art.-Nr.   Leistung                         Menge    Preis     Betrag

"""
SUMS = """
MwSt. %   Netto   MwSt.   Betrag               Zwischensumme      90,00
19 %      90,00   17,10   107,10               19 % MwSt.         17,10
                                               Gesamtbetrag      107,10
"""
COLUMNS = f"""{HEAD}
E103184    Gartenschlauch 25 m               2 Stk    20,00     40,00

E103560    Lampe Eiche 300ml                 1 Stk    50,00     50,00
{SUMS}"""
ABOVE_AND_BELOW = f"""{HEAD}
           Schutzhülle mit verstärkten
E103184                                      2 Stk    20,00     40,00
           Ecken und Ring

           Lampe Eiche
E103560    Fuß aus Stein                     1 Stk    50,00     50,00
{SUMS}"""
CARRIED = f"""{HEAD}
E103184    Gartenschlauch 25 m               2 Stk    20,00     40,00
           Übertrag                                             40,00

Art.-Nr.   Leistung                         Menge    Preis     Betrag
           Übertrag                                             40,00
E103560    Lampe Eiche 300ml                 1 Stk    50,00     50,00
{SUMS}"""


def read(text: str) -> Reading:
    return understand(letter(text), stock(), Context(received_on=RECEIVED))[0]


def items(text: str) -> list[tuple[str, str]]:
    return [(item.description, str(item.amount)) for item in read(text).items]


def test_codes_counts_and_prices_in_columns_of_their_own_are_no_part_of_a_name() -> None:
    wanted = [("Gartenschlauch 25 m", "40.00"), ("Lampe Eiche 300ml", "50.00")]
    assert items(COLUMNS) == wanted
    assert [item.product_code for item in read(COLUMNS).items] == ["E103184", "E103560"]
    assert [item.quantity for item in read(COLUMNS).items] == [2, 1]


def test_rows_of_a_name_go_with_the_amount_that_they_stand_nearer_to() -> None:
    assert items(ABOVE_AND_BELOW) == [
        ("Schutzhülle mit verstärkten Ecken und Ring", "40.00"),
        ("Lampe Eiche Fuß aus Stein", "50.00"),
    ]


def test_what_is_carried_over_to_the_next_page_is_no_item() -> None:
    assert items(CARRIED) == items(COLUMNS)


def test_each_date_and_sum_answers_to_the_title_of_its_column() -> None:
    reading = read(COLUMNS)
    assert reading.purchased_on
    assert reading.purchased_on.value == date(2025, 5, 5)
    assert reading.total
    assert reading.total.value == Decimal("107.10")


def test_what_was_done_and_when_is_an_item_without_the_days() -> None:
    period = COLUMNS.replace(
        "Gartenschlauch 25 m               2 Stk", "Gartendienst 1.4.25 - 30.4.25      2 Stk"
    )
    assert period != COLUMNS
    assert items(period.replace("Gartendienst ", "Gartendienst   "))[0] == ("Gartendienst", "40.00")


def test_dates_side_by_side_are_no_period_and_no_date_runs_across_columns() -> None:
    text = COLUMNS.replace("19 % ", "19 %")
    side_by_side = text.replace(
        "2. Mai 2025          5. Mai 2025          19. Mai 2025",
        "am 2. Mai 2025       am 5. Mai 2025       am 19. Mai 2025",
    )
    assert side_by_side != text
    found = read(side_by_side).purchased_on
    assert found
    assert found.value == date(2025, 5, 5)


def test_a_last_column_of_taxes_holds_no_amounts() -> None:
    reading = read(
        """
Lumera Bahn AG                                             Onlineticket
Birkenweg 4, 80339 Isenau

Buchung vom 5. Mai 2025

Position                                Preis          MwSt (D) 7%
Fahrkarte                               76,19               4,98
Reservierung                             4,90               0,32
Summe                                   81,09               5,30
"""
    )
    assert reading.total is not None
    assert reading.total.value == Decimal("81.09")
    assert [str(item.amount) for item in reading.items] == ["76.19", "4.90"]


def test_an_address_of_mail_is_no_article_though_a_sum_stands_beside_it() -> None:
    invoice = """
Lumera                                                         Rechnung

KONTO                     RECHNUNGSADRESSE                       GESAMT
kai@lumera.example        Kai Lisero                            12,99 €

RECHNUNGSDATUM            BESTELLNUMMER
4. März 2025              MK2LQ8XY7Z

Speicher 200 GB                                                 12,99 €

                                         Zwischensumme          10,92 €
                                         MwSt. zu 19 %           2,07 €
                                         GESAMT                 12,99 €
"""
    assert items(invoice) == [("Speicher 200 GB", "12.99")]


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("Rechnungsdatum / Lieferdatum   5. Mai 2025", date(2025, 5, 5)),
        ("Rechnungs- und Lieferdatum: 5. Mai 2025", date(2025, 5, 5)),
        ("Der Betrag wird am 14.05.2025 von Ihrem Konto abgebucht.", date(2025, 5, 2)),
        ("Isenau, den 5. Mai 2025\n\nLastschrift am 14.05.2025", date(2025, 5, 5)),
    ],
    ids=["two in one", "two ends of one", "a debit", "behind a town"],
)
def test_the_day_of_an_invoice(row: str, day: date) -> None:
    other = "Bestelldatum                   2. Mai 2025\n"
    sums = "\nLampe Eiche          50,00\nGesamtbetrag         50,00\n"
    reading = read(f"Lumera Technik GmbH\nBirkenweg 4, 80339 Isenau\n\n{other}{row}\n{sums}")
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == day


def test_a_sum_that_says_which_tax_is_in_it_ends_the_items() -> None:
    text = f"""{HEAD}
E103184    Gartenschlauch 25 m               2 Stk    20,00     40,00
E103560    Lampe Eiche 300ml                 1 Stk    50,00     50,00
                         Zwischensumme exkl. MWST               75,63
                         MWST 19 %                              14,37
                         Gesamtbetrag inkl. MWST                90,00
                         Bereits bezahlt                        90,00
"""
    assert items(text) == items(COLUMNS)
