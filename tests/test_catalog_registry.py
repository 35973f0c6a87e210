from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from preuve.catalog import Catalog, registry
from preuve.catalog.learning import catch_up, learn
from preuve.catalog.registry import Snapshot, snapshot
from preuve.intake import Amendment, ReceiptView, amend
from preuve.loyalty import Program
from preuve.reading.extract.identifiers import Identifier
from preuve.reading.pipeline import understand
from preuve.reading.registry import CONFIRMED, Known
from preuve.reading.result import Context, Retailer, Value
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import doubtful
from tests.paper import RECEIVED, ROOT, paper, stock
from tests.shop import Shop

SIREN = Identifier("siren", "718500457")
PHONE = Identifier("phone", "388328286")
NAEGEL = Retailer("MAISON NAEGEL", "known.maison_naegel")


@pytest.fixture
def shop(ground: Ground, program: Program, wakes: Wakes) -> Shop:
    return Shop(ground, program, wakes)


def test_two_members_receipts_teach_whose_numbers_they_print(shop: Shop) -> None:
    shop.sells()
    assert shop.entries == {}

    shop.sells()
    assert shop.entries == {SIREN: Known(NAEGEL, 2, 0.8), PHONE: Known(NAEGEL, 2, 0.8)}


def test_one_member_alone_teaches_nothing(shop: Shop) -> None:
    shop.sells(member="m-1")
    shop.sells(member="m-1")

    assert shop.entries == {}


