"""The one task: read the receipt of this id, unless someone else did or does.

Running it twice equals running it once: `claim` gives the receipt to one process at a time, and
`finish` writes only while the claim is its own.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from preuve.catalog.learning import learn
from preuve.catalog.specimens import is_specimen
from preuve.intake import Claim, Finished, RetryLater, claim, fail, finish, refuse
from preuve.messages import say
from preuve.reading.document import DocumentError
from worker import reader as desk
from worker.app import SOFT_LIMIT, app
from worker.specimens import read_specimen

log = structlog.get_logger(__name__)


@app.task(name="preuve.read_receipt")
def read_receipt(receipt_id: str) -> None:
    """Claim, read, finish; or a specimen, which a template is made from. Whatever goes wrong is
    written to the row and never leaves here: a MemoryError that did would be raised again in the
    node's main process."""
    reader = desk.reader()
    if is_specimen(receipt_id):
        read_specimen(reader, receipt_id)
        return
    lease = timedelta(seconds=reader.settings.lease)
    claimed = claim(reader.ground, receipt_id, lease=lease)
    if claimed is None:
        log.info("nothing to read", receipt_id=receipt_id)
        return
    with structlog.contextvars.bound_contextvars(receipt_id=receipt_id, attempt=claimed.attempt):
        outcome = _read(reader, claimed)
        _log(outcome)
        if isinstance(outcome, Finished):
            _learn(reader, claimed)


def _read(reader: desk.Reader, claimed: Claim) -> Finished | RetryLater | None:
    try:
        found = reader.read(claimed)
        return finish(
            reader.ground,
            reader.program(claimed),
            claimed,
            found.pages,
            found.reading,
            found.verdict,
            engine=f"{reader.engine.name} {reader.engine.version}",
        )
    except DocumentError as error:
        return refuse(reader.ground, claimed, error.code, str(error))
    except SoftTimeLimitExceeded:
        return _failed(
            reader, claimed, say("reading took more than {seconds} s", seconds=f"{SOFT_LIMIT:.0f}")
        )
    except MemoryError:
        return _failed(reader, claimed, say("reading needed more memory than there is"))
    except Exception as error:
        log.exception("reading failed")
        return _failed(reader, claimed, f"{type(error).__name__}: {error}")


def _learn(reader: desk.Reader, claimed: Claim) -> None:
    """What is not learned here the sweeper learns later; the receipt itself is finished."""
    try:
        learn(reader.ground, claimed.program_id, claimed.receipt_id)
    except Exception:
        log.exception("nothing was learned")


def _failed(reader: desk.Reader, claimed: Claim, error: str) -> Finished | RetryLater | None:
    return fail(reader.ground, claimed, error[:1000])


def _log(outcome: Finished | RetryLater | None) -> None:
    if isinstance(outcome, Finished):
        log.info("finished", status=outcome.status, points=outcome.points)
    elif isinstance(outcome, RetryLater):
        log.warning("failed, to be tried again", at=outcome.next_attempt_at.isoformat())
    else:
        log.warning("the claim was lost while reading; another process has it")
