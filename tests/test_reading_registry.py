from __future__ import annotations

from dataclasses import replace

from preuve.reading.extract.identifiers import Identifier, IdentifierKind
from preuve.reading.pipeline import understand
from preuve.reading.registry import CONFIRMED, Known, Registry, known_retailer
from preuve.reading.result import BORNE_OUT, Context, Reading, Retailer, Value
from tests.paper import RECEIVED, paper, stock

NAEGEL = Retailer("MAISON NAEGEL", "known.maison_naegel")
KLEIN = Retailer("BOUCHERIE KLEIN", "known.boucherie_klein")
PAPER = """
{head}
  22 rue du Dome
  67000 STRASBOURG
  {identifiers}
  TARTE CITRON       12,50
  TOTAL              12,50 EUR
  CB                 12,50
  12/11/2026 18:42
"""


def known(kind: IdentifierKind, number: str, by: Retailer | None, receipts: int = 5) -> Registry:
    return {Identifier(kind, number): Known(by, receipts, 0.95)}


def read(registry: Registry, *identifiers: str, head: str = "M x l s") -> Reading:
    words = paper(PAPER.format(head=head, identifiers="\n  ".join(identifiers)))
    return understand(words, replace(stock(), registry=registry), Context(RECEIVED))[0]


def test_a_known_number_names_the_retailer_that_nobody_could_read() -> None:
    registry = known("siret", "71850045700012", NAEGEL)
    reading = read(registry, "Siret 71850045700012")

    assert reading.retailer is not None
    assert reading.retailer.value == NAEGEL
    assert reading.retailer.rule == "registry: siret 71850045700012 (5 receipts)"
    assert reading.retailer.rejected[0].text == "M x l s"
    assert reading.retailer.place is not None


def test_it_is_as_sure_as_the_receipts_were_and_surer_where_the_paper_says_the_same() -> None:
    def sure(entry: Known, head: str = "M x l s") -> float:
        registry = {Identifier("siren", "718500457"): entry}
        value = read(registry, "RCS 718 500 457", head=head).retailer
        assert value is not None
        assert value.value == NAEGEL
        return value.confidence

    learned = sure(Known(NAEGEL, 40, 0.9))
    assert learned == sure(Known(NAEGEL, 2, 0.9)) == 0.9
    assert sure(Known(NAEGEL, 2, 0.9), "# MAISON NAEGEL") >= learned
    assert sure(Known(NAEGEL, 1, confirmed=True)) == CONFIRMED


def test_a_name_that_is_surer_than_the_registry_stands_unless_an_operator_spoke() -> None:
    number = Identifier("siren", "718500457")
    guess, said = Known(KLEIN, 2, 0.01), Known(KLEIN, 1, confirmed=True)
    keys = []
    for entry in (guess, said):
        value = read({number: entry}, "RCS 718 500 457", head="# MAISON NAEGEL").retailer
        keys.append(value.value.key if value else "none")

    assert keys == [None, KLEIN.key]


def test_a_surer_name_stands_only_where_something_bears_it_out() -> None:
    pages = paper(PAPER.format(head="A DEUX PAS", identifiers="RCS 718 500 457"))
    registry: Registry = {Identifier("siren", "718500457"): Known(NAEGEL, 2, 0.6)}
    keys = []
    for borne_out in (0.0, 1.0):
        name = Value(Retailer("A DEUX PAS"), 0.9, "test", signs={BORNE_OUT: borne_out})
        value = known_retailer(pages, registry, name)
        keys.append(value.value.key if value else "none")

    assert keys == [NAEGEL.key, None]


def test_numbers_of_two_retailers_name_neither() -> None:
    registry = {
        **known("siren", "718500457", NAEGEL),
        **known("vat", "DE186018569", KLEIN),
    }
    numbers = ("RCS 718 500 457", "USt-IdNr. DE 186 018 569")
    value = read(registry, *numbers, head="LISERON ROUGE").retailer

    assert value is not None
    assert value.value == Retailer("LISERON ROUGE")


def test_a_telephone_number_alone_is_not_believed_against_a_registered_one() -> None:
    phone = known("phone", "388328286", NAEGEL)
    alone = read(phone, "Tel 03 88 32 82 86").retailer
    beside_unknown = read(phone, "Tel 03 88 32 82 86", "RCS 718 500 457").retailer
    contested = {**phone, **known("siren", "718500457", None)}
    beside_contested = read(contested, "Tel 03 88 32 82 86", "RCS 718 500 457").retailer
    other = {**phone, **known("siren", "718500457", KLEIN)}
    beside_other = read(other, "Tel 03 88 32 82 86", "RCS 718 500 457").retailer

    keys = [
        value.value.key if value else None
        for value in (alone, beside_unknown, beside_contested, beside_other)
    ]
    assert keys == [NAEGEL.key, None, None, KLEIN.key]


def test_a_template_that_matches_is_believed_before_the_registry() -> None:
    words = paper(PAPER.format(head="# PICARD", identifiers="RCS 718 500 457"))
    registry = known("siren", "718500457", NAEGEL)
    reading, _ = understand(words, replace(stock(), registry=registry), Context(RECEIVED))

    assert reading.retailer is not None
    assert reading.retailer.value.key == "fr.picard"