def test_what_is_not_trusted_or_not_sure_teaches_nothing(shop: Shop) -> None:
    unsure = Value(Retailer("MAISON NAEGEL"), 0.3, "test")
    for _ in range(2):
        shop.sells(verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
        shop.sells(unsure)

    assert shop.entries == {}


def test_learning_twice_is_learning_once(shop: Shop) -> None:
    first, second = shop.sells(), shop.sells()
    before = snapshot(shop.ground)

    assert not learn(shop.ground, shop.program.program, first)
    assert not learn(shop.ground, shop.program.program, second)
    assert catch_up(shop.ground) == 0
    assert snapshot(shop.ground) == before


def test_receipts_that_contradict_demote(shop: Shop) -> None:
    shop.sells()
    shop.sells()
    shop.sells("BOUCHERIE KLEIN")

    assert shop.entries == {}


def test_an_operators_correction_outweighs_and_can_be_corrected(shop: Shop) -> None:
    for _ in range(3):
        wrong = shop.sells("VOTRE BOULANGER")
    assert shop.entries[SIREN].retailer == Retailer("VOTRE BOULANGER", "known.votre_boulanger")

    shop.corrects(wrong, retailer_key="fr.naegel", retailer_name="Maison Naegel")
    assert shop.entries[SIREN] == Known(
        Retailer("Maison Naegel", "fr.naegel"), 1, 1.0, confirmed=True
    )

    shop.corrects(wrong, decision="reject")
    assert shop.entries[SIREN] == Known(
        Retailer("VOTRE BOULANGER", "known.votre_boulanger"), 2, 0.8
    )


def test_what_an_operator_corrected_once_is_read_from_the_next_receipt_on(shop: Shop) -> None:
    torn = """
        M x l s
        RCS 718 500 457
        TARTE CITRON       12,50
        TOTAL              12,50 EUR
        CB                 12,50
        12/11/2026 18:42
    """

    def next_one() -> Value[Retailer] | None:
        templates = replace(stock(), registry=snapshot(shop.ground).entries)
        return understand(paper(torn), templates, Context(RECEIVED))[0].retailer

    before = next_one()
    assert before is None or before.value.key is None

    receipt = shop.sells("M x l s", words=paper(torn))
    shop.corrects(receipt, retailer_key="fr.naegel", retailer_name="Maison Naegel")
    after = next_one()
    assert after is not None
    assert (after.value, after.confidence) == (Retailer("Maison Naegel", "fr.naegel"), CONFIRMED)


def test_the_registry_does_not_hear_its_own_voice(shop: Shop) -> None:
    echo = Value(NAEGEL, 0.83, "registry: siren 718500457 (2 receipts)")
    shop.sells()
    shop.sells()
    shop.sells(echo)
    assert shop.entries[SIREN].receipts == 2

    shop.sells(echo, printed="MAISON NAEGEL")
    assert shop.entries[SIREN].receipts == 3

    shop.sells(echo, printed="BOUCHERIE KLEIN")
    assert SIREN not in shop.entries


def test_the_key_stays_when_another_spelling_becomes_the_common_one(shop: Shop) -> None:
    for name in ("MAISON NAEGEI", "MAISON NAEGEI", "MAISON NAEGEL", "MAISON NAEGEL"):
        shop.sells(name)
    shop.sells("MAISON NAEGEL", words=paper("MAISON NAEGEL\nRCS 718 500 457\nwww.naegel.fr"))
    shop.sells("MAISON NAEGEL", words=paper("MAISON NAEGEL\nRCS 718 500 457\nwww.naegel.fr"))

    assert {known.retailer.key for known in shop.entries.values() if known.retailer} == {
        "known.maison_naegei"
    }
    assert len(shop.entries) == 3


def test_receipts_learned_from_at_the_same_time_all_count(shop: Shop) -> None:
    receipts = [shop.sells(learned=False) for _ in range(6)]
    with ThreadPoolExecutor(4) as threads:
        twice = [*receipts, *receipts]
        done = list(threads.map(lambda one: learn(shop.ground, "demo", one), twice))

    assert sum(done) == 6
    assert shop.entries[SIREN] == Known(NAEGEL, 6, 0.8)


def test_the_catalog_hands_the_registry_to_whoever_reads(shop: Shop, folder: Path) -> None:
    stock = folder / "templates" / "base"
    stock.mkdir(parents=True)
    shutil.copy(ROOT / "templates/base/fr.yaml", stock)
    catalog = Catalog(shop.ground, stock.parent)
    assert catalog.published("demo").registry == {}

    shop.sells()
    shop.sells()
    assert catalog.published("demo").registry[SIREN].retailer == NAEGEL


def test_what_changed_is_all_that_is_asked_for(shop: Shop) -> None:
    shop.sells()
    shop.sells()
    first = snapshot(shop.ground)
    assert snapshot(shop.ground, first) is first

    shop.sells("BOUCHERIE KLEIN")
    second = snapshot(shop.ground, first)
    assert second.version > first.version
    assert dict(second.entries) == {}
    assert snapshot(shop.ground, Snapshot()).version == second.version


def test_what_no_door_learned_from_is_caught_up(shop: Shop, clock: Clock) -> None:
    shop.sells(learned=False)
    clock.advance(minutes=5)
    second = shop.sells(learned=False)

    assert catch_up(shop.ground) == 2
    assert shop.entries[SIREN].receipts == 2

    clock.advance(minutes=5)
    change = Amendment(retailer_key="fr.naegel", retailer_name="Naegel")
    amend(shop.ground, shop.program, second, change, operator="ana", reason="as printed")
    assert catch_up(shop.ground) == 1
    assert shop.entries[SIREN].confirmed
    assert catch_up(shop.ground) == 0


def test_a_receipt_that_cannot_be_learned_from_holds_up_no_other(
    shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = shop.sells(learned=False)
    good = [shop.sells(learned=False), shop.sells(learned=False)]

    def observe(session: Any, seen: ReceiptView, *rest: Any) -> None:
        if seen.id == bad:
            raise ArithmeticError
        registry.observe(session, seen, *rest)

    broken = SimpleNamespace(observe=observe)
    monkeypatch.setattr("preuve.catalog.learning.registry", broken)
    clock.advance(minutes=5)
    assert catch_up(shop.ground) == len(good)
    assert shop.entries[SIREN].receipts == len(good)
    assert catch_up(shop.ground) == 0
