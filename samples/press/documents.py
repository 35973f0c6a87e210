"""The committed documents: what was bought, how it is printed, how it is photographed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import cv2
import numpy as np

from press.files import picture, text_pdf
from press.paper import Gray, Row, gap_near, left, print_rows
from press.photo import Pixels, Shot, scan, take
from press.purchase import Item, Purchase, Tender, off, sold
from press.stock import articles
from press.till import Style, lay_out
from press.words import written

Rng = np.random.Generator
Make = Callable[[Rng], dict[str, bytes]]


@dataclass(frozen=True)
class Document:
    """One submission: its files, and what has to come out of it.

    `make` gives the bytes of each file by name; `seed` makes the effects repeat themselves.
    `duplicate_of` names the document that has to be sent before this one.
    """

    name: str
    seed: int
    make: Make
    purchase: Purchase | None = None
    status: str = "valid"
    reasons: tuple[str, ...] = ()
    duplicate_of: str | None = None

    def files(self) -> dict[str, bytes]:
        return self.make(np.random.default_rng(self.seed))

    def expected(self, names: Sequence[str]) -> dict[str, Any]:
        """What the expected file beside the document says."""
        said: dict[str, Any] = {"files": list(names), "status": self.status}
        if self.reasons:
            said["reasons"] = list(self.reasons)
        if self.duplicate_of:
            said["duplicate_of"] = self.duplicate_of
        said["points"] = self.points
        if self.purchase is not None and self.status != "incomplete":
            said |= {"country": self.purchase.country.upper()} | self.purchase.expected()
            moment = self.purchase.purchased_at
            said["purchased_at"] = moment.strftime("%H:%M") if moment else None
            said["taxes"] = self.purchase.expected_taxes()
        return said

    @property
    def points(self) -> int:
        """What programs/demo.yaml gives: a point a whole euro, and 50 a row of ground coffee."""
        if self.purchase is None or self.status != "valid":
            return 0
        coffees = [i for i in self.purchase.items if "MOULU" in i.description.upper()]
        return int(self.purchase.total) + 50 * len(coffees)


def bought(
    retailer: str, day: date, moment: time | None, *items: Item, country: str = "fr", **more: Any
) -> Purchase:
    currencies = {"pl": "PLN", "gb": "GBP", "us": "USD", "my": "MYR", "id": "IDR", "ch": "CHF"}
    currency = currencies.get(country, "EUR")
    return Purchase(retailer, country, currency, day, moment, items, **more)


def paid(purchase: Purchase, *tenders: tuple[str, str], last: str = "card") -> Purchase:
    """Paid with these tenders, and what is left with `last`; cash may be more than is due."""
    given = tuple(Tender(kind, Decimal(amount)) for kind, amount in tenders)
    due = purchase.total - sum((tender.amount for tender in given), Decimal(0))
    rest = (Tender(last, due),) if due > 0 else ()
    return replace(purchase, tenders=given + rest)


def printed(purchase: Purchase, style: Style, rng: Rng) -> Gray:
    return print_rows(lay_out(purchase, style), style.columns, style.face, rng, style.spacing)


def photo(
    name: str, purchase: Purchase, style: Style, shot: Shot, kind: str = "JPEG", **options: Any
) -> Make:
    """A receipt photographed once, into one file."""

    def make(rng: Rng) -> dict[str, bytes]:
        pixels = take(printed(purchase, style, rng), shot, rng)
        return {name: picture(pixels, kind, **({"quality": 68} | options))}

    return make


def slip(purchase: Purchase, day: str, amount: Decimal | None = None) -> tuple[str, ...]:
    """The card terminal's part of the paper, with its own date and amount."""
    shown = written(purchase.total if amount is None else amount, purchase.country)
    return (
        "CARTE BANCAIRE",
        "SANS CONTACT",
        day,
        purchase.retailer,
        "99120 SAINT-ORLAN",
        "************0042",
        "N° AUTO 000417",
        f"MONTANT = {shown} EUR",
        "DEBIT",
        "TICKET CLIENT A CONSERVER",
    )


SUPERMARKET = paid(
    bought(
        "SUPERVAL",
        date(2026, 11, 12),
        time(18, 42),
        sold("LAIT DEMI ECREME 1L", "1.09", "5.5", "6"),
        sold("CAFE MOULU 250G", "3.85", "5.5"),
        sold("YAOURT NATURE X8", "1.45", "5.5", "2"),
        sold("TOMATES GRAPPE", "3.99", "5.5", "0.542", "kg"),
        sold("BANANES", "1.89", "5.5", "1.126", "kg"),
        sold("JAMBON SUP 4 TR", "3.19", "5.5"),
        off("REMISE 20%", "-0.64", "5.5"),
        sold("CHOCOLAT NOIR 70%", "1.89", "5.5", "3"),
        off("LOT 3 POUR 2", "-1.89", "5.5"),
        sold("PAIN DE MIE COMPLET", "1.62", "5.5"),
        sold("VIN ROUGE AOP 75CL", "5.95", "20"),
        sold("LESSIVE LIQUIDE 2L", "9.90", "20"),
        off("BON REDUCTION", "-1.50", "20"),
        sold("SAC DE CAISSE", "0.15", "20"),
    )
)

