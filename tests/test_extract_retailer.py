"""Which row of the head names the shop, and where its name ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preuve.reading.page import Page
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from tests.paper import RECEIVED, paper, stock, understood

REST = "\n14/11/2026 18:42\nROBE LIN   39,90\nTOTAL   39,90\nCB   39,90\nMERCI DE VOTRE VISITE\n"

SLIP = "CARTE BANCAIRE\nA0000000421010\nLE 14/11/26 A 18:42:00\n"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("PARC DE\nL'OBELISQUE\n12 rue Haute 99100 VALBRUN", "PARC DE L'OBELISQUE"),
        ("# LE LISERON\nCREPERIE BAR\n12 rue Haute 99100 VALBRUN", "LE LISERON"),
        ("LE LISERON\nCREPERIE BAR\n12 rue Haute 99100 VALBRUN", "LE LISERON CREPERIE BAR"),
        ("LE LISERON\nCrêperie\nGALETTES\n12 rue Haute 99100 VALBRUN", "LE LISERON"),
        ("LE 7\nCafé\n12 rue Haute\n99100 VALBRUN", "LE 7 Café"),
        ("VILLE DE VALBRUN\nPISCINE DES LISERONS\n12 rue Haute", "PISCINE DES LISERONS"),
        ("COMMUNE DE VALBRUN\nLes Lisières\n12 rue Haute", "Les Lisières"),
        ("MAIRIE DE VALBRUN\n1 place de la Mairie\n99100 VALBRUN", "MAIRIE DE VALBRUN"),
        ("Halles de Valbrun\nMAISON LISERO\nTél : 01 99 00 12 34", "MAISON LISERO"),
        ("Marché de Valbrun\nFERME LISERON\nTél : 01 99 00 12 34", "FERME LISERON"),
        ("CAVISTE\nLes Vignes du Liseron\n12 rue Haute", "Les Vignes du Liseron"),
        ("Boutique\nLISERON\n12 rue Haute\n99100 VALBRUN", "LISERON"),
        ("CORDONNERIE - CLES - GRAVURE\n# CLES SERVICE\n12 rue Haute", "CLES SERVICE"),
        ("La Ferme du Liseron\n12 rue Haute\n99100 VALBRUN", "La Ferme du Liseron"),
        ("LE MARCHE DE LISERON\n12 rue Haute\n99100 VALBRUN", "LE MARCHE DE LISERON"),
        ("M. LISERO Jean\nGARAGE CORVIS\n12 rue Haute", "GARAGE CORVIS"),
        ("M. LISERO\n12 rue Haute\n99100 VALBRUN", "M. LISERO"),
        ("SUSHI EXPRESS\n12 rue Haute\n99100 VALBRUN", "SUSHI EXPRESS"),
        ("MAIRIE DE VALBRUN\nRégie piscine municipale\n99100 VALBRUN", "MAIRIE DE VALBRUN"),
        ("AUTO-ECOLE DU LYCEE\nAgrément E 02 035\n99100 VALBRUN", "AUTO-ECOLE DU LYCEE"),
        (
            "MENUISERIE LISERO          12 rue Haute\n                           99100 VALBRUN",
            "MENUISERIE LISERO",
        ),
        (
            "                           12 rue Haute\nGARAGE LISERO              99100 VALBRUN",
            "GARAGE LISERO",
        ),
        ("La vie, la mer et le\nvin\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("RESTAURANT LISERON\nVALBRUN LOISIRS SARL\n12 rue Haute", "RESTAURANT LISERON"),
        ("LISERON ROUGE\nCHINA RESTAURANT\n12 rue Haute", "LISERON ROUGE"),
        ("LISERON\nCHINA RESTAURANT\n12 rue Haute", "LISERON CHINA RESTAURANT"),
        (
            "# LE COMPTOIR\n# DU BRICOLEUR\n# LISERON\n12 rue Haute",
            "LE COMPTOIR DU BRICOLEUR LISERON",
        ),
        ("LA FRAICHEUR DEPUIS 1987\n# GARAGE\n# LISERON\n12 rue Haute", "GARAGE LISERON"),
        ("CHEZ LISERON\n12 rue Haute\n99100 VALBRUN\nSARL CORVIS RCS", "CHEZ LISERON"),
        ("Frais. Bon. Local.\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("BIENVENUE\nLISERON ROUGE\nSARL CORVIS ET FILS\n12 rue Haute", "LISERON ROUGE"),
        ("REMISO\n12 rue Haute\n99100 VALBRUN", "REMISO"),
        ("7 A TABLE\n12 rue Haute\n99100 VALBRUN", "7 A TABLE"),
        ("LA CREMERIE\nD'AUBANNE\n12 rue Haute", "LA CREMERIE D'AUBANNE"),
        ("BOULANGERIE\nLISERON\n12 rue Haute", "BOULANGERIE LISERON"),
        ("OPTIQUE\nLISERON\nwww.optiqueliseron.example\n12 rue Haute", "OPTIQUE LISERON"),
        ("BIENVENUE CHEZ LISERON\n12 rue Haute\n99100 VALBRUN", "LISERON"),
        ("BIENVENUE CHEZ\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("CHEZ LISERON          14/11/2026\n12 rue Haute\n99100 VALBRUN", "CHEZ LISERON"),
        ("CORVIS ROUGE          18h42\n12 rue Haute\n99100 VALBRUN", "CORVIS ROUGE"),
        ("LE CONSEIL EN PLUS\n# LISERON SERVICE PLUS\n12 rue Haute", "LISERON SERVICE PLUS"),
        ("LE LISERON\nBOULANGER BIO\n12 rue Haute\n99100 VALBRUN", "LE LISERON"),
        ("Poissonnerie\nBienvenue chez\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("TICKET N° 056527\nBRASSERIE\nLISERON ROUGE\n12 rue Haute", "BRASSERIE LISERON ROUGE"),
        ("SAS CORVIS\nLISERON MAISON\n12 rue Haute", "LISERON MAISON"),
        ("SAS CORVIS\nLISERON VALBRUN\n12 rue Haute", "LISERON VALBRUN"),
        ("LISERON No:11\n12 rue Haute\n99100 VALBRUN", "LISERON"),
        ("7 A TABLE\nOuvert le lundi\n12 rue Haute\n99100 VALBRUN", "7 A TABLE"),
        ("Votre commerce de proximité\nOPTIQUE\nLISERON\n12 rue Haute", "OPTIQUE LISERON"),
        ("SAS CORVIS\n12 rue Haute\n99100 VALBRUN", "SAS CORVIS"),
        ("LISERON\nVALORA\n12 rue Haute", "LISERON VALORA"),
        ("LISERON\nVALBRUN\n12 rue Haute\n99100 VALBRUN", "LISERON"),
        ("LE FOURNIL\nDE LISERON\n12 rue Haute", "LE FOURNIL DE LISERON"),
        ("PARC\nDES\nLISERONS\n12 rue Haute", "PARC DES LISERONS"),
        ("LISERON\nLiserons depuis 1987\n12 rue Haute", "LISERON"),
        ("SAS CORVIS\nRestaurant Le Liseron\n12 rue Haute", "Restaurant Le Liseron"),
        ("Fleurs - Déco - Mariages\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("Charcutier traiteur\n# BOUCHERIE LISERON\n12 rue Haute", "BOUCHERIE LISERON"),
        ("LISERON ROUGE\nSARL OPTIQUE CORVIS\n12 rue Haute", "LISERON ROUGE"),
        ("# L IS É RON\n# ROUGE\n12 rue Haute", "L IS É RON ROUGE"),
        ("HÔTEL\nLE LISERON\n12 rue Haute", "HÔTEL LE LISERON"),
        ("LE\nLISERON ROUGE\n12 rue Haute", "LE LISERON ROUGE"),
        ("CORVIS SA\n# LISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("CORVIS SA\n# Cafétéria\n# Liseron\n12 rue Haute", "Cafétéria Liseron"),
        ("Ets Corvis Frères\nVis / Boulons / Peinture\n12 rue Haute", "Ets Corvis Frères"),
        ("SAS CORVIS RÉUNIS\n# Au Bon Pied\n12 rue Haute", "Au Bon Pied"),
        ("Artisan boulanger\n# Boulange et Fils\n12 rue Haute", "Boulange et Fils"),
        ("Bar Tabac Loto\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("BOULANGERIE PATISSERIE\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("LISERON      FACTURE N° F26-482\n12 rue Haute\n99100 VALBRUN", "LISERON"),
        ("LISERON\nROUGE VIF\n12 rue Haute\nwww.liseronrougevif.example", "LISERON ROUGE VIF"),
        ("Vivement demain !\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        ("Librairie indépendante\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
        (
            "LISERON\nSAS CORVIS\n12 rue Haute\nSAS CORVIS au capital de 7500 EUR",
            "LISERON",
        ),
        ("ARTISAN BOULANGER\nLE FOURNIL DE LISERON\n12 rue Haute", "LE FOURNIL DE LISERON"),
        ("Maison de la Presse\nSARL CORVIS\n12 rue Haute", "Maison de la Presse"),
        ("Produits fermiers\nLiseron Rouge\n12 rue Haute", "Liseron Rouge"),
        ("# L'HEURE BLEUE\nINSTITUT DE BEAUTÉ\n12 rue Haute", "L'HEURE BLEUE"),
        ("Liseron Rouge vous remercie\nTorréfacteur\n12 rue Haute", "Liseron Rouge Torréfacteur"),
        ("LE GRAND LISERON\nCUISINE CHINOISE\n12 rue Haute", "LE GRAND LISERON"),
        ("LE 17\n12 rue Haute\n99100 VALBRUN", "LE 17"),
        ("BISTROT 1900\n12 rue Haute\n99100 VALBRUN", "BISTROT 1900"),
        ("M. et Mme LISERO\nArtisans boulangers\n12 rue Haute", "M. et Mme LISERO"),
        ("Taxis de la Tour\n12 rue Haute\n99100 VALBRUN", "Taxis de la Tour"),
        ("Association loi 1901\nLES LISERONS\nBuvette\n99100 VALBRUN", "LES LISERONS"),
        ("# Uber Eats\nCommande 8802\nLISERON ROUGE\n12 rue Haute", "LISERON ROUGE"),
    ],
)
def test_the_name_and_no_more(head: str, name: str) -> None:
    reading, _ = understood(head + REST)
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("88 QUICK MART S/B (419537-X)\nLOT 12, JALAN ANGSA\n41150 KLANG", "88 QUICK MART S/B"),
        ("TAX INVOICE\nSILVAR Sdn Bhd (771234-W)\nLOT 12, JALAN ANGSA", "SILVAR Sdn Bhd"),
        ("# silverq\nSILVAR Sdn Bhd (771234-W)\nLOT 12, JALAN ANGSA", "SILVAR Sdn Bhd"),
        (
            "SILVAR CASH & CARRY\nSDN BHD 882299-V\nLOT 12, JALAN ANGSA",
            "SILVAR CASH & CARRY SDN BHD",
        ),
    ],
    ids=["numbers of a company", "above it a heading", "above it a logo", "over two rows"],
)
def test_a_company_where_shops_go_by_theirs(head: str, name: str) -> None:
    rest = "\nGST ID 001122334455\n14/11/2026 18:42\nROTI  4.00\nTOTAL RM  4.00\nTUNAI  4.00\n"
    reading, _ = understood(head + rest)
    assert reading.match.template == "base.ms"
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


@pytest.mark.parametrize(
    "head",
    [
        "Amselgasse 4\n99100 Valbrunn\nTel. 01 99 00 12 34",
        "Amselmarkt 7, Valbrunn\nTisch 4",
        "Fam. Lisero\nDorfplatz 3, 99100 Valbrunn",
        "Zopf  4.40\nTee  3.20",
    ],
    ids=["a street", "a street and its town", "an owner", "an article"],
)
def test_what_is_left_of_a_torn_head_is_no_name(head: str) -> None:
    rest = "\nBrot  4.00\nTotal CHF  4.00\nBar CHF  4.00\n14.11.2026 18:42\nMWST inkl. 0.10"
    reading, _ = understood(head + rest)
    assert reading.match.template == "base.de"
    assert reading.retailer is None


@pytest.mark.parametrize(
    "head",
    [
        "Memphis TN\n(901) 555-0144",
        "Valbrun\nLS1 4DY",
        "LEEDS\nTel 0113 496 0000",
        "Leeds Kirkgate\nTel 0113 496 0000",
        "Amsel Street\nLeeds LS1 4DY",
        "Amsel Megamall\nLeeds LS1 4DY",
        "Fresh. Quality. Value.\n12 Amsel Street",
    ],
    ids=["state", "post code", "town", "quarter", "street", "mall", "slogan"],
)
def test_where_a_shop_is_or_what_it_boasts_is_no_name(head: str) -> None:
    rest = "\n14 November 2026 18:42\nBread  4.00\nTotal  4.00\nCard  4.00\nThank you"
    reading, verdict = understood(head + rest)
    assert verdict.status == "trusted"
    assert reading.retailer is None


def test_a_street_above_its_town_is_no_name_though_the_branch_is_called_by_it() -> None:
    rest = "\nMelk  4,00\nTotaal  4,00\nPinnen  4,00\n14-11-2026 18:42\nBTW 9% 0,33"
    reading, _ = understood("Lisero Westeinde\nWesteinde 20\n9912 HD Valbrun" + rest)
    assert reading.printed_name is not None
    assert reading.printed_name.value.name == "Lisero Westeinde"


def test_a_misread_company_is_spelled_as_its_template_knows_it() -> None:
    head = "GARDENIA BAKERTES (EL) SDN BHD (139386 X)\nLOT 3 JALAN PELABUR 40300 SHAH ALAM\n"
    reading, _ = understood(
        head + "GST ID 000381399040\n14/11/2026 18:42\nBREAD  4.00\nTOTAL PAYABLE  4.00\n"
    )
    assert reading.retailer is not None
    assert reading.retailer.value.name == "Gardenia Bakeries (KL) Sdn Bhd"


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("LISERON\nUN BONHEUR RARE\n12 rue Haute", False),
        ("LISERON\nun bonheur rare\n12 rue Haute", True),
        ("# LISERON\nUN BONHEUR RARE\n12 rue Haute", True),
        ("LISERON\nle bonheur en plus\nwww.liseron.example", True),
        ("LISRON\nle bonheur en plus\nwww.liseron.example", True),
        ("LISERON & CORVIS\nUN BONHEUR RARE\nwww.liseronetcorvisboutique.example", True),
        ("LISERON ROUGE\nUN BONHEUR RARE\nwww.lizeronrougevalbrun.example", True),
        ("LISERON\nle bonheur en plus\n@liseron", True),
        ("LISERON\nle bonheur en plus\nMagasin LISERON", True),
        ("# LISERON\n12 rue Haute\n99100 VALBRUN", True),
        ("CHEZ LISERON\nTél. 01 99 00 12 34", True),
        ("# LISERON", True),
        ("LISERON ROUGE\nCHINA RESTAURANT\nUN BONHEUR RARE", True),
        ("# LZN\n12 rue Haute", False),
        ("# LZN\n12 rue Haute\nwww.lzn.example", True),
        ("# GÜ\nUN BONHEUR RARE\n12 rue Haute", False),
        ("cuisine volante\n12 rue Haute\n99100 VALBRUN", False),
        ("3rue du Marché\n99100 VALBRUN", False),
        ("cuisine volante\nle bonheur en plus\n12 rue Haute", False),
        ("LE LISERON\nCUISINE CHINOISE\n12 rue Haute", True),
        ("Fleuriste\n12 rue Haute\n99100 VALBRUN", False),
        ("BOULANGERIE PATISSERIE\n12 rue Haute\nwww.boulangerieliseron.fr", False),
        ("Salon de coiffure\n12 rue Haute\n99100 VALBRUN", False),
        ("Cuisine traditionnelle\n12 rue Haute\n99100 VALBRUN", False),
        ("LE BISTROT\n12 rue Haute\n99100 VALBRUN", True),
        ("Gare de Valbrun\nTél. 01 99 00 12 34", False),
    ],
    ids=[
        "first",
        "above a slogan",
        "large",
        "web",
        "nearly the web",
        "the web spells its sign",
        "misread in the web",
        "among friends",
        "again",
        "address",
        "telephone",
        "alone",
        "above its kind",
        "short",
        "short and the web",
        "of two letters",
        "a slogan above the address",
        "a lost space in a street",
        "a slogan that has a kind of shop",
        "above what it cooks",
        "a kind of shop",
        "kinds of shop in a web address",
        "a kind of several words",
        "what it cooks",
        "a kind with an article",
        "a station",
    ],
)
def test_a_name_is_stated_where_more_than_its_place_tells_it(head: str, stated: bool) -> None:
    reading, verdict = understood(head + REST)
    assert verdict.status == "trusted"
    assert (reading.retailer is not None) is stated
    assert reading.printed_name is not None


@pytest.mark.parametrize(
    ("foot", "name", "stated"),
    [
        ("Liseron Rouge vous remercie\nwww.liseronrouge.fr", "Liseron Rouge", True),
        ("www.liseronrouge.fr", "liseronrouge", False),
        ("Merci de votre visite chez\nLiseron Rouge\nwww.liseronrouge.fr", "Liseron Rouge", True),
        ("www.liseronrouge.fr\nwww.corvis.fr", "CORVIS", True),
        ("liseron.rouge@orange.fr\nLISERON ROUGE", "LISERON ROUGE", True),
        ("Merci de votre visite chez LISERON ROUGE", "LISERON ROUGE", True),
        ("Merci de votre visite\nà l'Atelier Liseron", "l'Atelier Liseron", True),
        ("Cave Liseron vous remercie\nde votre visite", "Cave Liseron", True),
        ("Liseron Rouge vous remercie de votre\nvisite", "Liseron Rouge", True),
        (f"{SLIP}CAVE LISERON\n99100 VALBRUN\nMONTANT 39,90", "CAVE LISERON", True),
        (f"{SLIP}LISERON 4412\n99100 VALBRUN\nMONTANT 39,90", "LISERON", False),
    ],
    ids=[
        "spelled",
        "alone",
        "thanks",
        "one of two",
        "a mail box",
        "thanks in one row",
        "thanks in two rows",
        "a kind of shop thanks",
        "thanks for what",
        "a card's slip",
        "a number on a card's slip",
    ],
)
def test_a_name_that_stands_nowhere_in_the_head(foot: str, name: str, stated: bool) -> None:
    slip = "\nCARTE BANCAIRE\nCORVIS" if name == "CORVIS" else ""
    reading, _ = understood(f"TICKET DE CAISSE\n12 rue Haute\n99100 VALBRUN{REST}{foot}{slip}")
    assert reading.printed_name is not None
    assert reading.printed_name.value.name == name
    assert (reading.retailer is not None) is stated


@pytest.mark.parametrize(
    ("foot", "name"),
    [
        ("Merci de votre visite chez LISERON ROUGE", "LISERON ROUGE"),
        ("L'équipe de LISERON ROUGE vous remercie", "LISERON ROUGE"),
        ("LISERON ROUGE CENTRE COMMERCIAL", "SAS CORVIS"),
        (f"{SLIP}SAS CORVIS\nVALBRUN", "SAS CORVIS"),
        ("Votre boulangerie vous remercie de votre visite", "SAS CORVIS"),
        ("Merci de votre visite chez nous", "SAS CORVIS"),
        ("Reçu SumUp\nsumup.fr/recus", "SAS CORVIS"),
    ],
    ids=[
        "the banner",
        "the team",
        "a mall",
        "itself on the card's slip",
        "its kind",
        "no name",
        "who settles payments",
    ],
)
def test_a_company_at_the_head_gives_way_to_the_name_that_is_thanked_in(
    foot: str, name: str
) -> None:
    reading, _ = understood(f"SAS CORVIS\n12 rue Haute\n99100 VALBRUN{REST}{foot}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


@pytest.mark.parametrize(
    "foot",
    [
        "Merci de votre visite\nchez Liseron Rouge",
        "Merci de votre visite\nCHEZ LISERON",
        f"{SLIP}LISERON ROUGE\n99100 VALBRUN",
    ],
    ids=["thanks", "thanks above capitals", "a card's slip"],
)
def test_a_kind_of_shop_at_the_head_gives_way_to_a_name_below(foot: str) -> None:
    reading, _ = understood(f"Restaurant\n12 rue Haute\n99100 VALBRUN{REST}{foot}")
    assert reading.printed_name is not None
    assert reading.printed_name.value.name.upper() in ("LISERON ROUGE", "CHEZ LISERON")


def test_who_settles_payments_is_no_shop_though_its_web_address_is_printed() -> None:
    reading, _ = understood(f"LISERON ROUGE\n12 rue Haute{REST}Reçu SumUp\nsumup.fr/recus")
    assert reading.retailer is not None
    assert reading.retailer.value.name == "LISERON ROUGE"


@pytest.mark.parametrize(
    ("company", "name"),
    [("SARL LE LISERON ROUGE", "LE LISERON ROUGE"), ("SAS CORVIS", None)],
    ids=["much the same", "another"],
)
def test_a_badly_read_logo_is_called_as_the_company_below_it(
    company: str, name: str | None
) -> None:
    (page,) = paper(f"# Lo Liseran Rouqe\n{company}\n12 rue Haute{REST}")
    words = tuple(replace(word, confidence=0.5) for word in page.rows[0].words)
    rows = (replace(page.rows[0], words=words), *page.rows[1:])
    reading, verdict = understand((replace(page, rows=rows),), stock(), Context(RECEIVED))
    assert verdict.status == "trusted"
    assert (reading.retailer.value.name if reading.retailer else None) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("ESSO EXPRESS", "Esso Express"),
        ("ESSO\nSTATION VALBRUN", "Esso"),
        ("E.LECLERC DRIVE VALBRUN", "E.Leclerc Drive"),
        ("LECLERC DRIVE", "Leclerc Drive"),
        ("TOTAL ACCESS", "Total Access"),
    ],
)
def test_the_more_particular_banner_is_told_where_it_is_printed(head: str, name: str) -> None:
    reading, _ = understood(f"{head}\n12 rue Haute\n99100 VALBRUN{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name
    assert reading.retailer.value.key in {"fr.esso", "fr.leclerc", "fr.totalenergies"}


@pytest.mark.parametrize(
    ("logo", "below", "name"),
    [
        ("LISERONL", "LISERON Jardin GmbH", "LISERON"),
        ("LISRON", "Bienvenue chez LISERON", "LISERON"),
        ("LISERON", "Bienvenue chez LISERONS", "LISERON"),
    ],
    ids=["a letter too many", "a hole", "read as well as the other"],
)
def test_a_logo_is_spelled_as_a_row_that_was_read_better(logo: str, below: str, name: str) -> None:
    (page,) = paper(f"# {logo}\n12 rue Haute{REST}{below}")
    reading, _ = understand((_doubtful(page, logo, below),), stock(), Context(RECEIVED))
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


def _doubtful(page: Page, logo: str, below: str) -> Page:
    """The page with the logo's letters less sure than the others, unless it has them all."""
    if logo in below:
        return page
    rows = [
        replace(row, words=tuple(replace(w, confidence=0.9) for w in row.words))
        if row.text == logo
        else row
        for row in page.rows
    ]
    return replace(page, rows=tuple(rows))


