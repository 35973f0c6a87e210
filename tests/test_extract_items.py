"""Line items in the layouts that tills print."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from preuve.reading.page import Row
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from tests.paper import RECEIVED, paper, stock, understood

HEAD = "# AU BON PANIER\n12 rue Haute 99100 VALBRUN\n14/11/2026 18:42\n"


def items(text: str) -> list[tuple[str, str, str | None]]:
    reading, _ = understood(HEAD + text)
    return [
        (i.description, str(i.amount), None if i.quantity is None else f"{i.quantity:f}")
        for i in reading.items
    ]


def test_one_row_an_item() -> None:
    found = items(
        """
        PAIN COMPLET                 2,40 A
        CAFE MOULU 250G              4,95 A
        TOTAL                        7,35
        """
    )
    assert found == [("PAIN COMPLET", "2.40", None), ("CAFE MOULU 250G", "4.95", None)]


def test_quantity_before_after_and_under() -> None:
    found = items(
        """
        2 x CROISSANT                2,40
        LAIT 1L          3 x 1,10    3,30
        YAOURT NATURE                2,60
        2 x 1,30
        TOTAL                        8,30
        """
    )
    assert found == [
        ("CROISSANT", "2.40", "2"),
        ("LAIT 1L", "3.30", "3"),
        ("YAOURT NATURE", "2.60", "2"),
    ]


@pytest.mark.parametrize("each", ["PRIX PIECE", "P.U. TTC", "tarif net"])
def test_a_row_below_that_tells_the_price_of_each_is_no_item(each: str) -> None:
    reading, _ = understood(
        HEAD
        + f"""
        2 x CARNET LIGNE             9,80
        {each}                  4,90
        GOMME                        1,20
        TOTAL                       11,00
        """
    )
    assert [(i.description, i.amount) for i in reading.items] == [
        ("CARNET LIGNE", Decimal("9.80")),
        ("GOMME", Decimal("1.20")),
    ]


def test_the_price_of_a_kilo_below_a_weight_and_a_discount_of_nothing_are_no_items() -> None:
    found = items(
        """
        JAMBON BLANC 0,310KG         6,51
        le kilogramme               21,00
        SAUCISSON SEC                7,80
        REMISE                       0,00
        TOTAL                       14,31
        """
    )
    assert [amount for _, amount, _ in found] == ["6.51", "7.80"]


def test_an_article_sold_on_with_another_day_is_an_item() -> None:
    found = items(
        """
        LOTO TIRAGE DU 14/03/2026    2,20
        BRIQUET                      1,50
        TOTAL                        3,70
        """
    )
    assert [amount for _, amount, _ in found] == ["2.20", "1.50"]


def test_a_count_above_its_item_goes_to_the_item_that_it_makes() -> None:
    found = items(
        """
        PAIN                         1,15
        6 x 0,69
        EAU MINERALE                 4,14
        TOTAL                        5,29
        """
    )
    assert found == [("PAIN", "1.15", None), ("EAU MINERALE", "4.14", "6")]


def test_weights() -> None:
    found = items(
        """
        BANANES
        0,542 kg x 3,99 €/kg         2,16
        COMTE                        5,40
        TOTAL                        7,56
        """
    )
    assert found == [("BANANES", "2.16", "0.542"), ("COMTE", "5.40", None)]


def test_a_price_over_a_thousand_may_stand_before_a_star() -> None:
    found = items(
        """
        VITRINE HAUTE     1.234,56 * 2,00     2.469,12
        TOTAL                                 2.469,12
        """
    )
    assert [(amount, quantity) for _, amount, quantity in found] == [("2469.12", "2.00")]


def test_a_discount_on_a_row_of_its_own_is_an_item() -> None:
    reading, _ = understood(
        HEAD
        + """
        CHOCOLAT                     3,20
        REMISE FIDELITE             -0,50
        TOTAL                        2,70
        """
    )
    assert [(i.kind, i.amount) for i in reading.items] == [
        ("product", Decimal("3.20")),
        ("discount", Decimal("-0.50")),
    ]


def test_sums_and_payments_are_no_items() -> None:
    found = items(
        """
        PAIN                         1,15
        BEURRE                       2,85
        SOUS-TOTAL                   4,00
        TOTAL REMISES                0,00
        TOTAL                        4,00
        ESPECES                      5,00
        RENDU                        1,00
        """
    )
    assert [description for description, _, _ in found] == ["PAIN", "BEURRE"]


def test_names_above_rows_of_numbers() -> None:
    found = items(
        """
        MASTIC CUISINE TRANSPARENT
        3276007782189                8,99
        VIS INOX 4X40
        3276007782196                3,50
        TOTAL                       12,49
        """
    )
    assert [(d, a) for d, a, _ in found] == [
        ("MASTIC CUISINE TRANSPARENT", "8.99"),
        ("VIS INOX 4X40", "3.50"),
    ]


def test_names_below_rows_of_numbers() -> None:
    found = items(
        """
        3276007782189                8,99
        MASTIC CUISINE TRANSPARENT
        3276007782196                3,50
        VIS INOX 4X40
        TOTAL                       12,49
        """
    )
    assert [(d, a) for d, a, _ in found] == [
        ("MASTIC CUISINE TRANSPARENT", "8.99"),
        ("VIS INOX 4X40", "3.50"),
    ]


@pytest.mark.parametrize("note", ["Taille 42 Coloris Kaki", "Réf. 8841-22"])
def test_a_note_below_an_item_names_no_other(note: str) -> None:
    found = items(
        f"""
        3276007782189
        JEAN DROIT                  59,99
        {note}
        3276007782196
        ROBE LIN
        2 x 39,90                   79,80
        {note}
        CEINTURE CUIR
        3276007782202
        1 x 29,90                   29,90
        Qté totale : 4
        TOTAL                      169,69
        """
    )
    assert found == [
        ("JEAN DROIT", "59.99", None),
        ("ROBE LIN", "79.80", "2"),
        ("CEINTURE CUIR", "29.90", "1"),
    ]


@pytest.mark.parametrize("row", ["4 pce à 0,50", "4 PCE A 0.50", "4 @ 0,50"])
def test_a_count_below_its_name(row: str) -> None:
    found = items(f"CITRON\n{row}   2,00\nFILET DE BAR\n{row}   2,00\nTOTAL   4,00\n")
    assert found == [("CITRON", "2.00", "4"), ("FILET DE BAR", "2.00", "4")]


def test_a_kind_of_shop_may_end_a_name() -> None:
    found = items(
        """
        Croque monsieur              6,50
        Frites                       3,50
        maison
        TOTAL                       10,00
        """
    )
    assert [d for d, _, _ in found] == ["Croque monsieur", "Frites maison"]


def test_a_row_of_the_head_begins_no_counted_name() -> None:
    head = HEAD.replace("14/11", "TABLE 4 1 CVT Serv. EMMA\n14/11")
    rows = "2 Café   2,10   4,20\n1 Magret miel   21,50   21,50\nTOTAL   25,70\n"
    reading, _ = understood(head + rows)
    assert [item.description for item in reading.items] == ["Café", "Magret miel"]


def test_amounts_set_one_row_too_high_find_their_names() -> None:
    found = items(
        """
        SANDALE ENFANT              44,10
                                    -8,56
        REDUC LOT                    5,75
        CIRAGE INCOLORE             14,15
        SEMELLES GEL
        TOTAL                       55,44
        """
    )
    assert [(d, a) for d, a, _ in found] == [
        ("SANDALE ENFANT", "44.10"),
        ("REDUC LOT", "-8.56"),
        ("CIRAGE INCOLORE", "5.75"),
        ("SEMELLES GEL", "14.15"),
    ]


def test_a_label_at_the_end_is_no_name_left_over() -> None:
    found = items(
        """
                                    15,60
        Nombre d'articles
        TOTAL                       15,60
        """
    )
    assert [a for _, a, _ in found] == ["15.60"]


def test_a_name_that_did_not_fit_goes_on_in_the_next_row() -> None:
    text = """
# AU BON PANIER
12 rue Haute 99100 VALBRUN
14/11/2026 18:42
CROISSANT BEURRE AOP         2,40
SIROP DE GRENADINE
LIGHT                        4,95
BOUCHERIE
STEAK                        3,00
TOTAL                       10,35
CB                          10,35
"""
    assert [name for name, *_ in items(text)] == [
        "CROISSANT BEURRE AOP",
        "SIROP DE GRENADINE LIGHT",
        "STEAK",
    ]


HEADED = "# AU BON PANIER\n     12 rue Haute 99100 VALBRUN\n     14/11/2026 18:42\n"


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (
            """
TONDEUSE THERMIQUE         329,00
AUTOTRACTEE 46CM 139CC
PEINTURE FACADE             64,90
ACRYLIQUE BLANC CASSE
10L
GANTS CUIR T9                8,90
TOTAL                      402,80
""",
            [
                "TONDEUSE THERMIQUE AUTOTRACTEE 46CM 139CC",
                "PEINTURE FACADE ACRYLIQUE BLANC CASSE 10L",
                "GANTS CUIR T9",
            ],
        ),
        (
            """
TONDEUSE THERMIQUE
AUTOTRACTEE 46CM           329,00
GANTS CUIR T9                8,90
PEINTURE FACADE
ACRYLIQUE BLANC CASSE
10L                         64,90
TOTAL                      402,80
""",
            [
                "TONDEUSE THERMIQUE AUTOTRACTEE 46CM",
                "GANTS CUIR T9",
                "PEINTURE FACADE ACRYLIQUE BLANC CASSE 10L",
            ],
        ),
        (
            """
1 Nasi Goreng
Spesial                     33,00
1 Roti Bakar
Coklat                      20,50
2 Mie Ayam Bakso            55,00
TOTAL                      108,50
""",
            ["Nasi Goreng Spesial", "Roti Bakar Coklat", "Mie Ayam Bakso"],
        ),
        (
            """
2091611949268 1 CAFE MOULU
250G                         4,59
2036648047839 1 SAC DE
CAISSE                       0,19
2044473787677 1 BEURRE DOUX
250G                         2,45
TOTAL                        7,23
""",
            ["CAFE MOULU 250G", "SAC DE CAISSE", "BEURRE DOUX 250G"],
        ),
        (
            """
