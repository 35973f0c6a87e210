"""Which papers are one retailer's: invented shops, read with letters lost and in any order."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from preuve.reading.page import Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, MatchResult, Reading, Value
from preuve.reading.template.cluster import cluster
from preuve.reading.template.traits import traits
from tests.paper import paper, stock

SHOPS = {
    "oak": "LA FORGE DU CHENE|12 RUE BASSE|99120 VALTRIAC|Tel 01 99 00 12 34|TOTAL TTC|CB",
    "oak2": "LA FORGE DU CHENE|4 QUAI AUX FLEURS|99300 ORMELUNE|Tel 01 99 00 56 78|TOTAL TTC|CB",
    "jam": "CONFITURES VALORBE|12 RUE BASSE|99120 VALTRIAC|www.valorbe.example|A PAYER|ESPECES",
    "nut": "NUTTALL & SONS|3 HIGH ROW|HARROWMERE|VAT GB 980 7806 84|BALANCE DUE|CARD",
    "sea": "LES EMBRUNS|8 PORT SUD|99500 PLOUDAVEN|SIRET 732 829 320 00074|TOTAL TTC|CB",
}
READ = Reading(
    "receipt",
    "fr",
    MatchResult("fr.shop", "1", 0.9),
    purchased_on=Value(date(2026, 3, 1), 0.99, "test"),
    total=Value(Decimal(4), 0.99, "test"),
)


def receipt(shop: str, number: int) -> Pages:
    """One sale of the shop; every third has a letter of its name misread."""
    chance = random.Random(f"{shop}{number}")
    name, *head, total, tender = SHOPS[shop].split("|")
    if number % 3 == 2:
        at = chance.randrange(len(name))
        name = name[:at] + "Z" + name[at + 1 :]
    sold = [(chance.choice(["PAIN", "SEL", "LAIT"]), chance.randrange(100, 900)) for _ in range(3)]
    due = sum(cents for _, cents in sold)
    rows = [name, *head, f"{number + 1:02}/03/2026 10:{chance.randrange(10, 60)}"]
    rows += [f"{what}   {cents / 100:.2f}" for what, cents in sold]
    rows += [f"{total}   {due / 100:.2f}", f"{tender}   {due / 100:.2f}", "MERCI DE VOTRE VISITE"]
    return paper("\n".join(rows))


def test_one_cluster_a_retailer_whatever_the_store_and_the_order() -> None:
    pages = {f"{shop}.{n}": receipt(shop, n) for shop in SHOPS for n in range(4)}
    read = {key: understand(paper, stock(), Context())[0] for key, paper in pages.items()}
    documents = [(key, pages[key], read[key]) for key in pages]
    random.Random(5).shuffle(documents)

    found = cluster(documents, stock())

    shops = [{member.split(".")[0] for member in each.members} for each in found]
    assert shops[0] == {"oak", "oak2"}
    assert found[0].size == 8
    assert found[0].name == "LA FORGE DU CHENE"
    assert sorted(map(sorted, shops[1:])) == [["jam"], ["nut"], ["sea"]]
    sea = next(each for each in found if "sea.0" in each.members)
    assert {("number", 4)} <= {(e.kind, e.members) for e in sea.evidence}


def test_the_cluster_with_most_documents_to_unlock_comes_first() -> None:
    known = [(f"oak.{n}", receipt("oak", n), READ) for n in range(5)]
    unknown = [(f"nut.{n}", receipt("nut", n), None) for n in range(3)]

    first, second = cluster([*known, *unknown])

    assert (first.name, first.waiting) == ("NUTTALL & SONS", first.members)
    assert second.size == 5


def test_shops_that_share_a_street_a_slogan_or_a_mail_host_stay_apart() -> None:
    papers = [
        "BONNEFOY\n7 CENTRE LES ARCHES\n99200 BREVANNE\ncontact@gmail.com\nTOTAL 4.10",
        "GRISELLE\n7 CENTRE LES ARCHES\n99200 BREVANNE\nbonjour@gmail.com\nTOTAL 5.20",
    ]

    assert len(cluster([(str(n), paper(text), None) for n, text in enumerate(papers)])) == 2


@pytest.mark.parametrize("pages", [(), paper("x")])
def test_a_paper_without_traits_is_a_cluster_of_its_own(pages: Pages) -> None:
    (alone,) = cluster([("empty", pages, None)])

    assert (alone.members, alone.evidence) == (("empty",), ())


def test_traits_leave_out_what_changes_with_every_sale() -> None:
    found = traits(receipt("sea", 0), READ)

    assert ("number", "73282932000074") in {(t.kind, t.text) for t in found}
    assert all("10:" not in t.form and "2026" not in t.form for t in found)
    assert cluster([("none", (), None)])[0].name == "none"
