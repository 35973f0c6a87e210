from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from preuve.catalog.detector import Change, Watch, step
from preuve.catalog.outcomes import Aspect, outcomes
from tests.paper import understood
from tests.till import ABOVE, RENAMED, receipt


def changes(outcomes_seen: Iterable[str]) -> list[tuple[int, Change]]:
    watch, found = Watch(), []
    for number, outcome in enumerate(outcomes_seen):
        watch, change = step(watch, outcome, number)
        if change:
            found.append((number, change))
    return found


def draw(random: Random, share: float, other: str = "other") -> str:
    return "usual" if random.random() < share else other


@pytest.mark.parametrize("share", [1.0, 0.97, 0.9, 0.8, 0.7])
def test_a_change_is_found_within_ten_and_noise_is_not(share: float) -> None:
    random = Random(1)
    false = late = 0
    for _ in range(100):
        before = [draw(random, share) for _ in range(200)]
        false += bool(changes(before))
        after = [draw(random, 0.05, "new") for _ in range(10)]
        late += not changes([*before[:30], *after])

    assert false <= 2
    assert late <= 2


def test_several_labels_may_be_usual_and_a_third_is_not() -> None:
    both = ["A", "B", "A"] * 20

    assert changes(both) == []
    assert [change for _, change in changes([*both, *["C"] * 10])] == ["changed"]


def test_an_alarm_ends_when_the_layout_comes_back() -> None:
    seen = ["A"] * 40 + ["B"] * 30 + ["A"] * 40

    (began, changed), (ended, back) = changes(seen)
    assert (changed, back) == ("changed", "back")
    assert 40 <= began < 50
    assert 70 <= ended < 100


def test_what_never_was_steady_raises_nothing() -> None:
    random = Random(2)

    assert changes(str(random.randint(0, 30)) for _ in range(300)) == []


def test_two_hundred_usual_receipts_raise_no_alarm_and_ten_others_do() -> None:
    random, watches = Random(4), dict[Aspect, Watch]()
    raised = []
    for number in range(200):
        reading, _ = understood(receipt(random, noise=0.03))
        for aspect, outcome in outcomes(reading).items():
            watch = watches.get(aspect, Watch())
            watches[aspect], change = step(watch, outcome, number)
            raised += [(number, aspect)] if change else []

    assert raised == []
    for layout in (ABOVE, RENAMED):
        assert _changed(watches, random, layout) == {"total"}


def _changed(watches: dict[Aspect, Watch], random: Random, layout: str) -> set[str]:
    """The fields that ten receipts of another layout raise an alarm for."""
    later, fields = dict(watches), set()
    for number in range(200, 210):
        for aspect, outcome in outcomes(understood(receipt(random, layout))[0]).items():
            later[aspect], change = step(later.get(aspect, Watch()), outcome, number)
            fields |= {aspect[0]} if change else set()
    return fields
