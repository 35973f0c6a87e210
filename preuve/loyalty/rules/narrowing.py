"""Which rules are worth a look on an occasion, by what is cheap to know of it.

A set of rules is a whole number with a bit for each rule, so that hundreds are narrowed down by a
few `&`. A rule that is left out does not apply, and would not have asked history anything; one
that stays may still not apply: `conditions.py` decides.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from math import ceil
from operator import or_

from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.loyalty.rules.ready import Ready
from preuve.loyalty.rules.rule import HAPPENS
from preuve.loyalty.rules.scene import Scene
from preuve.loyalty.rules.windows import is_on

Test = Callable[[Ready], object]


class Narrowing:
    """Sets of `rules`, each found when it is first asked for."""

    def __init__(self, rules: Sequence[Ready]) -> None:
        self._rules = tuple(rules)
        self._happening = lru_cache(1_000)(self._of_happening)
        self._retailer = lru_cache(10_000)(self._of_retailer)
        self._paper = lru_cache(1_000)(self._of_paper)
        self._day = lru_cache(1_000)(self._of_day)
        self._segments = lru_cache(1_000)(self._of_segments)
        self._totals = lru_cache(10)(self._by_total)
        self._chosen = lru_cache(10_000)(self._in)
        self._without_lists = self._set(lambda one: not one.lists)
        self._by_list: dict[str, int] = {}
        for bit, one in enumerate(self._rules):
            for name in one.lists or ():
                self._by_list[name] = self._by_list.get(name, 0) | 1 << bit

    def rules_for(self, scene: Scene) -> tuple[Ready, ...]:
        """Those that may apply, in the order in which they were given."""
        occasion = scene.occasion
        left = self._happening(occasion.trigger, occasion.event) & self._day(scene.day)
        left &= self._segments(occasion.member.segments)
        purchase = occasion.purchase
        if purchase is not None:
            left &= self._retailer(purchase.retailer_key)
            left &= self._paper(purchase.kind, purchase.country)
            left &= self._reached(purchase)
        if left & ~self._without_lists:
            left &= self._of_lists(scene)
        return self._chosen(left)

    def _set(self, test: Test) -> int:
        return sum(1 << bit for bit, one in enumerate(self._rules) if test(one))

    def _in(self, chosen: int) -> tuple[Ready, ...]:
        return tuple(one for bit, one in enumerate(self._rules) if chosen >> bit & 1)

    def _of_happening(self, trigger: str, event: str) -> int:
        return self._set(
            lambda one: (
                HAPPENS[one.rule.trigger] == trigger
                and (trigger != "event" or one.rule.event == event)
            )
        )

    def _of_retailer(self, retailer: str | None) -> int:
        return self._set(
            lambda one: not (asked := one.rule.condition.retailers) or retailer in asked
        )

    def _of_paper(self, kind: str, country: str | None) -> int:
        return self._set(
            lambda one: (
                (not (kinds := one.rule.condition.kinds) or kind in kinds)
                and (not (countries := one.rule.condition.countries) or country in countries)
            )
        )

    def _of_day(self, day: date) -> int:
        return self._set(
            lambda one: (
                (one.campaign is None or is_on(one.campaign, day))
                and (one.window is None or is_on(one.window, day))
            )
        )

    def _of_segments(self, segments: frozenset[str]) -> int:
        return self._set(
            lambda one: (
                (not (asked := one.rule.condition.segments) or segments & set(asked))
                and segments.isdisjoint(one.rule.condition.not_segments)
            )
        )

    def _reached(self, purchase: PurchaseFacts) -> int:
        least, reached = self._totals(purchase.exponent)
        return reached[bisect_right(least, purchase.total)]

    def _by_total(self, exponent: int) -> tuple[list[int], list[int]]:
        """The least totals that are asked for, ascending, and the rules that so many allow."""
        asked = sorted(
            (ceil(least.scaleb(exponent)), bit)
            for bit, one in enumerate(self._rules)
            if (least := one.rule.condition.min_total)
        )
        free = self._set(lambda one: not one.rule.condition.min_total)
        reached = accumulate((1 << bit for _, bit in asked), or_, initial=free)
        return [least for least, _ in asked], list(reached)

    def _of_lists(self, scene: Scene) -> int:
        there = self._without_lists
        for name in scene.belonging:
            there |= self._by_list.get(name, 0)
        return there
