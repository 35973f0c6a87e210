"""Whose invoice it is: blocks of the head, headings over addresses, companies in the foot."""

from __future__ import annotations

from dataclasses import replace

from preuve.reading.page import Box, Row, Word
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from tests.paper import RECEIVED, letter, stock

ITEMS = """
Omschrijving                            Aantal      Prijs     Bedrag
Tuinslang 25 m                               2      10,00      20,00
Bureaulamp eiken                             1      30,00      30,00

Totaal                                                        50,00
"""
TWO_ADDRESSES = f"""
Factuuradres                         Afleveradres
Kwelder Advies B.V.                  Kwelder Advies B.V.
T.a.v. J. Kwelder                    T.a.v. J. Kwelder
Dijkweg 27                           Dijkweg 27
1025 RX Zeedrecht                    1025 RX Zeedrecht

Factuur            Factuurdatum 8-9-2022
{ITEMS}



Fietsenhal B.V.      KvK 24330087      IBAN NL50INGB0683251309
"""
WINDOW = f"""
Lumera Technik GmbH · Birkenweg 4 · 80339 Isenau

                                              Telefon 089 1234567
Petra Vogelsang Beratung GmbH                 info@lumera.example
Am Bach 3
50667 Rheinau

Rechnung
Rechnungsdatum: 8. September 2022
{ITEMS}
"""
SOLD_BY = f"""
Invoice                                      Invoice date 8 Sep 2022

Sold by: Harrow Street Supplies Limited
3 Quay Road, Bristmouth BS1 4QD

Ship to                              Bill to
Colley Consulting Ltd                Colley Consulting Ltd
3 Mill Lane                          3 Mill Lane
{ITEMS.replace(",", ".").replace("Totaal", "Total ")}
"""


def sender(text: str) -> str | None:
    reading, _ = understand(letter(text), stock(), Context(received_on=RECEIVED))
    return reading.printed_name.value.name if reading.printed_name else None


def test_who_stands_under_a_heading_of_addresses_did_not_sell() -> None:
    assert sender(TWO_ADDRESSES) == "Fietsenhal B.V"


def test_the_small_line_over_a_window_names_the_sender() -> None:
    assert sender(WINDOW) == "Lumera Technik GmbH"


def test_a_company_named_after_a_street_is_the_seller_where_it_is_called_so() -> None:
    assert sender(SOLD_BY) == "Harrow Street Supplies Limited"


def test_a_logo_in_the_foot_names_the_sender_where_nothing_else_does() -> None:
    (page,) = letter(TWO_ADDRESSES.replace("Fietsenhal B.V.      KvK 24330087", ""))
    drawn = Word("Fietsenhal", Box(60.0, 800.0, 180.0, 822.0), 0.99, "rapidocr 3")
    pages = (replace(page, rows=(*page.rows, Row((drawn,)))),)
    reading, _ = understand(pages, stock(), Context(received_on=RECEIVED))
    assert reading.printed_name
    assert reading.printed_name.value.name == "Fietsenhal"