MENU BURGER MAXI            12,90
COCA 33CL
FRITES
TARTE AUX POMMES             4,00
  Cuisson à point
TOTAL                       16,90
""",
            ["MENU BURGER MAXI", "TARTE AUX POMMES"],
        ),
    ],
)
def test_names_over_several_rows(rows: str, names: list[str]) -> None:
    assert [name for name, *_ in items(HEADED + rows)] == names


def test_a_lost_decimal_mark_is_set_where_it_makes_the_sum() -> None:
    text = """
# AU BON PANIER
12 rue Haute 99100 VALBRUN
14/11/2026 18:42
CROISSANT                    2,40
SIROP                         495
STEAK                        3,00
TOTAL                       10,35
CB                          10,35
"""
    assert ("SIROP", "4.95") in [(name, amount) for name, amount, _ in items(text)]


def test_a_paper_without_cents_is_read_in_whole_units() -> None:
    text = """
# BLUE LAGOON BAR
BORA BORA
02/11/2026 18:42
1 CALAMARI STEAK             1600
1 LAGOON FISH                3000
TOTAL DUE                    4600
THANK YOU
"""
    assert [amount for _, amount, _ in items(text)] == ["1600", "3000"]


def test_a_size_before_an_amount_is_no_group_of_it_where_the_sum_says_so() -> None:
    text = """
# AU BON PANIER
12 rue Haute 99100 VALBRUN
14/11/2026 18:42
LACETS PLATS                 6,50
DERBY CUIR NOIR 42 103,50
TOTAL                      110,00
CB                         110,00
"""
    assert [amount for _, amount, _ in items(text)] == ["6.50", "103.50"]


def test_a_size_before_the_only_amount_is_no_group_of_it() -> None:
    text = """
BOTTINE ZIP 39 104,69 EUR
TOTAL                      104,69 EUR
CB                         104,69 EUR
"""
    assert [amount for _, amount, _ in items(text)] == ["104.69"]


def test_a_row_of_a_weight_has_its_name_above_whatever_currency_it_prints() -> None:
    text = """
MIEL DE FORET               10,20 EUR C
PAIN PETIT EPEAUTRE
  1,122 kg x 6,94 €/kg       7,79 EUR C
POMMES BOSKOOP
  0,500 kg x 3,00 EUR/kg     1,50 EUR C
