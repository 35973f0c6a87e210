"""How occasions lie in the table: facts that come back exactly as they were judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import Row, Text
from sqlalchemy import cast as as_type

from preuve.loyalty.occasions.tables import OccasionRow
from preuve.loyalty.rules.facts import Happening, MemberFacts, Occasion, PurchaseFacts, Scalar

_PURCHASE: TypeAdapter[PurchaseFacts] = TypeAdapter(PurchaseFacts)
_MEMBER: TypeAdapter[MemberFacts] = TypeAdapter(MemberFacts)

FACTS = (
    OccasionRow.key,
    OccasionRow.trigger,
    OccasionRow.occurred_at,
    as_type(OccasionRow.member, Text).label("member"),
    OccasionRow.purchase,
    OccasionRow.event,
    as_type(OccasionRow.properties, Text).label("properties"),
)
"""The columns that `load_facts` needs, for a query that goes over very many occasions."""


def dump_purchase(purchase: PurchaseFacts | None) -> bytes | None:
    return None if purchase is None else _PURCHASE.dump_json(purchase)


def load_purchase(stored: bytes) -> PurchaseFacts:
    return _PURCHASE.validate_json(stored)


def dump_member(member: MemberFacts) -> dict[str, Any]:
    dumped: dict[str, Any] = _MEMBER.dump_python(member, mode="json")
    dumped["segments"] = sorted(dumped["segments"])
    return dumped


def load_member(stored: dict[str, Any]) -> MemberFacts:
    return _MEMBER.validate_python(stored)


def load_occasion(row: OccasionRow | Row[Any]) -> Occasion:
    """The occasion of a row, as it was judged."""
    return _occasion(row, load_member(row.member), row.properties)


def load_facts(row: Row[str, str, datetime, str, bytes | None, str, str]) -> Occasion:
    """The occasion of a row of FACTS. The same members come again and again: each is read once."""
    return _occasion(row, _member(row.member), json.loads(row.properties))


def _occasion(
    row: OccasionRow | Row[*tuple[Any, ...]], member: MemberFacts, properties: Mapping[str, Scalar]
) -> Occasion:
    return Occasion(
        trigger=cast("Happening", row.trigger),
        key=row.key,
        occurred_at=row.occurred_at,
        member=member,
        purchase=load_purchase(row.purchase) if row.purchase else None,
        event=row.event,
        properties=properties,
    )


@lru_cache(20_000)
def _member(stored: str) -> MemberFacts:
    return _MEMBER.validate_json(stored)
