"""Which of the sums on the paper is the total, and what confirms it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from preuve.reading.page import Alternative
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading
from preuve.reasons import ReasonCode
from tests.paper import paper, stock, understood

HEAD = "# AU BON PANIER\n12 rue Haute 99100 VALBRUN\n14/11/2026 18:42\n"


def total(text: str) -> Decimal | None:
    reading, _ = understood(text)
    return reading.total.value if reading.total else None


def checks(reading: Reading) -> dict[str, bool | None]:
    return {check.code: check.passed for check in reading.checks}


FRENCH = (
    HEAD
    + """
PAIN COMPLET                 2,40 A
CAFE MOULU 250G              4,95 A
REMISE                      -0,35
SOUS-TOTAL                   7,35
TOTAL REMISES               -0,35
NET A PAYER                  7,00
ESPECES                     10,00
RENDU                        3,00
TVA 5,5%      6,64   0,36    7,00
"""
)


def test_the_amount_due_among_subtotal_savings_and_cash() -> None:
    reading, verdict = understood(FRENCH)
    assert reading.total is not None
    assert reading.total.value == Decimal("7.00")
    assert "net à payer" in reading.total.rule
    assert checks(reading) == {
        "items": True,
        "taxes": True,
        "payment": True,
        "item_count": None,
        "date": True,
    }
    assert verdict.status == "trusted"


MEAL = (
    HEAD
    + """
