"""Why an entry was made, with what people said of it: that lies beside it, to be forgotten."""

from __future__ import annotations

from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, func

from preuve.loyalty.ledger.tables import AdjustmentRow, EntryRow, Kind, RedemptionRow

Ts = TypeVarTuple("Ts")


def with_said(found: Select[*Ts]) -> Select[*Ts]:
    """Joins to a statement over entries what `why` looks at."""
    adjusted = found.outerjoin(AdjustmentRow, AdjustmentRow.entry_id == EntryRow.id)
    return adjusted.outerjoin(RedemptionRow, RedemptionRow.id == EntryRow.occasion)


def why() -> ColumnElement[str]:
    """The column that tells it, for statements that went through `with_said`."""
    of_redemption = EntryRow.kind == Kind.REDEMPTION
    said = case((of_redemption, RedemptionRow.what), else_=AdjustmentRow.reason)
    return func.coalesce(func.nullif(said, ""), EntryRow.why)
