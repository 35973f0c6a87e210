"""A shop whose receipts come in, and what the catalog learns from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

from preuve.catalog.learning import learn
from preuve.catalog.registry import snapshot
from preuve.intake import Amendment, Finished, Waker, amend
from preuve.loyalty import Program
from preuve.reading.extract.identifiers import Identifier
from preuve.reading.page import Pages
from preuve.reading.registry import Known
from preuve.reading.result import Retailer, Value
from preuve.store import Ground
from tests.factories import numbers, reading, send, work
from tests.paper import paper

WORDS = paper("MAISON NAEGEL\nTel 03 88 32 82 86\nRCS 718 500 457\nTOTAL 12,50")


class Shop:
    """Receipts of one shop: each another member's, another purchase and another picture."""

    def __init__(self, ground: Ground, program: Program, wakes: Waker) -> None:
        self.ground, self.program, self.wakes = ground, program, wakes

    def sells(
        self,
        name: str | Value[Retailer] = "MAISON NAEGEL",
        member: str | None = None,
        words: Pages = WORDS,
        learned: bool = True,
        printed: str | None = None,
        **work_with: Any,
    ) -> str:
        number = next(numbers)
        at = time(8 + number % 12, number % 60)
        read = reading(total=f"{number}.25", receipt_number=f"R{number:06}", purchased_at=at)
        retailer = name if isinstance(name, Value) else Value(Retailer(name), 0.8, "test")
        head = Value(Retailer(printed), 0.8, "test") if printed else None
        read = replace(read, retailer=retailer, printed_name=head)
        sent = send(self.ground, self.program, self.wakes, member=member or f"m-{number}")
        work(self.ground, self.program, sent, read, words=words, **work_with)
        if learned:
            learn(self.ground, self.program.program, sent)
        return sent

    def corrects(self, receipt: str, **values: Any) -> None:
        change = Amendment(**values)
        done = amend(
            self.ground, self.program, receipt, change, operator="ana", reason="as printed"
        )
        assert isinstance(done, Finished)
        learn(self.ground, self.program.program, receipt)

    @property
    def entries(self) -> dict[Identifier, Known]:
        return dict(snapshot(self.ground).entries)
