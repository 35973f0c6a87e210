from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from sqlalchemy import func, select

from preuve.intake import (
    Amendment,
    FieldChange,
    Finished,
    Replayed,
    Selection,
    Status,
    amend,
    claim,
    fail,
    plan_run,
    reprocess,
    reread,
    stored_pages,
    sweep,
    view,
)
from preuve.intake.tables import ReadingRow
from preuve.loyalty import Program, balance, entries
from preuve.reading.page import SIGHT, Pages
from preuve.reading.result import Context, Reading, Verdict
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import TRUSTED, claimed, doubtful, pages, reading, send, value, work


def understand(words: Pages, _: Context) -> tuple[Reading, Verdict]:
    """Takes total and hour from the page: `TOTAL 12.50 9`."""
    _, total, hour = words[0].rows[0].text.split()
    return reading(
        total=total, purchased_at=time(int(hour), int(hour)), receipt_number=None
    ), TRUSTED


def understand_one_more(words: Pages, context: Context) -> tuple[Reading, Verdict]:
    """As new templates might: every total is read as one euro more."""
    read, verdict = understand(words, context)
    assert read.total is not None
    return replace(read, total=value(read.total.value + 1)), verdict


def read_receipts(ground: Ground, program: Program, wakes: Wakes, number: int) -> list[str]:
    """Different purchases of one member, each worth 62 points or more."""
    done = []
    for each in range(number):
        words = pages(f"TOTAL {12 + each}.50 {9 + each}")
        receipt_id = send(ground, program, wakes, member="ann")
        read, verdict = understand(words, Context())
        work(ground, program, receipt_id, read, verdict, words)
        done.append(receipt_id)
    return done


def run_all(
    ground: Ground, program: Program, version: str, how: object = understand
) -> list[Replayed]:
    run = plan_run(ground, program, templates_version=version)
    replayed = list(reprocess(ground, run, how))
    assert len(replayed) == run.remaining
    return replayed


def decisions(ground: Ground) -> int:
    with ground.database.read() as session:
        return session.scalar(select(func.count()).select_from(ReadingRow)) or 0


