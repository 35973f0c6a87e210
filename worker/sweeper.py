"""Every node looks every ten seconds for receipts that nobody was told of, or that got stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from celery.signals import worker_ready

from preuve.catalog.learning import catch_up
from preuve.catalog.specimens import drop_specimens, sweep_specimens
from preuve.intake import Waker, celery_waker, follow, sweep, sweep_drafts
from preuve.loyalty import ProgramsInForce
from preuve.loyalty.ledger.due import do_what_is_due
from preuve.loyalty.ledger.seals import seal_by_and_by
from preuve.loyalty.occasions.birthdays import celebrate
from preuve.settings import Settings
from preuve.store import Ground, open_ground

log = structlog.get_logger(__name__)

INTERVAL = 10.0

_entry: Any = None


@worker_ready.connect
def start(sender: Any, **_: object) -> None:
    """Sweep on the node's own timer.

    Not in a thread: a child that is forked while a thread holds a lock inside SQLite never gets
    that lock. Celery clears its timer when the connection is lost and calls this again.
    """
    global _entry
    if _entry is not None:
        _entry.cancel()
    _entry = sender.timer.call_repeatedly(INTERVAL, run)
    run()


def run() -> int:
    """One round; a fault is logged, and the next round tries again. Gives how many it woke."""
    woken = _tried("woke receipts", lambda: sweep(_ground(), _wake()))
    _tried("woke specimens", lambda: sweep_specimens(_ground(), _wake()))
    _tried("learned from receipts", lambda: catch_up(_ground()))
    _tried("brought points up to date", lambda: do_what_is_due(_ground()))
    _tried("celebrated birthdays", _celebrate)
    _tried("dropped corrections that were left", _drop_drafts)
    _tried("dropped specimens", _drop_specimens)
    _tried("sealed entries", lambda: seal_by_and_by(_ground()))
    return woken


def _tried(what: str, job: Callable[[], int]) -> int:
    try:
        count = job()
    except Exception:
        log.exception("sweep failed", what=what)
        return 0
    if count:
        log.info(what, count=count)
    return count


def _celebrate() -> int:
    """A few members of each program a round: this timer has receipts to wake as well."""
    return sum(
        celebrate(_ground(), program, follow=follow) for program in _programs().now().values()
    )


def _drop_drafts() -> int:
    return sweep_drafts(_ground(), timedelta(days=Settings().draft_days))


def _drop_specimens() -> int:
    return drop_specimens(_ground(), timedelta(days=Settings().draft_days))


@cache
def _ground() -> Ground:
    return open_ground(Settings())


@cache
def _programs() -> ProgramsInForce:
    return ProgramsInForce(_ground(), Settings().programs_dir)


@cache
def _wake() -> Waker:
    return celery_waker(Settings().broker_url)
