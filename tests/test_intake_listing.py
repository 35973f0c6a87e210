"""Lists of receipts: filters, full text, pages, and the migration that fills what they need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from preuve.intake import (
    Amendment,
    Choice,
    Count,
    Filters,
    Finished,
    Listed,
    Status,
    amend,
    claim,
    count_receipts,
    list_receipts,
    refuse,
    retailer_choices,
    template_choices,
)
from preuve.intake.overview import listing
from preuve.intake.overview.search import MOST_TERMS, parse_search
from preuve.loyalty import Program
from preuve.reading.result import MatchResult, Retailer, Verdict
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import TRUSTED, doubtful, item, numbers, pages, reading, send, work


class Desk:
    """Sends receipts and looks them up in the list."""

    def __init__(self, ground: Ground, program: Program, wakes: Wakes, clock: Clock) -> None:
        self.ground, self.program, self.wakes, self.clock = ground, program, wakes, clock

    def takes(
        self,
        words: str = "MERCI",
        *,
        member: str = "m-1",
        verdict: Verdict = TRUSTED,
        **values: object,
    ) -> str:
        number = next(numbers)
        self.clock.advance(minutes=1)
        sent = send(self.ground, self.program, self.wakes, member=member)
        said = {"total": f"{number}.25", "receipt_number": f"R{number:06}", **values}
        work(self.ground, self.program, sent, reading(**said), verdict, pages(words))
        return sent

    def finds(self, **wanted: object) -> list[str]:
        filters = replace(Filters(), **wanted)
        page = list_receipts(self.ground, self.program.program, filters)
        count = count_receipts(self.ground, self.program.program, filters)
        assert count == Count(len(page.receipts), more=False)
        return [one.id for one in page.receipts]


@pytest.fixture
def desk(ground: Ground, program: Program, wakes: Wakes, clock: Clock) -> Desk:
    return Desk(ground, program, wakes, clock)


def test_a_list_shows_what_was_decided(desk: Desk) -> None:
    waiting = send(desk.ground, desk.program, desk.wakes, member="m-2")
    read = desk.takes(total="12.50", retailer=Retailer("Superval", "fr.superval"))

    first, second = list_receipts(desk.ground, desk.program.program).receipts

    assert first == Listed(
        id=read,
        member_id="m-1",
        reference_id=None,
        status=Status.VALID,
        reasons=(),
        points=62,
        received_at=desk.clock.now,
        finished_at=desk.clock.now,
        retailer="fr.superval",
        retailer_name="Superval",
        purchased_on=date(2026, 3, 13),
        total=Decimal("12.50"),
        currency="EUR",
        template="base.fr",
        confidence=0.97,
        amended=False,
    )
    assert (second.id, second.status, second.total) == (waiting, Status.QUEUED, None)


def test_each_filter_lets_its_own_through(desk: Desk) -> None:
    plain = desk.takes(total="10.00")
    other = desk.takes(
        member="m-2",
        total="30.00",
        retailer=Retailer("Épicerie", "fr.epicerie"),
        purchased_on=date(2026, 3, 1),
        match=MatchResult("fr.epicerie", "2", 0.9),
        verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN, ReasonCode.NO_DATE),
    )

    for wanted in (
        {"statuses": (Status.PENDING_REVIEW, Status.REJECTED)},
        {"retailer": "fr.epicerie"},
        {"template": "fr.epicerie"},
        {"member_id": "m-2"},
        {"reason": "no_date"},
        {"purchased_to": date(2026, 3, 1)},
        {"total_from": Decimal("10.01")},
        {"total_from": Decimal(30), "total_to": Decimal(30), "currency": "EUR"},
        {"points_to": 0},
        {"member_id": "m-2", "reason": "total_uncertain", "search": "merci"},
    ):
        assert desk.finds(**wanted) == [other], wanted
    for wanted in (
        {"retailer": "epicerie du pont"},
        {"purchased_from": date(2026, 3, 2)},
        {"points_from": 1},
        {"total_to": Decimal(10)},
    ):
        assert desk.finds(**wanted) == [plain], wanted
    assert desk.finds(received_from=date(2026, 3, 15)) == []
    assert desk.finds(received_to=date(2026, 3, 14)) == [other, plain]


@pytest.mark.parametrize(
    "search",
    [
        "creme brulee",
        "CRÈME",
        "brul",
        '"crème brûlée"',
        "4,90",
        "merci 4.90",
        "m-7",
        "cœur",
        "coeur",
        "5449000131805",
        "* crème )(",
        "œuvre-crème",
    ],
)
def test_what_was_read_is_found_however_it_is_written(desk: Desk, search: str) -> None:
    desk.takes("Pain de mie 3,10 merci")
    sweet = desk.takes(
        "L'ŒUVRE: Crème brûlée 4,90 MERCI",
        member="m-7",
        items=(item("Cœur de palmier", "4.90", product_code="5449000131805"),),
    )

    assert desk.finds(search=search) == [sweet]


@pytest.mark.parametrize(
    "search", ['"brulee creme"', "4,91", "palmi er", "merci absent", '"brul"', "xyz_0", "NEAR x"]
)
def test_what_was_not_read_is_not_found(desk: Desk, search: str) -> None:
    desk.takes("Crème brûlée 4,90 MERCI", items=(item("Cœur de palmier", "4.90"),))

    assert desk.finds(search=search) == []


@pytest.mark.parametrize(
    "search",
    [
        "",
        '"',
        "'",
        "' OR 1=1 --",
        "\\",
        "\0",
        "a:*",
        "-a",
        "NOT",
        "😀",
        "\ud800",
        "%_",
        '"""',
        "!&|",
    ],
)
def test_no_sign_in_a_search_does_harm(desk: Desk, search: str) -> None:
    receipt = desk.takes("PAIN a OR 1 1 NOT")

    assert desk.finds(search=search) == desk.finds(search=f"{search} pain") == [receipt]


