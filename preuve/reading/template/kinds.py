"""Kinds of documents, and which values of a purchase each one has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

DocumentKind = Literal[
    "receipt", "invoice", "order_confirmation", "warranty_card", "coupon", "packaging"
]
HeaderName = Literal["retailer", "purchased_on", "total"]

EXPECTABLE = (
    "retailer", "retailer_key", "purchased_on", "purchased_at", "total", "currency", "subtotal",
    "rounding", "change", "item_count", "receipt_number", "items", "kind", "layout", "verdict",
    "country",
)  # fmt: skip
"""What a sample may expect besides the template's own fields; `items` is how many there are."""

HEADERS: Mapping[DocumentKind, tuple[HeaderName, ...]] = MappingProxyType(
    {
        "receipt": ("purchased_on", "total"),
        "invoice": ("purchased_on", "total"),
        "order_confirmation": ("purchased_on", "total"),
        "warranty_card": ("retailer", "purchased_on"),
        "coupon": ("retailer",),
        "packaging": ("retailer",),
    }
)
"""What a document of each kind must have to be trusted. A template's `requires` says otherwise."""
