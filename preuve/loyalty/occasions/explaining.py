"""What a program would make of a receipt of a member whom the database knows; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preuve.loyalty.occasions.members import member_facts
from preuve.loyalty.occasions.past import DatabaseHistory
from preuve.loyalty.rules.award import Award
from preuve.loyalty.rules.explain import Explained, explain
from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.program import Program
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class ExplainedReceipt:
    """The award and each rule; `before` are the member's earlier receipts that were credited."""

    award: Award
    rules: tuple[Explained, ...]
    before: int


def explain_purchase(
    ground: Ground, program: Program, purchase: PurchaseFacts, segments: frozenset[str]
) -> ExplainedReceipt:
    """After all that its member did before it was sent; `segments` count beside the member's."""
    with ground.database.read() as session:
        known = member_facts(session, program.program, purchase.member_id)
        member = replace(known, segments=known.segments | segments)
        key, at = purchase.receipt_id, purchase.received_at
        occasion = Occasion("receipt", key, at, member, purchase)
        history = DatabaseHistory(session, program.program, occasion)
        award, rules = explain(occasion, program, history)
        return ExplainedReceipt(award, rules, history.purchase_count())
