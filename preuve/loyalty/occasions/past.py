"""What a member did before an occasion, out of the tables: the `History` of real judgements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from preuve.loyalty.occasions.kept import load_purchase
from preuve.loyalty.occasions.tables import BudgetRow, GivenRow, OccasionRow
from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.history import Given


class DatabaseHistory:
    """As `session` sees it. Nothing is looked up that is not asked for.

    What the member did counts up to the occasion, in the order of `(occurred_at, key)`, however
    late it is judged. What everyone was given, and a budget, count as they stand now: first
    come, first served.
    """

    def __init__(self, session: Session, program_id: str, occasion: Occasion) -> None:
        self._session, self._program_id, self._occasion = session, program_id, occasion
        self.asked = False
        """Whether the member's own past was asked for, so that another could change the award."""

    def purchases(self, since: date) -> Sequence[PurchaseFacts]:
        self.asked = True
        found = (
            select(OccasionRow.purchase)
            .where(self._bought_before(), OccasionRow.counted_on >= since)
            .order_by(OccasionRow.occurred_at, OccasionRow.key)
        )
        return [load_purchase(kept) for kept in self._session.scalars(found) if kept]

    def purchase_count(self) -> int:
        self.asked = True
        counted = select(func.count()).select_from(OccasionRow).where(self._bought_before())
        return self._session.scalar(counted) or 0

    def given(
        self, rule: str, first: date | None, last: date | None, *, everyone: bool = False
    ) -> Given:
        found = select(func.coalesce(func.sum(GivenRow.points), 0), func.count()).where(
            GivenRow.program_id == self._program_id, GivenRow.rule == rule
        )
        if everyone:
            found = found.where(GivenRow.occasion != self._occasion.key)
        else:
            self.asked = True
            found = found.where(
                GivenRow.member_id == self._occasion.member.member_id,
                self._before(GivenRow.occurred_at, GivenRow.occasion),
            )
        if first is not None:
            found = found.where(GivenRow.counted_on >= first)
        if last is not None:
            found = found.where(GivenRow.counted_on <= last)
        points, times = self._session.execute(found).one()
        return Given(int(points), times)

    def given_in(self, campaign: str) -> int:
        self.asked = True
        found = select(func.coalesce(func.sum(GivenRow.points), 0)).where(
            GivenRow.program_id == self._program_id,
            GivenRow.member_id == self._occasion.member.member_id,
            GivenRow.campaign == campaign,
            self._before(GivenRow.occurred_at, GivenRow.occasion),
        )
        return int(self._session.scalar(found) or 0)

    def budget_left(self, campaign: str, budget: int) -> int:
        spent = self._session.get(BudgetRow, (self._program_id, campaign))
        own = select(func.coalesce(func.sum(GivenRow.points), 0)).filter_by(
            program_id=self._program_id, occasion=self._occasion.key, campaign=campaign
        )
        by_others = (spent.spent if spent else 0) - int(self._session.scalar(own) or 0)
        return max(budget - by_others, 0)

    def _bought_before(self) -> ColumnElement[bool]:
        return and_(
            OccasionRow.program_id == self._program_id,
            OccasionRow.member_id == self._occasion.member.member_id,
            OccasionRow.trigger == "receipt",
            OccasionRow.credited.is_(True),
            self._before(OccasionRow.occurred_at, OccasionRow.key),
        )

    def _before(
        self, at: InstrumentedAttribute[datetime], key: InstrumentedAttribute[str]
    ) -> ColumnElement[bool]:
        now = self._occasion.occurred_at
        return or_(at < now, and_(at == now, key < self._occasion.key))
