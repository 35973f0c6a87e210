"""Judging an occasion and making table and ledger agree with the award.

An award is a pure function of the occasion, the program, and what the same member did before
it. So when an occasion changes, the member's later ones that asked for their past are judged
again in the same transaction, each by the program it was judged by, and differences are posted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.credit import Origin
from preuve.loyalty.ledger.posting import post_award
from preuve.loyalty.occasions.budgets import move_budgets
from preuve.loyalty.occasions.changes import Change, campaigns_of, matters
from preuve.loyalty.occasions.grants import keep_grants
from preuve.loyalty.occasions.kept import dump_member, dump_purchase, load_member, load_occasion
from preuve.loyalty.occasions.members import member_facts
from preuve.loyalty.occasions.past import DatabaseHistory
from preuve.loyalty.occasions.remembered import MemberPast, RememberedHistory
from preuve.loyalty.occasions.tables import GivenRow, OccasionRow
from preuve.loyalty.occasions.used import digest_of, note_used, used_program
from preuve.loyalty.rules.award import NOTHING, Award, RuleError, award
from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.program import Program
from preuve.store.database import take_turns


@dataclass(frozen=True, slots=True)
class Judged:
    """What an occasion earns in a program as things stand; nothing is written.

    `asked`: another past of the member could give another award.
    """

    occasion: Occasion
    program: Program
    award: Award
    asked: bool = False


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """A later occasion whose award is another one now; with `errors` it earns nothing."""

    key: str
    trigger: str
    errors: tuple[RuleError, ...]


@dataclass(frozen=True, slots=True)
class Credited:
    """How many entries an occasion took in the ledger, and which later ones changed after it."""

    entries: int = 0
    later: tuple[JudgedAgain, ...] = ()


def take_credit_turn(session: Session, program_id: str) -> None:
    """One transaction at a time judges and credits in a program, until it ends.

    So what a judgement sees of budgets and of the past stays so until it is written. To be
    taken before any receipt is locked, or two transactions would wait for each other.
    """
    take_turns(session, f"credits of {program_id}")


def judge_purchase(session: Session, program: Program, purchase: PurchaseFacts) -> Judged:
    """What a receipt earns. The member is taken as they were when it was first credited."""
    row = session.get(OccasionRow, (program.program, purchase.receipt_id))
    member = (
        load_member(row.member)
        if row and row.member_id == purchase.member_id
        else member_facts(session, program.program, purchase.member_id)
    )
    occasion = Occasion("receipt", purchase.receipt_id, purchase.received_at, member, purchase)
    return judge(session, program, occasion)


def judge(
    session: Session, program: Program, occasion: Occasion, past: MemberPast | None = None
) -> Judged:
    """`past` is the member's, where many of their occasions are judged."""
    history = (
        RememberedHistory(session, program.program, occasion, past)
        if past
        else DatabaseHistory(session, program.program, occasion)
    )
    made = award(occasion, program, history)
    return Judged(occasion, program, made, history.asked)


def credit_occasion(
    session: Session, judged: Judged, now: datetime, *, reading: int | None = None
) -> Credited:
    """Makes the occasion worth its award: ledger, budgets, grants, history.

    An award with errors is worth nothing. `reading` is the revision of the receipt's reading.
    The caller holds the credit turn.
    """
    program, occasion = judged.program, judged.occasion
    version = note_used(session, program, now)
    row = session.get(OccasionRow, (program.program, occasion.key))
    if row is None:
        row = OccasionRow(
            program_id=program.program,
            key=occasion.key,
            trigger=occasion.trigger,
            occurred_at=occasion.occurred_at,
            credited=False,
            judged=0,
        )
        session.add(row)
    before = row.credited, row.counted_on, row.purchase
    row.member_id = occasion.member.member_id
    row.member = dump_member(occasion.member)
    row.purchase = dump_purchase(occasion.purchase)
    row.event, row.properties = occasion.event, dict(occasion.properties)
    row.program, row.reading = digest_of(program), reading
    row.judged = max(row.judged, (reading or 1) - 1)
    posted = _stand(session, row, program, judged, version, now)
    as_before = before == (row.credited, row.counted_on, row.purchase)
    changes = posted.changes if as_before else None
    return Credited(posted.entries, _judge_later(session, row, program, changes, now))


def withdraw(
    session: Session, program: Program, purchase: PurchaseFacts, now: datetime
) -> Credited:
    """Makes a receipt worth nothing, whatever it was worth. The caller holds the credit turn."""
    row = session.get(OccasionRow, (program.program, purchase.receipt_id))
    if row is None:
        origin = Origin(purchase.receipt_id, purchase.received_at, purchase.receipt_id)
        return Credited(post_award(session, program, purchase.member_id, origin, 1, NOTHING, now))
    was_credited = row.credited
    posted = _clear(session, row, program, now)
    changes = None if was_credited else posted.changes
    return Credited(posted.entries, _judge_later(session, row, program, changes, now))


@dataclass(frozen=True, slots=True)
class _Posted:
    """How many entries the ledger took, and what rules give that they did not before."""

    entries: int
    changes: frozenset[Change]


