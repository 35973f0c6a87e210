"""Later receipts that earn something else since an earlier occasion of their member changed.

The ledger has been put right by then. What else shows a receipt's points is not loyalty's: whoever
keeps receipts is told of each, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from preuve.loyalty.occasions.crediting import (
    Credited,
    JudgedAgain,
    credit_occasion,
    judge,
)
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.program import Program

Follow = Callable[[Session, JudgedAgain, datetime], None]
"""Told of one such receipt; intake's `follow` is one."""


def unheard(session: Session, later: JudgedAgain, now: datetime) -> None:
    """Where nobody keeps receipts."""


def judge_and_credit(
    session: Session, program: Program, occasion: Occasion, follow: Follow, now: datetime
) -> None:
    """Credits what is no receipt, as things stand. The caller holds the credit turn."""
    credited = credit_occasion(session, judge(session, program, occasion), now)
    tell_receipts(session, credited, follow, now)


def tell_receipts(session: Session, credited: Credited, follow: Follow, now: datetime) -> None:
    """Tells `follow` of each receipt that changed after what was credited."""
    for later in credited.later:
        if later.trigger == "receipt":
            follow(session, later, now)
