"""A program in full swing: several processes that credit, correct, spend and seal at random."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from preuve.loyalty import Award, AwardLine, Origin, Program, post_award
from preuve.loyalty.ledger.adjustment import adjust
from preuve.loyalty.ledger.due import do_what_is_due
from preuve.loyalty.ledger.redemption import Redemption, confirm, release, reserve
from preuve.loyalty.ledger.seals import seal
from preuve.loyalty.ledger.tables import EntryRow
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from preuve.store.database import take_turns

PROGRAM = Program.model_validate(
    {
        "program": "load",
        "name": "-",
        "timezone": "Europe/Paris",
        "points": {"expire": {"after_months": 1}, "available_after_days": 0},
    }
)
MEMBERS, RECEIPTS = 40, 2_000


@dataclass
class Writer:
    """One process's work. Members and receipts are everybody's; the luck is its own."""

    ground: Ground
    number: int

    def __post_init__(self) -> None:
        self.luck = random.Random(self.number)
        self.revisions = count(self.number * 10_000_000 + 1)
        self.keys = count(1)
        self.began = self.ground.now()

    def work(self, entries: int) -> None:
        """Goes on until the ledger has as many entries."""
        while written(self.ground) < entries:
            for _ in range(20):
                self.step()
            if self.number == 0:
                seal(self.ground, PROGRAM.program)
                do_what_is_due(self.ground)

    def step(self) -> None:
        chance = self.luck.random()
        if chance < 0.7:
            self.judge(self.luck.randrange(RECEIPTS))
        elif chance < 0.9:
            self.spend(f"m{self.luck.randrange(MEMBERS)}")
        else:
            self.adjust(f"m{self.luck.randrange(MEMBERS)}")

    def judge(self, receipt: int) -> None:
        """A receipt of its member, sent in the last 40 days; one in five is worth nothing."""
        points = {} if self.luck.random() < 0.2 else {"base": self.luck.randrange(1, 100)}
        if self.luck.random() < 0.3:
            points["bonus"] = 50
        award = Award(tuple(AwardLine(name, number, "-") for name, number in points.items()))
        sent = self.began.replace(minute=0, second=0, microsecond=0) - timedelta(days=receipt % 40)
        origin = Origin(f"r{receipt}", sent, f"r{receipt}")
        revision = next(self.revisions)

        def work(session: Session) -> None:
            take_turns(session, f"receipt {receipt}")
            member = f"m{receipt % MEMBERS}"
            now = self.ground.now()
            post_award(session, PROGRAM, member, origin, revision, award, now)

        self.ground.database.run(work)

    def spend(self, member: str) -> None:
        key = f"{self.number}-{next(self.keys)}"
        held = reserve(self.ground, PROGRAM, member, self.luck.randrange(1, 60), key)
        if isinstance(held, Redemption):
            settle = confirm if self.luck.random() < 0.7 else release
            settle(self.ground, PROGRAM.program, held.id)

    def adjust(self, member: str) -> None:
        key, points = f"{self.number}-{next(self.keys)}", self.luck.choice([-20, -5, 5, 40])
        adjust(self.ground, PROGRAM, member, points, key, person="eve", reason="-")


def written(ground: Ground) -> int:
    """How many entries there are."""
    with ground.database.read() as session:
        return session.scalar(select(func.count()).select_from(EntryRow)) or 0


def write(settings: Settings, number: int, entries: int) -> None:
    """What each process runs."""
    ground = open_ground(settings)
    Writer(ground, number).work(entries)
    ground.close()