def _judge_later(
    session: Session,
    row: OccasionRow,
    program: Program,
    changes: frozenset[Change] | None,
    now: datetime,
) -> tuple[JudgedAgain, ...]:
    """The earliest first, so that each sees those before it as they stand now.

    `changes` are all that differs in their past; None: the purchase itself does.
    """
    if changes is not None and not changes:
        return ()
    session.flush()
    same_time = and_(OccasionRow.occurred_at == row.occurred_at, OccasionRow.key > row.key)
    asked = and_(
        OccasionRow.program_id == row.program_id,
        OccasionRow.member_id == row.member_id,
        OccasionRow.credited.is_(True),
        OccasionRow.asked.is_(True),
        or_(OccasionRow.occurred_at > row.occurred_at, same_time),
    )
    found = select(OccasionRow.key, OccasionRow.program, OccasionRow.counted_on).where(asked)
    order = OccasionRow.occurred_at, OccasionRow.key
    later = session.execute(found.order_by(*order)).all()
    programs = {
        digest: used_program(session, row.program_id, digest) or program
        for digest in {one.program for one in later}
    }
    concerned = [
        one.key for one in later if matters(changes, programs[one.program], one.counted_on)
    ]
    if not concerned:
        return ()
    past = MemberPast(session, row.program_id, row.member_id)
    held = _rows(session, row.program_id, concerned)
    changed = []
    for key, digest, day in later:
        then = programs[digest]
        if not matters(changes, then, day):
            continue
        one = held.get(key) or session.get_one(OccasionRow, (row.program_id, key))
        judged = judge(session, then, load_occasion(one), past)
        if _stands(one, judged, past.given_for(key)):
            continue
        version = note_used(session, then, now)
        posted = _stand(session, one, then, judged, version, now)
        past.note(key, judged.award, campaigns_of(then))
        # The next ones see this one, too.
        changes = changes if changes is None else changes | posted.changes
        if posted.entries or judged.award.errors:
            changed.append(JudgedAgain(key, one.trigger, judged.award.errors))
    return tuple(changed)


def _rows(session: Session, program_id: str, keys: Sequence[str]) -> dict[str, OccasionRow]:
    found: dict[str, OccasionRow] = {}
    for start in range(0, len(keys), 500):
        batch = keys[start : start + 500]
        asked = select(OccasionRow).where(
            OccasionRow.program_id == program_id, OccasionRow.key.in_(batch)
        )
        found |= {row.key: row for row in session.scalars(asked)}
    return found


def _stands(row: OccasionRow, judged: Judged, given: Mapping[str, int]) -> bool:
    """Whether the award is what it was; what rules grant is their own, and the same with them."""
    made = judged.award
    if made.errors or row.asked != judged.asked or row.counted_on != made.counted_on:
        return False
    return given == made.given


def _stand(
    session: Session,
    row: OccasionRow,
    program: Program,
    judged: Judged,
    version: str,
    now: datetime,
) -> _Posted:
    """Writes an award down."""
    made = _stamped(judged.award, version, row.reading)
    row.credited, row.asked = not made.errors, judged.asked
    row.counted_on = made.counted_on
    row.errors = [[error.rule, error.told] for error in made.errors]
    return _post(session, row, program, made, now)


def _clear(session: Session, row: OccasionRow, program: Program, now: datetime) -> _Posted:
    row.credited, row.errors = False, []
    return _post(session, row, program, NOTHING, now)


def _post(
    session: Session, row: OccasionRow, program: Program, made: Award, now: datetime
) -> _Posted:
    row.judged_at = now
    receipt_id = row.key if row.trigger == "receipt" else None
    origin = Origin(row.key, row.occurred_at, receipt_id)
    entries = post_award(session, program, row.member_id, origin, row.judged + 1, made, now)
    if entries:
        row.judged += 1
    changes = _keep_given(session, row, made, campaigns_of(program))
    keep_grants(session, row, made.grants, now)
    session.flush()
    return _Posted(entries, changes)


def _keep_given(
    session: Session, row: OccasionRow, made: Award, campaigns: Mapping[str, str | None]
) -> frozenset[Change]:
    """Gives what rules give that they did not before, or gave."""
    points = made.given
    held = session.scalars(
        select(GivenRow).filter_by(program_id=row.program_id, occasion=row.key)
    ).all()
    move_budgets(
        session,
        row.program_id,
        before=[(one.campaign, one.points) for one in held],
        after=[(campaigns.get(rule), given) for rule, given in points.items()],
    )
    if held:
        gone = delete(GivenRow).filter_by(program_id=row.program_id, occasion=row.key)
        session.execute(gone)
    session.add_all(
        GivenRow(
            program_id=row.program_id,
            occasion=row.key,
            rule=rule,
            member_id=row.member_id,
            occurred_at=row.occurred_at,
            counted_on=row.counted_on,
            points=given,
            campaign=campaigns.get(rule),
        )
        for rule, given in points.items()
    )
    had = {(one.rule, one.campaign, one.points) for one in held}
    has = {(rule, campaigns.get(rule), given) for rule, given in points.items()}
    return frozenset(Change(rule, campaign, row.counted_on) for rule, campaign, _ in had ^ has)


def _stamped(made: Award, version: str, reading: int | None) -> Award:
    """Every line and grant names the program's version, and the reading it was judged on."""
    about: dict[str, Any] = {"program_version": version}
    if reading is not None:
        about["reading"] = reading
    return replace(
        made,
        lines=tuple(replace(one, detail={**one.detail, **about}) for one in made.lines),
        grants=tuple(replace(one, detail={**one.detail, **about}) for one in made.grants),
    )
