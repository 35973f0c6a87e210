"""A history in memory that grows as occasions are judged again in their order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from preuve.loyalty.rules.award import Award
from preuve.loyalty.rules.compiled import compiled
from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.history import Given
from preuve.loyalty.rules.limits import Breach, breaches
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.windows import counted_on, within


class Replay:
    """What every member did so far, and what each rule gave, in one program.

    Purchases are kept as long as the program's rules can look back, and not at all where none
    does: 100,000 receipts would fill the memory of a small machine.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.spent: Counter[str] = Counter()
        """Points by campaign."""
        self.spent_on: Counter[tuple[str, str]] = Counter()
        """Points by campaign and member."""
        self._campaigns = {rule.rule: rule.campaign for rule in program.earn if rule.campaign}
        self._capped = {of: _capped(program, of) for of in ("member", "all")}
        self._back = timedelta(days=compiled(program).looks_back)
        self.bought: dict[str, list[tuple[date, PurchaseFacts]]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self._sent: Counter[tuple[str, date]] = Counter()
        self.mine: dict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
        self.everyone: dict[str, dict[date, Given]] = defaultdict(dict)

    def breaches(self, occasion: Occasion) -> list[Breach]:
        """What limits keep a receipt out. Of the documents that the member sent on that day it
        knows those that were credited. To be asked once for each receipt."""
        purchase = occasion.purchase
        if purchase is None:
            return []
        received_on = self.program.day_of(purchase.received_at)
        sent_before = self._sent[purchase.member_id, received_on]
        self._sent[purchase.member_id, received_on] += 1
        return list(breaches(purchase, self.program.limits, received_on, sent_before))

    def before(self, occasion: Occasion) -> ReplayedHistory:
        return ReplayedHistory(self, occasion.member.member_id)

    def add(self, occasion: Occasion, made: Award) -> None:
        """What comes next; an award with errors leaves no trace, as its receipt would wait."""
        if made.errors:
            return
        member_id, purchase = occasion.member.member_id, occasion.purchase
        if purchase is not None:
            self.counts[member_id] += 1
            if self._back:
                self._keep(member_id, purchase)
        points = made.given
        for rule in points.keys() & self._campaigns.keys():
            self.spent[self._campaigns[rule]] += points[rule]
            self.spent_on[self._campaigns[rule], member_id] += points[rule]
        if made.counted_on:
            self._count(member_id, made.counted_on, points)

    def _count(self, member_id: str, day: date, points: Mapping[str, int]) -> None:
        """What rules gave counts for their caps, where they have any."""
        for rule in points.keys() & self._capped["member"]:
            self.mine[member_id, rule].append((day, points[rule]))
        for rule in points.keys() & self._capped["all"]:
            before = self.everyone[rule].get(day, Given())
            given = Given(before.points + points[rule], before.times + 1)
            self.everyone[rule][day] = given

    def _keep(self, member_id: str, purchase: PurchaseFacts) -> None:
        kept = self.bought[member_id]
        kept.append((counted_on(purchase, self.program), purchase))
        # A receipt may count on a day before others that were sent earlier.
        late = self.program.limits.max_age_days
        if late is not None:
            oldest = self.program.day_of(purchase.received_at) - self._back - timedelta(days=late)
            while kept[0][0] < oldest:
                kept.pop(0)


class ReplayedHistory:
    """The `History` of one occasion."""

    def __init__(self, replay: Replay, member_id: str) -> None:
        self._replay, self._member_id = replay, member_id

    def purchases(self, since: date) -> Sequence[PurchaseFacts]:
        kept = self._replay.bought.get(self._member_id, ())
        return [purchase for day, purchase in kept if day >= since]

    def purchase_count(self) -> int:
        return self._replay.counts[self._member_id]

    def given(
        self, rule: str, first: date | None, last: date | None, *, everyone: bool = False
    ) -> Given:
        if everyone:
            found = _between(self._replay.everyone.get(rule, {}), first, last)
            return Given(sum(one.points for one in found), sum(one.times for one in found))
        mine = self._replay.mine.get((self._member_id, rule), ())
        points = [given for day, given in mine if within(day, first, last)]
        return Given(sum(points), len(points))

    def given_in(self, campaign: str) -> int:
        return self._replay.spent_on[campaign, self._member_id]

    def budget_left(self, campaign: str, budget: int) -> int:
        return max(budget - self._replay.spent[campaign], 0)


def _capped(program: Program, of: Literal["member", "all"]) -> frozenset[str]:
    """The rules that have such a cap."""
    return frozenset(rule.rule for rule in program.earn if any(cap.of == of for cap in rule.caps))


def _between(days: Mapping[date, Given], first: date | None, last: date | None) -> list[Given]:
    if first is not None and last is not None and (last - first).days < len(days):
        asked = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [days[day] for day in asked if day in days]
    return [one for day, one in days.items() if within(day, first, last)]