def test_a_sign_that_repeats_the_welcomes_name_is_surer() -> None:
    head = "BIENVENUE CHEZ LISERON ROUGE\n# Liseron Rouge\n12 rue Haute"
    reading, _ = understood(head + REST)
    assert reading.retailer is not None
    assert reading.retailer.signs["printed_again"] == 1.0
    assert reading.retailer.signs["lead"] == 1.0


def test_a_french_web_address_tells_the_country() -> None:
    head = "LISERON ROUGE\n12 rue Haute 99100 VALBRUN\ncontact@liseronrouge.fr"
    rest = "\n14/11/2026 18:42\nROBE LIN   39,90\nMontant total   39,90\nMONNAIE   10,10\n"
    reading, _ = understood(head + rest)
    assert reading.country == "FR"
    assert reading.currency is not None
    assert reading.currency.value == "EUR"


def test_a_kind_of_shop_that_goes_on_in_small_letters_is_no_name() -> None:
    reading, _ = understood(
        "Mode & Vous\nPrêt-à-porter féminin\n12 rue Haute\n99100 VALBRUN" + REST
    )
    assert reading.retailer is None


SLIP_ABOVE = """CB VISA CREDIT
LE 06/05/26 A 17:56
************4375
No AUTO : 981647
MONTANT REEL = 8,90 EUR
DEBIT
TICKET A CONSERVER
*** BIENVENUE CHEZ ***
"""


