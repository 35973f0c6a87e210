"""A receipt's status as a colored word."""

from __future__ import annotations

from console.html import tag
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
    tag("span", t(f"statuses.{status}"), f"chip chip-{TONES.get(status, 'none')}")
