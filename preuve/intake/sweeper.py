"""The sweeper: wakes what was never published, and what its worker left behind."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select

from preuve.intake.tables import JobRow
from preuve.intake.waking import Waker, try_to_wake
from preuve.store import Ground
from preuve.store.lease import take_lease

LEASE = timedelta(seconds=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=5)
"""A job that waits its turn in a long queue is woken ever more rarely."""
AT_ONCE = 500


def sweep(ground: Ground, wake: Waker) -> int:
    """Wakes every job that is due; gives how many. To be called every 10 s in each worker.

    One process at a time does it; the others get 0. Waking a job that is also in the queue
    does no harm: only one claim succeeds.
    """
    now, due = ground.now(), []
    with ground.database.read() as session:
        if session.scalar(select(JobRow.receipt_id).where(_is_overdue(now)).limit(1)) is None:
            return 0
    with ground.database.write() as session:
        if not take_lease(session, "sweeper", _process(), now, now + LEASE):
            return 0
        overdue = select(JobRow).where(_is_overdue(now)).order_by(JobRow.wake_at).limit(AT_ONCE)
        for job in session.scalars(overdue.with_for_update(skip_locked=True)):
            # Marked before it is sent: should the broker be down, the next look comes in time.
            job.wake_at = now + min(FIRST_PAUSE * 2 ** min(job.wakes, 10), LONGEST_PAUSE)
            job.wakes += 1
            due.append((job.receipt_id, job.queue))
    woken = 0
    for receipt_id, queue in due:
        if not try_to_wake(wake, receipt_id, queue):
            break
        woken += 1
    return woken


def _is_overdue(now: datetime) -> ColumnElement[bool]:
    return and_(JobRow.state.in_(("waiting", "running")), JobRow.wake_at <= now)


def _process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
