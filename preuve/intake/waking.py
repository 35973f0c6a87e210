"""Waking a worker. The message carries an id and may be lost: the job's row is the truth."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from celery import Celery

TASK = "preuve.read_receipt"
INTERACTIVE, BULK = "interactive", "bulk"

Waker = Callable[[str, str], None]
"""Takes a receipt's id and the queue to put it on. Raises anything where it cannot."""

log = structlog.get_logger()


def celery_waker(broker_url: str) -> Waker:
    """A waker that publishes to Celery by the task's name, so that nobody imports the worker.

    It gives up quickly: whoever uploads is waiting, and the sweeper tries again.
    """
    app = Celery(broker=broker_url, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        # Once more at once: a connection that the broker closed meanwhile is only now noticed.
        task_publish_retry=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0},
        broker_transport_options={
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
            # Without it kombu tries for six seconds to reach a broker that is down.
            "max_retries": 0,
        },
    )

    # Celery imports its transport at the first message: half a second of somebody's upload.
    _ = app.amqp.producer_pool, app.connection_for_write().transport

    def wake(receipt_id: str, queue: str) -> None:
        app.send_task(TASK, args=[receipt_id], queue=queue)

    return wake


def try_to_wake(wake: Waker, receipt_id: str, queue: str) -> bool:
    """Wakes a worker, or leaves it to the sweeper. Tells whether the message went out."""
    try:
        wake(receipt_id, queue)
    except Exception as error:  # whatever a broker's client raises must not fail an upload
        log.warning("wake_failed", receipt_id=receipt_id, queue=queue, error=repr(error))
        return False
    return True
