"""One member's whole past, read once: for judging many of their occasions, one after the other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
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


class MemberPast:
    """As the tables have it, in the order of the member's occasions; `note` keeps it so."""

    def __init__(self, session: Session, program_id: str, member_id: str) -> None:
        row = OccasionRow
        found = (
            select(row.key, row.trigger, row.purchase, row.counted_on, row.credited)
            .where(row.program_id == program_id, row.member_id == member_id)
            .order_by(row.occurred_at, row.key)
        )
        self._places: dict[str, int] = {}
        self._bought: dict[int, _Bought] = {}
        for place, (key, trigger, stored, counted_on, credited) in enumerate(
            session.execute(found)
        ):
            self._places[key] = place
            if trigger == "receipt" and stored:
                self._bought[place] = _Bought(place, stored, counted_on, credited)
        self._order = list(self._bought)
        self._given: dict[str, dict[str, int]] = defaultdict(dict)
        self._by_rule: dict[str, dict[str, tuple[date | None, int]]] = defaultdict(dict)
        given = select(GivenRow).filter_by(program_id=program_id, member_id=member_id)
        for one in session.scalars(given):
            self._given[one.occasion][one.rule] = one.points
            self._by_rule[one.rule][one.occasion] = one.counted_on, one.points

    def given_for(self, key: str) -> Mapping[str, int]:
        """What stands for an occasion, by rule; 0 where a rule gave no points but a grant."""
        return self._given[key]

    def note(self, key: str, made: Award) -> None:
        """The occasion was judged anew."""
        for rule in self._given.pop(key, {}):
            del self._by_rule[rule][key]
        for rule, points in made.given.items():
            self._given[key][rule] = points
            self._by_rule[rule][key] = made.counted_on, points
        bought = self._bought.get(self._places[key])
        if bought:
            bought.counted_on, bought.credited = made.counted_on, not made.errors

    def bought_before(self, key: str) -> Sequence[_Bought]:
        earlier = self._order[: bisect_left(self._order, self._places[key])]
        return [one for one in map(self._bought.__getitem__, earlier) if one.credited]

    def given_before(self, key: str, rule: str) -> list[tuple[date | None, int]]:
        place = self._places[key]
        return [
            given for other, given in self._by_rule[rule].items() if self._places[other] < place
        ]


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
        points = [
            given
            for day, given in self._past.given_before(self._occasion.key, rule)
            if within(day, first, last)
        ]
        return Given(sum(points), len(points))
