"""The chains of the stock whose names are words, surnames, brands of goods or places, too."""

from __future__ import annotations

import pytest

from preuve.reading.result import Reading
from preuve.reading.template.match import Match, match
from tests.paper import stock, understood
from tests.typed import pages

AMERICAN = "123 Main Street\nSpringfield, IL 62701\n03/14/2017 6:42 PM\n"
SOLD = "BREAD   4.00\nMILK   2.00\nSUBTOTAL   6.00\nTAX   0.36\nTOTAL   6.36\nVISA   6.36\n"


def matched(*rows: str, country: str | None = None) -> str | None:
    found = match(pages(*rows), stock(), country)
    return found.template.template if isinstance(found, Match) else None


def read(text: str) -> Reading:
    reading, _ = understood(text)
    return reading


@pytest.mark.parametrize(
    "head",
    [
        "Boots & Saddle Saloon",
        "Mango Tree Restaurant",
        "Next visit 10% off",
        "The Gap Tavern",
        "Jumbo Seafood",
        "Hilton Street Deli",
        "Marriott Lane Cafe",
        "Shell Beach Cafe",
        "Paul & Sons Garage",
        "Subway Tavern",
        "Target practice range",
        "Metro Diner",
        "Perkins & Sons",
        "Casey's Grill",
        "Cole's Steakhouse",
        "Costa Brava Restaurant",
        "Sonic Sound Store",
        "Staples Corner Cafe",
        "Iceland Tours",
        "Indigo Lounge",
        "Uno Mas Taqueria",
        "Regal Nails",
        "Odeon Brasserie",
        "Winners Sports Bar",
        "Central",
        "Maverick",
        "Benny's",
        "AM Pharmacy",
        "Mom Pizza",
        "SW Restaurant",
        "Hoxton Market",
        "Chilli's Curry House",
        "Served by: John Lewis",
        "Server: Bob Evans",
    ],
)
def test_a_shop_that_only_shares_a_word_is_no_chain(head: str) -> None:
    assert matched(head, *AMERICAN.splitlines(), *SOLD.splitlines()) is None


@pytest.mark.parametrize(
    "row",
    [
        "STARBUCKS COFFEE 200G   6.99",
        "SHELL GIFT CARD   25.00",
        "DUNKIN DONUTS K-CUPS   8.99",
        "Gift card: Best Buy   50.00",
        "NESPRESSO CAPSULES   4.50",
        "BURGER KING VOUCHER   10.00",
        "Follow us at www.harbourgrocers.example and subway.com",
        "opposite Boots",
        "Next to McDonald's",
        "Download our app from Apple Store",
        "Survey: win a $500 Walmart gift card",
    ],
)
def test_another_chain_among_the_goods_or_at_the_foot_is_none(row: str) -> None:
    head = ["Harbour Grocers", "12 Quay Street", "03/14/2017 6:42 PM"]
    assert matched(*head, "BREAD   4.00", row, "TOTAL   4.00", row) is None


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("SUBWAY #23745\nEat Fresh", "intl.subway"),
        ("Subway\nTell us at www.subway.com", "intl.subway"),
        ("BOOTS UK LIMITED", "gb.boots"),
        ("Boots\nwww.boots.com", "gb.boots"),
        ("NEXT\nNext Retail Ltd", "gb.next"),
        ("GAP\nwww.gap.com", "intl.gap"),
        ("SEARS ROEBUCK AND CO", "us.sears"),
        ("SHELL", "intl.shell"),
        ("CRACKER BARREL #112", "us.cracker_barrel"),
        ("FOOD LION", "us.food_lion"),
        ("PIZZA HUT", "intl.pizza_hut"),
        ("NTUC FAIRPRICE", "sg.fairprice"),
    ],
)
def test_a_chain_is_known_by_its_sign_or_by_what_else_it_prints(head: str, key: str) -> None:
    assert matched(*head.splitlines(), *AMERICAN.splitlines(), *SOLD.splitlines()) == key


