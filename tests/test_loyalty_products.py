from __future__ import annotations

import pytest

from preuve.loyalty.rules.matching import Matcher
from preuve.loyalty.rules.products import ProductList, Products
from tests.occasions import line


def because(description: str, *words: str, never: tuple[str, ...] = ()) -> str | None:
    matcher = Matcher({"x": Products(words=words, never=never)})
    return matcher.lists_of(line(description, "1.00"), None).get("x")


@pytest.mark.parametrize(
    ("description", "phrase"),
    [
        ("LINDT", "lindt"),
        ("CHOC. NOIR LINDT 70%", "chocolat noir lindt"),
        ("CHOCO LAIT", "chocolat"),
        ("L1NDT EXCELLENCE", "Lindt"),
        ("1INDT EXC", "lindt"),
        ("LlNDT", "lindt"),
        ("LIMDT", "lindt"),
        ("EXCELENCE NOIR LINDT", "lindt excellence"),
        ("CREME FRAICHE", "crème fraîche"),
        ("CAFEMOULU250G", "café moulu"),
        ("CAFÉ250G", "cafe"),
        ("Cafe-Moulu", "café moulu"),
        ("MOULU PUR ARABICA CAFE", "café moulu"),
        ("BIERE 1664 BLANC", "1664"),
        ("0EUFS BI0", "oeufs bio"),
        ("CORN FLAKES", "corn flakes"),
        ("COM FLAKES", "corn flakes"),
        ("ŒUFS X12", "œufs"),
    ],
)
def test_words_are_found_however_they_are_printed(description: str, phrase: str) -> None:
    assert because(description, phrase)


@pytest.mark.parametrize(
    ("description", "phrase"),
    [
        ("LIN. BIO GRAINES", "lindt"),
        ("VIN ROUGE", "lindt"),
        ("MINDT", "lindt"),
        ("CHOC. LAIT", "chocolat noir lindt"),
        ("CHO LAIT", "chocolat"),
        ("CAFE EN GRAINS", "café moulu"),
        ("THERMOS", "thé"),
        ("BIERE 1668", "1664"),
        ("PAIN", "vin"),
        ("", "lindt"),
        ("...", "lindt"),
    ],
)
def test_other_words_are_not(description: str, phrase: str) -> None:
    assert because(description, phrase) is None


def test_why_a_line_matched_is_told() -> None:
    told = because("CHOC. NOIR L1NDT 100G", "café", "chocolat noir lindt")
    assert told == 'words "chocolat noir lindt" (CHOC. NOIR L1NDT)'


def test_what_speaks_against_words_does_not_speak_against_numbers() -> None:
    assert because("SAC LINDT", "lindt", never=("sac",)) is None
    assert because("CHOCOLAT LINDT", "lindt", never=("sac",))
    known = Matcher({"x": Products(words=("lindt",), never=("sac",), gtins=("3046920028004",))})
    bag = line("SAC LINDT", "1.00", gtin="3046920028004")
    assert known.lists_of(bag, None) == {"x": "GTIN 3046920028004"}


def test_a_code_is_the_retailers_own() -> None:
    matcher = Matcher({"x": Products(codes={"fr.example": ("0012",)})})
    coded = line("ARTICLE", "1.00", product_code="0012")
    assert matcher.lists_of(coded, "fr.example") == {"x": "product code 0012"}
    assert matcher.lists_of(coded, "fr.other") == matcher.lists_of(coded, None) == {}


def test_a_gtin_is_the_same_however_long_it_is_written() -> None:
    listed = Products.model_validate({"gtins": [3046920028004, "00012345678905", "12345670"]})
    assert listed.gtins == ("3046920028004", "0012345678905", "12345670")


def test_a_category_holds_what_its_brands_hold() -> None:
    matcher = Matcher(
        {
            "lindt": ProductList(name="Lindt", words=("lindt",)),
            "sweets": ProductList(name="Confiserie", includes=("chocolate",)),
            "chocolate": ProductList(name="Chocolat", includes=("lindt",), words=("chocolat",)),
        }
    )
    assert matcher.lists_of(line("LINDT", "1.00"), None) == {
        "lindt": 'words "lindt" (LINDT)',
        "chocolate": 'words "lindt" (LINDT), of lindt',
        "sweets": 'words "lindt" (LINDT), of lindt',
    }
    assert set(matcher.lists_of(line("CHOCOLAT", "1.00"), None)) == {"chocolate", "sweets"}
