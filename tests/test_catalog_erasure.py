"""A member who wants to be forgotten is: nothing in any table, no file, and all still adds up."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from preuve.catalog.erasure import PICTURES, Erased, erase_member
from preuve.catalog.learning import learn
from preuve.intake import Amendment, Finished, Status, amend, claim, files_of, view
from preuve.intake.work import fail
from preuve.loyalty import Program, balance, parse_program
from preuve.loyalty.ledger.adjustment import Adjustment, adjust
from preuve.loyalty.ledger.balances import entries
from preuve.loyalty.ledger.redemption import Redemption, confirm, redemption, reserve
from preuve.loyalty.ledger.seals import seal
from preuve.loyalty.ledger.verify import verify
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.events import Happened, Outcome, take_event, take_member
from preuve.loyalty.rules.facts import MemberFacts
from preuve.reasons import ReasonCode
from preuve.store import Ground
from preuve.store.blobs import files_name
from tests.conftest import Clock, Wakes
from tests.factories import reading, send, work

ANN = "zzyann77"
PROGRAM = parse_program(
    """\
program: demo
name: D
timezone: Europe/Paris
limits: {retailers: {unknown: true}}
campaigns: {easter: {name: Easter, budget: 500}}
points: {available_after_days: 2}
earn:
  - {rule: base, name: Base, campaign: easter, effect: {kind: per_amount, points: 1, amount: 1}}
  - {rule: hello, name: Hello, trigger: sign_up, effect: {kind: fixed, points: 50}}
  - {rule: cake, name: Cake, trigger: birthday, effect: {kind: fixed, points: 30}}
  - rule: survey
    name: Survey
    trigger: event
    event: survey
    effect: {kind: fixed, points: 9}
    grants: [{kind: badge, key: voice, name: Voice}]
