"""How fast the ledger is written by several processes, and read. `make bench-ledger` runs it.

    python tools/bench_ledger.py --writers 8 --entries 20000

On a PostgreSQL of its own, started and removed here, that does not wait for the disk; then a
member with 10,000 entries, each a lot of its own, on PostgreSQL and on SQLite.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))

from sqlalchemy import insert, select, text, update  # noqa: E402

from preuve.loyalty import Award, AwardLine, Origin, balance, post_award  # noqa: E402
from preuve.loyalty.ledger.seals import seal  # noqa: E402
from preuve.loyalty.ledger.tables import (  # noqa: E402
    AccountRow,
    EntryRow,
    LotMovementRow,
    LotRow,
)
from preuve.loyalty.ledger.verify import verify  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, open_ground  # noqa: E402
from tests.databases import migrated, running_postgres  # noqa: E402
from tests.ledger_load import PROGRAM, write, written  # noqa: E402

READS = 500
CREDITS = 200
ENTRIES = 10_000
spawn = multiprocessing.get_context("spawn")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--only-reads", action="store_true", help="Leave the writers out.")
    parser.add_argument("--entries", type=int, default=20_000)
    chosen = parser.parse_args()
    with running_postgres() as cluster, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = migrated(cluster.new_database(), folder)
        if not chosen.only_reads:
            in_full_swing(settings, chosen.writers, chosen.entries)
        one_member(migrated(cluster.new_database(), folder), "PostgreSQL")
        one_member(migrated("", folder), "SQLite")


def in_full_swing(settings: Settings, writers: int, entries: int) -> None:
    began = time.perf_counter()
    processes = [
        spawn.Process(target=write, args=(settings, number, entries)) for number in range(writers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - began
    failed = [process.exitcode for process in processes if process.exitcode]
    ground = open_ground(settings)
    count = written(ground)
    print(f"{writers} writers: {count} entries in {seconds:.0f} s, {count / seconds:.0f} a second")
    print(f"{len(failed)} writers failed, {deadlocks(ground)} deadlocks")
    began = time.perf_counter()
    sealed = seal(ground, PROGRAM.program)
    faults = [str(fault) for fault in verify(ground, PROGRAM.program)]
    seconds = time.perf_counter() - began
    print(f"the last {sealed} sealed, all verified in {seconds:.1f} s: {len(faults)} faults")
    print("\n".join(faults[:10]))
    ground.close()
    if failed or faults:
        raise SystemExit(1)


def deadlocks(ground: Ground) -> int:
    """As PostgreSQL counts them, retried or not."""
    found = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with ground.database.read() as session:
        return session.scalar(text(found)) or 0


def one_member(settings: Settings, database: str) -> None:
    """Accruals of 10,000 receipts, none of which was spent: the most there is to look at."""
    ground = open_ground(settings)
    began = time.perf_counter()
    for number in range(CREDITS):
        with ground.database.write() as session:
            award, now = Award((AwardLine("base", 5, "-"),)), ground.now()
            post_award(session, PROGRAM, "ann", Origin(f"r{number}", now), 1, award, now)
    each = (time.perf_counter() - began) / CREDITS
    fill(ground, ENTRIES - CREDITS)
    took, worked = [], []
    for _ in range(READS):
        start, busy = time.perf_counter(), time.process_time()
        found = balance(ground, PROGRAM.program, "ann")
        took.append(1000 * (time.perf_counter() - start))
        worked.append(1000 * (time.process_time() - busy))
    assert found.lifetime == found.available == 5 * ENTRIES
    assert list(verify(ground, PROGRAM.program)) == []
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    busy50, busy95 = statistics.median(worked), statistics.quantiles(worked, n=20)[-1]
    print(
        f"{database}: a credit in {1000 * each:.1f} ms, one process; "
        f"a balance over {ENTRIES} entries in {p50:.2f} ms, p95 {p95:.2f} ms; "
        f"of this process's processor {busy50:.2f} ms, p95 {busy95:.2f} ms"
    )
    ground.close()


def fill(ground: Ground, more: int) -> None:
    """Entries and lots as the newest ones, with dates of their own, all in one go."""
    with ground.database.write() as session:
        entry = session.scalars(select(EntryRow).order_by(EntryRow.id.desc()).limit(1)).one()
        lot = session.scalars(select(LotRow).order_by(LotRow.id.desc()).limit(1)).one()
        entries, lots, moves = [], [], []
        for number in range(1, more + 1):
            name = f"more{number}"
            new = {"id": entry.id + number, "occasion": name, "receipt_id": name}
            entries.append({**values(entry), **new})
            ends = lot.expires_at + timedelta(hours=number % 600) if lot.expires_at else None
            new = {"id": lot.id + number, "occasion": name, "expires_at": ends}
            lots.append({**values(lot), **new})
            moves.append(
                {
                    "entry_id": entry.id + number,
                    "lot_id": lot.id + number,
                    "program_id": PROGRAM.program,
                    "points": entry.points,
                }
            )
        session.execute(insert(EntryRow), entries)
        session.execute(insert(LotRow), lots)
        session.execute(insert(LotMovementRow), moves)
        session.execute(
            update(AccountRow)
            .where(AccountRow.id == entry.holder_id)
            .values(
                points=AccountRow.points + more * entry.points,
                earned=AccountRow.earned + more * entry.points,
            )
        )


def values(row: EntryRow | LotRow) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


if __name__ == "__main__":
    main()
