"""Confidences and verdicts: which signs move them, and what makes a receipt doubtful."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from preuve.reading.confidence import FieldName, confidence, model
from preuve.reading.judge import without_guess
from preuve.reading.pipeline import understand
from preuve.reading.result import BORNE_OUT, Context, Reading, Retailer, Value, Verdict
from preuve.reading.signs import AGAINST
from preuve.reasons import ReasonCode
from tests.factories import reading as any_reading
from tests.paper import doubted, paper, stock, understood

RECEIPT = """
# BOULANGERIE DES ARCADES
12 RUE HAUTE 99100 VALTRIAC
PAIN AUX NOIX             3,10
CROISSANT                 1,20
TOTAL                     4,30
ESPECES                   5,00
RENDU                     0,70
DATE 14/11/2026 08:31
"""


def reasons(verdict: Verdict) -> set[ReasonCode]:
    return {reason.code for reason in verdict.reasons}


def sure(reading: Reading, name: str) -> float:
    value = getattr(reading, name)
    assert value is not None
    return float(value.confidence)


@pytest.mark.parametrize("field", model().fields)
def test_every_weight_has_the_sense_of_its_sign(field: FieldName) -> None:
    for name, weight in model().fields[field].signs.items():
        assert weight <= 0 if name in AGAINST else weight >= 0


def test_the_weights_are_those_of_the_signs_there_are() -> None:
    reading, _ = understood(RECEIPT)
    for field, name in (("total", "total"), ("purchased_on", "purchased_on")):
        assert getattr(reading, name).signs.keys() == model().fields[field].signs.keys()
    assert reading.printed_name
    assert reading.printed_name.signs.keys() == model().fields["name"].signs.keys()


def test_a_sign_that_was_never_fitted_counts_for_nothing() -> None:
    assert confidence("total", {"new": 1.0}) == confidence("total", {})


def test_a_receipt_that_adds_up_is_trusted() -> None:
    reading, verdict = understood(RECEIPT)
    assert verdict.status == "trusted"
    assert verdict.confidence == pytest.approx(
        sure(reading, "total") * sure(reading, "purchased_on"), abs=1e-4
    )


def test_less_confirmation_is_less_sure() -> None:
    whole, _ = understood(RECEIPT)
    lines = RECEIPT.splitlines()
    unpaid, _ = understood("\n".join(x for x in lines if "ESPECES" not in x and "RENDU" not in x))
    alone, _ = understood("\n".join(x for x in lines if "PAIN" not in x and "CROI" not in x))
    bare, doubtful = understood(
        "\n".join(x for x in lines if not x.startswith(("PAIN", "CROI", "ESP", "REN")))
    )
    assert sure(whole, "total") > sure(unpaid, "total") > sure(bare, "total")
    assert sure(alone, "total") > sure(bare, "total")
    assert reasons(doubtful) == {ReasonCode.TOTAL_UNCERTAIN}


def test_a_date_that_something_else_is_called_is_doubtful() -> None:
    reading, verdict = understood(
        RECEIPT.replace("DATE 14/11/2026 08:31", "ECHANGE JUSQU'AU 14/11/2026")
    )
    assert sure(reading, "purchased_on") < sure(understood(RECEIPT)[0], "purchased_on")
    assert ReasonCode.DATE_UNCERTAIN in reasons(verdict)


def test_failed_check_is_a_doubt_where_nothing_else_agrees() -> None:
    wrong = RECEIPT.replace("1,20", "2,20")
    reading, verdict = understood(wrong)
    assert {c.code: c.passed for c in reading.checks}["items"] is False
    assert ReasonCode.ITEMS_DO_NOT_ADD_UP not in reasons(verdict)
    unpaid = "\n".join(x for x in wrong.splitlines() if not x.startswith(("ESP", "REN")))
    _, verdict = understood(unpaid)
    assert ReasonCode.ITEMS_DO_NOT_ADD_UP in reasons(verdict)


def test_a_name_is_surer_the_more_says_so() -> None:
    def printed(head: str, foot: str = "") -> float:
        reading, _ = understood(RECEIPT.replace("# BOULANGERIE DES ARCADES", head) + foot)
        return sure(reading, "printed_name")

    plain = printed("VALMURIER")
    assert (
        plain < printed("# VALMURIER") < printed("# VALMURIER", "MERCI DE VOTRE VISITE VALMURIER")
    )
    assert plain < printed("VALMURIER", "www.valmurier.fr")


@pytest.mark.parametrize(
    ("status", "likely", "borne_out", "kept"),
    [
        ("trusted", False, True, False),
        ("trusted", True, True, True),
        ("trusted", True, False, False),
        ("doubtful", False, False, True),
    ],
)
def test_a_trusted_receipt_goes_without_a_name_that_is_a_guess(
    status: str, likely: bool, borne_out: bool, kept: bool
) -> None:
    sure = model().accept.named + (0.01 if likely else -0.01)
    name = Value(Retailer("VENTE"), sure, "test", signs={BORNE_OUT: float(borne_out)})
    reading = replace(any_reading(), retailer=name, printed_name=name)
    left = without_guess(reading, Verdict(status, 0.9))  # type: ignore[arg-type]
    assert (left.retailer is not None) is kept
    assert left.printed_name == name


@pytest.mark.parametrize(
    "row",
    [
        "DEVIS N° 2026-118",
        "BON DE LIVRAISON",
        "*** DUPLICATA ***",
        "TICKET D'ESSAI - FORMATION",
        "Votre commande est confirmée",
    ],
)
def test_a_paper_that_calls_itself_something_else_is_no_purchase(row: str) -> None:
    _, verdict = understood(RECEIPT.replace("12 RUE HAUTE", f"{row}\n12 RUE HAUTE"))
    assert reasons(verdict) == {ReasonCode.NO_PURCHASE}


@pytest.mark.parametrize(("number", "told"), [("XXXX XXXX XXXX 8649", False), ("A BIENTOT", True)])
def test_the_duplicate_of_a_card_s_slip_below_the_total_is_none_of_the_receipt(
    number: str, told: bool
) -> None:
    slip = f"DUPLICATA CLIENT\nCB CREDIT VALBRUN\nNo AUTO 145127\n{number}\nA CONSERVER\n"
    _, verdict = understood(RECEIPT + slip)
    assert (ReasonCode.NO_PURCHASE in reasons(verdict)) is told


@pytest.mark.parametrize("row", ["COMMANDE N° 45", "VOTRE DEVIS N° 118", "AUTO ECOLE DU LAC"])
def test_a_receipt_may_speak_of_an_order(row: str) -> None:
    _, verdict = understood(RECEIPT.replace("12 RUE HAUTE", f"{row}\n12 RUE HAUTE"))
    assert verdict.status == "trusted"


def test_where_nothing_was_paid_a_person_looks() -> None:
    _, verdict = understood(
        "# BOUTIQUE DES ARCADES\n12 RUE HAUTE 99100 VALTRIAC\n14/11/2026 08:31\n"
        "ROBE                     39,90\nREMISE                  -39,90\nTOTAL   0,00\n"
    )
    assert ReasonCode.NO_PURCHASE in reasons(verdict)


INVOICE = """
# MENUISERIE ARNAUD
12 RUE HAUTE 99100 VALTRIAC
Facture n° F2211
Date : 14/11/2026
PORTE           310,00
POSE            120,00
Total HT        430,00
TVA 10 %         43,00
Total TTC       473,00
"""


@pytest.mark.parametrize(
    ("below", "paid"),
    [
        ("Merci de votre confiance", True),
        ("Reste dû 0,00", True),
        ("IBAN FR76 1234 5678\nPayé par carte bancaire", True),
        ("IBAN FR76 1234 5678", False),
        ("Virement sous 15 jours", False),
        ("Virement avant le 14/12/2026", False),
        ("Acompte versé en chèque  200,00\nReste dû  273,00", False),
    ],
)
def test_an_invoice_that_adds_up_is_paid_unless_it_says_otherwise(below: str, paid: bool) -> None:
    _, verdict = understood(INVOICE + below)
    assert (reasons(verdict) == set()) is paid
    assert (ReasonCode.NO_PURCHASE in reasons(verdict)) is not paid


def test_a_paper_with_neither_payment_nor_time_is_no_purchase() -> None:
    text = "# MENUISERIE ARNAUD\n12 RUE HAUTE 99100 VALTRIAC\nDate : 14/11/2026\n"
    text += "PORTE           310,00\nPOSE            120,00\nTotal TTC       430,00\n"
    _, verdict = understood(text)
    assert reasons(verdict) == {ReasonCode.NO_PURCHASE}
    _, verdict = understood(f"{text}CHEQUE          430,00\n")
    assert verdict.status == "trusted"
    _, verdict = understood(text.replace("14/11/2026", "14/11/2026 à 10h42"))
    assert verdict.status == "trusted"


@pytest.mark.parametrize(
    "rows",
    [
        "Le 13/11/2026 à 21:04\nServi par Luc\nA bientôt\n14/11/2026 18:30",
        "Note du 13/11/2026\nServi par Luc\nA bientôt\n14/11/2026 18:30",
    ],
)
def test_two_dates_that_may_both_be_the_purchases(rows: str) -> None:
    _, verdict = understood(RECEIPT.replace("DATE 14/11/2026 08:31", rows))
    assert reasons(verdict) == {ReasonCode.DATE_UNCERTAIN}


@pytest.mark.parametrize(
    ("row", "second", "doubts"),
    [
        ("DATE 13/11/2026 08:31", "18/11/2026", {ReasonCode.DATE_UNCERTAIN}),
        ("DATE 13/11/2026 08:31", "13/11/2028", set()),
        ("DATE 13/11/2026 08:31", "13/17/2026", set()),
        ("DATE 13/11/2026 08:31\nDU 13.11.2026", "18/11/2026", set()),
    ],
    ids=["another day", "in the future", "no day", "printed again"],
)
def test_a_day_that_may_be_read_as_another(row: str, second: str, doubts: set[ReasonCode]) -> None:
    pages = doubted(
        paper(RECEIPT.replace("DATE 14/11/2026 08:31", row)), {"13/11/2026": (second, 0.2)}
    )
    reading, verdict = understand(pages, stock(), Context(received_on=date(2026, 11, 20)))

    assert reading.purchased_on
    assert reading.purchased_on.value == date(2026, 11, 13)
    assert reasons(verdict) == doubts


def test_where_an_insurance_pays_a_person_says_what_counts() -> None:
    paid = "PART MUTUELLE   3,00\n"
    _, verdict = understood(RECEIPT.replace("ESPECES                   5,00\n", paid))
    assert ReasonCode.TWO_TOTALS in reasons(verdict)


@pytest.mark.parametrize("left", ["CB  1,30\n", "RESTE A CHARGE  1,30\n"])
def test_what_an_insurance_leaves_is_the_total(left: str) -> None:
    cash = "ESPECES                   5,00\nRENDU                     0,70\n"
    reading, verdict = understood(RECEIPT.replace(cash, f"PART MUTUELLE   3,00\n{left}"))
    assert reading.total is not None
    assert reading.total.value == Decimal("1.30")
    assert verdict.status == "trusted"


@pytest.mark.parametrize(
    "shares",
    [
        "REMB. SECU   0,09\nPART MUTUELLE   2,91\nRESTE A PAYER   1,30\nCB   1,30\n",
        "dont Part AMO   0,09\ndont Part AMC   2,91\nRESTE A CHARGE   1,30\nCB   1,30\n",
        "Part Régime Obligatoire  -0,09\nPart Complémentaire  -2,91\nA PAYER   1,30\nCB   1,30\n",
    ],
)
def test_what_several_insurances_leave_is_the_total(shares: str) -> None:
    cash = "ESPECES                   5,00\nRENDU                     0,70\n"
    reading, verdict = understood(RECEIPT.replace(cash, shares))
    assert reading.total is not None
    assert reading.total.value == Decimal("1.30")
    assert verdict.status == "trusted"


def test_what_insurances_leave_of_a_gross_sum_is_the_total() -> None:
    cash = "ESPECES                   5,00\nRENDU                     0,70\n"
    shares = "Part AMO (Secu)   0,09\nPart AMC (mutuelle)   2,91\nRESTE A PAYER   1,30\nCB   1,30\n"
    gross = RECEIPT.replace(cash, shares).replace("TOTAL  ", "Total brut  ")
    reading, verdict = understood(gross)
    assert reading.total is not None
    assert reading.total.value == Decimal("1.30")
    assert verdict.status == "trusted"


def test_a_person_says_which_of_two_totals_counts_where_only_the_other_was_paid() -> None:
    cash = "ESPECES                   5,00\nRENDU                     0,70\n"
    _, verdict = understood(RECEIPT.replace(cash, "A PAYER   1,30\nCB   1,30\n"))
    assert ReasonCode.TWO_TOTALS in reasons(verdict)


@pytest.mark.parametrize(
    "paid",
    [
        "PART MUTUELLE   3,00\nCB  4,30\n",
        "AVOIR N° 4471   3,00\nCB  1,30\n",
        "Cagnotte Liseron utilisée   3,00\nCB  1,30\n",
        "Monnaie locale la Liseronne   3,00\nCB  1,30\n",
        "CHEQUE DEJEUNER  3,00\nCB  1,30\nAVANTAGES CARTE  0,20\n",
    ],
)
def test_what_the_member_paid_leaves_no_doubt(paid: str) -> None:
    cash = "ESPECES                   5,00\nRENDU                     0,70\n"
    _, verdict = understood(RECEIPT.replace(cash, paid))
    assert verdict.status == "trusted"


def test_another_day_in_the_row_of_the_purchases_has_no_time_of_its_own() -> None:
    rows = "14/11/2026 08:31   19/11/2026"
    _, verdict = understood(RECEIPT.replace("DATE 14/11/2026 08:31", rows))
    assert verdict.status == "trusted"