@pytest.mark.parametrize(
    "head",
    [
        "PAUL ET FILS",
        "Speedy Pizza",
        "MONDIAL RELAY",
        "12 RUE SAINT MACLOU",
        "CHEZ MEMPHIS",
        "PATÉ EN CROÛTE",
        "AU BUREAU DE TABAC",
        "Quick Pressing",
        "HÔTEL DE LA POSTE",
        "LA PORTE",
        "BOULANGERIE DE NEUVILLE",
        "LE TEMPS DES CERISES",
        "COMPTOIR DES VINS",
        "BOULANGERIE LOUIS",
        "COIFFURE CAROLE",
        "CAROLE",
        "SAN MARINO",
        "NICOLAS",
        "PRINTEMPS",
        "VILLA VERDE",
        "AU ROUGE GORGE",
        "TABLE G7",
    ],
)
def test_a_french_shop_that_only_shares_a_word_is_no_chain(head: str) -> None:
    assert matched(head, "12 rue Haute", "99100 VALBRUN", "TOTAL TTC  12,50 EUR") is None


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        (("VIVAL", "by Casino", "12 rue Haute"), "fr.vival"),
        (("PAUL", "depuis 1889", "12 rue Haute", "www.paul.fr"), "fr.paul"),
        (("SAS CORVIS", "PATHÉ VALBRUN", "12 rue Haute"), "fr.pathe"),
        (("SPAR SUPERMARCHÉ", "12 rue Haute", "TOTAL TTC  12,50 EUR"), "fr.spar"),
        (("G7", "12 rue Haute", "TOTAL TTC  12,50 EUR"), "fr.g7"),
        (("NICOLAS", "12 rue Haute", "www.nicolas.com"), "fr.nicolas"),
        (("E.LECLERC", "ESPACE CULTUREL", "12 rue Haute"), "fr.leclerc_espace_culturel"),
        (("SAS CORVIS", "L'AUTO E.LECLERC", "12 rue Haute"), "fr.leclerc_auto"),
        (("LA POSTE", "VALBRUN PRINCIPAL", "12 rue Haute"), "fr.la_poste"),
        (("CALZEDONIA", "12 rue Haute", "TOTAL TTC  12,50 EUR"), "intl.calzedonia"),
    ],
)
def test_a_french_chain_is_known(rows: tuple[str, ...], key: str) -> None:
    assert matched(*rows, country="FR") == key


def test_of_a_group_of_shopkeepers_the_name_behind_the_banner_is_told() -> None:
    name = read(
        "GEDIMAT CORVIS\n12 rue Haute\n99100 VALBRUN\n14/11/2026 18:42\n"
        "VIS  2,00\nTOTAL TTC  2,00\nCB  2,00\n"
    ).retailer
    assert name is not None
    assert (name.value.name, name.value.key) == ("GEDIMAT CORVIS", "fr.gedimat")


def test_a_banner_of_many_countries_is_read_as_the_paper_is_printed() -> None:
    paper_of = {
        "US": f"HARD ROCK CAFE\n{AMERICAN}{SOLD}",
        "DE": "HARD ROCK CAFE\nPlatzl 1\n80331 München\n14.03.2017 18:42\nBurger   18,50\n"
        "Summe EUR   18,50\nBar   20,00\nRückgeld   1,50\nenth. 19% MwSt   2,95\n"
        "Vielen Dank für Ihren Besuch\n",
    }
    for country, text in paper_of.items():
        reading = read(text)
        assert reading.retailer is not None
        assert reading.retailer.value.key == reading.match.template == "intl.hard_rock_cafe"
        assert reading.country == country
        assert reading.total is not None


