"""Why an entry was made, with what people said of it: that lies beside it, to be forgotten."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func

from preuve.loyalty.ledger.tables import AdjustmentRow, EntryRow, Kind, RedemptionRow

ADJUSTED = AdjustmentRow.entry_id == EntryRow.id
SPENT = RedemptionRow.id == EntryRow.occasion
"""By these `AdjustmentRow` and `RedemptionRow` are joined where `why` is asked for."""


def why() -> ColumnElement[str]:
    """The column that tells it, for statements over entries that are joined so."""
    of_redemption = EntryRow.kind == Kind.REDEMPTION
    said = case((of_redemption, RedemptionRow.what), else_=AdjustmentRow.reason)
    return func.coalesce(func.nullif(said, ""), EntryRow.why)
