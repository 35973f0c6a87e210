from __future__ import annotations

from preuve.catalog.consensus import Claim, consensus, slug
from preuve.reading.registry import Known
from preuve.reading.result import Retailer

NAEGEL = Retailer("MAISON NAEGEL")
KLEIN = Retailer("BOUCHERIE KLEIN")


def claims(retailer: Retailer, number: int, first: int = 0) -> list[Claim]:
    return [Claim(retailer, f"member {at}") for at in range(first, first + number)]


def test_one_receipt_is_not_enough_and_two_of_one_member_are_one() -> None:
    assert consensus(claims(NAEGEL, 1)) is None
    assert consensus(claims(NAEGEL, 1) * 2) is None
    assert consensus(claims(NAEGEL, 2)) == Known(Retailer(NAEGEL.name, slug(NAEGEL.name)), 2, 1.0)


def test_many_receipts_are_no_surer_than_each_of_them() -> None:
    slogan = [Claim(NAEGEL, f"member {at}", 0.6) for at in range(30)]
    known = consensus(slogan)

    assert known is not None
    assert known.sure == 0.6


def test_spellings_that_engines_damaged_agree_and_the_common_one_stays() -> None:
    damaged = Retailer("MA1SON NAEGFL")
    agreed = consensus([*claims(damaged, 1), *claims(NAEGEL, 2, first=1)])

    assert agreed == Known(Retailer("MAISON NAEGEL", "known.maison_naegel"), 3, 1.0)


def test_receipts_that_contradict_each_other_name_nobody() -> None:
    assert consensus([*claims(NAEGEL, 4), *claims(KLEIN, 1, first=4)]) == Known(None, 4)
    assert consensus([*claims(NAEGEL, 10), *claims(KLEIN, 1, first=10)]) == Known(
        Retailer(NAEGEL.name, "known.maison_naegel"), 10, 1.0
    )


def test_an_operators_word_outweighs_receipts() -> None:
    told = Retailer("Maison Naegel", "fr.naegel")
    agreed = consensus([*claims(KLEIN, 9), Claim(told, "an operator", confirmed=True)])
    other = Claim(KLEIN, "another operator", confirmed=True)

    assert agreed == Known(told, 1, 1.0, confirmed=True)
    assert consensus([Claim(told, "an operator", confirmed=True), other]) == Known(None, 1)


def test_a_number_on_other_retailers_receipts_is_not_the_corrected_ones() -> None:
    told = Claim(Retailer("Maison Naegel", "fr.naegel"), "an operator", confirmed=True)
    chain = Claim(Retailer("Carrefour", "fr.carrefour"), "member 1")

    assert consensus([told, chain]) == Known(None, 1)


def test_one_corrected_receipt_does_not_tell_whose_telephone_it_prints() -> None:
    told = Claim(Retailer("Maison Naegel", "fr.naegel"), "an operator", confirmed=True)

    assert consensus([told], registered=False) is None
    agreed = consensus([told, *claims(NAEGEL, 1)], registered=False)
    assert agreed is not None
    assert (agreed.retailer and agreed.retailer.key, agreed.confirmed) == ("fr.naegel", False)
    assert consensus([told, *claims(KLEIN, 1)], registered=False) == Known(None, 1)


def test_a_template_gives_the_key() -> None:
    both = [*claims(Retailer("CARREFOUR"), 1), Claim(Retailer("Carrefour", "fr.carrefour"), "x")]
    known = consensus(both)
    assert known is not None
    assert known.retailer is not None
    assert known.retailer.key == "fr.carrefour"


def test_keys_are_those_that_templates_may_have() -> None:
    assert slug("L'ÉPICERIE du Coin & Cie.") == "known.l_epicerie_du_coin_cie"
    assert slug("***") == "known.unnamed"