2 PLAT DU JOUR   29,80
2 CAFE            4,40
TOTAL TTC        34,20
TVA 10%           3,11
"""
)


@pytest.mark.parametrize(
    ("below", "paid"),
    [
        ("POURBOIRE 2,80\nTOTAL 37,00", "37.00"),
        ("POURBOIRE 2,80\nCB 37,00", "34.20"),
        ("CB 34,20\nPOURBOIRE ____\nTOTAL ____", "34.20"),
        ("POURBOIRE 2,80\nTOTAL 37,00\nCB 34,20", "34.20"),
        ("POURBOIRE 1,80\nTOTAL 36,00\nPOURBOIRE 2,80\nTOTAL 37,00\nCB 34,20", "34.20"),
    ],
    ids=["on the slip", "with the payment", "left blank", "not paid", "suggested"],
)
def test_a_tip_is_part_of_the_total_that_is_printed_with_it(below: str, paid: str) -> None:
    reading, verdict = understood(MEAL + below)
    assert reading.total is not None
    assert reading.total.value == Decimal(paid)
    assert verdict.status == "trusted"


def test_cash_that_a_card_paid_for_is_no_part_of_the_total() -> None:
    text = """
    AMSEL STORES
    18 High Street  Leeds LS1 4DY
    14 November 2026 18:42
    Ham             4.50
    Cheese          7.90
    TOTAL         £12.40
    CASHBACK      £20.00
    VISA DEBIT    £32.40
    """
    reading, verdict = understood(text)
    assert reading.total is not None
    assert reading.total.value == Decimal("12.40")
    assert verdict.status == "trusted"


def test_the_value_after_cash_rounding() -> None:
    text = """
    KEDAI BINTANG SDN BHD
    NO 5 JALAN MELOR 50000 KUALA LUMPUR
    DATE : 19/10/2026 14:03
    PAKU 2 INCI              12.30
    CAT PUTIH 1L             20.02
    SUB TOTAL                32.32
    ROUNDING                 -0.02
    TOTAL                    32.30
    CASH                     50.00
    CHANGE                   17.70
    """
    assert total(text) == Decimal("32.30")


def test_subtotal_and_added_tax() -> None:
    text = """
    THE RUSTY SPOON
    400 Main Street Springfield, IL 62701
    11/14/2026 1:05 PM
    Burger                   12.50
    Lemonade                  4.00
    Subtotal                 16.50
    Sales Tax                 1.36
    Total                    17.86
    Visa                     17.86
    """
    reading, verdict = understood(text)
    assert reading.total is not None
    assert reading.total.value == Decimal("17.86")
    assert reading.currency is not None
    assert reading.currency.value == "USD"
    assert reading.purchased_on is not None
    assert reading.purchased_on.value.isoformat() == "2026-11-14"
    assert verdict.status == "trusted"


def test_label_and_amount_on_two_rows() -> None:
    assert total(HEAD + "PAIN   1,15\nLAIT   1,10\nTOTAL\n2,25\nCB     2,25") == Decimal("2.25")


def test_a_damaged_total_is_read_where_the_payment_says_the_same() -> None:
    assert total(HEAD + "PAIN 40,00\nLAIT 38,10\nTOTAL 78-10\nCB 78-10") == Decimal("78.10")


def test_the_tax_summary_is_not_the_total() -> None:
    text = (
        HEAD
        + """
    LIVRE                       10,55
    AGENDA                      12,00
    TOTAL TTC                   22,55
    DETAIL TVA
    TAUX        HT     TVA      TTC
    5,5%     10,00    0,55    10,55
    20%      10,00    2,00    12,00
    TOTAL    20,00    2,55    22,55
    """
    )
    reading, _ = understood(text)
    assert reading.total is not None
    assert reading.total.value == Decimal("22.55")
    assert [(t.rate, t.tax) for t in reading.taxes] == [
        (Decimal("5.5"), Decimal("0.55")),
        (Decimal("20"), Decimal("2.00")),
    ]


def test_a_total_that_nothing_confirms_is_doubtful() -> None:
    reading, verdict = understood(HEAD + "PAIN   1,15\nTOTAL   9,99")
    assert reading.total is not None
    assert verdict.status == "doubtful"
    assert ReasonCode.TOTAL_UNCERTAIN in {reason.code for reason in verdict.reasons}


def test_items_that_do_not_add_up_are_said() -> None:
    text = HEAD + "PAIN   1,15\nLAIT   2,00\nTOTAL   4,15"
    reading, verdict = understood(text)
    assert checks(reading)["items"] is False
    assert ReasonCode.ITEMS_DO_NOT_ADD_UP in {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ReasonCode.NO_TEXT),
        ("Cher Paul\nnous sommes bien arrivés\nà bientôt", ReasonCode.NOT_A_RECEIPT),
        (HEAD + "PAIN 1,15\nLAIT 2,00\nBEURRE 2,85", ReasonCode.NO_TOTAL),
    ],
)
def test_what_cannot_be_used_says_why(text: str, code: ReasonCode) -> None:
    _, verdict = understood(text)
    assert verdict.status == "unusable"
    assert [reason.code for reason in verdict.reasons] == [code]


def test_a_long_receipt_in_two_photos_counts_its_overlap_once() -> None:

    rows = [f"ARTICLE NUMERO {chr(65 + i)}{chr(66 + i)}     {i + 1},10" for i in range(12)]
    whole = sum(Decimal(f"{i + 1}.10") for i in range(12))
    upper = HEAD + "\n".join(rows[:8])
    lower = "\n".join(rows[5:]) + f"\nTOTAL    {str(whole).replace('.', ',')}"
    pages = paper(upper) + paper(lower, number=2)
    reading, _ = understand(pages, stock(), Context())
    assert len(reading.items) == 12
    assert reading.total is not None
    assert reading.total.value == whole
    assert checks(reading)["items"] is True


MALAYSIAN = """
KEDAI BINTANG SDN BHD
NO 5 JALAN MELOR 50000 KUALA LUMPUR
DATE : 19/10/2026 14:03
PAKU 2 INCI              12.30
CAT PUTIH 1L             20.02
Total Sales Incl GST     32.32
{}
CASH                     50.00
CHANGE                   17.70
"""


@pytest.mark.parametrize(
    "rounding",
    [
        "Rounding Adj   6.02\nTotal After Adj Incl GST 32.30",
        "Rounding RM 32.30",
        "TOTAL 32.30",
    ],
)
def test_cash_rounding_misread_or_named_oddly(rounding: str) -> None:
    assert total(MALAYSIAN.format(rounding)) == Decimal("32.30")


def test_no_rounding_where_the_country_does_not_round() -> None:
    text = HEAD + "PAIN 1,12\nLAIT 1,10\nTOTAL 2,22\nTOTAL 2,20\nCB 2,22"
    assert total(text) == Decimal("2.22")


def test_a_tip_stands_beside_the_tax_summary() -> None:
    text = """
    Gasthof Alpenblick
    6534 Serfaus  Österreich  UID-Nr:ATU00000000
    02.10.2026 16:46
    Radler                    4,20
    Beef Tartar              15,90
    TIP                       2,00
    Summe EUR                22,10
    MWST    Netto  Steuer  Brutto
    20%     16,75    3,35   20,10
    """
    reading, _ = understood(text)
    assert [i.kind for i in reading.items] == ["product", "product", "fee"]
    assert checks(reading)["taxes"] is True


def test_a_digit_that_the_engine_held_second_is_taken_where_it_adds_up() -> None:

    (page,) = paper(HEAD + "PAIN   1,15\nBEURRE   2,35\nLAIT   1,10\nTOTAL   5,10\nCB   5,10")
    rows = list(page.rows)
    at = next(i for i, row in enumerate(rows) if row.text.startswith("BEURRE"))
    word = rows[at].words[-1]
    unsure = replace(word, confidence=0.6, alternatives=(Alternative("2,85", 0.4, "typed"),))
    rows[at] = replace(rows[at], words=(*rows[at].words[:-1], unsure))
    reading, verdict = understand((replace(page, rows=tuple(rows)),), stock(), Context())
    assert [i.amount for i in reading.items] == [Decimal("1.15"), Decimal("2.85"), Decimal("1.10")]
    assert "2.35" in reading.items[1].note
    assert checks(reading)["items"] is True
    assert verdict.status == "trusted"


def test_two_repairs_that_both_explain_the_difference_change_nothing() -> None:
    text = HEAD + "PAIN 1,00\nLAIT 2,00\nREMISE -0,50\nTOTAL REMISES -0,50\nTOTAL 9,99\nCB 9,99"
    reading, _ = understood(text)
    assert checks(reading)["items"] is False


def test_a_meal_on_the_house_costs_nothing() -> None:
    text = """
