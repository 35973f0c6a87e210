"""The start of a pool's child process: it says that it is alive when it can read at once."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from typing import Any

import structlog
from celery.signals import worker_process_init

from preuve.lasting import set_apart_what_lasts
from preuve.reading.document import Document, Kind, Picture
from worker import reader as desk

log = structlog.get_logger(__name__)

PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def start(**_: Any) -> None:
    """Load and warm the reader. A node whose children cannot read ends, rather than respawn."""
    _end_with_parent()
    begun = time.monotonic()
    try:
        warm_up(desk.reader())
    except Exception:
        log.exception("the reader could not be loaded")
        os.kill(os.getppid(), signal.SIGTERM)
        os._exit(1)
    set_apart_what_lasts()
    log.info("ready to read", seconds=round(time.monotonic() - begun, 1))
    notify_ready()


def warm_up(reader: desk.Reader) -> None:
    """Read three printed lines, so that no member's receipt pays for the first call."""
    import cv2
    import numpy as np

    from preuve.reading.see import see

    paper = np.full((480, 640, 3), 255, np.uint8)
    for row, text in enumerate(("MAGASIN", "PAIN 1,20", "TOTAL 1,20"), 1):
        place = (60, 120 * row)
        cv2.putText(paper, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    see(Document(Kind.PNG, (Picture(paper, 640, 480),)), reader.engine)


def notify_ready() -> None:
    """Tell whoever started the node, by systemd's protocol (sd_notify(3)); nobody may listen."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        try:
            out.sendto(b"READY=1", address)
        except OSError as error:
            log.warning("nobody was told that the reader is ready", error=str(error))


def _end_with_parent() -> None:
    """The kernel ends this process when its node dies, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
