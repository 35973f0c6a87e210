"""Reason codes, and what each one says to a member.

The texts lie in `reasons.yaml`, one entry a code, French and English.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources

import yaml


class ReasonCode(StrEnum):
    """Stable codes: clients branch on them, so none is ever renamed."""

    TOO_DARK = "too_dark"
    TOO_BLURRED = "too_blurred"
    CUT_OFF = "cut_off"
    SEVERAL_RECEIPTS = "several_receipts"
    NO_TEXT = "no_text"
    NOT_A_RECEIPT = "not_a_receipt"
    NO_TOTAL = "no_total"
    NO_DATE = "no_date"
    NO_RETAILER = "no_retailer"
    TOTAL_UNCERTAIN = "total_uncertain"
    NO_PURCHASE = "no_purchase"
    TWO_TOTALS = "two_totals"
    DATE_UNCERTAIN = "date_uncertain"
    RETAILER_UNCERTAIN = "retailer_uncertain"
    DATE_IN_FUTURE = "date_in_future"
    ITEMS_DO_NOT_ADD_UP = "items_do_not_add_up"
    TAXES_DO_NOT_ADD_UP = "taxes_do_not_add_up"
    PAYMENT_DIFFERS = "payment_differs"
    ITEM_COUNT_DIFFERS = "item_count_differs"
    AMBIGUOUS_TEMPLATE = "ambiguous_template"
    FIELD_MISSING = "field_missing"
    FIELD_INVALID = "field_invalid"
    FIELD_UNCERTAIN = "field_uncertain"
    DAMAGED_FILE = "damaged_file"
    EMPTY_FILE = "empty_file"
    UNSUPPORTED_FILE = "unsupported_file"
    FILE_TOO_LARGE = "file_too_large"
    PICTURE_TOO_LARGE = "picture_too_large"
    FILE_TOO_COMPLEX = "file_too_complex"
    PROTECTED_FILE = "protected_file"
    TOO_MANY_PAGES = "too_many_pages"
    READING_FAILED = "reading_failed"
    EXACT_DUPLICATE = "exact_duplicate"
    SAME_PURCHASE = "same_purchase"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    TOO_OLD = "too_old"
    BEFORE_PROGRAM = "before_program"
    TOO_MANY_A_DAY = "too_many_a_day"
    KIND_NOT_ELIGIBLE = "kind_not_eligible"
    COUNTRY_NOT_ELIGIBLE = "country_not_eligible"
    RETAILER_NOT_ELIGIBLE = "retailer_not_eligible"
    CURRENCY_NOT_ELIGIBLE = "currency_not_eligible"
    RETAILER_UNKNOWN = "retailer_unknown"
    RULE_ERROR = "rule_error"
    AMENDED = "amended"
    PRODUCT_NOT_ELIGIBLE = "product_not_eligible"
    ALTERED = "altered"
    NOT_ACCEPTED = "not_accepted"


@cache
def _texts() -> dict[str, dict[str, str]]:
    source = resources.files("preuve").joinpath("reasons.yaml").read_text("utf-8")
    texts: dict[str, dict[str, str]] = yaml.safe_load(source)
    return texts


def member_text(code: ReasonCode, language: str) -> str:
    """What a member is told, in `language` ("fr" or "en"; any other gives English)."""
    entry = _texts()[code]
    return entry.get(language, entry["en"])
