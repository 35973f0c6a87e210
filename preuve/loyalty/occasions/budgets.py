"""What campaigns have given of their budgets, to the point.

A budget is counted up in the transaction that credits, under the program's turn, so that no
two take the same last points; what is taken back returns to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.occasions.tables import BudgetRow
from preuve.loyalty.rules.program import Program
from preuve.store import Ground
from preuve.store.database import insert_new

Taken = Iterable[tuple[str | None, int]]
"""Campaigns (None: of no campaign) and points."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A campaign of a program: `spent` points stand in the ledger; without a `budget`, as many
    as there will be. A budget that was lowered below what is spent has nothing `left`."""

    campaign: str
    name: str
    budget: int | None
    spent: int

    @property
    def left(self) -> int | None:
        return None if self.budget is None else max(self.budget - self.spent, 0)


def budgets(ground: Ground, program: Program) -> tuple[Budget, ...]:
    """The campaigns of the program, in the order of its file."""
    with ground.database.read() as session:
        rows = session.scalars(select(BudgetRow).filter_by(program_id=program.program))
        spent = {row.campaign: row.spent for row in rows}
    return tuple(
        Budget(key, campaign.name, campaign.budget, spent.get(key, 0))
        for key, campaign in program.campaigns.items()
    )


def move_budgets(session: Session, program_id: str, *, before: Taken, after: Taken) -> None:
    """Counts what an occasion takes from budgets `after` in place of what it took `before`."""
    change: Counter[str] = Counter()
    for sign, taken in ((-1, before), (1, after)):
        for campaign, points in taken:
            if campaign is not None:
                change[campaign] += sign * points
    for campaign, points in sorted(change.items()):
        if points:
            insert_new(session, BudgetRow, program_id=program_id, campaign=campaign, spent=0)
            row = session.get_one(BudgetRow, (program_id, campaign), with_for_update=True)
            row.spent += points