BAKERY = paid(
    bought(
        "LE FOURNIL D'ORMELUNE",
        date(2026, 11, 3),
        time(7, 58),
        sold("BAGUETTE TRADITION", "1.30", "5.5", "2"),
        sold("CROISSANT", "1.15", "5.5", "4"),
        sold("ECLAIR CAFE", "2.90", "5.5"),
        sold("SANDWICH POULET", "4.80", "10"),
    ),
    ("cash", "20.00"),
)

PHARMACY = paid(
    bought(
        "PHARMACIE DE VAUBRIERES",
        date(2026, 10, 27),
        time(11, 15),
        sold("PARACETAMOL 1G CPR BT8", "1.16", "2.1", "2"),
        sold("HONORAIRE DISP.", "1.02", "2.1"),
        sold("SIROP TOUX SS SUCRE", "6.95", "10"),
        sold("VITAMINE C 500 BT20", "7.90", "5.5"),
        sold("CREME MAINS 50ML", "6.45", "20"),
    )
)

DIY = paid(
    bought(
        "BRICOVANNE",
        date(2026, 11, 7),
        time(10, 31),
        sold("PEINTURE MAT BLANC 10L", "54.90", "20"),
        sold("ROULEAU ANTIGOUTTE", "9.90", "20", "2"),
        sold("CHEVILLES 8MM X50", "5.45", "20"),
        off("CONSIGNE BOUTEILLE GAZ", "15.00", "20"),
        off("RETOUR PEINTURE MAT 2,5L", "-24.90", "20"),
        sold("VIS BOIS 4X40 BTE 200", "8.95", "20", "3"),
        off("REMISE 10%", "-2.69", "20"),
    )
)

RESTAURANT = paid(
    bought(
        "LA TABLE D'OSCARINE",
        date(2026, 11, 10),
        time(13, 47),
        sold("Formule midi", "15.90", "10", "2"),
        sold("Entrecôte frites", "22.50", "10"),
        sold("Verre Chablisien", "5.80", "20", "2"),
        sold("Eau gazeuse 1L", "5.50", "10"),
        sold("Café gourmand", "8.40", "10"),
        sold("Expresso", "2.10", "10", "2"),
    ),
    ("meal_voucher", "25.00"),
    ("meal_voucher", "18.50"),
)

CLOTHING = paid(
    bought(
        "LISERON & CO",
        date(2026, 10, 31),
        time(16, 5),
        sold("PULL COL V GRIS M", "29.99", "20"),
        off("REMISE 30%", "-9.00", "20"),
        sold("JEAN SLIM BRUT 40", "39.99", "20"),
        sold("CHAUSSETTES LOT 5", "9.99", "20", "2"),
    ),
    ("gift_card", "30.00"),
)

FUEL = paid(
    bought(
        "STATION DES PEUPLIERS",
        date(2026, 11, 15),
        time(20, 9),
        sold("SP95-E10", "1.789", "20", "38.42", "L"),
    )
)

DECOYS = paid(
    bought(
        "LE PETIT PANIER D'ELOI",
        date(2026, 11, 18),
        time(12, 20),
        sold("RIZ LONG 1KG", "2.29", "5.5"),
        sold("HUILE OLIVE VIERGE", "8.95", "5.5"),
        off("AVANTAGE CARTE", "-2.00", "5.5"),
        sold("SODA COLA 1,5L", "1.85", "5.5", "3"),
        off("2EME A -50%", "-0.93", "5.5"),
        sold("PILES LR6 X4", "4.99", "20"),
        sold("DENTIFRICE MENTHE", "2.25", "20", "2"),
    ),
    ("check", "20.00"),
    last="cash",
)

GERMAN = paid(
    bought(
        "FRISCHMARKT AHRENFELD",
        date(2026, 11, 6),
        time(17, 23, 41),
        sold("VOLLMILCH 3,5%", "1.19", "7", "2"),
        sold("BUTTER 250G", "2.29", "7"),
        sold("BANANEN", "1.79", "7", "0.874", "kg"),
        sold("MINERALWASSER 1,5L", "0.69", "19", "6"),
        sold("PFAND 0,25 EUR", "0.25", "19", "6"),
        sold("ROGGENBROT", "2.79", "7"),
        off("LEERGUT", "-1.50", "19"),
        sold("SPUELMITTEL", "1.45", "19"),
        country="de",
    ),
    ("cash", "20.00"),
)

SPANISH = paid(
    bought(
        "SUPER ALMENDRO",
        date(2026, 10, 22),
        time(19, 34),
        sold("LECHE ENTERA 1L", "0.99", "4", "6"),
        sold("PAN BARRA", "0.85", "4"),
        sold("ACEITE OLIVA 1L", "8.45", "4"),
        sold("TOMATE RAMA", "2.29", "4", "0.735", "kg"),
        sold("ATUN CLARO PACK 3", "3.10", "10"),
        off("DTO. SOCIO", "-0.60", "10"),
        sold("CERVEZA LATA 33CL", "0.65", "21", "6"),
        country="es",
    )
)

