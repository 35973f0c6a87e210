"""Later receipts that earn something else since an earlier occasion of their member changed.

The ledger has been put right by then. What else shows a receipt's points is not loyalty's: whoever
keeps receipts is told of each, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from preuve.loyalty.occasions.crediting import Credited, JudgedAgain

Follow = Callable[[Session, JudgedAgain, datetime], None]
"""Told of one such receipt; intake's `follow` is one."""


def unheard(session: Session, later: JudgedAgain, now: datetime) -> None:
    """Where nobody keeps receipts."""


def tell_receipts(session: Session, credited: Credited, follow: Follow, now: datetime) -> None:
    """Tells `follow` of each receipt that changed after what was credited."""
    for later in credited.later:
        if later.trigger == "receipt":
            follow(session, later, now)