@pytest.mark.parametrize(
    ("name", "told"), [("ESSO EXPRESS", "Esso Express"), ("LISERON ROUGE", "LISERON ROUGE")]
)
def test_a_head_below_the_card_s_slip_names_the_shop(name: str, told: str) -> None:
    reading, _ = understood(f"{SLIP_ABOVE}{name}\nSARL VALMAR\n12 rue Haute\n99100 VALBRUN{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == told


def test_a_head_below_a_slip_with_a_sum_names_the_shop() -> None:
    slip = "PAIEMENT CARTE\nVISA DEBIT\nAID A0000000031010\nMONTANT EUR 39,90\nACCEPTEE\n"
    reading, _ = understood(f"{slip}# Liseron Rouge\n12 rue Haute\n99100 VALBRUN{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == "Liseron Rouge"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("ALIMENTATION\nDU FAUBOURG", "ALIMENTATION DU FAUBOURG"),
        ("# CREPERIE LE\nLISERON", "CREPERIE LE LISERON"),
        ("TABAC LE LISERON\nPRESSE - LOTO - PMU", "TABAC LE LISERON"),
        ("# Le Coffre\n# à Liserons", "Le Coffre à Liserons"),
        ("Maison Lisero\nAux Fins Liserons", "Maison Lisero"),
        ("Allo Liseron 99", "Allo Liseron 99"),
        ("Allo Liseron 31", "Allo Liseron"),
        ("L'Auberge\ndu Vieux Lavoir", "L'Auberge du Vieux Lavoir"),
        ("COMITE DES FETES\nde Valbrun", "COMITE DES FETES"),
    ],
)
def test_a_name_goes_on_with_what_it_is_of_and_with_its_department(head: str, name: str) -> None:
    reading, _ = understood(f"{head}\n12 rue Haute\n99100 VALBRUN{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


def test_a_sign_goes_before_the_company_below_it_whose_letters_seem_larger() -> None:
    (page,) = paper(f"LES VIANDES DU FOREZ\nSARL CHAPUIS - 42600 MONTBRISON{REST}")
    sign, company, *rest = page.rows
    larger = tuple(
        replace(word, box=replace(word.box, bottom=word.box.bottom + 8)) for word in company.words
    )
    pages = (replace(page, rows=(sign, replace(company, words=larger), *rest)),)
    reading, _ = understand(pages, stock(), Context(RECEIVED))
    assert reading.retailer is not None
    assert reading.retailer.value.name == "LES VIANDES DU FOREZ"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("COMMANDE\nN° 54\nA EMPORTER\nISTANBUL GRILL\nSARL OZDEMIR", "ISTANBUL GRILL"),
        ("Atelier Mèche Rebelle\nEI Laura Dussart", "Atelier Mèche Rebelle"),
        ("Aux Viandes de I'Aubrac\nSARL CALMELS", "Aux Viandes de l'Aubrac"),
        ("I'Atelier Rebelle\nSARL CALMELS", "L'Atelier Rebelle"),
    ],
)
def test_the_sign_above_a_company_is_told(head: str, name: str) -> None:
    reading, _ = understood(f"{head}\n12 rue Haute\n99100 VALBRUN{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


def test_what_goes_on_with_other_words_than_thanks_is_no_name() -> None:
    foot = "Echange ou remboursement avant le 14/02/2027\nsur presentation du ticket de caisse\n"
    reading, _ = understood(
        f"LES FILLES DE LUCETTE\nSARL LUCETTE\n12 rue Haute\n99100 VALBRUN{REST}{foot}"
    )
    assert reading.retailer is not None
    assert reading.retailer.value.name == "LES FILLES DE LUCETTE"


@pytest.mark.parametrize(
    ("confidences", "name"),
    [((0.65, 1.0, 1.0), "L'Ecume des Liserons"), ((0.65, 0.8, 1.0), None), ((0.5, 1.0, 1.0), None)],
)
def test_one_letter_in_doubt_leaves_a_logo_its_name(
    confidences: tuple[float, ...], name: str | None
) -> None:
    (page,) = paper(f"# L'Ecume des Liserons\nPort de Valbrun - 99100{REST}")
    logo, *rest = page.rows
    unsure = tuple(
        replace(word, confidence=confidence)
        for word, confidence in zip(logo.words, confidences, strict=True)
    )
    pages = (replace(page, rows=(replace(logo, words=unsure), *rest)),)
    reading, _ = understand(pages, stock(), Context(RECEIVED))
    assert (reading.retailer and reading.retailer.value.name) == name


@pytest.mark.parametrize(
    "foot", ["MERCI DE VOTRE VISITE\nA LA SEMAINE PROCHAINE\n", "Conservez votre ticket\n"]
)
def test_a_sentence_of_the_foot_is_no_name(foot: str) -> None:
    reading, _ = understood(f"Restaurant\n12 rue Haute\n99100 VALBRUN{REST}{foot}")
    assert reading.retailer is None


@pytest.mark.parametrize(
    ("foot", "name"),
    [
        ("LISERON 2000\nvous remercie de votre visite\n", "LISERON 2000"),
        ("QUINCAILLERIE SAUVAIRE\nVOUS REMERCIE DE VOTRE VISITE\n", "QUINCAILLERIE SAUVAIRE"),
        ("REMISE CARTE 5,00\nvous remercie de votre visite\n", "SAS SPORT VALBRUN"),
        ("LISERON 2000\nvotre ticket vaut garantie\n", "SAS SPORT VALBRUN"),
    ],
)
def test_who_thanks_in_the_next_row_is_the_shop_of_a_company_at_the_head(
    foot: str, name: str
) -> None:
    reading, _ = understood(f"SAS SPORT VALBRUN\n12 rue Haute\n99100 VALBRUN{REST}{foot}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


def test_a_name_is_not_spelled_as_an_article_or_a_street() -> None:
    for row in ("GRANDE SERVIETTE   9,90", "21 Grande Rue 99100 VALBRUN"):
        reading, _ = understood(f"# GRAND\n{row}{REST}")
        assert reading.printed_name is not None
        assert reading.printed_name.value.name == "GRAND"


@pytest.mark.parametrize(
    ("foot", "name"),
    [
        ("# MAISON CHARRIER\n9 PLACE DE LA HALLE\n99100 VALBRUN\n", "MAISON CHARRIER"),
        (
            "# Les Mots Passants\nLibrairie\nSARL\n27 rue Haute\n99100 VALBRUN\n",
            "Les Mots Passants",
        ),
        ("MAISON CHARRIER\n9 PLACE DE LA HALLE\n99100 VALBRUN\n", None),
        ("OUVERT LE DIMANCHE MATIN\n# MAISON CHARRIER\n", "MAISON CHARRIER"),
        ("# MAISON CHARRIER\n# TOUJOURS PRES DE VOUS\n", None),
        ("# A BIENTOT\n", None),
    ],
)
def test_a_sign_in_the_largest_letters_stands_at_the_foot(foot: str, name: str | None) -> None:
    rows = (
        "TICKET 7059\n14/11/2026 18:42\nVENDEUR 04\nROBE LIN   39,90\nTOTAL   39,90\nCB   39,90\n"
    )
    reading, verdict = understood(rows + foot)
    assert (reading.retailer and reading.retailer.value.name) == name
    assert verdict.status == "trusted"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("~ Crèmerie - Affinage ~\n# Les Alpages\n14 octobre 2026", "Les Alpages"),
        ("~ Marée du jour ~\n# L'Écailler du Quai\n14 octobre 2026", "L'Écailler du Quai"),
        ("LES ALPAGES\nSarl Fromages Dupin\n14 octobre 2026", "LES ALPAGES"),
    ],
)
def test_what_is_said_over_a_sign_in_much_larger_letters_is_none(head: str, name: str) -> None:
    reading, _ = understood(f"{head}{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == name


def test_an_everyday_word_is_no_name_that_lost_its_space() -> None:
    reading, _ = understood(f"Points gagnés ce jour : 191\nAncien solde : 823 points{REST}")
    assert reading.retailer is None
    reading, _ = understood(f"# POINT S\n12 rue Haute\n99100 VALBRUN{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.key == "fr.point_s"


def test_a_name_above_the_titles_of_the_items_is_alone_in_the_head() -> None:
    reading, _ = understood(f"LE SABOT VERNI\nDESIGNATION     MONTANT{REST}")
    assert reading.retailer is not None
    assert reading.retailer.value.name == "LE SABOT VERNI"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("# Pharmacie de la Mairie\nM. Girard - Titulaire", "Pharmacie de la Mairie"),
        ("LIVRES PRESSE PAPETERIE", None),
    ],
)
def test_a_kind_with_ordinary_words_names_the_shop_in_a_logo_s_letters(
    head: str, name: str | None
) -> None:
    reading, _ = understood(f"{head}\n12 rue Haute\n99100 VALBRUN{REST}")
    assert (reading.retailer and reading.retailer.value.name) == name
