"""What a member did before the occasion that is judged, as earn rules may ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from preuve.loyalty.rules.facts import PurchaseFacts


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule gave: points in all, and on how many occasions it gave points or a grant."""

    points: int = 0
    times: int = 0


class History(Protocol):
    """What stands in one program from before one occasion, which is itself never part of it.

    Purchases are the member's credited ones, earlier by `(received_at, receipt_id)`. What was
    given counts by `Award.counted_on` of the awards that stand; what was taken back does not.
    """

    def purchases(self, since: date) -> Sequence[PurchaseFacts]:
        """Those that count from `since` on (`windows.counted_on`), the earliest sent first."""
        ...

    def purchase_count(self) -> int:
        """All of them, since ever."""
        ...

    def given(
        self, rule: str, first: date | None, last: date | None, *, everyone: bool = False
    ) -> Given:
        """What `rule` gave the member, or everyone, from `first` to `last`, both included.

        None: since ever, and up to whatever day.
        """
        ...

    def given_in(self, campaign: str) -> int:
        """The points that the rules of `campaign` gave the member, whatever the day."""
        ...

    def budget_left(self, campaign: str, budget: int) -> int:
        """The points of `budget` that the rules of `campaign` have not given yet; never below 0."""
        ...


@dataclass(frozen=True, slots=True)
class Gave:
    """One rule gave `points` on a day; to the member in question where `mine`."""

    rule: str
    day: date
    points: int
    campaign: str | None = None
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """A history that is all there: for replays, trials and tests. Empty, nothing ever happened.

    `bought` has each purchase with the day that it counts on, the earliest sent first.
    """

    bought: tuple[tuple[date, PurchaseFacts], ...] = ()
    gave: tuple[Gave, ...] = ()

    def purchases(self, since: date) -> Sequence[PurchaseFacts]:
        return [purchase for day, purchase in self.bought if day >= since]

    def purchase_count(self) -> int:
        return len(self.bought)

    def given(
        self, rule: str, first: date | None, last: date | None, *, everyone: bool = False
    ) -> Given:
        found = [
            gave.points
            for gave in self.gave
            if gave.rule == rule
            and (everyone or gave.mine)
            and (first is None or gave.day >= first)
            and (last is None or gave.day <= last)
        ]
        return Given(sum(found), len(found))

    def given_in(self, campaign: str) -> int:
        return sum(one.points for one in self.gave if one.campaign == campaign and one.mine)

    def budget_left(self, campaign: str, budget: int) -> int:
        spent = sum(gave.points for gave in self.gave if gave.campaign == campaign)
        return max(budget - spent, 0)