""",
    "demo.yaml",
)


def lived(ground: Ground, clock: Clock, wakes: Wakes, program: Program = PROGRAM) -> list[str]:
    """All that can happen to a member; the ids of her receipts."""
    facts = MemberFacts(ANN, None, date(1990, 3, 14), frozenset({"gold"}), {"name": ANN})
    take_member(ground, program, facts)
    told = Happened(f"{ANN}-1", ANN, "survey", None, {"said": f"I am {ANN}"})
    assert isinstance(take_event(ground, program, told), Outcome)
    sent = [send(ground, program, wakes, f"{ANN} {n}".encode(), member=ANN) for n in range(3)]
    work(ground, program, sent[0], reading(total="20.00", receipt_number="R1"))
    work(ground, program, sent[1], reading(total="5.00", receipt_number="R2"))
    change = Amendment(
        decision="reject", reason=ReasonCode.NOT_ACCEPTED, note=f"{ANN} asked for it"
    )
    assert isinstance(
        amend(ground, program, sent[1], change, operator="eve", reason=f"of {ANN}"), Finished
    )
    assert learn(ground, program.program, sent[0])
    clock.advance(days=3)
    for key, settle in (("k1", True), ("k2", False)):
        held = reserve(ground, program, ANN, 10, f"{ANN}-{key}", f"a mug for {ANN}")
        assert isinstance(held, Redemption)
        if settle:
            confirm(ground, program.program, held.id)
    by_hand = adjust(ground, program, ANN, 7, f"{ANN}-a", person="eve", reason=f"{ANN} called")
    assert isinstance(by_hand, Adjustment)
    assert {f"{ANN} called", f"a mug for {ANN}"} <= {
        entry.why for entry in entries(ground, program.program, ANN)
    }
    seal(ground, program.program)
    return sent


def everything(ground: Ground) -> Iterator[tuple[str, str]]:
    """Every value of every table, as text; what is deflated is inflated."""
    for table in inspect(ground.database.engine).get_table_names():
        with ground.database.read() as session:
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    if isinstance(value, bytes):
                        words = value
                        with suppress(zlib.error):
                            words = zlib.decompress(value)
                        yield table, words.decode("utf-8", "replace")
                    else:
                        yield table, str(value)


def where(ground: Ground, sought: str) -> set[str]:
    return {table for table, value in everything(ground) if sought in value}


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    (tmp_path / PICTURES).mkdir()
    return tmp_path


def test_nothing_is_left_of_a_member_but_what_adds_up(
    ground: Ground, clock: Clock, wakes: Wakes, cache: Path
) -> None:
    sent = lived(ground, clock, wakes)
    files = [name for one in sent for name in files_of(ground, "demo", one) or ()]
    picture = cache / PICTURES / f"{files_name(files[:1])}-1-0.jpg"
    picture.write_bytes(b"-")
    assert len(where(ground, ANN)) > 10
    has = balance(ground, "demo", ANN)
    assert (has.reserved, has.available > 0) == (10, True)

    done = erase_member(ground, cache, "demo", ANN, person="eve", reason="she asked")

    assert done == Erased(receipts=3, files=3)
    assert where(ground, ANN) == set()
    assert where(ground, "she asked") == {"audit_events"}
    assert not any(ground.blobs.path(name).exists() for name in files)
    assert not picture.exists()
    assert list(verify(ground, "demo")) == []
    seal(ground, "demo")
    assert list(verify(ground, "demo")) == []
    with ground.database.read() as session:
        left = session.scalar(text("SELECT sum(points) FROM accounts"))
    assert left == 0
    assert budgets(ground, PROGRAM)[0].spent == 20
    again = erase_member(ground, cache, "demo", ANN, person="eve", reason="again")
    assert again is None


def test_others_keep_all_that_is_theirs(
    ground: Ground, clock: Clock, wakes: Wakes, cache: Path
) -> None:
    """Another member, the same id in another program, a file that both sent."""
    other = PROGRAM.model_copy(update={"program": "other"})
    lived(ground, clock, wakes)
    theirs = lived(ground, clock, wakes, other)
    mine = send(ground, PROGRAM, wakes, b"mine", member="bob")
    work(
        ground, PROGRAM, mine, reading(total="31.00", receipt_number="R31", purchased_at=time(9, 1))
    )
    before = balance(ground, "other", ANN), balance(ground, "demo", "bob")

    done = erase_member(ground, cache, "demo", ANN, person="eve", reason="she asked")

    assert done == Erased(receipts=3, files=0)
    assert (balance(ground, "other", ANN), balance(ground, "demo", "bob")) == before
    for program, receipt in (("other", theirs[0]), ("demo", mine)):
        kept = view(ground, program, receipt)
        assert kept is not None
        assert kept.status is Status.VALID
        assert all(ground.blobs.path(name).exists() for name in kept.blobs)
    assert list(verify(ground, "other")) == list(verify(ground, "demo")) == []


def test_what_was_credited_is_not_credited_again_under_another_name(
    ground: Ground, clock: Clock, wakes: Wakes, cache: Path
) -> None:
    lived(ground, clock, wakes)
    erase_member(ground, cache, "demo", ANN, person="eve", reason="she asked")
    same_file = send(ground, PROGRAM, wakes, f"{ANN} 0".encode(), member="new")
    read = reading(total="20.00", receipt_number="R1")
    assert work(ground, PROGRAM, same_file, read).status is Status.DUPLICATE
    other_photo = send(ground, PROGRAM, wakes, b"another photo", member="new")
    assert work(ground, PROGRAM, other_photo, read).status is Status.DUPLICATE
    rejected = send(ground, PROGRAM, wakes, f"{ANN} 1".encode(), member="new")
    read = reading(total="5.00", receipt_number="R2")
    assert work(ground, PROGRAM, rejected, read).status is Status.VALID


def test_a_receipt_that_is_being_read_is_read_for_nothing(
    ground: Ground, clock: Clock, wakes: Wakes, cache: Path
) -> None:
    sent = lived(ground, clock, wakes)
    claimed = claim(ground, sent[2])
    assert claimed is not None
    erase_member(ground, cache, "demo", ANN, person="eve", reason="she asked")
    assert fail(ground, claimed, "the file is gone") is None
    assert view(ground, "demo", sent[2]) is None


def test_debts_are_forgiven_and_points_that_wait_are_given_up(
    ground: Ground, clock: Clock, wakes: Wakes, cache: Path
) -> None:
    sent = send(ground, PROGRAM, wakes, b"one", member=ANN)
    read = reading(total="20.00", receipt_number="R1")
    work(ground, PROGRAM, sent, read)
    clock.advance(days=3)
    held = reserve(ground, PROGRAM, ANN, 15, "k")
    assert isinstance(held, Redemption)
    confirm(ground, "demo", held.id)
    amend(
        *(
            ground,
            PROGRAM,
            sent,
            Amendment(decision="reject", reason=ReasonCode.NOT_ACCEPTED, note="-"),
        ),
        operator="eve",
        reason="-",
    )
    waits = send(ground, PROGRAM, wakes, b"two", member=ANN)
    work(ground, PROGRAM, waits, replace(read, receipt_number=reading().receipt_number))
    has = balance(ground, "demo", ANN)
    assert (has.owed, has.pending) == (15, 20)
    erase_member(ground, cache, "demo", ANN, person="eve", reason="she asked")
    assert list(verify(ground, "demo")) == []
    shown = redemption(ground, "demo", held.id)
    assert shown is not None
    assert (shown.what, shown.member_id.startswith("erased-")) == ("", True)
    with ground.database.read() as session:
        assert session.scalar(text("SELECT sum(points) FROM accounts")) == 0