@pytest.mark.parametrize("odd", ["\0", "\ud800", "'", "x" * 10_000])
def test_no_value_of_a_filter_does_harm(desk: Desk, odd: str) -> None:
    desk.takes()

    for name in ("member_id", "retailer", "template", "reason", "currency"):
        assert desk.finds(**{name: odd}) == []
    assert desk.finds(total_from=Decimal("1e400"), points_from=10**30) == []
    assert desk.finds(total_from=Decimal("NaN")) == []
    assert len(desk.finds(received_from=date.min, received_to=date.max)) == 1


def test_ten_thousand_characters_are_cut_and_it_is_told(desk: Desk) -> None:
    receipt = desk.takes("pain")

    long, word = Filters(search="pain " * 2000), Filters(search="p" * 10_000)

    assert desk.finds(search=long.search) == [receipt]
    assert desk.finds(search=word.search) == []
    assert (long.search_cut, word.search_cut) == (True, False)
    assert sum(len(term.words) for term in parse_search("1,2,3 " * 50).terms) == MOST_TERMS


def test_pages_follow_one_another_without_gap_while_more_come_in(desk: Desk) -> None:
    sent = [desk.takes() for _ in range(3)]
    desk.clock.advance(minutes=-1)
    sent.append(desk.takes())
    ordered = [one.id for one in list_receipts(desk.ground, desk.program.program).receipts]

    seen, after = [], None
    while True:
        page = list_receipts(desk.ground, desk.program.program, after=after, limit=3)
        seen += [one.id for one in page.receipts]
        desk.takes()
        if page.older is None:
            break
        after = page.older

    assert (seen, sorted(seen)) == (ordered, sorted(sent))
    damaged = list_receipts(desk.ground, desk.program.program, after="x" * 10_000)
    assert len(damaged.receipts) == 6


def test_counting_stops(desk: Desk) -> None:
    for _ in range(3):
        desk.takes()

    count = count_receipts(desk.ground, desk.program.program, most=2)

    assert count == Count(2, more=True)


