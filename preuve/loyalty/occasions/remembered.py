"""One member's whole past, read once: for judging many of their occasions, one after the other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from preuve.loyalty.occasions.kept import load_purchase
from preuve.loyalty.occasions.past import DatabaseHistory
from preuve.loyalty.occasions.tables import GivenRow, OccasionRow
from preuve.loyalty.rules.award import Award
from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.history import Given
from preuve.loyalty.rules.windows import within


@dataclass
class _Bought:
    """A receipt of the member; its purchase is taken apart when it is first asked for."""

    place: int
    stored: bytes
    counted_on: date | None
    credited: bool

    @cached_property
    def purchase(self) -> PurchaseFacts:
        return load_purchase(self.stored)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a rule gave on an occasion."""

    day: date | None
    points: int
    campaign: str | None


class MemberPast:
    """As the tables have it, in the order of the member's occasions; `note` keeps it so."""

    def __init__(self, session: Session, program_id: str, member_id: str) -> None:
        row = OccasionRow
        self._session = session
        self._mine = and_(row.program_id == program_id, row.member_id == member_id)
        keys = select(row.key).where(self._mine).order_by(row.occurred_at, row.key)
        self._places = {key: place for place, key in enumerate(session.scalars(keys))}
        self._given: dict[str, dict[str, _Given]] = defaultdict(dict)
        self._by_rule: dict[str, dict[str, _Given]] = defaultdict(dict)
        given = select(
            GivenRow.occasion,
            GivenRow.rule,
            GivenRow.counted_on,
            GivenRow.points,
            GivenRow.campaign,
        ).filter_by(program_id=program_id, member_id=member_id)
        for key, rule, day, points, campaign in session.execute(given):
            one = _Given(day, points, campaign)
            self._given[key][rule] = self._by_rule[rule][key] = one

    def given_for(self, key: str) -> Mapping[str, int]:
        """What stands for an occasion, by rule; 0 where a rule gave no points but a grant."""
        return {rule: one.points for rule, one in self._given[key].items()}

    def note(self, key: str, made: Award, campaigns: Mapping[str, str | None]) -> None:
        """The occasion was judged anew, by rules of these campaigns."""
        for rule in self._given.pop(key, {}):
            del self._by_rule[rule][key]
        for rule, points in made.given.items():
            given = _Given(made.counted_on, points, campaigns.get(rule))
            self._given[key][rule] = self._by_rule[rule][key] = given
        # Read later, they are read as they are now.
        bought = self.__dict__.get("_bought", {}).get(self._places[key])
        if bought:
            bought.counted_on, bought.credited = made.counted_on, not made.errors

    def bought_before(self, key: str) -> Sequence[_Bought]:
        earlier = self._order[: bisect_left(self._order, self._places[key])]
        return [one for one in map(self._bought.__getitem__, earlier) if one.credited]

    def given_before(self, key: str, rule: str) -> list[_Given]:
        return self._before(key, self._by_rule[rule])

    def given_in(self, key: str, campaign: str) -> int:
        """What all rules gave in the campaign before that occasion."""
        return sum(
            one.points
            for given in self._by_rule.values()
            for one in self._before(key, given)
            if one.campaign == campaign
        )

    def _before(self, key: str, given: Mapping[str, _Given]) -> list[_Given]:
        place = self._places[key]
        return [one for other, one in given.items() if self._places[other] < place]

    @cached_property
    def _bought(self) -> dict[int, _Bought]:
        """The member's receipts by their place, read where a rule asks for them."""
        row = OccasionRow
        found = select(row.key, row.purchase, row.counted_on, row.credited).where(
            self._mine, row.trigger == "receipt", row.purchase.is_not(None)
        )
        receipts = (
            _Bought(self._places[key], stored, counted_on, credited)
            for key, stored, counted_on, credited in self._session.execute(found)
            if stored
        )
        return {one.place: one for one in receipts}

    @cached_property
    def _order(self) -> list[int]:
        return sorted(self._bought)


class RememberedHistory(DatabaseHistory):
    """The same as its base, with the member's own past from memory."""

    def __init__(
        self, session: Session, program_id: str, occasion: Occasion, past: MemberPast
    ) -> None:
        super().__init__(session, program_id, occasion)
        self._past = past

    def purchases(self, since: date) -> Sequence[PurchaseFacts]:
        self.asked = True
        bought = self._past.bought_before(self._occasion.key)
        return [one.purchase for one in bought if one.counted_on and one.counted_on >= since]

    def purchase_count(self) -> int:
        self.asked = True
        return len(self._past.bought_before(self._occasion.key))

    def given(
        self, rule: str, first: date | None, last: date | None, *, everyone: bool = False
    ) -> Given:
        if everyone:
            return super().given(rule, first, last, everyone=True)
        self.asked = True
        before = self._past.given_before(self._occasion.key, rule)
        points = [one.points for one in before if within(one.day, first, last)]
        return Given(sum(points), len(points))

    def given_in(self, campaign: str) -> int:
        self.asked = True
        return self._past.given_in(self._occasion.key, campaign)