TOTAL                       19,49 EUR
CB                          19,49 EUR
"""
    assert [(name, amount) for name, amount, _ in items(text)] == [
        ("MIEL DE FORET", "10.20"),
        ("PAIN PETIT EPEAUTRE", "7.79"),
        ("POMMES BOSKOOP", "1.50"),
    ]


def test_a_percentage_is_a_tax_rate_only_where_most_rows_have_one() -> None:
    names = ("LAIT 3,5%", "BEURRE", "PAIN DE MIE")
    total = "\nTOTAL                       6,00 EUR\n"
    text = "\n".join(f"{name:<24}   2,00" for name in names)
    assert [name for name, *_ in items(text + total)] == list(names)
    rated = "\n".join(f"{name:<16}   5,5%   2,00" for name in names[1:])
    assert [name for name, *_ in items(rated + total)] == list(names[1:])


def test_an_article_may_begin_with_a_word_for_a_payment() -> None:
    found = items(
        """
        STYLO BILLE                  2,99
        CARTE SD 128GO              21,90
        CARTE ANNIVERSAIRE           3,95
        TOTAL                       28,84
        CARTE BANCAIRE              28,84
        """
    )
    names = [name for name, _, _ in found]
    assert names == ["STYLO BILLE", "CARTE SD 128GO", "CARTE ANNIVERSAIRE"]


def test_a_gap_parts_a_size_from_its_price() -> None:
    found = items(
        """
        DERBY CUIR 42            103,50
        SANDALE 38               113,11
        TOTAL                    216,61
        """
    )
    assert [amount for _, amount, _ in found] == ["103.50", "113.11"]


def test_a_weight_at_a_price() -> None:
    found = items(
        """
        ROTI DE PORC
        0,438kg à 13,00 EUR/kg       5,69
        MERGUEZ
        0,250 kg à 12,00             3,00
        TOTAL                        8,69
        """
    )
    assert found == [("ROTI DE PORC", "5.69", "0.438"), ("MERGUEZ", "3.00", "0.250")]


def test_a_weight_and_its_price_without_a_sign_between_them() -> None:
    found = items(
        """
        BULOTS
        0.555 kg   12.90 €/kg        7.16
        HUITRES N3
        0.381 kg   11.50 €/kg        4.38
        TOTAL                       11.54
        """
    )
    assert found == [("BULOTS", "7.16", "0.555"), ("HUITRES N3", "4.38", "0.381")]


def test_a_row_of_an_item_may_begin_with_its_day() -> None:
    found = items(
        """
        Date        Désignation                Montant
        12/11/2026  Nuitée chambre double       114,00
        13/11/2026  Nuitée chambre double       114,00
        Total TTC                               228,00
        CB du 14/11/2026                        228,00
        """
    )
    assert [(name, amount) for name, amount, _ in found] == [
        ("Nuitée chambre double", "114.00")
    ] * 2


def test_rows_that_count_are_in_no_sum_of_a_section() -> None:
    found = items(
        """
        FRUITS ET LEGUMES
        Cerises                      4,88 €
        0,618 kg x 7,90 €/kg
        Melon                        3,98 €
        2 x 1,99 €
        Sous-total                   8,86 €
        FROMAGERIE
        Tomme de chèvre              5,65 €
        0,284 kg x 19,90 €/kg
        Sous-total                   5,65 €
        TOTAL TTC                   14,51 €
        """
    )
    assert found == [
        ("Cerises", "4.88", "0.618"),
        ("Melon", "3.98", "2"),
        ("Tomme de chèvre", "5.65", "0.284"),
    ]


def test_sums_of_groups_are_no_items_and_end_nothing() -> None:
    found = items(
        """
        * FRUITS *
        POMMES                       2,40
        POIRES                       3,10
        Total Fruits                 5,50
        * CREMERIE *
        BEURRE                       2,89
        Total Crèmerie               2,89
        TOTAL (3 articles)           8,39
        CB                           8,39
        """
    )
    assert [(name, amount) for name, amount, _ in found] == [
        ("POMMES", "2.40"),
        ("POIRES", "3.10"),
        ("BEURRE", "2.89"),
    ]


def test_an_article_that_begins_with_a_word_for_a_payment_may_be_the_first() -> None:
    found = items(
        """
        CARTE SD 128 GO             21,90
        N° série : SN22943104
        dont éco-participation       0,01
        EXTENSION GARANTIE          49,00
        TOTAL                       70,90
        """
    )
    assert [name for name, _, _ in found][:1] == ["CARTE SD 128 GO"]


def test_the_amount_behind_a_misread_weight_stays() -> None:
    found = items(
        """
        Comté 12 mois
        8,533 kg x 22,90            12,21
        Pommes
        1,000 kg x 5,63              5,63
        TOTAL                       17,84
        """
    )
    assert [(name, amount) for name, amount, _ in found] == [
        ("Comté 12 mois", "12.21"),
        ("Pommes", "5.63"),
    ]


def test_taxes_and_phone_numbers_are_no_items() -> None:
    found = items(
        """
        Tel 03.73 12 34 56
        TELERAMA                     3,00
        MOTS FLECHES                 4,00
        TVA 5,5% : 0,36 sur 6,64 HT
        TOTAL                        7,00
        """
    )
    assert [name for name, _, _ in found] == ["TELERAMA", "MOTS FLECHES"]


def test_what_a_deposit_is_called_by_is_no_column() -> None:
    found = items(
        """
        APFELSAFT 1L                 1,65 A
        PFAND 0,25 EURO              0,25 A*
        SUMME EUR                    1,90
        Rückgeld Bar EUR             0,00
        """
    )
    assert found == [("APFELSAFT 1L", "1.65", None), ("PFAND 0,25", "0.25", None)]


def test_a_count_that_runs_into_its_price_is_none_of_the_name() -> None:
    found = items(
        """
        PARAGON FISKALNY
        CHLEB ZWYKLY       2 x1,79   3,58 C
        MASLO EXTRA        1 x6,49   6,49 C
        Sprzedaż opodatkowana C     10,07
        Podatek PTU                  0,48
        SUMA PLN                    10,07
        """
    )
    assert found == [("CHLEB ZWYKLY", "3.58", "2"), ("MASLO EXTRA", "6.49", "1")]


def test_a_price_for_one_with_its_currency_is_no_part_of_a_name() -> None:
    reading, _ = understood(
        """
        KEDAI SERI MELOR
        12 JALAN BESAR 43300 SERI KEMBANGAN
        25-06-2017 18:52
        ROTI CANAI
        5118            2X RM1.80    RM3.60S
        MILO 400G
        4417            1X RM15.40   RM15.40S
        TOTAL SALES (INCLUSIVE GST) RM   19.00
        CASH RM                          20.00
        CHANGE RM                         1.00
        """
    )
    found = [(i.description, str(i.amount)) for i in reading.items]
    assert found == [("ROTI CANAI", "3.60"), ("MILO 400G", "15.40")]


def test_a_tax_code_behind_an_amount_multiplies_nothing() -> None:
    reading, _ = understood(
        """
        PINE STREET MARKET
        4500 Hwy 17 Murrells Inlet SC 29576
        05/18/2018 11:27:02
        MILK 2% GAL    008489398912 F    13.12 X
        CEREAL         008302307878 F    10.59 X
        SUBTOTAL                         23.71
        TAX 1   8.000 %                   1.90
        TOTAL                            25.61
        """
    )
    assert [str(i.amount) for i in reading.items] == ["13.12", "10.59"]


def test_rows_that_sort_the_items_into_kinds_are_no_items() -> None:
    reading, _ = understood(
        """
        DOCKSIDE OYSTER BAR
        Pier 39 San Francisco, CA 94133
        05/18/2018 7:27 PM
        2 Oysters                        18.00
        1 Stella Pint                     7.35
        Food                             18.00
        Liquor                            7.35
        Tax                               2.34
        Total Due                        27.69
        """
    )
    assert [i.description for i in reading.items] == ["Oysters", "Stella Pint"]


def test_a_card_among_the_articles_is_one_where_the_sum_has_its_amount() -> None:
    reading, _ = understood(
        "# SCHREIBWAREN HÖVEL\nKirchstr. 18\n52062 Aachen\n14.11.2026 18:42\n"
        "Heft A5 1,20 A\n2 x Karte 5,00 A\nLandkarte Harz 9,80 A\n"
        "Summe EUR 16,00\nKarte 16,00\n"
    )
    assert [(i.description, str(i.amount)) for i in reading.items] == [
        ("Heft A5", "1.20"),
        ("Karte", "5.00"),
        ("Landkarte Harz", "9.80"),
    ]
    assert [str(t.amount) for t in reading.tenders] == ["16.00"]


def test_a_card_above_the_total_that_paid_it_is_no_article() -> None:
    reading, _ = understood(
        "# SCHREIBWAREN HÖVEL\n52062 Aachen\n14.11.2026 18:42\n"
        "Heft A5 1,20 A\nLandkarte Harz 9,80 A\nKarte 11,00\nSumme EUR 11,00\n"
    )
    assert [str(i.amount) for i in reading.items] == ["1.20", "9.80"]
    assert [str(t.amount) for t in reading.tenders] == ["11.00"]


def test_the_unit_of_a_count_is_no_part_of_the_name() -> None:
    reading, _ = understood(
        "# SKLEP BASIA\nul. Lipowa 4\n30-702 Kraków\nNIP 903-842-88-47\nPARAGON FISKALNY\n"
        "Banany 1,316 kg x 6,99 9,20C\nJogurt nat. 3 szt. x 2,15 6,45C\nSUMA PLN 15,65\n"
        "2026-11-14 18:42\n"
    )
    assert [(i.description, str(i.quantity)) for i in reading.items] == [
        ("Banany", "1.316"),
        ("Jogurt nat.", "3"),
    ]


_FILLED = {
    "de": "Zapfsäule 3\nProdukt Super E10\nMenge 42,10 l\nPreis 1,759 EUR/l\nBetrag 74,05 EUR\n"
    "Gesamtbetrag 74,05\nMwSt 19% 11,82\nGirocard 74,05",
    "fr": "Pompe 3 Super E10\n42,10 L\nPrix unitaire 1,759 EUR/L\nMontant TTC 74,05\n"
    "TOTAL TTC 74,05\nTVA 20% 12,34\nCarte bancaire 74,05",
    "en": "Super E10\nVolume 42.10 1\nPrice £1.759/L\nAmount £74.05\nTotal £74.05\n"
    "VAT 20% 12.34\nVisa Debit 74.05",
}


@pytest.mark.parametrize("language", _FILLED)
def test_fuel_is_the_item_of_a_slip_that_has_no_row_of_one(language: str) -> None:
    reading, _ = understood(f"# BRANDT\n14/11/2026 18:42\n{_FILLED[language]}\n")
    assert [
        (i.description, str(i.quantity), str(i.unit_price), str(i.amount)) for i in reading.items
    ] == [("Super E10", "42.10", "1.759", "74.05")]
    assert [i.unit_of_measure for i in reading.items] == ["l"]


def test_fuel_whose_litres_and_price_make_no_sum_is_no_item() -> None:
    reading, _ = understood(
        "# BRANDT\n14.11.2026 18:42\nSuper E10\nMenge 42,10 l\nPreis 1,759 EUR/l\n"
        "Gesamtbetrag 75,05\nGirocard 75,05\n"
    )
    assert not reading.items


def test_a_column_of_tax_rates_is_no_part_of_the_name() -> None:
    found = items(
        """
        CHAMBRE DOUBLE      2     49,00   10%    98,00
        GARAGE              3      4,00   20%    12,00
        TAXE DE SEJOUR      2      1,20    0%     2,40
        TOTAL                                   112,40
        """
    )
    assert [name for name, *_ in found] == ["CHAMBRE DOUBLE", "GARAGE", "TAXE DE SEJOUR"]


def test_rates_without_their_sign_are_a_column_where_most_rows_have_one() -> None:
    found = items(
        """
        1 SPRAY ANTI-MOUSTIQUE   20,0    9,95
        2 STREPSILS CITRON B24   10,0   14,40
        2 HUMEX RHUME CPR B16    10,0   13,80
        TOTAL                           38,15
        """
    )
    assert found == [
        ("SPRAY ANTI-MOUSTIQUE", "9.95", "1"),
        ("STREPSILS CITRON B24", "14.40", "2"),
        ("HUMEX RHUME CPR B16", "13.80", "2"),
    ]


def test_what_insurers_pay_is_a_column_and_so_is_what_stands_in_its_place() -> None:
    found = items(
        """
        AMLODIPINE 5MG B30        2   65%    7,28
        AMOXICILLINE 1G CPR B14   1   30%    4,84
        METFORMINE 850 B90        1   658    5,30
        DESLORATADINE 5MG B30     1   65%    4,22
        STREPSILS CITRON B24      1   NR     7,20
        TOTAL                               28,84
        """
    )
    assert found == [
        ("AMLODIPINE 5MG B30", "7.28", "2"),
        ("AMOXICILLINE 1G CPR B14", "4.84", "1"),
        ("METFORMINE 850 B90", "5.30", "1"),
        ("DESLORATADINE 5MG B30", "4.22", "1"),
        ("STREPSILS CITRON B24", "7.20", "1"),
    ]


def test_a_share_in_few_names_is_part_of_them() -> None:
    found = items(
        """
        CHOCOLAT NOIR 70%    1,89
        CHOCOLAT LAIT 32%    1,79
        PAIN                 1,00
        TOTAL                4,68
        """
    )
    assert [name for name, *_ in found] == ["CHOCOLAT NOIR 70%", "CHOCOLAT LAIT 32%", "PAIN"]


def test_a_weight_or_a_volume_before_the_amount_tells_how_much_there_is() -> None:
    found = items(
        """
        Époisses x2                     19,40
        Sainte-Maure x1                  8,59
        Brie de Meaux 1,443kg           33,77
        Superéthanol E85 51,95L         38,60
        Eau gazeuse 1,25L                0,65
        TOTAL                          101,01
        """
    )
    assert found == [
        ("Époisses", "19.40", "2"),
        ("Sainte-Maure", "8.59", "1"),
        ("Brie de Meaux", "33.77", "1.443"),
        ("Superéthanol E85", "38.60", "51.95"),
        ("Eau gazeuse 1,25L", "0.65", None),
    ]


def test_the_price_before_a_discount_and_its_rate_are_columns() -> None:
    found = items(
        """
        PULL ROUGE        59,99  -50%          30,00
        ECHARPE           12,00   20%   9,60    9,60
        JUPE 100% LIN     39,90  -30%          27,93
        GILET 100% LAINE                       45,00
        TOTAL                                 112,53
        """
    )
    assert found == [
        ("PULL ROUGE", "30.00", "1"),
        ("ECHARPE", "9.60", "1"),
        ("JUPE 100% LIN", "27.93", "1"),
        ("GILET 100% LAINE", "45.00", None),
    ]


def test_what_is_taken_back_has_columns_too() -> None:
    found = items(
        """
        CHARNIERE INVISIBLE        4    3,40   13,60
        RETOUR TUBE CUIVRE 14 2M  -1   18,90  -18,90
        REPRISE BOCAL              1   -2,00   -2,00
        PEINTURE                   1   49,90   49,90
        TOTAL                                  42,60
        """
    )
    assert found == [
        ("CHARNIERE INVISIBLE", "13.60", "4"),
        ("RETOUR TUBE CUIVRE 14 2M", "-18.90", "1"),
        ("REPRISE BOCAL", "-2.00", "1"),
        ("PEINTURE", "49.90", "1"),
    ]


def test_a_rule_that_was_read_as_letters_is_no_name() -> None:
    found = items(
        """
        FAISSELLE 500G
           3 p x 3,90      11,70
        CAMEMBERT
           1 p x 5,60       5,60
        OSSAU-IRATY
           2 p x 4,00       8,00
                         EEEEEEE
        TOTAL (6)          25,30
        """
    )
    assert [name for name, *_ in found] == ["FAISSELLE 500G", "CAMEMBERT", "OSSAU-IRATY"]


@pytest.mark.parametrize(
    ("each", "paid"), [("0,743", "38,60"), ("0.743", "38,60"), ("1.829", "95,02")]
)
def test_litres_before_their_price_are_a_column_and_how_much_was_filled_in(
    each: str, paid: str
) -> None:
    found = items(
        f"""
        Produit               Qté   P.U.   Total
        SUPERETHANOL E85    51,95L  {each}  {paid}
        LAVAGE PROGRAMME 3  2       11,00  22,00
        COCA COLA 1,75L     1        2,19   2,19
        EAU 1L              2        1,10   2,20
        """
    )
    assert found == [
        ("SUPERETHANOL E85", paid.replace(",", "."), "51.95"),
        ("LAVAGE PROGRAMME 3", "22.00", "2"),
        ("COCA COLA 1,75L", "2.19", "1"),
        ("EAU 1L", "2.20", "2"),
    ]


def test_what_is_taken_off_is_no_tax_rate() -> None:
    found = items(
        """
        ROBE LIN                    40,00
        REMISE 20%                  -8,00
        VESTE                       60,00
        REMISE 10%                  -6,00
        TOTAL                       86,00
        """
    )
    assert [name for name, *_ in found] == ["ROBE LIN", "REMISE 20%", "VESTE", "REMISE 10%"]


def test_a_rate_with_decimals_is_one_beside_what_is_taken_off_too() -> None:
    found = items(
        """
        ROBE LIN          20,0%     40,00
        REMISE 30%        20,0%    -12,00
        TOTAL                       28,00
        """
    )
    assert [name for name, *_ in found] == ["ROBE LIN", "REMISE 30%"]


@pytest.mark.parametrize("count", ["Quantité : 3", "QUANTITÉ :3"])
def test_a_count_told_below_a_name_begins_no_other(count: str) -> None:
    found = items(
        f"""
        BOBUN NEMS                  35,70
        {count}
        BOULES COCO                  4,50
        CANARD LAQUE                14,50
        TOTAL                       54,70
        """
    )
    assert [name for name, *_ in found] == ["BOBUN NEMS", "BOULES COCO", "CANARD LAQUE"]


def test_a_slips_sum_below_its_label_is_no_item() -> None:
    reading, _ = understood(
        "# BRANDT\n12 rue Haute 99100 VALBRUN\nDATE 14/11/2026 18:42\nPOMPE 4 GAZOLE\n"
        "24,55 L x 1,659 EUR\nTOTAL TTC            40,73 EUR\nDONT TVA 20%          6,79 EUR\n"
        "CARTE BANCAIRE\nMONTANT :\n                     40,73 EUR\nDEBIT\n"
    )
    assert [(i.description, str(i.amount)) for i in reading.items] == [("GAZOLE", "40.73")]


def test_polish_sums_by_tax_rate_are_no_items() -> None:
    reading, _ = understood(
        "# SKLEP BASIA\nul. Lipowa 4\n30-702 Kraków\nNIP 903-842-88-47\nPARAGON FISKALNY\n"
        "Tyskie 0,5 2 x 3,99 7,98A\nChleb żytni krojony 4,99C\n"
        "Sprzedaż opodatk. A 7,98\nPTU A 23% 1,49\nSprzedaż opodatk. C 4,99\nPTU C 5% 0,24\n"
        "SUMA PLN 12,97\n2026-11-14 18:42\n"
    )
    assert [str(i.amount) for i in reading.items] == ["7.98", "4.99"]


@pytest.mark.parametrize("row", ["Diesel Zapfsäule 3", "Diesel"])
def test_the_pump_behind_a_fuel_is_no_part_of_its_name(row: str) -> None:
    reading, _ = understood(
        f"# BRANDT\n14.11.2026 18:42\n{row:30} 74,05\nKaffee groß {'':19} 3,20\n"
        f"Summe EUR {'':20} 77,25\nGirocard {'':21} 77,25\n"
    )
    assert [i.description for i in reading.items] == ["Diesel", "Kaffee groß"]


def test_a_count_printed_without_spaces_is_no_part_of_the_name() -> None:
    found = items(
        """
        VESTE           1x9,35       9,35
        LACETS          3×1,50       4,50
        TOTAL                       13,85
        """
    )
    assert found == [("VESTE", "9.35", "1"), ("LACETS", "4.50", "3")]


def test_a_row_that_tells_how_many_there_are_is_no_name_below() -> None:
    found = items(
        """
        18.11.26 13:32 Bal.2 V3
        CREVETTES CUITES
        1,156         19,80    22,89
        DOS CABILLAUD
        0,963         26,90    25,90
        2 Art.
        Total EUR              48,79
        """
    )
    assert [name for name, _, _ in found] == ["CREVETTES CUITES", "DOS CABILLAUD"]


def test_what_is_said_of_an_item_between_its_name_and_its_amount_names_nothing() -> None:
    found = items(
        """
        JEAN SLIM BRUT
        Taille 38 Coloris NOIR
        3 x 59,90             179,70
        CHEMISE LIN ML
        Taille S Coloris ECRU
        2 x 49,99              99,98
        NET A PAYER           279,68
        """
    )
    assert found == [("JEAN SLIM BRUT", "179.70", "3"), ("CHEMISE LIN ML", "99.98", "2")]


def test_an_articles_number_and_what_it_is_called_are_no_name() -> None:
    reading, _ = understood(
        HEAD
        + """
        Chaussettes run
        Réf 627562   1 x 12,00 12,00
        Casque vélo route
        Réf 388462   2 x 79,00 158,00
        TOTAL                 170,00
        """
    )
    assert [(i.description, i.product_code) for i in reading.items] == [
        ("Chaussettes run", "627562"),
        ("Casque vélo route", "388462"),
    ]


def test_the_name_of_a_discount_does_not_go_on() -> None:
    found = items(
        """
        SALADE ICEBERG          1,29
        REMISE IMMEDIATE 25%   -0,32
        RAISIN MUSCAT DE PAYS
        0,907 kg ×__ 4,49 EUR/kg 4,07
        TOTAL                   5,04
        """
    )
    assert [name for name, _, _ in found[:2]] == ["SALADE ICEBERG", "REMISE IMMEDIATE 25%"]


@pytest.mark.parametrize("sign", ["", "x"])
def test_counts_in_a_column_behind_the_names(sign: str) -> None:
    found = items(
        f"""
        Carnet ligne       {sign}2    17,80
        Poche La falaise   {sign}1     7,90
        TOTAL                 25,70
        """
    )
    assert found == [("Carnet ligne", "17.80", "2"), ("Poche La falaise", "7.90", "1")]


def test_numbers_that_end_names_are_no_counts() -> None:
    found = items(
        """
        MENU 2                 17,80
        PASTIS 51              21,24
        TOTAL                  39,04
        """
    )
    assert found == [("MENU 2", "17.80", None), ("PASTIS 51", "21.24", None)]


def test_a_price_for_one_with_its_sign_behind_is_no_part_of_a_name() -> None:
    found = items(
        """
        3x Tartare de bar    13,00€  39,00€
        1x Cafe                       2,50€
        TOTAL                        41,50€
        """
    )
    assert found == [("Tartare de bar", "39.00", "3"), ("Cafe", "2.50", "1")]


def test_tax_codes_behind_the_names_are_no_part_of_them() -> None:
    reading, _ = understood(
        HEAD
        + """
        RIZ ROND 1KG T1         1,95
        LESSIVE POUDRE T2       7,45
        JUS POMME T1            2,10
        TOTAL                  11,50
        """
    )
    assert [(i.description, i.vat_code) for i in reading.items] == [
        ("RIZ ROND 1KG", "T1"),
        ("LESSIVE POUDRE", "T2"),
        ("JUS POMME", "T1"),
    ]


def test_fuel_makes_the_sum_below_a_slips_label() -> None:
    reading, _ = understood(
        """
        # STATION DES PINS
        12 rue Haute 21200 BEAUNE
        LE 11/11/26 A 10:02:00
        MONTANT AUTORISE :
                         150,00 EUR
        MONTANT REEL :
                          23,78 EUR
        POMPE 3 SUPER SP95
        VOLUME 13,22 L
        P.U. 1,799 EUR
        TVA 20%                3,96
        """
    )
    assert [(i.description, str(i.amount)) for i in reading.items] == [("SUPER SP95", "23.78")]


def test_a_kilos_price_beside_the_amount_and_a_tare_between_name_nothing() -> None:
    found = items(
        """
        BAVETTE
         Net 0,512kg  Tare 0,006kg
         Px/kg 29,90             15,31
        OEUFS X6
         2 pce(s) x 2,60          5,20
        TOTAL                    20,51
        """
    )
    assert found == [("BAVETTE", "15.31", None), ("OEUFS X6", "5.20", "2")]


def test_a_price_and_how_many_before_the_names() -> None:
    found = items(
        """
        P.U.    Qte  Libelle           Total
        2,80    2    Graines laitue     5,60
        19,90   1    Secateur          19,90
        TOTAL                          25,50
        """
    )
    assert found == [("Graines laitue", "5.60", "2"), ("Secateur", "19.90", "1")]


@pytest.mark.parametrize("less", ["", "Offre speciale -10 %          -2,00\n"])
def test_fees_below_a_subtotal_are_items_where_a_discount_stands_beside_them(less: str) -> None:
    total = "20,99" if less else "22,99"
    found = items(
        f"""
        1x Nouilles sautees            14,00
        1x Raviolis                     6,00
        Sous-total                     20,00
        Frais de livraison              2,99
        {less}
        Total                          {total}
        """
    )
    assert [amount for _, amount, _ in found[2:]] == (["2.99", "-2.00"] if less else [])


def test_a_price_before_tax_or_discount_and_its_rate_are_columns_where_they_make_the_amount() -> (
    None
):
    taxed = items(
        """
        Actes             Qte   PU HT  TVA    Total
        Vermifuge 2 cp   1,00   14,00 20,00   16,80
        Consultation     2,00   35,00 20,00   84,00
        NET A PAYER                          100,80
        """
    )
    assert taxed == [("Vermifuge 2 cp", "16.80", "1.00"), ("Consultation", "84.00", "2.00")]
    cut = items(
        """
        Gourde 750ml    3   14,90  -20%       35,76
        Frontale 200lm  1   29,90  -10%       26,91
        TOTAL                                 62,67
        """
    )
    assert cut == [("Gourde 750ml", "35.76", "3"), ("Frontale 200lm", "26.91", "1")]


@pytest.mark.parametrize("count", ["(2 x 7,90)", "2 x 7,90", "QTE 2 PU 7,90"])
def test_a_name_ends_before_the_count_that_makes_its_amount(count: str) -> None:
    found = items(
        f"""
        Creme brulee {count}         15,80
        Espresso                      2,20
        TOTAL                        18,00
        """
    )
    assert found == [("Creme brulee", "15.80", "2"), ("Espresso", "2.20", None)]


def test_a_weight_before_the_name_is_how_much_there_is_of_it() -> None:
    found = items(
        """
        0,894kg AMANDES     18,90    16,90
        1,032 kg LESSIVE              4,02
        TOTAL                        20,92
        """
    )
    assert found == [("AMANDES", "16.90", "0.894"), ("LESSIVE", "4.02", "1.032")]


def test_what_stands_between_a_name_and_its_price_is_none_of_it() -> None:
    found = items(
        """
        3 x Soda 50cl a 4,50         13,50
        1 x Lunettes à 1,00           1,00
        TOTAL                        14,50
        """.replace(" a ", " à ")
    )
    assert found == [("Soda 50cl", "13.50", "3"), ("Lunettes", "1.00", "1")]


def test_the_days_of_a_stay_are_no_part_of_the_names() -> None:
    found = items(
        """
        06/10 Hebergement            94,00
        06/10 Petit-dejeuner         25,00
        07/10 Hebergement            94,00
        TOTAL                       213,00
        """
    )
    assert [name for name, *_ in found] == ["Hebergement", "Petit-dejeuner", "Hebergement"]


@pytest.mark.parametrize(
    ("ends", "kept"), [(("A", "C", "A"), False), (("M", "X2", "L"), True), (("T1", "C", "A"), True)]
)
def test_lone_letters_behind_most_names_are_tax_codes_but_sizes_are_none(
    ends: tuple[str, str, str], kept: bool
) -> None:
    names = ("TISANE DOUCE", "BALLE TENNIS", "POLO RAYE")
    reading, _ = understood(
        HEAD
        + f"""
        1 {names[0]} {ends[0]}    4,95
        1 {names[1]} {ends[1]}    5,20
        1 {names[2]} {ends[2]}    9,00
        TOTAL           19,15
        """
    )
    wanted = [f"{name} {end}" if kept else name for name, end in zip(names, ends, strict=True)]
    assert [i.description for i in reading.items] == wanted


def test_pieces_in_a_column_are_counted() -> None:
    found = items(
        """
        Robe simple                  1p      11,50
        Costume                      2p      31,80
        TOTAL                                43,30
        """
    )
    assert found == [("Robe simple", "11.50", "1"), ("Costume", "31.80", "2")]


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ((("1,00", "42,00", "42,00"), ("2,00", "3,50", "7,00")), ["1.00", "2.00"]),
        ((("42,00", "1,00", "42,00"), ("3,50", "2,00", "7,00")), ["1.00", "2.00"]),
    ],
)
def test_how_many_stands_before_the_price_unless_only_the_second_column_is_whole(
    rows: tuple[tuple[str, str, str], ...], counts: list[str]
) -> None:
    first, second = (f"{a}   {b}   {c:>6}" for a, b, c in rows)
    found = items(
        f"""
        Consultation   {first}
        Ampoule        {second}
        TOTAL               49,00
        """
    )
    assert [quantity for *_, quantity in found] == counts


def test_words_behind_an_articles_number_are_its_name() -> None:
    reading, _ = understood(
        """
             CHAUSSURES RAYMOND
        19/11/2026   Vendeuse: SOPHIE
        REF 44120 BOTTINE NOIR P.38
            1 x 89,00 =            89,00
        REF 70012 CREME INCOLORE
            1 x 7,50 =              7,50
        TOTAL EUR                  96,50
        CB                         96,50
        """
    )
    assert [i.description for i in reading.items] == [
        "REF 44120 BOTTINE NOIR P.38",
        "REF 70012 CREME INCOLORE",
    ]


def test_an_order_s_rows_of_quantities_are_named_by_the_rows_above_and_its_fees_are_items() -> None:
    reading, verdict = understood(
        """
                  MA BOUTIQUE ZEN
        Commande n° 100245  passée le 09/11/2026
        Bougie parfumée figue
          Quantité : 2              29,80 €
        Diffuseur bambou
          Qté : 1                   34,00 €
        Sous-total                  63,80 €
        Livraison Mondial Relay      4,90 €
        Code promo BIENVENUE        -6,38 €
        Total                       62,32 €
        Paiement PayPal
        """
    )
    assert [(i.description, str(i.amount), i.quantity) for i in reading.items] == [
        ("Bougie parfumée figue", "29.80", 2),
        ("Diffuseur bambou", "34.00", 1),
        ("Livraison Mondial Relay", "4.90", None),
        ("Code promo BIENVENUE", "-6.38", None),
    ]
    assert verdict.status == "trusted"


@pytest.mark.parametrize(
    ("count", "quantity"), [("(x2)", "2"), ("X 2", "2"), ("(X3)", "3"), ("X4", None), ("X12", None)]
)
def test_a_count_behind_one_name_is_told_from_the_size_of_its_pack(
    count: str, quantity: str | None
) -> None:
    found = items(
        f"""
        NEMS PORC {count}            12,00
        RIZ CANTONAIS                 4,00
        THE JASMIN                    3,00
        TOTAL                        19,00
        """
    )
    name = "NEMS PORC" if quantity else f"NEMS PORC {count}"
    assert found[0] == (name, "12.00", quantity)


def test_small_counts_behind_most_names_are_counts() -> None:
    found = items(
        """
        Diabolo x2                    7,00
        Pinte IPA x2                 15,00
        Perrier 33cl                  3,80
        TOTAL                        25,80
        """
    )
    assert [quantity for *_, quantity in found] == ["2", "2", None]
    assert found[0][0] == "Diabolo"


def test_a_count_that_was_not_read_is_known_by_the_column_of_prices() -> None:
    found = items(
        """
        JEAN DROIT       30,00       30,00
        KILO SAPE        19,80       59,40
        BONNET            5,25       21,00
        TOTAL                       110,40
        """
    )
    assert found == [
        ("JEAN DROIT", "30.00", "1"),
        ("KILO SAPE", "59.40", "3"),
        ("BONNET", "21.00", "4"),
    ]


def test_three_decimals_before_a_price_are_a_weight() -> None:
    found = items(
        """
        TOMATE GRAPPE   0.584  2.79   1.63
        SAC KRAFT           1  0.17   0.17
        TOTAL                         1.80
        """
    )
    assert found == [("TOMATE GRAPPE", "1.63", "0.584"), ("SAC KRAFT", "0.17", "1")]


@pytest.mark.parametrize("row", ["3*0,89", "Qté : 3", "Quantité : 3", "7640112345671 Qté 3 à 0,89"])
def test_a_row_that_only_counts_is_the_articles_above(row: str) -> None:
    found = items(
        f"""
        FARINE T55                    2,67
        {row}
        EPONGE GRATTANTE              1,61
        TOTAL                         4,28
        """
    )
    assert found == [("FARINE T55", "2.67", "3"), ("EPONGE GRATTANTE", "1.61", None)]


def test_numbers_before_names_are_tax_codes_where_rows_below_count_otherwise() -> None:
    reading, _ = understood(
        HEAD
        + """
        3 SOURIS SANS FIL            49,80
        2 U A 24,90
        3 CASQUE                     79,99
        1 JUS DE POMME                4,20
        A PAYER                     133,99
        """
    )
    assert [(i.description, i.quantity, i.vat_code) for i in reading.items] == [
        ("SOURIS SANS FIL", 2, "3"),
        ("CASQUE", None, "3"),
        ("JUS DE POMME", None, "1"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "2 H 13,90 | TUA 10%",
        "Pompe 6 2,00 L x 13,900 EUR/L",
        "2,00L 13,900 EUR/L",
        "2,00 1 × 13,90",
        "2.00 1b @ 13.90 /lb",
    ],
)
def test_a_row_with_other_words_counts_where_it_makes_the_amount_above(row: str) -> None:
    found = items(
        f"""
        SALADE LANDAISE              27,80
        {row}
        CAFE                          2,00
        TOTAL                        29,80
        """
    )
    assert [name for name, *_ in found] == ["SALADE LANDAISE", "CAFE"]
    assert [quantity and Decimal(quantity) for *_, quantity in found] == [2, None]


def test_a_count_above_its_article_is_not_the_discount_s_above_it() -> None:
    found = items(
        """
        CAFE                          2,00
        2EME A -50%                  -1,56
        4 à 0,39
        SAUCE                         1,56
        TOTAL                         2,00
        """
    )
    assert [quantity for *_, quantity in found] == [None, None, "4"]


def test_a_rate_before_the_prices_is_a_column_and_not_a_part_of_the_name() -> None:
    found = items(
        """
        Traitement antireflet  5,5 %   60,00   -9,00   51,00
        Monture acier noir     20 %   129,00          129,00
        TOTAL                                         180,00
        """
    )
    assert [name for name, *_ in found] == ["Traitement antireflet", "Monture acier noir"]


@pytest.mark.parametrize(
    ("row", "item"),
    [
        ("POTIMARRON   1,367k  2,90  5,5   3,96", ("POTIMARRON", "3.96", "1.367")),
        ("POTIMARRON   1.367k  2.90  5.5   3.96", ("POTIMARRON", "3.96", "1.367")),
        ("LAIT D'AVOINE 1L    2,15  5,5   2,15", ("LAIT D'AVOINE 1L", "2.15", "1")),
        ("STYLOS X2    2   5,72   11,44", ("STYLOS X2", "11.44", "2")),
        ("Candy $.10 [21113]     0,10", ("Candy $.10 [21113]", "0.10", "1")),
        ("RIZ LONG 500   1   1,88   1,88", ("RIZ LONG 500", "1.88", "1")),
        ("Beurre doux   2  2  2,85   5,70", ("Beurre doux", "5.70", "2")),
        ("Disque avant   2,00   14,75   29,50", ("Disque avant", "29.50", "2.00")),
        ("3*4,20   LE MONDE    12,60", ("LE MONDE", "12.60", "3")),
        ("1*11,90  CAMEL BLUE 20   11,90", ("CAMEL BLUE 20", "11.90", "1")),
        ("PICHET ROSE (2*9,00)   18,00", ("PICHET ROSE", "18.00", "2")),
    ],
)
def test_the_columns_that_make_the_amount_end_the_name(
    row: str, item: tuple[str, str, str]
) -> None:
    assert items(f"{row}\nTOTAL{item[1]:>{len(row) - 5}}\n") == [item]


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ("3,20 M2 x 7,30 €/M2   23,36", "3.20"),
        ("2 x 5 nuits x 2,336   23,36", "10"),
        ("2 cycles à 11,68   23,36", "2"),
        ("0,825 kg net à 28,315 €/kg   23,36", "0.825"),
        ("Net 0,825 kg x 28,315 €/kg   23,36", "0.825"),
    ],
)
def test_a_count_below_a_name_may_be_of_any_unit_and_have_a_factor(row: str, count: str) -> None:
    wide = len(row)
    found = items(
        f"PREMIERE CHOSE\n{row}\nTISANE DOUCE{'1,00':>{wide - 12}}\nTOTAL{'24,36':>{wide - 5}}\n"
    )
    assert found == [("PREMIERE CHOSE", "23.36", count), ("TISANE DOUCE", "1.00", None)]


def test_rows_that_tell_the_tare_are_of_no_item() -> None:
    found = items(
        """
        RAISINS SECS
        0,146 kg à 8,30 €/kg         1,21
        (tare 0,012 kg déduite)
        POIS CHICHES
        Brut 1,610 kg   Tare 0,240 kg
        Net 1,370 kg x 4,10 €/kg     5,62
        TOTAL                        6,83
        """
    )
    assert found == [("RAISINS SECS", "1.21", "0.146"), ("POIS CHICHES", "5.62", "1.370")]


def test_what_was_ordered_and_not_delivered_is_no_item() -> None:
    found = items(
        """
        Coquillettes    1   1   1,29   1,29
        Compote pomme   1   0   4,79   Indisponible
        Jambon blanc    2   2   3,49   6,98
        TOTAL                          8,27
        """
    )
    assert [name for name, *_ in found] == ["Coquillettes", "Jambon blanc"]


def test_a_word_for_a_payment_may_begin_the_name_above_a_counted_amount() -> None:
    found = items(
        """
        CARTE IGN 3015
        9785626588653   1 x 13,90    13,90
        AGENDA ROUGE
        9785736576513   1 x 14,50    14,50
        TOTAL                        28,40
        """
    )
    assert [name for name, *_ in found] == ["CARTE IGN 3015", "AGENDA ROUGE"]


def test_the_pump_before_the_fuel_is_no_part_of_its_name() -> None:
    found = items(
        """
        POMPE 6  SP98
        26,40 L x 1,849 EUR/L        48,81 B
        TWIX                          2,10 A
        TOTAL TTC                    50,91
        """
    )
    assert found == [("SP98", "48.81", "26.40"), ("TWIX", "2.10", None)]


def test_a_fuel_behind_its_pump_goes_before_the_address_above() -> None:
    reading, _ = understood(
        """
        # RELAIS DES PINS
        48500 VALBRUN
        Pompe 1 GASOIL
        25,00 L X 1,659 €/L          41,48
        Café                          1,20
        TOTAL EUR                    42,68
        """
    )
    assert [i.description for i in reading.items] == ["GASOIL", "Café"]


def test_below_what_was_given_stands_no_article() -> None:
    reading, _ = understood(
        """
        # BRANDT
        67600 SELESTAT
        Beurre doux 250 g            2,19
        Riesling 75cl                5,45
        Somme                        7,64
        Donné espèces               10,00
        Retour                       2,36
        1 TVA 5,5% dont 0,11 sur     2,19
        2 TVA 20,0% dont 0,91 sur    5,45
        """
    )
    assert [i.description for i in reading.items] == ["Beurre doux 250 g", "Riesling 75cl"]
    assert [(t.kind, str(t.amount)) for t in reading.tenders] == [("cash", "10.00")]


def test_articles_beside_fuel_told_in_rows_are_items_too() -> None:
    found = items(
        """
        POMPE 5
        Carburant GAZOLE
        Volume                      30,00 L
        Prix / litre            1,650 EUR/L
        Montant                   49,50 EUR
        HUILE 5W30 1L             14,90 EUR
        2 X CHEWING-GUM            4,60 EUR
        TOTAL TTC                 69,00 EUR
        Dont TVA 20,0 %           11,50 EUR
        """
    )
    assert found == [
        ("GAZOLE", "49.50", "30.00"),
        ("HUILE 5W30 1L", "14.90", None),
        ("CHEWING-GUM", "4.60", "2"),
    ]


def test_fuel_told_below_an_article_stands_below_it() -> None:
    found = items(
        """
        LAVAGE PROGRAMME 3        11,00 EUR
        Carburant GAZOLE
        Volume                      30,00 L
        Prix / litre            1,650 EUR/L
        Montant                   49,50 EUR
        TOTAL TTC                 60,50 EUR
        """
    )
    assert [name for name, *_ in found] == ["LAVAGE PROGRAMME 3", "GAZOLE"]


def test_fuel_told_in_rows_says_more_than_the_row_of_its_sum() -> None:
    found = items(
        """
        Pompe                            3
        Produit                  GAZOLE B7
        Volume                     31,41 L
        Prix unitaire            1,659 €/L
        Montant carburant            52,11
        A payer                      52,11
        """
    )
    assert found == [("GAZOLE B7", "52.11", "31.41")]


def test_what_insurances_pay_behind_the_amount_is_none_of_the_item() -> None:
    found = items(
        """
        Qté Désignation          PU TTC  Mt TTC  TVA    Part AMO  Part AMC
        2 SPASFON CPR 30           4,90    9,80  10,00      1,47      0,00
        1 VENTOLINE SPRAY          4,62    4,62   2,10      3,00      1,62
        BANDE EXTENSIBLE                   3,10  20,00      0,00      0,00
        Total facture TTC                                            17,52
        """
    )
    assert found == [
        ("SPASFON CPR 30", "9.80", "2"),
        ("VENTOLINE SPRAY", "4.62", "1"),
        ("BANDE EXTENSIBLE", "3.10", None),
    ]


def test_a_note_below_each_item_is_no_part_of_its_name() -> None:
    found = items(
        """
        Soin profond                 15,00
        avec Julie
        Coupe brushing femme         46,00
        avec Amina
        TOTAL 2 PRESTATIONS          61,00
        REGLE CB                     61,00
        """
    )
    assert [name for name, *_ in found] == ["Soin profond", "Coupe brushing femme"]


def test_a_row_that_ends_in_how_many_is_none_of_the_name_above() -> None:
    found = items(
        """
        6397813 MOCASSIN FEMME       49,90
           CAMEL PTE 40 QTE 1
        2363486 DERBY HOMME         139,80
           NOIR PTE 38 QTE 2
        TOTAL                       189,70
        """
    )
    assert found == [("MOCASSIN FEMME", "49.90", "1"), ("DERBY HOMME", "139.80", "2")]


def test_a_row_that_ends_in_how_many_names_the_amount_alone_below() -> None:
    found = items(
        """
        DERBY HOMME QTE 2
                                    139,80
        CIRAGE NOIR                   4,90
        TOTAL                       144,70
        """
    )
    assert found[0][:2] == ("DERBY HOMME", "139.80")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("Vollmilch UHT       1    1.75     1.75 1", "Vollmilch UHT"),
        ("Vollmilch UHT 4x    3,25 x 3      9,75", "Vollmilch UHT 4x"),
        ("Vollmilch 1 szt, x  11,99        11,99", "Vollmilch 1 szt,"),
    ],
)
def test_a_tax_code_behind_the_amount_is_no_count_and_a_sign_no_name(row: str, name: str) -> None:
    total = row.split()[-2] if row.endswith(" 1") else row.split()[-1]
    found = items(f"{row}\nTOTAL                     {total}\n")
    assert found[0][0] == name


@pytest.mark.parametrize(
    ("head", "word", "total"),
    [
        ("12 High Street, York YO1 7LP", "Qty", "TOTAL   £8.50"),
        ("Hauptstr. 3\n80331 München", "Menge", "Summe   8,50 EUR"),
        ("Via Roma 3\n20121 Milano", "Quantità", "TOTALE EURO   8,50"),
    ],
)
def test_rows_that_only_count_in_other_languages(head: str, word: str, total: str) -> None:
    mark = "." if "£" in total else ","
    reading, _ = understood(
        f"""# LISERON
        {head}
        14/11/2026 18:42
        Notizbuch A5                7{mark}00
        {word}: 2
        Penna blu                   1{mark}50
        {total.replace("   ", " " * 17)}
        """
    )
    assert [i.quantity for i in reading.items] == [2, None]


def test_prices_of_each_are_a_column_where_weights_make_the_other_amounts() -> None:
    found = items(
        """
        1 LAIT CRU 1L           1,60   1,60
        0,894kg AMANDES BIO    18,90  16,90
        2 BIERE AMBREE 75CL     5,20  10,40
        CONSIGNE BOCAL          0,50   1,00
        -1 CONSIGNE BOCAL       0,50  -0,50
        TOTAL                         29,40
        """
    )
    assert found[-2:] == [("CONSIGNE BOCAL", "1.00", "2"), ("CONSIGNE BOCAL", "-0.50", "1")]


def test_a_zero_among_letters_is_the_letter_unless_a_file_brought_it() -> None:
    rows = """
        LAIT 1/2 ECR 6X1L BI0          7,14
        Amp0ule 0euf C0DE AB00         2,00
        COCA0% 50CL                    1,50
        TOTAL                         10,64
        """
    read = ["LAIT 1/2 ECR 6X1L BIO", "Ampoule Oeuf CODE AB00", "COCA0% 50CL"]
    assert [name for name, _, _ in items(rows)] == read
    (page,) = paper(HEAD + rows)
    of_file = tuple(Row(tuple(replace(w, engine="pdf") for w in row.words)) for row in page.rows)
    file = (replace(page, rows=of_file),)
    brought, _ = understand(file, stock(), Context(received_on=RECEIVED))
    assert brought.items[1].description == "Amp0ule 0euf C0DE AB00"


def test_an_article_s_number_begins_a_name_that_goes_on_beside_the_count_and_the_amount() -> None:
    found = items(
        """
        6262080 BASKET TOILE BASSE
        BLANC PTE 37 QTE 1          39,90
        3748766 DERBY HOMME
        CAMEL PTE 39 QTE 2         139,80
        TOTAL                      179,70
        """
    )
    assert found == [
        ("BASKET TOILE BASSE BLANC PTE 37", "39.90", "1"),
        ("DERBY HOMME CAMEL PTE 39", "139.80", "2"),
    ]


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("", "Qté:2 PU 4,50 €", "QTE 1 P.U.19,90"),
        ("", "Quantité : 2 Px : 4,50", "Qté 1 à 19,90"),
        ("Hauptstr. 3\n10115 Berlin\nMwSt 19% 4,61\n", "Menge: 2 EP 4,50", "Menge: 1 EP 19,90"),
        ("12 High Street\nLondon\nVAT 20% 4.82\n", "Qty:2 UP 4.50", "Qty: 1 @ 19.90"),
    ],
)
def test_a_row_of_how_many_at_what_price_takes_its_name_from_above(
    head: str, first: str, second: str
) -> None:
    reading, _ = understood(
        (f"# BRILLANT\n{head}" if head else HEAD)
        + f"Vase 30\n{first:24} 9,00\nLaterne 5\n{second:24}19,90\nTOTAL{'':19} 28,90\n"
    )
    told = [(item.description, item.quantity) for item in reading.items]
    assert told == [("Vase 30", 2), ("Laterne 5", 1)]


def test_a_discount_below_the_subtotal_is_called_by_the_row_above_its_amount() -> None:
    found = items(
        """
        BTL COTES DU RHONE
        2 x 24,00            48,00
        VELOUTE POTIMARRON
        1 x 8,50              8,50
        SOUS-TOTAL           56,50
        REMISE FIDELITE 5%
                             -3,43
        TOTAL                53,07
        """
    )
    assert found[-1] == ("REMISE FIDELITE 5%", "-3.43", None)


def test_a_count_stands_behind_the_size_of_a_pack() -> None:
    found = items(
        """
        ROSES ROUGES X10 x2  58,00
        ORCHIDEE             27,90
        CHAUSSETTES X3 X4    28,76
        TOTAL               114,66
        """
    )
    assert [(name, count) for name, _, count in found] == [
        ("ROSES ROUGES X10", "2"),
        ("ORCHIDEE", None),
        ("CHAUSSETTES X3", "4"),
    ]


@pytest.mark.parametrize(
    ("last", "counted"),
    [("Café crème x3          12,30", True), ("Œufs plein air x10      3,79", False)],
)
def test_what_is_behind_few_names_counts_where_it_divides_all_their_amounts(
    last: str, counted: bool
) -> None:
    found = items(
        f"""
        Croque-monsieur x2     23,00
        Moules frites x2       35,60
        Choucroute garnie      22,50
        Île flottante           7,90
        Pastis 2cl              4,00
        Sirop de menthe         2,40
        {last}
        TOTAL                 {"107,70" if counted else " 99,19"}
        """
    )
    assert found[0] == (
        ("Croque-monsieur", "23.00", "2") if counted else ("Croque-monsieur x2", "23.00", None)
    )


@pytest.mark.parametrize(
    "number", ["{:03d} ", "{:03d}", "{} ", "{}. ", "{}) "], ids=["001 ", "001", "1 ", "1.", "1)"]
)
def test_rows_that_are_numbered_count_nothing(number: str) -> None:
    names = [("CHAUSSETTES X3", "6,50"), ("PIZZA", "3,75"), ("EPONGES", "1,65"), ("LAIT", "1,00")]
    rows = [f"{number.format(n)}{name:24}{amount}" for n, (name, amount) in enumerate(names, 1)]
    found = items("\n".join([*rows, f"TOTAL{'':22}12,90"]))
    told = [(name, amount.replace(",", "."), None) for name, amount in names]
    assert found == told


def test_counts_in_the_order_of_numbers_count_where_they_divide_their_amounts() -> None:
    found = items("1 PAIN   1,20\n2 CAFE   5,00\n3 CROISSANT   3,60\nTOTAL   9,80")
    assert [count for _, _, count in found] == ["1", "2", "3"]


def test_rows_of_how_many_at_what_price_are_no_taxes_for_all_that_they_name_their_rate() -> None:
    found = items(
        """
        DOLIPRANE 1000MG CPR BTE 8
        2 x 2,18  TVA 10,0        4,36
        AVENE CICALFATE+ 40ML
        1 x 9,90  TVA 20,0        9,90
        TOTAL EUR                14,26
        CARTE BANCAIRE           14,26
        TVA 10,0% : 0,40 sur HT 3,96
        TVA 20,0% : 1,65 sur HT 8,25
        """
    )
    assert found == [
        ("DOLIPRANE 1000MG CPR BTE 8", "4.36", "2"),
        ("AVENE CICALFATE+ 40ML", "9.90", "1"),
    ]


def test_the_price_of_each_below_an_article_tells_how_many_there_are() -> None:
    found = items(
        """
        Baguette Tradition        3,80
        (0,95 € / unité)
        Formule Sandwich          8,90
        TOTAL                    12,70
        """
    )
    assert found[0] == ("Baguette Tradition", "3.80", "4")


@pytest.mark.parametrize(("amount", "count"), [("14,97", "3"), ("15,90", None)])
def test_one_amount_that_is_no_price_is_of_so_many(amount: str, count: str | None) -> None:
    total = "113,87" if count else "114,80"
    found = items(
        f"""
        Mascara Lash             15,90
        Eau de parfum 50ml       83,00
        Masque avocat x3         {amount}
        TOTAL                   {total}
        """
    )
    assert found[-1][2] == count


def test_what_is_said_to_be_in_a_price_is_no_article() -> None:
    found = items(
        """
        BOUILLOIRE INOX          39,99
        Eco-participation incluse 0,15
        PILE CR2032               5,49
        TOTAL                    45,48
        """
    )
    assert [name for name, _, _ in found] == ["BOUILLOIRE INOX", "PILE CR2032"]


def test_a_row_of_numbers_that_make_the_amount_above_counts_it() -> None:
    found = items(
        """
        NEMS PORC                13,60
        2                 6,80
        CANARD LAQUE     13,50   13,50
        TOTAL                    27,10
        """
    )
    assert found == [("NEMS PORC", "13.60", "2"), ("CANARD LAQUE", "13.50", "1")]


def test_a_count_is_known_by_the_title_above_its_column() -> None:
    """A rate stands before it, a price without tax behind it; one row alone may have a count."""
    rated = items(
        """
        LIBELLE                TVA   QTE  EUROS
        LESSIVE CAPSULES X30 20,00%   2   11,98
        CONCOMBRE             5,50%   1    0,89
        CLEMENTINES CORSE     5,50% 1,185  4,37
        REMISE LOT            5,50%       -0,87
        TOTAL                             16,37
        """
    )
    assert rated == [
        ("LESSIVE CAPSULES X30", "11.98", "2"),
        ("CONCOMBRE", "0.89", "1"),
        ("CLEMENTINES CORSE", "4.37", "1.185"),
        ("REMISE LOT", "-0.87", None),
    ]
    untaxed = items(
        """
        DESIGNATION          QTE   PU HT   MT TTC
        VERRE PROGRESSIF 1.6   2   74,75   179,40
        ETUI + CHIFFON         1    8,25     9,90
        TOTAL TTC                          189,30
        """
    )
    assert untaxed == [("VERRE PROGRESSIF 1.6", "179.40", "2"), ("ETUI + CHIFFON", "9.90", "1")]
    alone = items(
        """
        ACTE / PRODUIT         QTE   EUR
        VACCIN ANNUEL              32,92
        PUCE                       57,50
        CROQUETTES RENAL 2KG    1  26,58
        TOTAL                     117,00
        """
    )
    assert alone[2] == ("CROQUETTES RENAL 2KG", "26.58", "1")


def test_a_number_that_is_not_under_the_title_of_the_counts_stays_in_the_name() -> None:
    found = items(
        """
        ARTICLE                    QTE   EUR
        COMIC TOME 2                     7,19
        COMIC TOME 3                     7,19
        TOTAL                           14,38
        """
    )
    assert found == [("COMIC TOME 2", "7.19", None), ("COMIC TOME 3", "7.19", None)]


def test_a_tax_code_in_brackets_before_the_names_is_none_of_them() -> None:
    reading, _ = understood(
        HEAD
        + """
        (A) JUS DE RAISIN 1L         5,30
        (C) BANDOL ROSE 2024        39,90
        2 X 19,95
        (C) CONSIGNE BOUTEILLE       0,40
        TOTAL                       45,60
        """
    )
    assert [(i.description, i.vat_code, i.quantity) for i in reading.items] == [
        ("JUS DE RAISIN 1L", "A", None),
        ("BANDOL ROSE 2024", "C", 2),
        ("CONSIGNE BOUTEILLE", "C", None),
    ]


def test_a_sum_before_discounts_and_another_currency_are_no_items() -> None:
    found = items(
        """
        COFFRET DECOUVERTE          45,00
        REMISE 10%                  -4,50
        SOUS-TOTAL HORS REMISES     45,00
        TOTAL REMISES               -4,50
        TOTAL                       40,50
        """
    )
    assert found == [("COFFRET DECOUVERTE", "45.00", None), ("REMISE 10%", "-4.50", None)]
    assert items("MONTANT   23,50 EUR\nPOUR INFORMATION   154,15 F\n") == []


@pytest.mark.parametrize("section", ["FROMAGERIE", "HORS ORDONNANCE"])
def test_a_section_of_the_shop_begins_no_name(section: str) -> None:
    found = items(
        f"""
        DOS DE CABILLAUD
        0,412 kg x 26,90 EUR/kg     11,08
        {section}
        BRILLAT SAVARIN
        0,236 kg x 24,50 EUR/kg      5,78
        TOTAL                       16,86
        """
    )
    assert [name for name, *_ in found] == ["DOS DE CABILLAUD", "BRILLAT SAVARIN"]


def test_how_many_pieces_in_a_row_of_their_own_name_nothing() -> None:
    above = items(
        """
        COMTE 24 MOIS
        0,385 kg à 29,90 EUR/kg     11,51
        REBLOCHON
        1 pce                       11,90
        LANGRES
        2 pc                        13,80
        3 pesées
        TOTAL                       37,21
        """
    )
    assert above == [
        ("COMTE 24 MOIS", "11.51", "0.385"),
        ("REBLOCHON", "11.90", "1"),
        ("LANGRES", "13.80", "2"),
    ]
    weighed = items(
        """
        TOMME DE BREBIS             20,02
        0.689 kg                    29.05 €/kg
        ROCAMADOUR X3                4,70
        TOTAL                       24,72
        """
    )
    assert weighed == [("TOMME DE BREBIS", "20.02", "0.689"), ("ROCAMADOUR X3", "4.70", None)]


def test_what_was_read_for_a_one_before_a_name_counts() -> None:
    found = items(
        """
        IX CRAYON GRAVE              2,70
        1X BILLET REDUIT             8,05
        2* AUDIOGUIDE                8,10
        ]* COCA 33CL                 4,00
        X AFFICHE                   13,90
        TOTAL                       36,75
        """
    )
    assert found == [
        ("CRAYON GRAVE", "2.70", "1"),
        ("BILLET REDUIT", "8.05", "1"),
        ("AUDIOGUIDE", "8.10", "2"),
        ("COCA 33CL", "4.00", "1"),
        ("AFFICHE", "13.90", None),
    ]
    alone = items(
        """
        X TREM FREE                  2,70
        2 X BILLET REDUIT           16,10
        PLAN                         1,00
        TOTAL                       19,80
        """
    )
    assert alone[0] == ("X TREM FREE", "2.70", None)


def test_articles_numbers_before_the_names_are_their_codes() -> None:
    reading, _ = understood(
        HEAD
        + """
        A114 VIS LAITON              3,00
        C208 PAUMELLE               14,55
        FO01 CADENAS                12,90
        H330 MASTIC                  4,80
        H330 MASTIC                  4,80
        REMISE                      -4,80
        A209 EQUERRE                -2,00
        TOTAL                       33,25
        """
    )
    assert [(i.description, i.product_code) for i in reading.items] == [
        ("VIS LAITON", "A114"),
        ("PAUMELLE", "C208"),
        ("CADENAS", "FO01"),
        ("MASTIC", "H330"),
        ("MASTIC", "H330"),
        ("REMISE", None),
        ("EQUERRE", "A209"),
    ]


def test_a_column_of_codes_of_several_lengths_is_known_by_where_the_names_begin() -> None:
    column = items(
        """
        MO1    MAIN D'OEUVRE        93,00
        FH1204 FILTRE A HUILE       12,40
        5W30   HUILE 5W30           49,05
        PLQ    PLAQUETTES           46,80
        TOTAL                      201,25
        """
    )
    assert [name for name, *_ in column] == [
        "MAIN D'OEUVRE",
        "FILTRE A HUILE",
        "HUILE 5W30",
        "PLAQUETTES",
    ]
    words = items(
        """
        PS5 MANETTE                 69,00
        USB2 CABLE                  12,40
        HDMI21 CABLE                19,05
        JEU FOOT                    46,80
        TOTAL                      147,25
        """
    )
    assert [name for name, *_ in words][:2] == ["PS5 MANETTE", "USB2 CABLE"]


@pytest.mark.parametrize("sizes", [("500G", "250G", "750G"), ("TOME", "JEUX", "ABCD")])
def test_sizes_and_words_of_one_length_before_the_names_are_no_codes(sizes: tuple[str]) -> None:
    found = items(
        "".join(f"{size} FARINE {at}       {at},40\n" for at, size in enumerate(sizes, 2))
        + "TOTAL     10,20\n"
    )
    assert [name for name, *_ in found] == [f"{x} FARINE {at}" for at, x in enumerate(sizes, 2)]


def test_a_weight_counts_whose_unit_was_misread_or_whose_gap_was_lost() -> None:
    found = items(
        """
        VRAC RIZ 0,756ks             2,91
        CREVETTES PIQ.0,295kg        7,23
        LIQUIDE VAISSELLE 0,500L     2,49
        TOTAL                       12,63
        """
    )
    assert found == [
        ("VRAC RIZ", "2.91", "0.756"),
        ("CREVETTES PIQ.", "7.23", "0.295"),
        ("LIQUIDE VAISSELLE", "2.49", "0.500"),
    ]


@pytest.mark.parametrize(("title", "behind"), [("Taux", ""), ("    ", " 65%")])
def test_what_insurances_pay_is_a_column_below_its_title_or_on_three_rows(
    title: str, behind: str
) -> None:
    found = items(
        f"""
        Qte Designation             {title}  Montant
        2 KARDEGIC 75 SACH 30        65%      5,16
        2 EFFERALGAN 500MG           65%      4,36
        1 AVENE CICALFATE            NR       9,80
        1 PANSEMENT                  NR       3,60
        TOTAL                                22,92
        """
    )
    assert found[0] == (f"KARDEGIC 75 SACH 30{behind}", "5.16", "2")
    assert found[2] == (f"AVENE CICALFATE{' NR' * bool(behind)}", "9.80", "1")


def test_how_long_it_takes_is_part_of_a_name() -> None:
    found = items(
        """
        RITUEL HAMMAM 1h30
        1 x 118,00                 118,00
        MODELAGE 30 MIN
        2 x 45,00                   90,00
        TOTAL                      208,00
        """
    )
    assert found == [("RITUEL HAMMAM 1h30", "118.00", "1"), ("MODELAGE 30 MIN", "90.00", "2")]


def test_what_comes_on_top_has_no_plus_in_its_name() -> None:
    found = items(
        """
        1 TACOS L                    8,90
        + Gratiné cheddar            1,20
        CANAL+ CARTE                 2,00
        TOTAL                       12,10
        """
    )
    assert [name for name, *_ in found] == ["TACOS L", "Gratiné cheddar", "CANAL+ CARTE"]


def test_hema_prints_the_price_of_each_below_the_article() -> None:
    reading, _ = understood(
        """
        # HEMA
        HEMA France SAS
        59000 LILLE
        cahier ligné                 6,75
        14870022 à 2,25
        bougie                       3,50
        41780311 à 3,50
        total                       10,25
        tva 20%                      1,71
        20/11/2026 14:22
        """
    )
    assert [(i.description, i.quantity) for i in reading.items] == [
        ("cahier ligné", 3),
        ("bougie", 1),
    ]


def test_a_row_of_net_weight_or_pieces_takes_its_name_from_above() -> None:
    found = items(
        """
        SOLE PORTION
        Net 0,316 kg 31,50 €/kg      9,95 €
        EPOISSES AFFINE
        Pièce X3 10,90 €/pce        32,70 €
        TOTAL                       42,65 €
        """
    )
    assert found == [("SOLE PORTION", "9.95", "0.316"), ("EPOISSES AFFINE", "32.70", "3")]


@pytest.mark.parametrize(
    "row", ["46,80 E85             0,872   40,81", "E85   46,80   0,872   40,81"]
)
def test_a_fuel_of_one_letter_is_a_name_and_litres_are_more_than_their_price(row: str) -> None:
    found = items(
        f"""
        Qté Désignation       P.U.    TTC
        {row}
        1,00 BOUTEILLE GAZ    39,90   39,90
        TOTAL TTC                     80,71
        """
    )
    assert found == [("E85", "40.81", "46.80"), ("BOUTEILLE GAZ", "39.90", "1.00")]


def test_a_section_that_a_sum_is_of_is_no_part_of_a_name() -> None:
    found = items(
        """
        FRUITS & LEGUMES
        AIL ROSE TRESSE                4,20
        RAISIN MUSCAT
           0,335 kg x 4,99 €/kg        1,67
        AVOCAT HASS PIECE              1,19
           Sous-total Fruits & Legumes 7,06
        TOTAL GENERAL                  7,06
        """
    )
    assert [name for name, *_ in found] == ["AIL ROSE TRESSE", "RAISIN MUSCAT", "AVOCAT HASS PIECE"]


def test_a_note_in_other_letters_below_the_last_amount_leaves_names_above() -> None:
    found = items(
        """
        N°68
        SUPPL. FROMAGE
         1x1,00                      1,00 EUR
        MENU KEBAB
         1x10,40                    10,40 EUR
        AYRAN
         1x1,75                      1,75 EUR
         salade tomate oignon
        TOTAL                       13,15 EUR
        """
    )
    assert [name for name, *_ in found] == ["SUPPL. FROMAGE", "MENU KEBAB", "AYRAN"]


def test_what_a_menu_is_of_is_no_part_of_its_name() -> None:
    found = items(
        """