def test_replaying_with_the_same_templates_changes_nothing(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    read_receipts(ground, program, wakes, 3)
    before = decisions(ground), entries(ground, "demo", "ann")
    assert [each.changed for each in run_all(ground, program, "1")] == [False] * 3
    assert (decisions(ground), entries(ground, "demo", "ann")) == before


def test_a_new_reading_posts_the_difference_once(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_ids = read_receipts(ground, program, wakes, 3)
    before = balance(ground, "demo", "ann").available
    first, *_ = run_all(ground, program, "2", understand_one_more)
    assert first == Replayed(
        receipt_id=first.receipt_id,
        before=Finished(first.receipt_id, Status.VALID, (), first.before.points),
        after=Finished(first.receipt_id, Status.VALID, (), first.before.points + 1),
        fields=first.fields,
    )
    total = next(each for each in first.fields if each.field == "total")
    assert Decimal(total.after or 0) == Decimal(total.before or 0) + 1
    assert balance(ground, "demo", "ann").available == before + 3
    again = run_all(ground, program, "2", understand_one_more)
    assert [each.changed for each in again] == [False] * 3
    assert balance(ground, "demo", "ann").available == before + 3
    shown = view(ground, "demo", receipt_ids[0])
    assert shown is not None
    assert shown.revision == 2


def test_a_replay_says_what_was_read_by_a_version_that_saw_less(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    new, old = pages("TOTAL 12.50 9"), pages("TOTAL 13.50 8")
    blind = (replace(old[0], sight=SIGHT - 1),)
    wanted = {}
    for words, expected in ((new, False), (blind, True)):
        receipt_id = send(ground, program, wakes, member="ann")
        work(ground, program, receipt_id, *understand(words, Context()), words)
        wanted[receipt_id] = expected
    assert {r.receipt_id: r.needs_reread for r in run_all(ground, program, "1")} == wanted


def test_new_rules_alone_post_the_difference(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    read_receipts(ground, program, wakes, 1)
    base, bonus, *others = program.earn
    generous = program.model_copy(
        update={
            "earn": (
                base,
                bonus.model_copy(update={"effect": bonus.effect.model_copy(update={"points": 80})}),
                *others,
            )
        }
    )
    (replayed,) = run_all(ground, generous, "1")
    assert (replayed.before.points, replayed.after.points, replayed.fields) == (62, 92, ())
    back = run_all(ground, program, "1")
    assert [each.after.points for each in back] == [62]
    assert balance(ground, "demo", "ann").lifetime == 62


def test_a_dry_run_tells_what_would_change_and_writes_nothing(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    (receipt_id,) = read_receipts(ground, program, wakes, 1)
    before = decisions(ground), entries(ground, "demo", "ann"), view(ground, "demo", receipt_id)
    run = plan_run(ground, program, templates_version="2", dry_run=True)
    (replayed,) = reprocess(ground, run, understand_one_more)
    assert replayed.fields == (FieldChange("total", "12.50", "13.50"),)
    assert (replayed.before.points, replayed.after.points) == (62, 63)
    after = decisions(ground), entries(ground, "demo", "ann"), view(ground, "demo", receipt_id)
    assert after == before
    assert not plan_run(ground, program, templates_version="2").resumed


def test_an_interrupted_run_goes_on_where_it_stopped(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    read_receipts(ground, program, wakes, 4)
    before = balance(ground, "demo", "ann").available
    steps = reprocess(ground, plan_run(ground, program, templates_version="2"), understand_one_more)
    done = [next(steps).receipt_id, next(steps).receipt_id]
    del steps
    run = plan_run(ground, program, templates_version="2")
    assert (run.resumed, run.remaining) == (True, 2)
    rest = [each.receipt_id for each in reprocess(ground, run, understand_one_more)]
    assert len({*done, *rest}) == 4
    assert balance(ground, "demo", "ann").available == before + 4
    assert not plan_run(ground, program, templates_version="2").resumed


def test_other_templates_or_rules_start_from_the_beginning(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    read_receipts(ground, program, wakes, 2)
    next(reprocess(ground, plan_run(ground, program, templates_version="2"), understand_one_more))
    assert not plan_run(ground, program, templates_version="3").resumed
    other_rules = program.model_copy(update={"earn": ()})
    assert not plan_run(ground, other_rules, templates_version="2").resumed
    some = Selection(statuses=(Status.VALID,))
    assert not plan_run(ground, program, templates_version="2", selection=some).resumed


def test_a_selection_is_kept_to(ground: Ground, program: Program, wakes: Wakes) -> None:
    first, second = read_receipts(ground, program, wakes, 2)
    amend(ground, program, first, Amendment(decision="reject"), operator="eve", reason="-")
    for selection, chosen in (
        (Selection(receipt_ids=(second,)), [second]),
        (Selection(statuses=(Status.REJECTED,)), [first]),
        (Selection(received_from=date(2026, 3, 15)), []),
        (Selection(received_to=date(2026, 3, 13)), []),
    ):
        run = plan_run(ground, program, templates_version="1", selection=selection, dry_run=True)
        assert [each.receipt_id for each in reprocess(ground, run, understand)] == chosen


def test_what_an_operator_set_is_kept(ground: Ground, program: Program, wakes: Wakes) -> None:
    amended, rejected = read_receipts(ground, program, wakes, 2)
    for receipt_id, amendment in (
        (amended, Amendment(total=Decimal("30.00"))),
        (rejected, Amendment(decision="reject")),
    ):
        amend(ground, program, receipt_id, amendment, operator="eve", reason="-")
    run_all(ground, program, "2", understand_one_more)
    assert balance(ground, "demo", "ann").available == 30 + 50
    shown = view(ground, "demo", rejected)
    assert shown is not None
    assert shown.status is Status.REJECTED


def test_better_templates_credit_what_was_doubtful(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    words = pages("TOTAL 12.50 9")
    receipt_id = send(ground, program, wakes, member="ann")
    unclear = doubtful(ReasonCode.TOTAL_UNCERTAIN)
    work(ground, program, receipt_id, reading(total=None), unclear, words)
    (replayed,) = run_all(ground, program, "2")
    assert (replayed.before.status, replayed.after.status) == ("pending_review", "valid")
    assert balance(ground, "demo", "ann").available == 62


def test_receipts_without_words_are_left_alone(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes)
    for _ in range(3):
        fail(ground, claimed(ground, receipt_id), "the engine crashed")
        clock.advance(minutes=2)
    send(ground, program, wakes)
    assert run_all(ground, program, "1") == []


def test_rereading_goes_through_the_bulk_queue_and_credits_once(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_ids = read_receipts(ground, program, wakes, 2)
    wakes.clear()
    assert reread(ground, "demo", Selection(), wakes) == 2
    assert sorted(wakes) == sorted((receipt_id, "bulk") for receipt_id in receipt_ids)
    assert reread(ground, "demo", Selection(), wakes) == 0
    held = claimed(ground, receipt_ids[0])
    shown = view(ground, "demo", receipt_ids[0])
    assert shown is not None
    assert (held.queue, shown.status) == ("bulk", Status.VALID)


def test_rereading_replaces_the_words_and_posts_the_difference(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    (receipt_id,) = read_receipts(ground, program, wakes, 1)
    reread(ground, "demo", Selection(), wakes)
    words = pages("TOTAL 13.50 9")
    assert work(ground, program, receipt_id, reading(total="13.50"), words=words).points == 63
    assert stored_pages(ground, "demo", receipt_id) == words
    assert balance(ground, "demo", "ann").lifetime == 63


def test_a_reread_that_fails_leaves_the_receipt_as_it_was(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    (receipt_id,) = read_receipts(ground, program, wakes, 1)
    before = view(ground, "demo", receipt_id)
    reread(ground, "demo", Selection(), wakes)
    for _ in range(3):
        fail(ground, claimed(ground, receipt_id), "the engine crashed")
        clock.advance(minutes=2)
    assert claim(ground, receipt_id) is None
    assert view(ground, "demo", receipt_id) == before


def test_a_reread_whose_message_was_lost_is_swept(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    (receipt_id,) = read_receipts(ground, program, wakes, 1)
    wakes.down = True
    reread(ground, "demo", Selection(), wakes)
    wakes.down = False
    wakes.clear()
    clock.advance(minutes=1)
    assert sweep(ground, wakes) == 1
    assert wakes == [(receipt_id, "bulk")]
