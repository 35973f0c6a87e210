"""Templates drafted from made receipts: what they write, and how they read another receipt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from preuve.reading.page import Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading
from preuve.reading.template.draft import (
    Draft,
    Example,
    NothingToDraftError,
    Sold,
    Values,
    draft,
)
from preuve.reading.template.drafting.trial import bare
from preuve.reading.template.load import check, load_templates
from tests.paper import ROOT, paper, stock

ROWS = """
            LA FORGERIA VELKA
       Bassa 12, 99120 Valtria
       DIC IT00743110157
{date}   14:05
PANE RUSTICO                       2,40
OLIO VERGINE                       8,90
{item}
Sommerzahl                        {total}
Wampum                            {paid}
Zuruck                            {back}
Vymena zbozi do {later}
"""


def receipt(day: str, later: str, item: str, cents: int) -> Pages:
    paid = -(-(1130 + cents) // 1000) * 1000
    shown = {
        "date": day,
        "later": later,
        "item": f"{item:<34}{cents // 100},{cents % 100:02}",
        "total": f"{(1130 + cents) / 100:.2f}".replace(".", ","),
        "paid": f"{paid / 100:.2f}".replace(".", ","),
        "back": f"{(paid - 1130 - cents) / 100:.2f}".replace(".", ","),
    }
    return paper(ROWS.format(**shown))


VALUES = Values(
    retailer="La Forgeria Velka",
    purchased_on=date(2026, 3, 7),
    total=Decimal("14.50"),
    currency="EUR",
    items=(
        Sold(Decimal("2.40"), "PANE RUSTICO"),
        Sold(Decimal("8.90"), "OLIO VERGINE"),
        Sold(Decimal("3.20"), "SALE GROSSO"),
    ),
)
EXAMPLE = Example("one.jpg", receipt("7 března 2026", "6 dubna 2026", "SALE GROSSO", 320), VALUES)
SECOND = receipt("19 června 2025", "18 ledna 2026", "SAPONE", 415)


@pytest.fixture(scope="module")
def drafted() -> Draft:
    return draft([EXAMPLE], stock())


def read(pages: Pages, drafted: Draft) -> Reading:
    return understand(pages, bare(stock(), drafted.template), Context())[0]


def test_the_file_passes_the_check_and_says_why_each_line_is_there(
    drafted: Draft, tmp_path: Path
) -> None:
    path = tmp_path / "templates" / "it" / "la_forgeria_velka.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(drafted.text, "utf-8")

    assert check(ROOT / "templates", tmp_path / "templates") == []
    loaded = load_templates(ROOT / "templates", tmp_path / "templates")
    assert loaded.retailers["it.la_forgeria_velka"] == drafted.template
    assert "- La Forgeria Velka" in drafted.text
    assert "number: IT00743110157" in drafted.text
    assert "# row 1 of one.jpg" in drafted.text
    assert "# before 14,50 in one.jpg" in drafted.text


def test_another_receipt_of_the_shop_is_read_where_the_bases_fail(drafted: Draft) -> None:
    before = understand(SECOND, bare(stock()), Context())[0]
    after = read(SECOND, drafted)

    assert before.purchased_on is None or before.purchased_on.value != date(2025, 6, 19)
    assert after.purchased_on
    assert after.purchased_on.value == date(2025, 6, 19)
    assert after.total
    assert after.total.value == Decimal("15.45")
    assert after.retailer
    assert after.retailer.value.key == "it.la_forgeria_velka"
    assert [item.amount for item in after.items] == [Decimal(a) for a in ("2.40", "8.90", "4.15")]
    assert drafted.reads


def test_a_value_that_is_not_on_the_paper_is_told_with_what_was_looked_at() -> None:
    wrong = Values(purchased_on=date(2020, 1, 1), total=Decimal("99.99"), items=(Sold(Decimal(7)),))

    told = [str(one) for one in draft([Example("one.jpg", EXAMPLE.pages, wrong)], stock()).missing]

    assert [line.partition(" is not")[0] for line in told] == [
        "one.jpg: total 99.99",
        "one.jpg: purchased_on 2020-01-01",
        "one.jpg: items 7",
    ]
    assert "14,50" in told[0]


def test_what_another_template_is_known_by_is_left_out() -> None:
    values = Values(retailer="Carrefour", total=Decimal("14.50"))

    drafted = draft([Example("one.jpg", paper("CARREFOUR\nTOTAL   14,50"), values)], stock())

    assert any("fr.carrefour" in refused.why for refused in drafted.refused)
    assert drafted.key in ("fr.carrefour", "es.carrefour") or drafted.rivals


def test_without_values_the_reading_is_taken_for_right() -> None:
    pages = paper("CHEZ MARGOTIN\nSIRET 732 829 320 00074\n12/03/2026\nPAIN   2,40\nTOTAL   2,40")

    drafted = draft([Example("one.jpg", pages)], stock())

    assert drafted.key == "fr.chez_margotin"
    assert '"732829320"' in drafted.text or "732829320" in drafted.text
    assert drafted.reads


def test_several_receipts_leave_out_what_only_one_prints() -> None:
    other = Example(
        "two.jpg",
        paper(
            "LA FORGERIA VELKA\ncorso Alto 3, 99300 Ormea\nDIC IT00743110157\n"
            "19 dicembre 2025\nSAPONE   4,15\nSommerzahl   4,15"
        ),
        Values("La Forgeria Velka", date(2025, 6, 19), total=Decimal("4.15")),
    )

    drafted = draft([EXAMPLE, other], stock(), name="Velka", key="it.velka")

    assert (drafted.key, drafted.template.name) == ("it.velka", "Velka")
    assert drafted.template.recognize.vat[0].source == "printed on every example"
    assert len(drafted.known) == 2


def test_nothing_to_draft_from_is_said() -> None:
    with pytest.raises(NothingToDraftError):
        draft([Example("empty.jpg", ())], stock())
