"""Dates: the printed forms, and which of several is the purchase's."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from preuve.reading.extract.dates import DateReader, find_times
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.reading.template.model import Dates
from tests.paper import RECEIVED, doubted, paper, stock, understood

FRENCH = DateReader(stock().bases["base.fr"].dates)


@pytest.mark.parametrize(
    "text",
    [
        "12/11/2026",
        "12-11-26",
        "12.11.2026 18:42",
        "2026-11-12",
        "le 12 novembre 2026",
        "12 nov. 2026",
        "12NOV26",
        "12Nov'26 19:13",
        "mar 12/11/26",
        "12/11/202618:42",
        "12/11/2618h42",
        "2026-11-1220h14 36211",
        "2026-11-1218:42",
        "12 N0U 2026",
        "12 novemhre 2026",
        "12 n0vembre 2026",
        "12 / 11 / 2026",
        "1Z 12112026 A",
        "20261112",
        "KASSE 52- 12/11/2026 19:31",
        "TICKET 0478 002 3900 12/11/26 15:49",
        "SOPHIE #10 Mardi 12 novembre 2026 09h40",
        "CAISSE 10 mar. 12 nov. 2026",
    ],
)
def test_reads_a_printed_form(text: str) -> None:
    assert [found.value for found in FRENCH.find(text)][:1] == [date(2026, 11, 12)]


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2026", "99.99.99", "03 88 20 29 51", "V. 3.2.1", "12,50"),
        *("Tél. 02-29-01-22-42", "04.11.22.33.44", "LNE B6511 - v5.4.19"),
    ],
)
def test_reads_no_date_where_none_is(text: str) -> None:
    assert not FRENCH.find(text)


def test_a_one_beside_a_month_stays_a_one() -> None:
    english = DateReader(stock().bases["base.en"].dates)
    assert [found.value for found in english.find("27Apr13 17:51")] == [date(2013, 4, 27)]
    assert [found.value for found in english.find("Ju1 12, 2018")] == [date(2018, 7, 12)]
    assert [found.value for found in english.find("Ju119'14 12:36PM")] == [date(2014, 7, 19)]


def test_the_order_is_the_countrys() -> None:
    (found,) = DateReader(Dates(order="dmy")).find("03/04/2026", order="mdy")
    assert found.value == date(2026, 3, 4)
    assert found.others == (date(2026, 4, 3),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18:42", time(18, 42)),
        ("18h42", time(18, 42)),
        ("8:05 PM", time(20, 5)),
        ("12:10AM", time(0, 10)),
        ("12/11/202618:42", time(18, 42)),
        ("12/11/2618h42", time(18, 42)),
    ],
)
def test_reads_a_time(text: str, value: time) -> None:
    assert [found.value for found in find_times(text)] == [value]


DECOYS = """
# LISERON & CO
12 rue Haute 99100 VALBRUN
ROBE LIN                    39,90
TOTAL                       39,90
CB                          39,90
{}
Échange possible jusqu'au 15/12/2026
Vos points expirent le 31/12/2027
Bon de 5 EUR, du 20/11/2026 au 28/12/2026
"""


@pytest.mark.parametrize(
    "row",
    ["14/11/2026 18:42", "Date : 14.11.2026", "Le 14 novembre 2026 à 18h42", "Le 14/11/2026"],
)
def test_takes_the_purchases_date_among_others(row: str) -> None:
    reading, _ = understood(DECOYS.format(row))
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 11, 14)


@pytest.mark.parametrize(
    "other",
    [
        "valable du 15/11/2026 au\n27/12/2026",
        "Acompte versé le 05/11/2026",
        "Dégustation le 28/11/2026",
        "Devis du 05/11/2026",
        "Date concert 28/11/2026",
        "Le 28/11/2026 ouverture exceptionnelle le dimanche",
        "et gagnez 100 EUR avant\nle 26/11/2026",
        "Horaires : 9h00 - 19h30\nFermeture annuelle du 1/11 au 19/11/2026",
        "Horaires : 9h00 - 19h30\nnous partons du 24/10 au 02/11/2026",
    ],
)
def test_another_day_by_the_words_around_it(other: str) -> None:
    text = f"# LISERON\nROBE LIN  39,90\nTOTAL  39,90\nCB  39,90\nLe 14/11/26\n{other}\n"
    reading, _ = understood(text)
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 11, 14)


def test_the_day_of_a_members_card_leaves_the_purchases_in_no_doubt() -> None:
    reading, verdict = understood(
        "# LISERON\n12 rue Haute 99100 VALBRUN\n14/11/2026 18:42\nROBE LIN  39,90\nTOTAL  39,90\n"
        "CB  39,90\nDont TVA 20,00%  6,65\nCarte émise le 11/03/2024\n"
    )
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 11, 14)
    assert verdict.status == "trusted", verdict.reasons


@pytest.mark.parametrize(
    "below",
    ["Zurück bis 14/11/2027", "Retour 14/12/2026", "Avoir : 14/12/2026", "RDV30\n14/12/2026"],
)
def test_a_date_a_round_time_after_another_is_a_deadline(below: str) -> None:
    text = f"# LISERON\n14/10/2026\nROBE LIN  39,90\nTOTAL  39,90\nCB  39,90\n{below}\n"
    reading, _ = understood(text)
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 10, 14)


def test_a_date_with_a_time_is_no_deadline() -> None:
    text = (
        "# LISERON\nDernier passage 14/10/2026\nROBE LIN  39,90\nTOTAL  39,90\nCB  39,90\n"
        "14/11/2026 18:42\n"
    )
    reading, _ = understood(text)
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 11, 14)


def test_a_label_runs_into_a_number_of_the_row_below() -> None:
    text = (
        "# COIFFURE ANNE\nTicket du 15/10/2026\nCOUPE  39,90\nTOTAL  39,90\nCB  39,90\n"
        "Votre prochain rendez-vous30\nlundi 24 octobre 2026 à 14h30\n"
    )
    reading, _ = understood(text)
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 10, 15)


def test_another_date_on_the_paper_tells_day_from_month() -> None:
    reading, _ = understood(
        "# GREEN BASKET\n03/04/2026 10:15\nAPPLES 1.00\nPEARS 2.00\nTOTAL 3.00\n"
        "Thank you for your visit\nMar 4, 2026"
    )
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 3, 4)


def test_keeps_the_dates_it_did_not_take() -> None:
    reading, _ = understood(DECOYS.format("14/11/2026 18:42"))
    assert reading.purchased_on is not None
    assert {c.text for c in reading.purchased_on.rejected} == {
        "2026-11-20",
        "2026-12-28",
        "2026-12-15",
        "2027-12-31",
    }
    assert reading.purchased_at is not None
    assert reading.purchased_at.value == time(18, 42)


def test_a_receipt_with_only_a_validity_date_is_not_trusted() -> None:
    _, verdict = understood(DECOYS.format("Merci de votre visite"))
    assert verdict.status != "trusted"


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("Served by: ANA 14/11/2026 15:32:47", date(2026, 11, 14)),
        ("14/11/2026\nDD: 14/11/20:6 11:43", date(2026, 11, 14)),
        ("Date : 14/11/2926 11:43", date(2026, 11, 14)),
    ],
)
def test_everyday_words_and_damaged_years_do_not_mislead(row: str, day: date) -> None:
    text = f"# BURGER BARN\n12 MAIN ST, DENVER, GB\n{row}\nCHEESE BURGER   4.64\nTOTAL  4.64\n"
    reading, _ = understood(text)
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == day


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("{year}. {month} {day}.", "Kelt: 2026. márc. 7. 14:05"),
        ("{day}*{month}*{year}", "07*03*2026"),
        ("{year}. gada {day}. {month}", "2026. GADA 7. marts"),
        ("D{day}M{month}Y{year}", "no. 88 d07m03y26"),
        ("{day}-{month}-{year}", "7-III-2026"),
    ],
)
def test_a_form_that_the_template_names(form: str, text: str) -> None:
    reader = DateReader(Dates(forms=(form,), months={3: ("márc.", "marts")}))

    assert [found.value for found in reader.find(text)] == [date(2026, 3, 7)]


def test_a_form_without_one_of_its_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="once each"):
        Dates(forms=("{day}/{month}",))


@pytest.mark.parametrize(
    "label", ["Votre prochain rendez-vous le", "Votre prochain rendez-vous à :"]
)
def test_the_next_visit_is_named_on_the_row_above_its_day(label: str) -> None:
    visit = f"{label}\nvendredi 4 septembre 2026 à\n14h30\n"
    bill = "COIFFURE MARTIN\nSoin profond 15,00\nTotal EUR 15,00\nCHEQUE 15,00\n"

    _, alone = understood(f"{bill}{visit}")
    both, _ = understood(f"{bill}26/07/2026\n{visit}")

    assert alone.status == "doubtful"
    assert both.purchased_on is not None
    assert both.purchased_on.value == date(2026, 7, 26)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ("Tybee Island GA\n09/12/2026 7:42 PM\nWINGS  4.00\nTOTAL  4.00", date(2026, 9, 12)),
        ("09/12/2026 7:42 PM\nWINGS  4.00\nTax  0.33\nTOTAL  4.33", date(2026, 9, 12)),
        (
            "York PA 19601\nCheck In 11/08/2026\nCheck Out 11/09/2026\nROOM  89.00\nTOTAL  89.00",
            date(2026, 11, 9),
        ),
    ],
    ids=["a state without its post code", "a tax of no other country", "leaving an inn"],
)
def test_the_day_of_an_american_paper(rows: str, value: date) -> None:
    reading, _ = understood(f"SHARKEY'S OYSTER HOUSE\n{rows}\n")
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == value


@pytest.mark.parametrize(
    "rows",
    [
        "15.10.                  Bon 4711\n2026                    18:42",
        "Datum:                    15.10.\n2026                    18:42",
        "Datum:                    15.10.\nUhr 18:42                 2026",
    ],
)
def test_a_date_broken_over_two_rows_is_read(rows: str) -> None:
    reading, verdict = understood(
        f"# HOFLADEN BRANDT\nDorfstr. 3\n27283 Verden\n{rows}\n"
        "Apfelsaft 3,20\nBrot 4,10\nSumme EUR 7,30\nBar 10,00\nRückgeld 2,70\nMwSt 7% 0,48\n"
    )
    assert [d.value for d in [reading.purchased_on] if d] == [date(2026, 10, 15)]
    assert [i.amount for i in reading.items] == [Decimal("3.20"), Decimal("4.10")]
    assert verdict.status == "trusted"


@pytest.mark.parametrize(
    "rows",
    [
        "Menge 15.10\n2026 Kunden",
        "Am 15.10.\ngeschlossen 2026",
        "Am 15.10.\nhaben 600 Gäste 2026 Brote",
    ],
)
def test_a_day_and_a_year_that_are_apart_are_no_date(rows: str) -> None:
    reading, _ = understood(f"# HOFLADEN BRANDT\nBrot 4,10\nSumme EUR 4,10\n{rows}\n")
    assert reading.purchased_on is None


def test_a_day_that_was_read_as_none_is_what_the_engine_held_second() -> None:
    bill = "COIFFURE MARTIN\n87/09/2026 14:30\nSoin profond 15,00\nTotal EUR 15,00\nCHEQUE 15,00\n"
    pages = doubted(paper(bill), {"87/09/2026": ("07/09/2026", 0.4)})
    reading, _ = understand(pages, stock(), Context(received_on=RECEIVED))
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 9, 7)
    assert "second reading" in reading.purchased_on.rule


@pytest.mark.parametrize(
    "rows",
    [
        "Commande passée le 03/09/2026\n04/09/2026 10:02",
        "Commande n° 81 passée le 03/09/2026 à 21:04\nFacture du 04/09/2026 Retrait à 18:30",
        "04/09/2026\nAcompte le 24/08/2026   20,00",
        "04/09/2026\nBon cadeau n° 1182 du 24/12/2025",
        "RETOUR (ticket 1187 du 13/08/26)\n04/09/2026",
        "04/09/2026\nCarte U : 3,20 EUR offerts dès le 05/08/2026",
        "commandé le 03/09/26 - retiré le 04/09/26",
    ],
)
def test_the_day_of_an_order_or_a_voucher_is_none_of_the_purchase(rows: str) -> None:
    bill = f"# LE GRAND CHENE\n{rows}\nPain 4,10\nTotal à payer 4,10\n"
    reading, _ = understood(bill)
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 9, 4)


@pytest.mark.parametrize("row", ["Retouches prêtes le 17/09/2026", "Rencontre le 17/09/2026"])
def test_a_day_of_something_else_alone_is_never_sure(row: str) -> None:
    bill = f"# LE GRAND CHENE\nManteau 249,00\nTotal à payer 249,00\nCB 249,00\n{row}\n"
    _, verdict = understood(bill)
    assert verdict.status == "doubtful"


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ("Cde n°254 LIVRAISON\nLe 04/09/2026 à 19:13", "trusted"),
        ("LIVRAISON\nLe 04/09/2026", "doubtful"),
        ("CDE N°254 LIVRAISON\nLE 04/09/2026 19:13", "doubtful"),
    ],
)
def test_a_row_that_begins_with_a_capital_alone_goes_on_with_no_label_above(
    rows: str, status: str
) -> None:
    bill = f"# LE GRAND CHENE\n{rows}\nPizza 14,10\nTotal à payer 14,10\nCB 14,10\n"
    _, verdict = understood(bill)
    assert verdict.status == status


def test_a_period_that_goes_on_in_the_next_row_has_no_day_of_the_purchase() -> None:
    reading, verdict = understood(
        """
        # LE GRAND CHENE
        MAG 0092 TIC 72789   09/09/2026 13:48
        Pain                   4,10
        Total à payer          4,10
        CB                     4,10
        BON DE REDUCTION
        -10 % sur votreprochain achat du 16/09/26
        au 07/10/26, hors promotions
        """
    )
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 9, 9)
    assert verdict.status == "trusted"


def test_a_number_to_call_for_appointments_calls_no_date_below() -> None:
    bill = "Fiche 8777 Dimanche 24 mai 2026\nCoupe 17,10\nTotal 17,10\nCB 17,10\n"
    _, verdict = understood(f"# LE GRAND CHENE\nRDV au 03 52 94 51 29\n{bill}")
    assert verdict.status == "trusted"
    _, verdict = understood(f"# LE GRAND CHENE\nProchain RDV le\n{bill}")
    assert verdict.status == "doubtful"


def test_the_day_of_something_else_in_the_next_row_ends_no_period() -> None:
    reading, _ = understood(
        """
        # LE GRAND CHENE
        Date : 04/09/2026 13:48
        Le 11/09/2026 dégustation
        Pain                   4,10
        Total à payer          4,10
        CB                     4,10
        """
    )
    assert reading.purchased_on is not None
    assert reading.purchased_on.value == date(2026, 9, 4)