POLISH = paid(
    bought(
        "DELIKATESY JARZEBINA",
        date(2026, 11, 2),
        time(15, 12),
        sold("CHLEB ŻYTNI 500G", "5.99", "5"),
        sold("MASŁO EXTRA 200G", "7.49", "5", "2"),
        sold("BANANY", "6.99", "5", "0.812", "kg"),
        sold("WODA GAZ 1,5L", "2.29", "23", "6"),
        sold("PŁYN DO NACZYŃ", "7.99", "23"),
        country="pl",
    )
)

BRITISH = paid(
    bought(
        "HARROWMERE FOODS",
        date(2026, 11, 9),
        time(9, 4),
        sold("SEMI SKIMMED MILK", "1.45", "0", "2"),
        sold("WHOLEMEAL LOAF", "1.35", "0"),
        sold("CHEDDAR 350G", "3.75", "0"),
        off("MEMBER PRICE", "-0.75", "0"),
        sold("DARK CHOCOLATE", "1.60", "20", "2"),
        sold("WASHING LIQUID", "5.50", "20"),
        country="gb",
    )
)

AMERICAN = paid(
    bought(
        "THE RUSTY SPOON DINER",
        date(2026, 11, 14),
        time(12, 48),
        sold("Cheeseburger", "11.95", "7", "2"),
        sold("Fries", "3.95", "7", "2"),
        sold("Iced Tea", "2.75", "7", "3"),
        sold("Key Lime Pie", "5.95", "7"),
        country="us",
        tax_added=True,
    )
)

MALAYSIAN = paid(
    bought(
        "PERNIAGAAN BINTANG MELOR",
        date(2026, 10, 19),
        time(14, 26, 8),
        sold('PAINT BRUSH 2"', "5.90", "6", "2"),
        sold("WOOD SCREW PACK", "3.55", "6"),
        sold("MASKING TAPE", "2.83", "6", "3"),
        sold("LED BULB 9W", "8.48", "6"),
        country="my",
        step=Decimal("0.05"),
    ),
    ("cash", "50.00"),
)

INDONESIAN = paid(
    bought(
        "WARUNG BAMBU HIJAU",
        date(2026, 11, 1),
        time(19, 55),
        sold("Nasi Goreng Spesial", "32000", "10", "2", places=0),
        sold("Ayam Bakar", "38000", "10", places=0),
        sold("Es Teh Manis", "8000", "10", "3", places=0),
        sold("Roti Bakar Coklat", "19500", "10", places=0),
        country="id",
        tax_added=True,
        step=Decimal(1),
    ),
    ("cash", "200000"),
)

SWISS = paid(
    bought(
        "ALPENKORB VERNOLLE",
        date(2026, 11, 13),
        time(18, 1),
        sold("LAIT ENTIER UHT 1L", "1.65", "2.6", "2"),
        sold("GRUYERE MI-SALE", "21.50", "2.6", "0.318", "kg"),
        sold("CHOCOLAT LAIT 100G", "2.20", "2.6", "3"),
        off("Rabais 25%", "-1.65", "2.6"),
        sold("LESSIVE COLOR 1,5L", "12.90", "8.1"),
        country="ch",
        step=Decimal("0.05"),
    ),
    ("cash", "50.00"),
)

CHEESE = paid(
    bought(
        "FROMAGERIE DES ALPAGES BLEUS",
        date(2026, 11, 14),
        time(10, 52),
        sold("COMTE 18 MOIS", "27.90", "5.5", "0.386", "kg"),
        sold("REBLOCHON FERMIER", "21.50", "5.5", "0.455", "kg"),
        sold("CHEVRE CENDRE PIECE", "4.90", "5.5", "2"),
        sold("BEURRE BARATTE 250G", "3.95", "5.5"),
    )
)

ORGANIC = paid(
    bought(
        "BIOCELESTE",
        date(2026, 11, 16),
        time(17, 40),
        sold("LENTILLES VERTES VRAC", "5.20", "5.5", "0.615", "kg"),
        sold("CAFÉ MOULU ÉQUITABLE 250G", "5.40", "5.5", "2"),
        sold("LAIT D'AMANDE 1L", "2.95", "5.5", "2"),
        sold("SAVON SURGRAS", "4.20", "20"),
        off("REMISE FIDÉLITÉ", "-1.00", "20"),
    )
)

ELECTRONICS = paid(
    bought(
        "VOLTALIA STORE",
        date(2026, 11, 11),
        time(21, 3),
        sold("CASQUE BLUETOOTH NOIR", "59.99", "20"),
        sold("CABLE USB-C 2M", "12.99", "20", "2"),
        off("ECO-PARTICIPATION", "0.30", "20"),
        off("CODE PROMO -10 EUR", "-10.00", "20"),
    )
)

BOOKS = paid(
    bought(
        "LIBRAIRIE LE FIL D'ENCRE",
        date(2026, 10, 24),
        time(15, 33),
        sold("Le silence des dunes", "8.90", "5.5"),
        sold("Contes du grenier", "12.50", "5.5"),
        sold("Agenda 2027", "13.90", "20"),
        sold("Carte postale", "1.20", "20", "3"),
    )
)