def test_a_banner_of_one_country_may_sell_in_another() -> None:
    reading = read(
        "FNAC\nRue de Rive 16, 1204 Genève\nTVA CHE-109.566.621\n14.03.2017 18:42\nLIVRE   18.50\n"
        "TOTAL CHF   18.50\nESPECES CHF   20.00\nRENDU   1.50\n"
    )
    assert reading.match.template == "fr.fnac"
    assert reading.country == "CH"
    assert reading.currency is not None
    assert reading.currency.value == "CHF"


def test_below_the_first_row_a_chain_of_another_country_is_a_surname() -> None:
    rest = (
        "RN 7",
        "22100 DINAN",
        "N° TVA FR81867953598",
        "Siret 86795359800011",
        "MERCI DE VOTRE VISITE",
    )
    assert matched("Charcuterie", "Alsacienne", "Muller", *rest) is None
    assert matched("Müller", *rest) is not None


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        (
            "LISERO PUB\nPlatz 7\nBier  8.50\nZu bezahlen  8.50\ninkl. MWST 8.1%  0.64",
            "CHF",
        ),
        ("LISERO PUB\nPlatz 7\nBier  8.50\nZu bezahlen  8.50\ninkl. MWST 19%  1.36", "EUR"),
        (
            "LISERO\nRoad 7\nBeer  8.50\nTotal  CHF 8.50\nincl. VAT 8.1%  0.64\nThank you",
            "CHF",
        ),
    ],
    ids=["by its rate", "by its language", "in English"],
)
def test_a_currency_without_an_address(text: str, currency: str) -> None:
    reading = read(f"{text}\n14.03.2017 18:42\n")
    assert reading.currency is not None
    assert reading.currency.value == currency


def test_a_banner_of_many_countries_leaves_a_countrys_own_template_its_papers() -> None:
    malaysian = "McDonald's\nGerbang Alaf Restaurants Sdn Bhd (65351-M)\nJalan Ampang\nRM   6.00\n"
    assert matched(*malaysian.splitlines()) == "my.mcdonalds"
    assert matched("McDonald's", "12,50") == "intl.mcdonalds"
    assert matched("McDonald's", "12,50", country="FR") == "fr.mcdonalds"
    assert matched("McDonald's", "12,50", country="DE") == "intl.mcdonalds"


def test_where_nothing_tells_the_country_it_is_the_languages_first() -> None:
    german = ("Brot 4,50", "Summe EUR 4,50", "Vielen Dank für Ihren Einkauf")
    assert matched("MÜLLER", *german) == "de.muller"
    assert matched("MÜLLER", *german, country="AT") == "at.muller"
    assert matched("ALDI", "MILK 4.50", "TOTAL 4.50") is None
    assert matched("ALDI", *AMERICAN.splitlines(), "MILK 4.50", "TOTAL 4.50") == "us.aldi"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("BEST BUY #994", "BEST BUY #994"),
        ("Hard Rock Cafe - Amsterdam", "Hard Rock Cafe - Amsterdam"),
        ("PETCO", "Petco"),
        ("PETCO STORE 1204 (415) 555-0100", "PETCO STORE 1204"),
        ("PETCO 12 Harbor Road", "Petco"),
        ("WALGREENS Company of Illinois Inc", "Walgreens"),
        ("WALGREENS at the corner of happy", "Walgreens"),
    ],
)
def test_in_english_the_branch_is_told_with_the_banner(row: str, name: str) -> None:
    reading = read(f"{row}\n{AMERICAN}{SOLD}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


def test_a_malaysian_paper_of_a_banner_of_many_countries_names_its_company() -> None:
    text = (
        "HARD ROCK CAFE\nROSE HALL (M) SDN BHD (12345-A)\nJALAN SULTAN ISMAIL KUALA LUMPUR\n"
        "14/03/2017 18:42\nBURGER   18.00\nTOTAL RM   18.00\nTERIMA KASIH SILA DATANG LAGI\n"
    )
    reading = read(text)
    assert reading.retailer is not None
    assert reading.retailer.value.key == "intl.hard_rock_cafe"
    assert "SDN BHD" in reading.retailer.value.name