1 FRITES MOYENNE                 3,40
1 MENU GIANT MAX                13,95
   FRITES MOYENNE
   COCA-COLA 40CL
TOTAL TTC                       17,35
        """
    )
    assert [name for name, *_ in found] == ["FRITES MOYENNE", "MENU GIANT MAX"]


def test_how_many_articles_there_are_names_none() -> None:
    found = items(
        """
          kg    EUR/kg      EUR
        Chipolatas
          0,752  13,90    10,45
        Saucisson sec pièce
          2 pce   6,90    13,80
        Nbre art. 2
        TOTAL EUR         24,25
        """
    )
    assert found == [("Chipolatas", "10.45", "0.752"), ("Saucisson sec pièce", "13.80", "2")]


def test_bottles_are_counted_below_their_names() -> None:
    found = items(
        """
        BIB Gamay 3L
            2 blle(s) x 16,90         33,80
        Sancerre blanc 2023
            4 bouteilles x 19,50      78,00
        TOTAL T.T.C.                 111,80
        """
    )
    assert found == [("BIB Gamay 3L", "33.80", "2"), ("Sancerre blanc 2023", "78.00", "4")]


def test_a_star_behind_an_amount_marks_its_tax() -> None:
    found = items(
        """
        SABLE VOLIERE 5KG        3,95 *
        GRIFFOIR CARTON          8,99 *
        SOMME                   12,94
        """
    )
    assert found == [("SABLE VOLIERE 5KG", "3.95", None), ("GRIFFOIR CARTON", "8.99", None)]


def test_a_price_with_taxes_beside_a_count_is_no_sum() -> None:
    found = items(
        """
        Saint-Chinian 2021
           Qté 1 PU TTC 8,65             8,65 €
        IPA 33cl
           Qté 4 PU TTC 3,20            12,80 €
        TOTAL TTC                       21,45 €
        """
    )
    assert found == [("Saint-Chinian 2021", "8.65", "1"), ("IPA 33cl", "12.80", "4")]


def test_an_article_s_number_and_count_below_its_amount_are_none_of_their_own() -> None:
    found = items(
        """
        GRILLE-PAIN INOX             36,99 €
           Code 544426 Qte 1 PU      36,99
        CARTE SD 128GO               20,20 €
           Code 376658 Qte 1 PU      20,20
        TOTAL T.T.C.                 57,19
        """
    )
    assert [(name, amount) for name, amount, _ in found] == [
        ("GRILLE-PAIN INOX", "36.99"),
        ("CARTE SD 128GO", "20.20"),
    ]


def test_pairs_are_counted_below_a_name() -> None:
    found = items(
        """
        312682 IMPERMEABILISANT
            QTE 1                     8,15
        656193 CHAUSSON ENFANT 29
            2 PAIRE(S)               27,90
        1 POIRE                       0,80
        NET A PAYER                  36,85
        """
    )
    assert found == [
        ("IMPERMEABILISANT", "8.15", "1"),
        ("CHAUSSON ENFANT 29", "27.90", "2"),
        ("POIRE", "0.80", "1"),
    ]


def test_a_row_set_off_above_the_first_item_is_no_part_of_its_name() -> None:
    (page,) = paper(
        HEAD + "Table 27 / 2 pers. Éditée par Thomas\n"
        "Crème brûlée x4             32,00 €\nMenu enfant x1               9,00 €\n"
        "TOTAL                       41,00\n"
    )
    rows = page.rows[:4] + tuple(
        Row(
            tuple(
                replace(w, box=replace(w.box, top=w.box.top + 30, bottom=w.box.bottom + 30))
                for w in row.words
            )
        )
        for row in page.rows[4:]
    )
    reading, _ = understand((replace(page, rows=rows),), stock(), Context(RECEIVED))
    assert [i.description for i in reading.items] == ["Crème brûlée", "Menu enfant"]
