"""A program that has run for two months, in a database of its own, to measure and to look at.

    python tools/many_receipts.py FOLDER --receipts 100000 [--database URL]

Receipts are laid out as the samples are and read by the stock's templates; a few hundred are
read, the others are these with another day, total and member. They come as people shop: more on
Saturdays and in the afternoon, few at night. Most are credited with no human; what was held in
the last days still waits for one. A point is given for each whole euro.
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT), str(ROOT / "samples"), str(ROOT / "tools")]

from bench_gate import papers  # noqa: E402

from preuve.catalog.learned_tables import TemplateFitRow  # noqa: E402
from preuve.catalog.outcomes import outcomes  # noqa: E402
from preuve.folding import bare  # noqa: E402
from preuve.intake import Status  # noqa: E402
from preuve.intake.overview.search import document_of, tokens  # noqa: E402
from preuve.intake.reviewing.order import rank  # noqa: E402
from preuve.intake.reviewing.tables import ReviewRow  # noqa: E402
from preuve.intake.stored import dump_pages, dump_reading, dump_verdict  # noqa: E402
from preuve.intake.tables import (  # noqa: E402
    JobRow,
    ReadingRow,
    ReceiptFileRow,
    ReceiptReasonRow,
    ReceiptRow,
    receipt_words,
)
from preuve.loyalty.ledger.tables import (  # noqa: E402
    OF_MEMBERS,
    AccountRow,
    EntryRow,
    LotMovementRow,
    LotRow,
    Side,
)
from preuve.reading.pipeline import understand  # noqa: E402
from preuve.reading.result import Context, Reading  # noqa: E402
from preuve.reading.template.load import load_templates  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, migrate, open_ground  # noqa: E402

DISTINCT = 300
BATCH = 1000
DAYS = 60
MEMBERS = 5000
BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 5, 9, 12, 14, 16, 18, 14, 13, 15, 18, 22, 24, 20, 14, 9, 5, 3)
BY_WEEKDAY = (10, 9, 10, 10, 13, 18, 5)
STATUSES = {"valid": 80, "pending_review": 10, "incomplete": 4, "rejected": 3, "duplicate": 3}
REASONS = {
    "pending_review": {
        "total_uncertain": 30,
        "date_uncertain": 18,
        "items_do_not_add_up": 14,
        "possible_duplicate": 12,
        "retailer_uncertain": 10,
        "no_date": 6,
        "payment_differs": 5,
        "ambiguous_template": 3,
    },
    "incomplete": {"too_blurred": 6, "cut_off": 4, "too_dark": 2, "several_receipts": 1},
    "rejected": {"too_old": 4, "not_a_receipt": 1},
    "duplicate": {"same_purchase": 1},
}
REVIEWED_AFTER = timedelta(days=30)
"""What was held earlier has been reviewed: of 100,000 receipts about 5,000 wait."""
UNREAD = timedelta(seconds=45)


@dataclass(frozen=True)
class Paper:
    pages: bytes
    words: list[str]
    reading: Reading
    dumped: dict[str, Any]
    verdict: dict[str, Any]
    outcomes: dict[str, str]


@dataclass(frozen=True)
class Sent:
    """One receipt to be made. `held`: what it was first decided to be."""

    number: int
    id: str
    member: str
    at: datetime
    paper: Paper
    status: Status
    held: Status
    reasons: list[str]
    total: int
    seconds: int

    @property
    def aided(self) -> bool:
        return self.held != self.status

    @property
    def points(self) -> int:
        return self.total // 100 if self.status is Status.VALID else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the database is made")
    parser.add_argument("--receipts", type=int, default=100_000)
    parser.add_argument("--database", default="", help="PostgreSQL's address; SQLite if none")
    chosen = parser.parse_args()
    settings = Settings(data_dir=chosen.folder, database_url=chosen.database)
    migrate(settings)
    ground = open_ground(settings)
    fill(ground, "demo", chosen.receipts)
    ground.close()


def fill(ground: Ground, program_id: str, wanted: int) -> None:
    begun, end, chance = time.monotonic(), ground.now(), Random(wanted)
    read = list(read_papers())
    with ground.database.write() as session:
        accounts = Accounts(session, program_id, end - timedelta(days=DAYS))
    moments = sorted(arrivals(chance, end, wanted))
    for start in range(0, wanted, BATCH):
        batch = [
            sent(chance, number, at, end, read)
            for number, at in enumerate(moments[start : start + BATCH], start + 1)
        ]
        with ground.database.write() as session:
            keep(session, program_id, batch, accounts)
        if start % 10_000 == 0:
            print(f"{start} receipts after {time.monotonic() - begun:.0f} s", flush=True)
    with ground.database.write() as session:
        accounts.add_up(session)
        if ground.database.engine.dialect.name == "postgresql":
            for name in ("receipt_words_rowid_seq", "entries_id_seq", "lots_id_seq"):
                session.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": wanted})
    if ground.database.engine.dialect.name == "postgresql":
        with ground.database.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM ANALYZE"))


class Accounts:
    """The accounts of all members, and what each one has been given."""

    def __init__(self, session: Session, program_id: str, since: datetime) -> None:
        own = {"program_id": program_id, "created_at": since}
        issued = AccountRow(**own, kind=Side.ISSUED, member_id="")
        members = [
            AccountRow(**own, kind=side, member_id=f"m-{number:05}", points=0)
            for number in range(MEMBERS)
            for side in OF_MEMBERS
        ]
        session.add_all([issued, *members])
        session.flush()
        self.issued = issued.id
        self.available = {one.member_id: one.id for one in members if one.kind == Side.AVAILABLE}
        self.points: dict[int, int] = defaultdict(int)

    def rows_of(self, one: Sent, program_id: str) -> Iterator[tuple[Any, dict[str, Any]]]:
        holder, at = self.available[one.member], one.at + timedelta(seconds=one.seconds)
        self.points[holder] += one.points
        own = {"program_id": program_id}
        whose = {**own, "holder_id": holder, "occasion": one.id, "rule": "base"}
        yield (
            EntryRow,
            {
                **whose,
                "id": one.number,
                "kind": "accrual",
                "from_account_id": self.issued,
                "to_account_id": holder,
                "points": one.points,
                "receipt_id": one.id,
                "revision": 1,
                "why": f"{one.points} points",
                "created_at": at,
                "available_at": at,
            },
        )
        yield (
            LotRow,
            {
                **whose,
                "id": one.number,
                "earned_at": one.at,
                "available_at": at,
                "pending": False,
                "remaining": one.points,
            },
        )
        moved = {"entry_id": one.number, "lot_id": one.number, "points": one.points}
        yield LotMovementRow, {**own, **moved}

    def add_up(self, session: Session) -> None:
        for holder, points in self.points.items():
            session.execute(update(AccountRow).where(AccountRow.id == holder).values(points=points))


def read_papers() -> Iterator[Paper]:
    templates = load_templates(ROOT / "templates", cache=Settings().cache_dir)
    for pages in islice(papers(templates), DISTINCT):
        reading, verdict = understand(pages, templates, Context())
        if reading.total and reading.retailer:
            printed = " ".join(row.text for page in pages for row in page.rows)
            dumped = dump_reading(reading), dump_verdict(verdict)
            found = {" ".join(aspect): told for aspect, told in outcomes(reading).items()}
            yield Paper(dump_pages(pages), tokens(printed), reading, *dumped, found)


def arrivals(chance: Random, end: datetime, wanted: int) -> list[datetime]:
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = {
        at: BY_HOUR[at.hour] * BY_WEEKDAY[at.weekday()]
        for at in (midnight + timedelta(hours=hour) for hour in range(-24 * DAYS, 24))
        if at < end
    }
    drawn = chance.choices(list(hours), list(hours.values()), k=wanted)
    moments = [at + timedelta(seconds=chance.random() * 3600) for at in drawn]
    return [min(at, end - timedelta(seconds=chance.random() * 600)) for at in moments]


def sent(chance: Random, number: int, at: datetime, end: datetime, read: list[Paper]) -> Sent:
    held = Status(*chance.choices(list(STATUSES), list(STATUSES.values())))
    reasons = REASONS.get(held)
    drawn = chance.choices(list(reasons), list(reasons.values())) if reasons else []
    status, seconds = held, min(240, 3 + int(chance.expovariate(0.35)))
    if end - at < UNREAD:
        status = held = Status.QUEUED
    elif held is Status.PENDING_REVIEW and end - at > REVIEWED_AFTER:
        status, seconds = Status.VALID, chance.randint(120, 20_000)
    return Sent(
        number=number,
        id=f"rcp_{chance.getrandbits(128):032x}",
        member=f"m-{int(MEMBERS * chance.random() ** 2):05}",
        at=at,
        paper=read[int(len(read) * chance.random() ** 3)],
        status=status,
        held=held,
        reasons=[] if status is Status.QUEUED else drawn,
        total=chance.randint(150, 9000),
        seconds=seconds,
    )


def keep(session: Session, program_id: str, batch: list[Sent], accounts: Accounts) -> None:
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for one in batch:
        given = accounts.rows_of(one, program_id) if one.points else ()
        for table, row in (*rows_of(one, program_id), *given):
            rows[table].append(row)
    for table, values in rows.items():
        session.execute(insert(table), values)
    for one in batch:
        words = [*one.paper.words, *tokens(f"{one.member} {one.total / 100:.2f}")]
        row = {"rowid": one.number, "program_id": program_id}
        session.execute(insert(receipt_words).values(**row, words=document_of(session, words)))


def rows_of(one: Sent, program_id: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    own = {"receipt_id": one.id, "program_id": program_id}
    decided = one.status is not Status.QUEUED
    yield ReceiptRow, receipt_row(one, program_id) if decided else unread_row(one, program_id)
    file = {"position": 0, "sha256": f"{one.number:064x}", "size": 300_000}
    yield ReceiptFileRow, {**own, **file}
    yield (
        JobRow,
        {
            **own,
            "queue": "interactive",
            "state": "done" if decided else "waiting",
            "attempts": int(decided),
            "next_attempt_at": one.at,
            "wake_at": one.at,
            "wakes": 0,
        },
    )
    if not decided:
        return
    told = copy.deepcopy(one.paper.dumped)
    told["total"]["value"] = f"{one.total / 100:.2f}"
    yield (
        ReadingRow,
        {
            **own,
            "revision": 1,
            "source": "read",
            "pages": one.paper.pages,
            "pages_revision": 1,
            "engine": "typed",
            "template": one.paper.reading.match.template,
            "template_version": one.paper.reading.match.version,
            "reading": told,
            "verdict": one.paper.verdict,
            "created_at": one.at + timedelta(seconds=one.seconds),
        },
    )
    if one.status is not Status.DUPLICATE:
        yield (
            TemplateFitRow,
            {
                **own,
                "template": one.paper.reading.match.template,
                "version": one.paper.reading.match.version,
                "outcomes": one.paper.outcomes,
                "trusted": not one.reasons,
                "received_at": one.at,
            },
        )
    if one.status is Status.PENDING_REVIEW:
        points, doubt = one.total // 100, 1 - one.number % 50 / 100
        since = one.at + timedelta(seconds=one.seconds)
        yield (
            ReviewRow,
            {
                **own,
                "points_at_stake": points,
                "estimated": False,
                "doubt": doubt,
                "rank": rank(points, doubt, since),
                "waiting_since": since,
            },
        )
    for code in one.reasons:
        yield ReceiptReasonRow, {**own, "code": code, "received_at": one.at, "status": one.held}


def unread_row(one: Sent, program_id: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "program_id": program_id,
        "member_id": one.member,
        "reference_id": None,
        "status": one.status.value,
        "reasons": [],
        "received_at": one.at,
        "received_on": one.at.date(),
        "finished_at": None,
        "revision": 0,
        "amendment": None,
        "original_id": None,
        "retailer": None,
        "retailer_name": None,
        "purchased_on": None,
        "total_minor": None,
        "currency": None,
        "template": None,
        "confidence": None,
        "points": 0,
        "words_id": one.number,
        "seconds_to_points": None,
        "aided": False,
    }


def receipt_row(one: Sent, program_id: str) -> dict[str, Any]:
    reading = one.paper.reading
    assert reading.retailer
    retailer = reading.retailer.value
    reasons = [] if one.aided else one.reasons
    return {
        **unread_row(one, program_id),
        "reasons": [{"code": code, "field": None, "detail": ""} for code in reasons],
        "finished_at": one.at + timedelta(seconds=min(one.seconds, 240)),
        "revision": 1,
        "amendment": {"total": f"{one.total / 100:.2f}"} if one.aided else None,
        "retailer": retailer.key or bare(retailer.name),
        "retailer_name": retailer.name,
        "purchased_on": (one.at - timedelta(hours=one.total % 50)).date(),
        "total_minor": one.total,
        "currency": "EUR",
        "template": reading.match.template,
        "confidence": 0.5 + one.number % 50 / 100,
        "points": one.points,
        "seconds_to_points": one.seconds if one.points else None,
        "aided": one.aided,
    }


if __name__ == "__main__":
    main()