BUTCHER = paid(
    bought(
        "MAISON LEBRUVIER",
        date(2026, 11, 8),
        time(11, 38),
        sold("ROTI DE PORC", "12.90", "5.5", "1.084", "kg"),
        sold("SAUCISSE TOULOUSE", "13.20", "5.5", "0.512", "kg"),
        sold("OEUFS FERME X6", "2.60", "5.5"),
    ),
    ("cash", "30.00"),
)

GARDEN = paid(
    bought(
        "JARDILUNE",
        date(2026, 10, 17),
        time(14, 50),
        sold("TERREAU UNIV 40L", "7.95", "20", "2"),
        sold("CHRYSANTHEME", "8.90", "10", "3"),
        sold("BULBES TULIPES X25", "6.95", "10"),
        sold("GANTS JARDIN T9", "5.90", "20"),
        off("OFFRE 2+1", "-8.90", "10"),
    )
)


def _long() -> Purchase:
    """A trolley of 63 rows, drawn once and for all from the supermarket's shelf."""
    rng = np.random.default_rng(63)
    shelf = [*articles("fr", "supermarket"), *articles("fr", "convenience")]
    items = []
    for index in range(63):
        article = shelf[int(rng.integers(len(shelf)))]
        description = article.description.upper()
        if "MOULU" in description:
            description = "CHICOREE SOLUBLE 100G"
        price = article.price + Decimal(int(rng.integers(0, 12))) * Decimal("0.05")
        quantity = f"{rng.integers(180, 1400) / 1000:.3f}" if article.unit else "1"
        rate = str(article.rate)
        items.append(sold(description, f"{price:.2f}", rate, quantity, article.unit))
        if index % 13 == 12:
            items.append(off("AVANTAGE CARTE", "-0.50", rate))
    return paid(bought("GRAND PANIER", date(2026, 11, 13), time(19, 26), *items))


LONG = _long()
LONG_STYLE = Style(
    face="narrow",
    columns=40,
    count=True,
    head=("ZAC des Peupliers", "99340 CHATELVOIX", "Tél. 01 99 00 34 12"),
    label={"total": "TOTAL A PAYER", "card": "CB SANS CONTACT"},
    taxes="table_sum",
    foot=("MERCI ET A BIENTOT",),
)


def _long_pair(rng: Rng) -> dict[str, bytes]:
    strip = printed(LONG, LONG_STYLE, rng)
    parts = (strip[: gap_near(strip, 0.54)], strip[gap_near(strip, 0.46) :])
    shot = Shot(1500, 2000, fill=0.95, background="stone", noise=0.15, uneven=0.3)
    shots = (replace(shot, turn=1.5, perspective=0.15), replace(shot, turn=-2.0, shadow=0.25))
    return {
        f"19_fr_chariot_{number}.jpg": picture(take(part, each, rng), "JPEG", 72)
        for number, (part, each) in enumerate(zip(parts, shots, strict=True), start=1)
    }


def _scanned_pdf(rng: Rng) -> dict[str, bytes]:
    style = Style(face="sans", columns=38, items="count", taxes="lines", codes="none",
                  symbol="{} €", total_symbol="{} €", date="%d {month} %Y", meta="Le {date} à {time}",
                  head=("6 rue Basse - 99210 LIZERAY-LES-PRES",), rule="solid",
                  label={"total": "Total TTC", "card": "Carte bancaire"},
                  foot=("Échange sous 15 jours avec le ticket",))  # fmt: skip
    pixels = scan(printed(BOOKS, style, rng), turn=1.2)
    return {"22_fr_librairie_scan.pdf": picture(pixels, "PDF", 70)}


def _text_receipt(_: Rng) -> dict[str, bytes]:
    style = Style(columns=44, items="under", taxes="table_sum", count=True, savings=True,
                  total_symbol="{} €", date="%d/%m/%Y", meta="Ticket n° 004518 du {date} {time}",
                  head=("Magasin de Quermoy - 2 allée des Charmes", "contact@bioceleste.example"),
                  label={"total": "NET A PAYER", "card": "CARTE BANCAIRE"},
                  notes=("Votre solde : 214 points", "Vos points expirent le 31/12/2027"),
                  foot=("Ticket dématérialisé, merci d'épargner le papier",))  # fmt: skip
    return {"20_fr_ticket_mail.pdf": text_pdf(lay_out(ORGANIC, style), 44, "mono")}


def _text_invoice(_: Rng) -> dict[str, bytes]:
    style = Style(face="sans", columns=84, items="columns", codes="none", taxes="sums",
                  rule="solid", symbol="{} €", total_symbol="{} €", date="%d {month} %Y", subtotal=True,
                  meta="Facture FA-2026-00871 - Date d'achat : {date} {time}",
                  meta_more=("Livraison prévue le 14 novembre 2026",),
                  head=("www.voltalia-store.example - Service client 01 99 00 71 04",),
                  label={"total": "Total TTC", "card": "Payé par carte bancaire",
                         "columns": "Qté|Article|Prix unitaire|Montant TTC"},
                  foot=("Droit de rétractation jusqu'au 28 novembre 2026",))  # fmt: skip
    return {"21_fr_facture_web.pdf": text_pdf(lay_out(ELECTRONICS, style), 84, "sans", 50)}