# BURGER BARN
12 MAIN ST, DENVER, CO 80014
07/09/2026 7:20 PM
1 CHEESE BURGER      4.64
1 LEMONADE           1.59
1 PROMO FREE        (1.59)
1 PROMO FREE        (4.64)
TOTAL:              $0.00
DISCOUNT TOTAL:    ($6.23)
CHANGE              $0.00
"""
    assert total(text) == Decimal("0.00")


def test_a_zero_that_the_items_do_not_make_is_not_the_total() -> None:
    text = """
# BURGER BARN
12 MAIN ST, DENVER, CO 80014
07/09/2026 7:20 PM
1 CHEESE BURGER      4.64
1 LEMONADE           1.59
SUBTOTAL             6.23
VISA                 6.23
BALANCE DUE         $0.00
"""
    assert total(text) == Decimal("6.23")


def test_an_amount_that_runs_into_its_label() -> None:
    assert total(HEAD + "PAIN COMPLET   2,40\nCAFE   4,95\nTOTAL7,35 EUR\n") == Decimal("7.35")


def test_a_minus_behind_the_currency_takes_off() -> None:
    text = HEAD + "PELUCHE   10,00 EUR A\nREDUC. LOT   2,50 EUR- A\nTOTAL   7,50 EUR\n"
    reading, _ = understood(text)
    assert [item.amount for item in reading.items] == [Decimal("10.00"), Decimal("-2.50")]
    assert checks(reading)["items"] is True


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("THE RUSTY SPOON\nVAT No. GB 000 0000 00\nBalance due  4.00\nDebit card  4.00", "GBP"),
        ("AU BON PANIER\nLAIT ENTIER  4.00\nTWINT  4.00\nMerci de votre visite", "CHF"),
        ("SEMERBAK ROTI\nsila datang lagi\nJumlah  4.00\nTunai  4.00", "MYR"),
        ("CUPPA JOE ROASTERS\nAustin TX\nREG#08 TRN#9774\nTOTAL  4.00\nVISA  4.00", "USD"),
        ("WARUNG SERI MELOR\nPuchong\nTotal  4.00\nCash  4.00", "MYR"),
        ("BLUE WREN CAFE\nTotal  4.00\nGST 10%  0.36\nDebit card  4.00", "AUD"),
        ("BLUE WREN CAFE\nTotal  4.00\nGST 15%  0.52\nDebit card  4.00", "NZD"),
        ("HEATH ROAD\nPump 4 Diesel\n25.10 Litres\nTotal  34.64\nDebit card  34.64", "GBP"),
        ("HEATH ROAD\nPump 4 Diesel\n9.10 Gallons\nTotal  34.64\nDebit card  34.64", "USD"),
    ],
    ids=[
        "value added tax is not American",
        "a Swiss means of payment",
        "a base's own country goes before those that it inherits",
        "a transaction's number registers no taxes",
        "a town in Malaysia",
        "the tax's rate in Australia",
        "the tax's rate in New Zealand",
        "fuel in litres",
        "fuel in gallons",
    ],
)
def test_a_currency_without_a_sign_is_told_by_the_country(text: str, currency: str) -> None:
    reading, _ = understood(f"{text}\n14/11/2026 18:42\n")
    assert reading.currency is not None
    assert reading.currency.value == currency


@pytest.mark.parametrize("label", ["TOTAL (3 articles)", "TOTAL 3 ARTICLES"])
def test_the_number_of_articles_beside_a_total_is_no_label_of_it(label: str) -> None:
    text = f"{HEAD}PAIN  2,40\nLAIT  1,10\nCAFE  4,95\n{label}   8,45\nCB  8,45\n"
    reading, verdict = understood(text)
    assert reading.total is not None
    assert "labels.total" in reading.total.rule
    assert verdict.status == "trusted"
    assert len(reading.items) == 3


def test_the_one_tax_in_it_confirms_a_total() -> None:
    text = f"{HEAD}LAVAGE PROGRAMME 3   12,00\nTOTAL  12,00\nDont TVA 20%   2,00\n"
    right, _ = understood(text)
    wrong, _ = understood(text.replace("2,00", "2,40"))
    assert right.total is not None
    assert wrong.total is not None
    assert right.total.confidence > wrong.total.confidence


@pytest.mark.parametrize(
    ("rows", "taxes"),
    [
        ("Dont TVA 20%   2,00", [("20", "2.00", "10.00")]),
        ("TVA 20%   3,00", []),
        ("Total TVA   1,10", [(None, "1.10", None)]),
        ("TVA : 5,5% 0,31 - 20% 1,00", [("5.5", "0.31", None), ("20", "1.00", None)]),
        ("TVA 10,00   0,55\nTVA 20,00   1,00", [("10", "0.55", None), ("20", "1.00", None)]),
        ("HT : 10,00 TVA :2,00", [("20", "2.00", "10.00")]),
        (
            "Code Taux HT TVA TTC\nA 5,5 5,69 0,31 6,00\nC 20 5,00 1,00 6,00\n10,69 1,31 12,00",
            [("5.5", "0.31", "5.69"), ("20", "1.00", "5.00")],
        ),
        (
            "Code Taux Base HT Montant TVA\n2  10,00  5,45  0,55\n3  20,00  5,00  1,00",
            [("10", "0.55", "5.45"), ("20", "1.00", "5.00")],
        ),
    ],
)
def test_taxes_are_told_as_the_paper_prints_them(
    rows: str, taxes: list[tuple[str | None, str, str | None]]
) -> None:
    reading, _ = understood(f"{HEAD}LAVAGE PROGRAMME 3   12,00\nTOTAL  12,00\n{rows}\nMerci\n")

    def money(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    assert [(x.rate, x.tax, x.net) for x in reading.taxes] == [tuple(map(money, x)) for x in taxes]


ROUNDED = f"{HEAD}THE VERT   4,53\nTARTE   12,69\nTotal  17,22\nARRONDI  -0,02\n"
SLIP = f"{HEAD}PAIN  1,10\n"
COUPON = f"{HEAD}PIZZA  14,30\nSALADE  7,30\nSous-total  21,60\nCoupon  9,20\nTotal  12,40\n"


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (f"{ROUNDED}APRES ARRONDI  17,20\nESPECES 20,00\nRENDU 2,80\n", {ReasonCode.TWO_TOTALS}),
        (f"{ROUNDED}NET A PAYER  17,20\nESPECES 20,00\nRENDU 2,80\n", set()),
        (COUPON, {ReasonCode.TWO_TOTALS}),
        (f"{COUPON}CB  12,40\n", set()),
        (f"{COUPON}TOTAL  12,40\nCB  12,48\n", {ReasonCode.TWO_TOTALS}),
        (f"{SLIP}SALADE  7,30\nTotal  12,48\nCB  12,48\nMONTANT  12,40\n", {ReasonCode.TWO_TOTALS}),
        (f"{SLIP}SALADE  11,38\nTotal  12,48\nCB  12,48\nMONTANT  12,40\n", set()),
    ],
)
def test_two_amounts_that_may_both_be_the_total(text: str, reasons: set[ReasonCode]) -> None:
    _, verdict = understood(text)
    assert {reason.code for reason in verdict.reasons} == reasons


BISTRO = "Rosie's Diner\n12 Elm St, Tulsa, OK 74103\n06/13/2026 1:19 PM\n"
EATEN = f"{BISTRO}1 Kimo 10.50\n1 Sushi 243.00\nSub-total 253.50\nSales Tax 23.30\n"
MALAY = "KEDAI SERI MELOR\nJalan Besar, Kuala Lumpur\n14/11/2026 18:42\n"
TO_ROUND = f"{MALAY}ROTI 12.40\nTEH 8.58\nTotal RM 20.98\nRounding Adj 0.02\n"


@pytest.mark.parametrize(
    ("above", "below"),
    [(EATEN, "Total 276.80\nVisa 276.80\n"), (TO_ROUND, "Nett Total RM 21.00\nCash RM 21.00\n")],
)
def test_a_photo_that_ends_above_the_total_goes_to_a_person(above: str, below: str) -> None:
    _, whole = understood(above + below)
    _, cut = understood(above)

    assert whole.status == "trusted"
    assert {reason.code for reason in cut.reasons} == {ReasonCode.TOTAL_UNCERTAIN}


def test_a_total_may_have_one_decimal() -> None:
    assert total(HEAD + "CAFE  2,50\nTARTE  10,00\nTOTAL  12,5\nCB  12,50\n") == Decimal("12.50")


@pytest.mark.parametrize("printed", ["TOTAL TTC 7 6", "TOTAL TTC 7,6 EUR", "TOTAL TTC ,60"])
def test_a_total_that_lacks_a_digit_is_what_the_items_make(printed: str) -> None:
    assert total(f"{HEAD}OEUFS  3,79\nEAU  3,12\nCREME  0,69\n{printed}\n") == Decimal("7.60")


def test_digits_of_another_sum_are_not_the_items() -> None:
    assert total(f"{HEAD}OEUFS  3,79\nEAU  3,12\nCREME  0,69\nTOTAL TTC 9 8\n") is None


def test_a_voucher_among_the_payments_pays_its_part() -> None:
    reading, verdict = understood(
        f"{HEAD}AGENDA 18,90\nROMAN 6,40\nTotal à régler 25,30\nBON D'ACHAT 8,00\nCB 17,30\n"
    )
    assert verdict.status == "trusted"
    assert checks(reading)["payment"]
    assert [(t.kind, str(t.amount)) for t in reading.tenders] == [
        ("card", "17.30"),
        ("other", "8.00"),
    ]


def test_what_is_left_to_pay_after_a_gift_card_is_not_the_total() -> None:
    rows = "AGENDA 18,90\nROMAN 6,40\n{}        25,30\n{} 10,00\nRESTE A PAYER 15,30\nCB 15,30\n"
    assert total(HEAD + rows.format("TOTAL TTC", "CARRE CADEAU")) == Decimal("25.30")
    assert total(HEAD + rows.format("TNTAL GENERAL", "CARTE CADEAU")) == Decimal("25.30")


def test_a_gift_card_to_come_pays_nothing() -> None:
    rows = "AGENDA 18,90\nTOTAL 18,90\nCB 18,90\nProchain chèque cadeau de 10,00 EUR à 500 pts\n"
    reading, _ = understood(HEAD + rows)
    assert [(t.kind, str(t.amount)) for t in reading.tenders] == [("card", "18.90")]


def test_a_euro_sign_may_be_the_decimal_mark() -> None:
    assert total(HEAD + "CAFE  1€75\nTARTE  12€05\nTOTAL  13€80\nCB  13€80\n") == Decimal("13.80")


@pytest.mark.parametrize(
    ("mark", "base", "currency"), [(".", "base.en", "USD"), (",", "base.it", "EUR")]
)
def test_the_decimal_mark_tells_the_language_of_a_paper_with_few_words(
    mark: str, base: str, currency: str
) -> None:
    sums = "DELI CORNER\nSpringfield, IL 62701\nPastrami 8.00\nTotal 8.00\nVISA 8.00\n"
    reading, _ = understood(sums.replace(".", mark))
    assert reading.match.template == base
    assert reading.currency is not None
    assert reading.currency.value == currency


def test_what_is_paid_is_the_total_though_a_gross_one_stands_above_it() -> None:
    reading, _ = understood(
        """
        LIM KEE HARDWARE
        LOT 3 JALAN MERU KLANG
        Date : 14/11/2026
        SCISSORS              1   16.00   16.00
        HOSE 5M               2   12.86   25.72
        Gross Total                       41.72
        Total Amount (Incl. GST)          39.63
        """
    )
    assert reading.total is not None
    assert str(reading.total.value) == "39.63"


@pytest.mark.parametrize("beforehand", ["Acompte  50,00", "Arrhes versées  -50,00"])
def test_what_was_paid_beforehand_and_what_is_left_make_the_total(beforehand: str) -> None:
    reading, verdict = understood(
        HEAD
        + f"""
        FREINS AVANT               164,04
        Reprise FREINS TOTAL TTC   164,04
        {beforehand}
        CB                         114,04
        """
    )
    assert reading.total is not None
    assert reading.total.value == Decimal("164.04")
    assert ReasonCode.TWO_TOTALS not in [reason.code for reason in verdict.reasons]


def test_what_is_left_on_a_gift_card_paid_nothing() -> None:
    _, verdict = understood(
        HEAD
        + """
        ROSIER BUISSON              37,50
        PEINTURE MAT                73,80
        TOTAL                      111,30
        CARTE CADEAU                10,00
           solde restant carte      15,00
        CB                         101,30
        """
    )
    assert ReasonCode.TWO_TOTALS not in [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("rows", "tenders"),
    [
        ("TOTAL PAYE  14,00\nCB  14,00", ["14.00"]),
        ("CARTE CADEAU  4,00\nCB  10,00\nCARTE BANCAIRE DEBIT  14,00", ["4.00", "10.00"]),
        ("ESPECES  20,00\nRendu en ESPECES  6,00", ["20.00"]),
        ("DONT ELIGIBLE TITRE RESTAURANT  9,00\nCB  14,00", ["14.00"]),
    ],
)
def test_what_sums_up_payments_or_is_handed_back_is_none(rows: str, tenders: list[str]) -> None:
    reading, _ = understood(f"{HEAD}PAIN  2,00\nTARTE  12,00\nTOTAL  14,00\n{rows}\n")
    assert [str(tender.amount) for tender in reading.tenders] == tenders


@pytest.mark.parametrize(
    ("rows", "tenders"),
    [
        ("Mode de règlement : Chèque", [("check", "14.00")]),
        ("CB SANS CONTACT", [("card", "14.00")]),
        ("Chèques acceptés", []),
        ("Edenred Swile acceptés", []),
        ("CB\nEspèces", []),
        ("Payé CB 14,00 €\nTVA HT TTC\nTotal 2,33 11,67 14,00", [("card", "14.00")]),
        ("Espèces 20,00 EUR\nRENDU 6,00 EUR\nTotal 11,67 2,33", [("cash", "20.00")]),
    ],
)
def test_what_was_paid_with(rows: str, tenders: list[tuple[str, str]]) -> None:
    reading, _ = understood(f"{HEAD}PAIN  2,00\nTARTE  12,00\nTOTAL  14,00\n{rows}\n")
    assert [(tender.kind, str(tender.amount)) for tender in reading.tenders] == tenders


def test_what_was_paid_and_handed_back_is_told_without_the_tills_minus() -> None:
    rows = "TOTAL  14,00\nEspèces  -20,00\nRENDU  -6,00\n"
    reading, _ = understood(f"{HEAD}PAIN  2,00\nTARTE  12,00\n{rows}")
    assert [str(tender.amount) for tender in reading.tenders] == ["20.00"]
    assert reading.change is not None
    assert reading.change.value == Decimal("6.00")


def test_a_payment_in_a_currency_stands_above_a_table_of_taxes() -> None:
    reading, _ = understood(
        """
              LISERON MARKT
        Hauptstr. 3, 80331 München
        BANANEN                   7,00 B
        QUARK                     1,50 B
        SUMME             EUR     8,50
        Geg. BAR          EUR    10,00
        Rückgeld BAR      EUR     1,50
        Steuer %    Netto  Steuer Brutto
        B= 7,0%      7,94    0,56   8,50
        Gesamtbetrag 7,94    0,56   8,50
        25.10.2026   08:34
        """
    )
    assert [(tender.kind, str(tender.amount)) for tender in reading.tenders] == [("cash", "10.00")]


@pytest.mark.parametrize(("cash", "made"), [("20,00", "18.66"), ("25,00", None)])
def test_a_total_that_cannot_be_read_is_what_the_items_and_the_cash_less_its_change_make(
    cash: str, made: str | None
) -> None:
    reading, _ = understood(
        HEAD
        + f"""
        AIL ROSE                     3,00
        CERISE                      13,66
        BASILIC                      2,00
        5 Art. TOTAL                18 bb
        ESPECES                     {cash}
        A RENDRE                     1,34
        """
    )
    told = reading.total and str(reading.total.value)
    assert told == made if made else told != "18.66"


def test_a_return_right_below_the_cash_is_the_change() -> None:
    reading, verdict = understood(
        """
        # BRANDT
        67600 SELESTAT
        14/11/2026 18:42
        Beurre doux 250 g            2,19
        Riesling 75cl                5,45
        Somme                        7,64
        Donné espèces               20,00
        Retour                      12,36
        """
    )
    assert reading.change is not None
    assert str(reading.change.value) == "12.36"
    assert verdict.status == "trusted"


def test_a_voucher_beside_the_card_is_part_of_what_was_paid() -> None:
    reading, _ = understood(
        """
        # CHAUSSURES SAUVAIRE
        43000 VALBRUN
        14/11/2026 18:42
        1 BOTTE PLUIE              27,99 €
        1 BOTTINE CUIR NOIR        89,90 €
        Montant total TTC         117,89 €
        dont TVA                   19,65 €
        soit HT                    98,24 €
        Bon d'achat                15,00 €
        Carte Bleue               102,89 €
        """
    )
    assert reading.total is not None
    assert str(reading.total.value) == "117.89"


def test_a_sign_for_euros_may_be_read_as_a_letter_before_the_amount() -> None:
    reading, verdict = understood(
        """
        # AU FOURNIL DE LUCIE
        71250 VALBRUN
        14-11-26 13:44
        TARTELETTE CIT      *3.60
        BAGUETTE GRAIN      *1.55
        TOTAL               E5.15
        ESP. RECU           20.00
        RENDU ESP.          14.85
        """
    )
    assert reading.total is not None
    assert str(reading.total.value) == "5.15"
    assert verdict.status == "trusted"