@pytest.mark.parametrize("few", [0, 500])
def test_words_on_few_receipts_and_on_many_are_found_alike(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(listing, "FEW", few)
    bread, cheese = desk.takes("BRIOCHE"), desk.takes("COMTE")
    assert desk.finds(search="brioche") == [bread]
    assert desk.finds(search="comte", statuses=(Status.VALID, Status.PENDING_REVIEW)) == [cheese]
    assert desk.finds(search="beurre") == []


def test_another_program_has_a_list_of_its_own(desk: Desk) -> None:
    receipt = desk.takes("PAIN")
    other = desk.program.model_copy(update={"program": "other"})
    theirs = Desk(desk.ground, other, desk.wakes, desk.clock)

    assert theirs.finds() == theirs.finds(search="pain") == theirs.finds(member_id="m-1") == []
    assert theirs.takes("PAIN") in theirs.finds(search="pain")
    assert desk.finds(search="pain") == [receipt]
    assert sum(choice.receipts for choice in retailer_choices(desk.ground, other.program)) == 1


def test_choices_name_what_there_is_to_choose(desk: Desk) -> None:
    for _ in range(2):
        desk.takes(retailer=Retailer("Superval", "fr.superval"))
    desk.takes(match=MatchResult("fr.x", "1", 0.9))

    assert retailer_choices(desk.ground, desk.program.program) == (
        Choice("fr.superval", "Superval", 2),
        Choice("epicerie du pont", "Épicerie du Pont", 1),
    )
    assert template_choices(desk.ground, desk.program.program) == (
        Choice("base.fr", "base.fr", 2),
        Choice("fr.x", "fr.x", 1),
    )


def test_an_amended_receipt_is_listed_by_its_new_values(desk: Desk) -> None:
    receipt = desk.takes("PAIN", verdict=doubtful(ReasonCode.NO_TOTAL), total=None)
    change = Amendment(total=Decimal("7.80"), retailer_name="Maison Nägel")
    done = amend(desk.ground, desk.program, receipt, change, operator="ana", reason="as printed")
    assert isinstance(done, Finished)

    assert desk.finds(search="nagel pain 7,80") == [receipt]
    assert desk.finds(retailer="maison nagel", points_from=done.points) == [receipt]
    assert desk.finds(reason="no_total", statuses=(Status.VALID,)) == [receipt]


def test_a_refused_file_is_found_by_its_reason(desk: Desk) -> None:
    sent = send(desk.ground, desk.program, desk.wakes)
    held = claim(desk.ground, sent)
    assert held
    refuse(desk.ground, held, ReasonCode.DAMAGED_FILE, "cut short")

    assert desk.finds(reason="damaged_file", statuses=(Status.INCOMPLETE,)) == [sent]


def test_the_migration_fills_what_each_decision_keeps(desk: Desk) -> None:
    desk.takes("Crème brûlée", retailer=Retailer("Superval", "fr.superval"))
    desk.takes("Pain", verdict=doubtful(ReasonCode.NO_DATE, ReasonCode.NO_TOTAL), total=None)
    desk.takes("Riz", currency="JPY", total="1200", purchased_on=None)
    send(desk.ground, desk.program, desk.wakes)
    before = list_receipts(desk.ground, desk.program.program).receipts
    with desk.ground.database.write() as session:
        session.execute(text("DELETE FROM receipt_reasons"))
        session.execute(text("DELETE FROM receipt_words"))
        session.execute(
            text(
                "UPDATE receipts SET retailer = NULL, retailer_name = NULL,"
                " purchased_on = NULL, total_minor = NULL, currency = NULL, template = NULL,"
                " confidence = NULL, words_id = NULL"
            )
        )
    lists = import_module("preuve.store.migrations.versions.0004_lists")
    with desk.ground.database.engine.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            lists.fill()

    assert list_receipts(desk.ground, desk.program.program).receipts == before
    assert desk.finds(search="creme superval") == [before[3].id]
    assert desk.finds(reason="no_total") == [before[2].id]
