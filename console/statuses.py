"""A receipt's status as a colored word."""

from __future__ import annotations

from console.html import Written, tag, written
from console.words import Words
from preuve.intake import Status

TONES = {
    Status.VALID: "good",
    Status.PENDING_REVIEW: "warn",
    Status.INCOMPLETE: "warn",
    Status.REJECTED: "bad",
    Status.DUPLICATE: "bad",
}


def status_chip(t: Words, status: Status) -> None:
    tag("span", t(f"statuses.{status}"), _style(status))


def written_status(t: Words, status: Status) -> Written:
    return written("span", t(f"statuses.{status}"), classes=_style(status))


def _style(status: Status) -> str:
    return f"chip chip-{TONES.get(status, 'none')}"