def _blurred(rng: Rng) -> dict[str, bytes]:
    pixels = take(
        printed(PHARMACY, Style(), rng),
        Shot(900, 1200, fill=0.7, background="carpet", blur=13, noise=0.2),
        rng,
    )
    return {"26_fr_flou.jpg": picture(pixels, "JPEG", 75)}


LETTER = """Châtelvoix, le 4 novembre 2026

Chère Madeleine,

Nous sommes bien arrivés dans la maison
du bord de l'eau. Les enfants courent du
matin au soir et le chien les suit partout.

Hier nous avons ramassé des châtaignes
derrière le moulin, puis nous les avons
fait griller dans la grande cheminée.

Le facteur passe vers dix heures ; il nous
a raconté que le pont serait fermé tout
l'hiver, et que le boulanger part bientôt
à la retraite.

Viens nous voir dès que tu le pourras, la
chambre bleue t'attend avec sa vue sur
les peupliers.

Nous t'embrassons bien fort,

                              Solange"""


def _letter(rng: Rng) -> dict[str, bytes]:
    rows: list[Row] = [left(line) for line in LETTER.splitlines()]
    strip = print_rows(rows, 46, "typed", rng, 1.15)
    shot = Shot(1200, 1500, turn=-4, perspective=0.2, background="wood", uneven=0.3, noise=0.2)
    return {"28_lettre.jpg": picture(take(strip, shot, rng), "JPEG", 72)}


def _blank(rng: Rng) -> dict[str, bytes]:
    strip = np.full((1500, 1100), 252, np.uint8)
    shot = Shot(900, 1200, turn=3, fill=0.85, background="dark_wood", uneven=0.4, noise=0.3)
    return {"29_papier_blanc.jpg": picture(take(strip, shot, rng), "JPEG", 75)}


