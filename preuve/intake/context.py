"""What the reader may know of a receipt from outside the paper."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from preuve.loyalty import Program
from preuve.reading.result import Context


class Received(Protocol):
    @property
    def received_on(self) -> date: ...


def reading_context(received: Received, program: Program) -> Context:
    """For a claim: the day of submission, and the country where a program has just one.

    Never today's date, so that a replay reads the same.
    """
    countries = program.limits.countries
    return Context(received.received_on, countries[0] if len(countries) == 1 else None)
