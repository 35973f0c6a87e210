from __future__ import annotations

from random import Random

import pytest

from preuve.catalog.drift import accept, alarms, fits
from preuve.catalog.learning import learn
from preuve.intake import Amendment, amend, finish
from preuve.loyalty import Program
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import claimed, send
from tests.paper import RECEIVED, paper, stock
from tests.till import ABOVE, AS_USUAL, receipt


class Till:
    def __init__(self, ground: Ground, program: Program, wakes: Wakes, clock: Clock) -> None:
        self.ground, self.program, self.wakes, self.clock = ground, program, wakes, clock
        self.random = Random(11)

    def prints(self, count: int, total: str = AS_USUAL) -> list[str]:
        """So many receipts, half an hour apart, sent in and learned from."""
        return [self._print(total) for _ in range(count)]

    def _print(self, total: str) -> str:
        self.clock.advance(minutes=30)
        pages = paper(receipt(self.random, total), sure=0.96)
        reading, verdict = understand(pages, stock(), Context(RECEIVED))
        sent = send(self.ground, self.program, self.wakes)
        held = claimed(self.ground, sent)
        finish(self.ground, self.program, held, pages, reading, verdict, engine="typed 1")
        learn(self.ground, self.program.program, sent)
        return sent


@pytest.fixture
def till(ground: Ground, program: Program, wakes: Wakes, clock: Clock) -> Till:
    return Till(ground, program, wakes, clock)


def test_a_totals_label_that_moved_is_named_until_it_is_accepted(till: Till) -> None:
    till.prints(30)
    assert alarms(till.ground) == ()

    changed_at = till.clock.now
    changed = till.prints(10, ABOVE)
    standing = alarms(till.ground)
    assert {(alarm.template, alarm.field) for alarm in standing} == {("fr.picard", "total")}
    alarm = standing[0]
    assert changed_at < alarm.since_at < alarm.raised_at
    assert alarm.share_before > 0.9 > 0.2 > alarm.share_since
    assert sum(alarm.lately.values()) == 10
    assert set(alarm.examples) <= set(changed)

    assert accept(till.ground, "fr.picard", operator="ana") == len(standing)
    assert alarms(till.ground) == ()
    assert {alarm.field for alarm in alarms(till.ground, ended=True)} == {"total"}
    till.prints(22, ABOVE)
    assert alarms(till.ground) == ()


def test_what_was_learned_from_is_not_counted_again(till: Till) -> None:
    receipts = till.prints(3)
    for receipt_id in receipts:
        assert not learn(till.ground, till.program.program, receipt_id)
    corrected = Amendment(receipt_number="417")
    amend(till.ground, till.program, receipts[0], corrected, operator="ana", reason="as printed")
    assert learn(till.ground, till.program.program, receipts[0])

    (week,) = fits(till.ground, "fr.picard")
    assert (week.receipts, week.shares["total"]) == (3, 1.0)
