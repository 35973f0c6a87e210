"""Has something changed? A sequential test on outcomes that come in one by one. Pure.

Page's CUSUM (Biometrika 41, 1954) on "was this outcome a usual one": what is usual is learned
from the first outcomes and goes on being learned while nothing is suspected. Lorden (Annals of
Mathematical Statistics 42, 1971) bounds its false alarms: on average at most one in
exp(THRESHOLD) outcomes, here 160,000, where the share of the usual ones is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log
from typing import Literal

FEWEST = 20
"""Outcomes from which on it is known what is usual."""

THRESHOLD = 12.0
CEILING = 2 * THRESHOLD
"""The level's highest, so that an alarm ends soon after the layout came back."""

USUAL = 0.1
"""Outcomes of at least this share are usual: a till may print one of several labels."""

STEADY = 0.6
"""Below this share of usual outcomes nothing can be told from one more that is not."""

SURE = 0.97
"""The highest share that is taken for granted, however few outcomes were unusual so far."""

LOST = 0.25
"""What is left of that share when the layout changed, as the alternative that is tested for."""

MEMORY = 400
"""Outcomes after which the older ones count half, so that slow change is followed."""

Change = Literal["changed", "back"]


@dataclass(frozen=True, slots=True)
class Watch:
    """What has been seen of one aspect: `usual` and `lately` count outcomes.

    `lately` holds those since the first unusual one of the present excursion, `first` names it.
    """

    usual: Mapping[str, int] = field(default_factory=dict)
    lately: Mapping[str, int] = field(default_factory=dict)
    level: float = 0.0
    first: int | None = None
    alarmed: bool = False

    @property
    def known(self) -> frozenset[str]:
        """The outcomes that are usual."""
        total = sum(self.usual.values())
        return frozenset(one for one, n in self.usual.items() if n >= max(2, USUAL * total))

    @property
    def share(self) -> float:
        """The share of usual outcomes, held back a little while there are few."""
        good = sum(self.usual[one] for one in self.known)
        return min(SURE, (good + 4) / (sum(self.usual.values()) + 6))


def step(watch: Watch, outcome: str, number: int) -> tuple[Watch, Change | None]:
    """The watch after one more outcome, the `number`th of all, and what it shows."""
    share = watch.share
    if sum(watch.usual.values()) < FEWEST or share < STEADY:
        return replace(watch, usual=_counted(watch.usual, outcome)), None
    lost = LOST * share
    is_usual = outcome in watch.known
    evidence = log(lost / share) if is_usual else log((1 - lost) / (1 - share))
    level = min(CEILING, max(0.0, watch.level + evidence))
    if level == 0.0:
        usual = _counted(watch.usual, outcome)
        for one, times in watch.lately.items():
            usual = _counted(usual, one, times)
        return Watch(usual), "back" if watch.alarmed else None
    rising = replace(
        watch,
        lately=_counted(watch.lately, outcome),
        level=level,
        first=number if watch.first is None else watch.first,
        alarmed=watch.alarmed or level >= THRESHOLD,
    )
    return rising, "changed" if rising.alarmed and not watch.alarmed else None


def _counted(counts: Mapping[str, int], outcome: str, times: int = 1) -> dict[str, int]:
    new = {**counts, outcome: counts.get(outcome, 0) + times}
    if sum(new.values()) > MEMORY:
        return {one: n // 2 for one, n in new.items() if n > 1}
    return new
