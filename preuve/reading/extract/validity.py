"""Whether a field's value can be right: check digits, limits, lists, dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from stdnum import ean, iban, imei, isbn, luhn
from stdnum.fr import siren, siret

from preuve.messages import say
from preuve.reading.extract.text import compact
from preuve.reading.result import Check
from preuve.reading.template.fields import Checks, OwnField, comparable

_RULES: Mapping[str, Any] = {
    "gtin": ean,
    "luhn": luhn,
    "siren": siren,
    "siret": siret,
    "iban": iban,
    "imei": imei,
    "isbn": isbn,
}
_DIGITS_ONLY = frozenset({"gtin", "luhn", "siren", "siret", "imei"})
"""Rules of plain numbers: letters before the number (as a maker's) are no part of it."""


def check_value(
    spec: OwnField, text: str, received_on: date | None
) -> tuple[str, tuple[Check, ...]]:
    """The value, spelled as its list has it, and each check that the field names.

    A check is None where it cannot be made.
    """
    text = next((one for one in spec.checks.one_of if compact(one) == compact(text)), text)
    return text, tuple(_checks(spec, spec.checks, text, received_on))


def _checks(spec: OwnField, checks: Checks, text: str, received_on: date | None) -> Iterator[Check]:
    if checks.checksum:
        number = "".join(filter(str.isdecimal, text)) if checks.checksum in _DIGITS_ONLY else text
        valid = bool(_RULES[checks.checksum].is_valid(number))
        yield Check(
            "checksum",
            valid,
            say("check digits of {value} by {rule}", value=text, rule=checks.checksum),
        )
    if checks.min is not None:
        yield _compared("min", spec, text, checks.min, lambda a, b: a >= b)
    if checks.max is not None:
        yield _compared("max", spec, text, checks.max, lambda a, b: a <= b)
    if checks.one_of:
        yield Check(
            "one_of",
            text in checks.one_of,
            say("{value} among {values}", value=text, values=", ".join(checks.one_of)),
        )
    if checks.not_in_future:
        late = None if received_on is None else received_on + timedelta(days=1)
        passed: bool | None = None if late is None else text <= late.isoformat()
        yield Check(
            "not_in_future", passed, say("{value}, received {day}", value=text, day=received_on)
        )


def _compared(
    code: str, spec: OwnField, text: str, bound: str, holds: Callable[[Any, Any], bool]
) -> Check:
    detail = say("{value} against {bound}", value=text, bound=bound)
    try:
        return Check(code, holds(comparable(spec.type, text), comparable(spec.type, bound)), detail)
    except ValueError:
        return Check(code, None, detail)