def _scan_tiff(rng: Rng) -> dict[str, bytes]:
    style = Style(face="typed", columns=38, items="times", symbol="£{}", total_symbol="£{}",
                  codes="after", taxes="table", count=True, name="double", time="%H:%M",
                  head=("14 Station Road, Harrowmere", "Tel: 01632 960417"),
                  meta="{date} {time} TILL 3", label={"card": "DEBIT CARD"},
                  notes=("Refunds accepted until 07/12/2026",),
                  foot=("Thank you for shopping with us",))  # fmt: skip
    gray: Pixels = cv2.resize(scan(printed(BRITISH, style, rng), turn=-0.8), None, fx=0.8, fy=0.8,
                              interpolation=cv2.INTER_AREA)  # fmt: skip
    return {"12_gb_scan.tiff": picture(gray // 17 * 17, "TIFF")}


CHEESE_STYLE = Style(
    face="mono",
    columns=36,
    items="alone",
    codes="none",
    taxes="lines",
    name="tall",
    symbol="{} €",
    total_symbol="{} €",
    date="%d-%m-%Y",
    meta="{date} {time}   Vendeur : Inès",
    head=("3 place du Marché", "99450 ROQUEBELIN", "TEL : 01 99 00 45 08"),
    label={"total": "TOTAL A PAYER", "card": "Carte bancaire"},
    foot=("A bientôt !",),
)

FRENCH = (
    Document(
        "01_fr_supermarche",
        101,
        photo(
            "01_fr_supermarche.jpg",
            SUPERMARKET,
            Style(
                order=("head", "rule", "items", "rule", "totals", "tenders", "taxes", "meta",
                       "notes", "slip", "foot"),
                count=True, savings=True, subtotal=True, barcode="bars",
                head=("12 rue des Tilleuls", "99120 SAINT-ORLAN", "Tél. 01 99 00 12 47"),
                meta="{date} {time}  Caisse 04  Ticket 2217",
                label={"total": "TOTAL TTC", "weighed": "{n} {unit} x {price} {symbol}/{unit}"},
                notes=("Carte fidélité n° 0000 4471", "Vos points expirent le 30/06/2027"),
                slip=slip(SUPERMARKET, "le 12/11/26 a 18:43:10"),
                foot=("Merci de votre visite",),
            ),
            Shot(1350, 2200, turn=3, perspective=0.35, shadow=0.45, noise=0.25, background="wood"),
        ),
        SUPERMARKET,
    ),
    Document(
        "02_fr_boulangerie",
        102,
        photo(
            "02_fr_boulangerie.jpg",
            BAKERY,
            Style(
                columns=32, items="above", codes="none", taxes="lines", date="%d/%m/%y",
                name="tall", symbol="{}", total_symbol="{} EUR",
                head=("1 place du Marché", "99300 ORMELUNE"), meta="{date} {time}  Opérateur 2",
                label={"total": "NET A PAYER", "cash": "ESPECES", "change": "RENDU"},
                foot=("MERCI ET BONNE JOURNEE",),
            ),
            Shot(1100, 1500, turn=-7, crumple=0.4, background="cloth", uneven=0.4, noise=0.3),
        ),
        BAKERY,
    ),
    Document(
        "03_fr_pharmacie",
        103,
        photo(
            "03_fr_pharmacie.jpg",
            PHARMACY,
            Style(
                face="mono", columns=40, codes="percent", taxes="table", items="under",
                name="plain", date="%d.%m.%Y", symbol="{}", total_symbol="{} EUR",
                head=("44 avenue de la Halle", "99610 VAUBRIERES", "Tél. 01 99 00 61 33"),
                meta="FACTURE N° 118204 du {date} à {time}",
                label={"total": "MONTANT DU", "card": "CARTE BANCAIRE"},
                foot=("Tenir hors de portée des enfants", "Ne pas dépasser la dose"),
            ),
            Shot(1200, 1600, turn=9, perspective=0.6, shadow=0.6, background="stone", noise=0.3),
        ),
        PHARMACY,
    ),
    Document(
        "04_fr_bricolage",
        104,
        photo(
            "04_fr_bricolage.jpg",
            DIY,
            Style(
                face="sans", columns=40, codes="none", taxes="sums", items="alone",
                name="inverted", symbol="{} €", total_symbol="{} €", rule="solid",
                head=("ZAC des Peupliers - 99180 BREVANNE-SUR-LUZE",), meta="Le {date} à {time}",
                label={"total": "Total à payer", "card": "CB EMV"}, barcode="bars",
                foot=("Article échangeable avant le 07/12/2026",),
            ),
            Shot(1200, 1650, turn=2, quarter_turns=1, crumple=0.3, background="carpet", noise=0.3),
        ),
        DIY,
    ),
    Document(
        "05_fr_restaurant",
        105,
        photo(
            "05_fr_restaurant.jpg",
            RESTAURANT,
            Style(
                face="typed", columns=38, items="columns", codes="none", taxes="table_sum",
                date="%d/%m/%Y", time="%Hh%M", name="double", total_symbol="{} €",
                head=("8 quai aux Fleurs", "99520 HAUTEVERGNE"),
                meta="Table 12  Couverts 3\n{date} {time}",
                label={"total": "TOTAL EUR", "meal_voucher": "TITRES RESTAURANT"},
                foot=("Prix nets, service compris", "Au plaisir de vous revoir"),
            ),
            Shot(1200, 1600, turn=-12, background="dark_wood", uneven=0.8, folds=1, noise=0.4,
                 tint=(255, 236, 205)),
        ),
        RESTAURANT,
    ),
    Document(
        "06_fr_mode",
        106,
        photo(
            "06_fr_mode.jpg",
            CLOTHING,
            Style(
                columns=40, codes="none", taxes="lines", date="%d %B %Y".replace("%B", "{month}"),
                meta="Le {date} à {time}", name="huge", rule="=", minus="before", count=True,
                head=("centre commercial Les Arches", "99100 QUERMOY"),
                label={"total": "TOTAL", "gift_card": "CARTE CADEAU", "card": "CB"},
                notes=("Echange possible jusqu'au 30/11/2026", "Points gagnés ce jour : 50",
                       "Nouveau solde : 312 points", "Vos points expirent le 31/10/2027"),
                foot=("Conservez ce ticket",), barcode="square",
            ),
            Shot(1200, 1800, turn=4, quarter_turns=2, perspective=0.3, background="white",
                 shadow=0.5, noise=0.2),
        ),
        CLOTHING,
    ),
    Document(
        "07_fr_station",
        107,
        photo(
            "07_fr_station.jpg",
            FUEL,
            Style(
                columns=32, codes="none", taxes="sums", date="%d-%m-%y", name="tall", rule="*",
                items="under", total_symbol="{} EUR",
                head=("RN 900 - 99700 LIZERAY",), meta="POMPE 3   {date} {time}",
                label={"total": "MONTANT REEL", "weighed": "{n} L x {price} EUR/L", "card": "CB"},
                foot=("Prochain lavage offert avant le", "15-12-26", "Bonne route"),
            ),
            Shot(1000, 1350, turn=-5, fade=0.55, gaps=4, background="black", uneven=0.5, noise=0.35),
        ),
        FUEL,
    ),
    Document(
        "08_fr_totaux_trompeurs",
        108,
        photo(
            "08_fr_totaux_trompeurs.png",
            DECOYS,
            Style(
                face="narrow", columns=40, codes="before", taxes="sums", subtotal=True,
                savings=True, big_total=False, count=True, date="%d/%m/%y", items="times",
                head=("5 rue du Four", "99260 TESSONGE"), meta="DATE {date} - {time}",
                label={"total": "A PAYER", "subtotal": "TOTAL AVANT REMISES",
                       "savings": "TOTAL REMISES", "check": "CHEQUE"},
                notes=("Vous avez économisé 2,93 €", "Solde cagnotte 14,60 €",
                       "Bon de 5,00 € valable jusqu'au 31/12/26"),
                foot=("Merci de votre confiance",),
            ),
            Shot(700, 1150, turn=2, perspective=0.2, background="white", uneven=0.3),
            kind="PNG",
        ),
        DECOYS,
    ),
)  # fmt: skip

ABROAD = (
    Document(
        "09_de_markt",
        109,
        photo(
            "09_de_markt.jpg",
            GERMAN,
            Style(
                columns=38, face="mono", items="above", date="%d.%m.%Y", time="%H:%M:%S",
                label={"total": "SUMME EUR", "cash": "BAR", "change": "Rückgeld"},
                head=("Lindenallee 7", "00120 Ahrenfeld"), meta="{date} {time} Bon-Nr. 4471",
                order=("head", "items", "rule", "totals", "tenders", "taxes", "rule", "meta", "foot"),
                foot=("Vielen Dank für Ihren Einkauf", "Umtausch bis 20.11.2026 mit Bon"),
            ),
            Shot(1200, 1700, turn=14, crumple=0.5, background="wood", noise=0.3),
        ),
        GERMAN,
    ),
    Document(
        "10_es_super",
        110,
        photo(
            "10_es_super.webp",
            SPANISH,
            Style(
                face="narrow", columns=42, items="count", codes="none", total_symbol="{} €",
                head=("Plaza Mayor 3", "VILLARMEDA"), meta="{date} {time} OP: 118402",
                meta_more=("FACTURA SIMPLIFICADA: 2041-016-882",),
                label={"total": "TOTAL (€)", "card": "TARJETA BANCARIA", "long_rates": "yes"},
                foot=("GRACIAS POR SU VISITA", "Cambios hasta el 21/11/2026"),
            ),
            Shot(1100, 1600, turn=-3, folds=2, background="stone", shadow=0.5, noise=0.25),
            kind="WEBP",
        ),
        SPANISH,
    ),
    Document(
        "11_pl_sklep",
        111,
        photo(
            "11_pl_sklep.jpg",
            POLISH,
            Style(
                columns=40, items="alone", date="%Y-%m-%d", taxes="lines", rule="-",
                head=("ul. Lipowa 4, 00-000 Nowolesie", "NIP 000-000-00-00"),
                meta="{date}    nr wydr. 018245   {time}", meta_more=("PARAGON FISKALNY",),
                label={"total": "SUMA PLN", "card": "KARTA PŁATNICZA"},
                foot=("Dziękujemy i zapraszamy ponownie",),
            ),
            Shot(1100, 1500, turn=5, perspective=0.5, background="dark_wood", noise=0.3),
        ),
        POLISH,
        "rejected",
        ("currency_not_eligible",),
    ),
    Document("12_gb_scan", 112, _scan_tiff, BRITISH, "rejected", ("currency_not_eligible",)),
    Document(
        "13_us_diner",
        113,
        photo(
            "13_us_diner.jpg",
            AMERICAN,
            Style(
                face="mono", columns=36, items="count", codes="none", date="%m/%d/%Y",
                time="%I:%M %p", subtotal=True, total_symbol="${}", symbol="${}",
                head=("210 Oak Ave, Fernbrook, OH", "(555) 555-0142"), meta="{date} {time}",
                meta_more=("Server: Emma   Table 6",),
                label={"tax_line": "SALES TAX {rate}%", "card": "CREDIT CARD"},
                notes=("Suggested tip:", "15% $6.90   18% $8.28"), foot=("THANK YOU - COME AGAIN",),
            ),
            Shot(1100, 1500, turn=-6, crumple=0.45, background="cloth", noise=0.3, uneven=0.4),
        ),
        AMERICAN,
        "rejected",
        ("currency_not_eligible",),
    ),
    Document(
        "14_my_hardware",
        114,
        photo(
            "14_my_hardware.jpg",
            MALAYSIAN,
            Style(
                face="typed", columns=40, items="alone", subtotal=True, count=True,
                date="%d/%m/%Y", time="%H:%M:%S", codes="after", name="plain", total_symbol="RM {}",
                head=("(Co. No. 000000-X)", "12 Jalan Kenanga 3, Bandar Melor", "GST ID : 000000000000"),
                meta="Date : {date}  Time : {time}", meta_more=("TAX INVOICE  CS00041187",),
                label={"total": "NET TOTAL", "rounding": "ROUNDING ADJ", "cash": "CASH"},
                foot=("Goods sold are not returnable", "THANK YOU. PLEASE COME AGAIN"),
            ),
            Shot(1100, 1500, turn=2, fade=0.35, gaps=2, background="white", shadow=0.4, noise=0.2),
        ),
        MALAYSIAN,
        "rejected",
        ("currency_not_eligible",),
    ),
    Document(
        "15_id_warung",
        115,
        photo(
            "15_id_warung.jpg",
            INDONESIAN,
            Style(
                columns=34, items="times", codes="none", subtotal=True, name="tall",
                head=("Jl. Melati No. 12, Kota Melati",), meta="Tgl: {date}  Jam: {time}",
                label={"total": "TOTAL", "tax_line": "PB1 {rate}%", "cash": "TUNAI",
                       "change": "KEMBALI"},
                total_symbol="Rp {}", foot=("Terima kasih",),
            ),
            Shot(1000, 1400, turn=-10, crumple=0.55, exposure=0.62, background="dark_wood",
                 noise=0.5, tint=(255, 240, 214)),
        ),
        INDONESIAN,
        "rejected",
        ("currency_not_eligible",),
    ),
    Document(
        "16_ch_lac",
        116,
        photo(
            "16_ch_lac.jpg",
            SWISS,
            Style(
                columns=40, items="under", codes="after", date="%d.%m.%Y", subtotal=True,
                head=("Grand-Rue 18, 0100 Vernolle", "CHE-000.000.000 TVA"),
                meta="Date {date}  Heure {time}",
                label={"total": "TOTAL CHF", "weighed": "{n} kg x {price} CHF/kg"},
                foot=("Merci de votre visite",),
            ),
            Shot(1200, 1600, turn=88, perspective=0.3, background="wood", noise=0.25),
        ),
        SWISS,
        "rejected",
        ("currency_not_eligible",),
    ),
)  # fmt: skip

SPECIAL = (
    Document(
        "17_fr_fromagerie",
        117,
        photo(
            "17_fr_fromagerie.jpg",
            CHEESE,
            CHEESE_STYLE,
            Shot(1100, 1450, turn=-3, background="wood", crumple=0.25, noise=0.2),
        ),
        CHEESE,
    ),
    Document(
        "18_fr_fromagerie_bis",
        118,
        photo(
            "18_fr_fromagerie_bis.jpg",
            CHEESE,
            CHEESE_STYLE,
            Shot(1000, 1400, turn=11, perspective=0.5, background="carpet", shadow=0.55, noise=0.35),
        ),
        CHEESE,
        "duplicate",
        ("same_purchase",),
        "17_fr_fromagerie",
    ),
    Document("19_fr_chariot", 119, _long_pair, LONG),
    Document("20_fr_ticket_mail", 120, _text_receipt, ORGANIC),
    Document("21_fr_facture_web", 121, _text_invoice, ELECTRONICS),
    Document("22_fr_librairie_scan", 122, _scanned_pdf, BOOKS),
    Document(
        "23_fr_boucherie",
        123,
        photo(
            "23_fr_boucherie.heic",
            BUTCHER,
            Style(
                face="heavy", columns=34, items="above", codes="none", taxes="lines",
                date="%d{MON}%y", meta="{date} {time}  BAL 02 VEND 1", total_symbol="{} €",
                head=("21 rue de l'Église", "99400 AIGREFONDS"),
                label={"total": "TOTAL EUROS", "cash": "Espèces", "change": "Rendu monnaie"},
                foot=("Viandes d'origine française",),
            ),
            Shot(1200, 1600, turn=7, crumple=0.35, background="stone", noise=0.2, uneven=0.3),
            kind="HEIF",
            quality=42,
        ),
        BUTCHER,
    ),
    Document(
        "24_fr_jardinerie",
        124,
        photo(
            "24_fr_jardinerie.jpg",
            GARDEN,
            Style(
                columns=42, codes="after", taxes="table", date="%Y-%m-%d", items="alone",
                head=("chemin du Moulin", "99830 MONTARVELLE", "SIRET 000 000 042 00013"),
                meta="{date} {time} 0042 03", savings=True, subtotal=True,
                label={"total": "NET A PAYER", "subtotal": "SOUS-TOTAL", "card": "BANCAIRE"},
                notes=("Garantie reprise des plantes", "jusqu'au 2027-10-17"),
                foot=("Merci et à bientôt",),
            ),
            Shot(3000, 4000, quarter_turns=1, fill=0.6, turn=-4, perspective=0.3, shadow=0.4,
                 background="wood", noise=0.12, blur=0.8),
            quality=62,
            orientation=6,
        ),
        GARDEN,
    ),
)  # fmt: skip

BAD = (
    Document(
        "25_fr_sombre",
        125,
        photo(
            "25_fr_sombre.jpg",
            SUPERMARKET,
            Style(),
            Shot(1000, 1400, turn=6, exposure=0.06, blur=5.0, noise=0.5, background="dark_wood"),
        ),
        SUPERMARKET,
        "incomplete",
        ("too_dark",),
    ),
    Document("26_fr_flou", 126, _blurred, PHARMACY, "incomplete", ("too_blurred",)),
    Document(
        "27_fr_coupe",
        127,
        photo(
            "27_fr_coupe.jpg",
            SUPERMARKET,
            Style(head=("12 rue des Tilleuls", "99120 SAINT-ORLAN")),
            Shot(1100, 1400, cut=0.5, turn=2, background="wood", noise=0.2),
        ),
        SUPERMARKET,
        "incomplete",
        ("cut_off",),
    ),
    Document("28_lettre", 128, _letter, None, "rejected", ("not_a_receipt",)),
    Document("29_papier_blanc", 129, _blank, None, "rejected", ("no_text",)),
)

DOCUMENTS = FRENCH + ABROAD + SPECIAL + BAD
