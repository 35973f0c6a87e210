"""What other thresholds would accept, on the receipts that confidences were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence

from cli.figures import Figures, share
from cli.replay import Scored
from cli.scoring import Tally
from preuve.reading.confidence import model
from preuve.reading.judge import is_guess
from preuve.reasons import ReasonCode

HEADER = (0.85, 0.9, 0.92, 0.95, 0.97, 0.98)
RETAILER = (0.5, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
UNSURE = {
    ReasonCode.TOTAL_UNCERTAIN,
    ReasonCode.DATE_UNCERTAIN,
    ReasonCode.RETAILER_UNCERTAIN,
}


def costs(scored: Sequence[Scored]) -> Figures:
    """One row a pair of thresholds: each is moved while the other stays as it is."""
    accept = model().accept
    held_out = [one for one in scored if not one.document.fitted_on]
    pairs = [
        *((header, accept.retailer) for header in HEADER),
        *((accept.total_and_date, retailer) for retailer in RETAILER),
    ]
    rows = [_row(held_out, *pair) for pair in dict.fromkeys(pairs)]
    columns = (
        "total and date from",
        "retailer from",
        "accepted",
        "total, date right",
        "retailer, if stated",
    )
    return Figures(columns, rows)


def _row(scored: Sequence[Scored], header: float, retailer: float) -> list[str]:
    taken = [one for one in scored if _accepted(one, header, retailer)]
    safe = [one.marks.safe for one in taken if one.marks.safe is not None]
    named = [one.marks.named for one in taken if one.marks.named is not None]
    return [
        f"{header:.2f}",
        f"{retailer:.2f}",
        share(Tally(len(taken), len(scored))),
        share(Tally(sum(safe), len(safe))),
        share(Tally(sum(named), len(named))),
    ]


def _accepted(one: Scored, header: float, retailer: float) -> bool:
    """As `judge` would decide with these thresholds; what fails otherwise still fails."""
    if one.reading is None or one.verdict is None or one.verdict.status == "unusable":
        return False
    if one.verdict.confidence < header or {r.code for r in one.verdict.reasons} - UNSURE:
        return False
    said = one.reading.retailer
    return not said or said.confidence >= retailer or is_guess(said)
