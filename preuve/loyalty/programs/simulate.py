"""What a program would have given for what really happened, before it is published.

Occasions are judged again in their order, each with what the member had done before it, as if
the program had been in force from the first judged day on. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from preuve.loyalty.occasions.kept import FACTS, load_facts
from preuve.loyalty.occasions.tables import GivenRow, OccasionRow
from preuve.loyalty.programs.replay import Replay
from preuve.loyalty.programs.tally import Simulation, Tally
from preuve.loyalty.rules.award import NOTHING
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.program import Program
from preuve.store import Ground

Progress = Callable[[int, int], None]
"""Told now and then: how many occasions are judged, of how many."""

BATCH = 500


def simulate(
    ground: Ground,
    program: Program,
    *,
    since: date | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Judges what came in from `since` to `until`, both included, by the program's calendar.

    What came before counts as the members' past. A receipt that the program's limits keep out
    earns nothing, and is no part of the past of those after it. Blocks for about a second for
    each few thousand occasions; `progress` may raise to stop it.
    """
    first = _begin(program, since) if since else None
    end = _begin(program, until + timedelta(days=1)) if until else None
    tally = Tally(program)
    replay = Replay(program)
    with ground.database.read() as session:
        keys = select(OccasionRow.key).filter_by(program_id=program.program, credited=True)
        if end is not None:
            keys = keys.where(OccasionRow.occurred_at < end)
        found = session.scalars(keys.order_by(OccasionRow.occurred_at, OccasionRow.key)).all()
    done = 0
    for occasion, really in _occasions(ground, program.program, found):
        if first is None or occasion.occurred_at >= first:
            tally.add(occasion, replay, really)
        else:
            replay.add(occasion, NOTHING)
        done += 1
        if progress and done % BATCH == 0:
            progress(done, len(found))
    if progress:
        progress(done, len(found))
    return tally.result(replay)


def _occasions(
    ground: Ground, program_id: str, keys: Sequence[str]
) -> Iterator[tuple[Occasion, dict[str, int]]]:
    """Each occasion, with what it was really given by rule."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        rows = select(*FACTS).where(
            OccasionRow.program_id == program_id, OccasionRow.key.in_(batch)
        )
        points = select(GivenRow.occasion, GivenRow.rule, GivenRow.points).where(
            GivenRow.program_id == program_id, GivenRow.occasion.in_(batch)
        )
        with ground.database.read() as session:
            found = {row.key: load_facts(row) for row in session.execute(rows)}
            really: dict[str, dict[str, int]] = defaultdict(dict)
            for occasion, rule, given in session.execute(points):
                really[occasion][rule] = given
        for key in batch:
            if key in found:
                yield found[key], really[key]


def _begin(program: Program, day: date) -> datetime:
    return datetime.combine(day, time(), program.zone)
