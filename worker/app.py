"""The Celery application. The row in the database is the truth; a task only wakes a worker.

A node is `celery --app worker.app worker --queues …`; the child processes of its pool read. One
node takes `interactive` alone, so that a member never waits behind a reread; the others take
`interactive` first and `bulk` where nobody waits.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu.entity import Exchange, Queue

from preuve import logs
from preuve.settings import Settings

SOFT_LIMIT = 60.0
HARD_LIMIT = 90.0
"""The engine's and the decoders' own limits lie below, intake's lease lies above."""
CHILD_MEMORY_KB = 1_250_000


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings; each guards against a loss or a hang that was seen."""
    return {
        "broker_url": settings.broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": settings.visibility_timeout,
            "unacked_restore_interval": 5,
            # Without it kombu looks for lost messages only at every tenth interval.
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 5,
            "socket_timeout": 30,
            "health_check_interval": 10,
            # In the order in which the node's --queues names them.
            "queue_order_strategy": "priority",
        },
        # Each its own exchange, or a message for one would come to both.
        "task_queues": [Queue(name, Exchange(name), name) for name in ("interactive", "bulk")],
        "task_default_queue": "interactive",
        "task_acks_late": True,
        # A child that dies is no reason to run the task elsewhere at once, and again, and again:
        # claims count attempts, so this loop has an end.
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_soft_time_limit": SOFT_LIMIT,
        "task_time_limit": HARD_LIMIT,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 200,
        "worker_max_memory_per_child": CHILD_MEMORY_KB,
        # Children load models before they say that they are alive.
        "worker_proc_alive_timeout": 120.0,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_soft_shutdown_timeout": 30.0,
        "worker_send_task_events": False,
        "worker_enable_remote_control": False,
    }


@setup_logging.connect
def _log_as_the_house_does(**_: object) -> None:
    logs.configure()


app = Celery("preuve", include=["worker.tasks", "worker.child", "worker.sweeper"])
app.conf.update(configuration(Settings()))
