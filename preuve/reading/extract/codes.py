"""What the codes on a paper say of the purchase: payloads whose form is public.

- Germany, `V0;…`: the code of a technical security device, DSFinV-K appendix I
- Austria, `_R1-…`: RKSV, appendix, number 12
- Portugal, `A:…*B:…`: Portaria 195/2020, technical specification of the QR code
- Spain, `…/ValidarQR?…`: Veri*Factu, Orden HAC/1177/2024; TicketBAI, `…?id=TBAI-…`
- Switzerland, `SPC`: QR-bill, SIX Implementation Guidelines 2.2, billing information by Swico
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from preuve.messages import say
from preuve.reading.page import Pages
from preuve.reading.result import Candidate, Place, Value

T = TypeVar("T")

_SURE = 0.97
_BERLIN = ZoneInfo("Europe/Berlin")
_AMOUNT = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_NUMBER = re.compile(r"[\w./ #-]{1,40}")
_SALES = ("Beleg", "AVRechnung")
_SWISS_AMOUNT, _SWISS_BILLING = 18, 31


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What one code says; None where its form has no place for it."""

    scheme: str
    purchased_on: date | None = None
    purchased_at: time | None = None
    total: Decimal | None = None
    receipt_number: str | None = None
    text: str = ""
    place: Place | None = None

    def value(self, one: T, rejected: tuple[Candidate, ...] = ()) -> Value[T]:
        """One of its facts as a value of the reading."""
        return Value(
            one, _SURE, say("code: {scheme}", scheme=self.scheme), self.text, self.place, rejected
        )


def read_facts(pages: Pages) -> CodeFacts | None:
    """What the paper's code says of the purchase; None where there is none, or where several
    codes contradict each other, as those of two receipts do."""
    found = [
        CodeFacts(
            facts.scheme,
            facts.purchased_on,
            facts.purchased_at,
            facts.total,
            facts.receipt_number,
            code.text,
            Place(page.number, code.box),
        )
        for page in pages
        for code in page.codes
        if (facts := facts_of(code.text)) is not None
    ]
    said = {(f.purchased_on, f.total, f.receipt_number) for f in found}
    return found[0] if len(said) == 1 else None


def facts_of(text: str) -> CodeFacts | None:
    """What one code's text says, or None where its form is not known or it is damaged."""
    for scheme, read in _SCHEMES:
        try:
            facts = read(text)
        except (ValueError, IndexError, KeyError, OverflowError):
            continue
        if facts is not None and _possible(*facts):
            return CodeFacts(scheme, *facts)
    return None


def _possible(day: date | None, _: time | None, total: Decimal | None, number: str | None) -> bool:
    """Anybody can print a code: what no till would write is not taken from one."""
    return (
        (day is None or 2000 <= day.year <= 2069)
        and (total is None or total > 0)
        and (number is None or bool(_NUMBER.fullmatch(number)))
    )


def _amount(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"{text!r} is no amount of money")
    return Decimal(text.replace(",", "."))


def digits_of_dates(pages: Pages) -> tuple[str, ...]:
    """The runs of digits in the codes, for looking up dates that were read elsewhere."""
    return tuple(
        run for page in pages for code in page.codes for run in re.findall(r"\d{8,}", code.text)
    )


def says_date(runs: tuple[str, ...], day: date) -> bool:
    """Whether one of the runs holds the day as tills write it into bars: six or eight digits."""
    if not runs:
        return False
    forms = (day.strftime(form) for form in ("%Y%m%d", "%d%m%Y", "%y%m%d", "%d%m%y"))
    return any(form in run for form in forms for run in runs)


Facts = tuple[date | None, time | None, Decimal | None, str | None]


def _german(text: str) -> Facts | None:
    version, _, kind, data, number, _, _, logged, *_ = text.split(";")
    sale, by_rate, _ = data.split("^")
    if version != "V0" or kind != "Kassenbeleg-V1" or sale not in _SALES:
        return None
    moment = datetime.fromisoformat(logged).astimezone(_BERLIN)
    total = sum((_amount(part) for part in by_rate.split("_")), Decimal(0))
    return moment.date(), moment.time().replace(microsecond=0), total, number


def _austrian(text: str) -> Facts | None:
    empty, suite, _, number, issued, *more = text.split("_")
    if empty or not suite.startswith("R1-"):
        return None
    moment = datetime.fromisoformat(issued)
    total = sum((_amount(part) for part in more[:5]), Decimal(0))
    return moment.date(), moment.time(), total, number


def _portuguese(text: str) -> Facts | None:
    fields = dict(part.split(":", 1) for part in text.split("*"))
    if not text.startswith("A:") or "H" not in fields:
        return None
    day = date.fromisoformat(fields["F"])
    return day, None, _amount(fields["O"]), fields["G"]


def _spanish(text: str) -> Facts | None:
    url = urlsplit(text)
    if not url.path.endswith(("/ValidarQR", "/ValidarQRNoVerifactu")):
        return None
    asked = parse_qs(url.query)
    day = datetime.strptime(asked["fecha"][0], "%d-%m-%Y").date()
    return day, None, _amount(asked["importe"][0]), asked["numserie"][0]


def _basque(text: str) -> Facts | None:
    asked = parse_qs(urlsplit(text).query)
    mark, _, day, *_ = asked["id"][0].split("-")
    if mark != "TBAI":
        return None
    on = datetime.strptime(day, "%d%m%y").date()
    return on, None, _amount(asked["i"][0]), asked["nf"][0]


def _swiss(text: str) -> Facts | None:
    lines = text.splitlines()
    if lines[0] != "SPC" or not lines[_SWISS_AMOUNT]:
        return None
    billing = lines[_SWISS_BILLING] if len(lines) > _SWISS_BILLING else ""
    day = re.search(r"^//S1/.*?/11/(\d{6})(?:/|$)", billing)
    number = re.search(r"^//S1/(?:.*/)?10/([^/]+)", billing)
    on = datetime.strptime(day[1], "%y%m%d").date() if day else None
    return on, None, _amount(lines[_SWISS_AMOUNT]), number[1] if number else None


_SCHEMES: tuple[tuple[str, Callable[[str], Facts | None]], ...] = (
    ("TSE", _german),
    ("RKSV", _austrian),
    ("ATCUD", _portuguese),
    ("Veri*Factu", _spanish),
    ("TicketBAI", _basque),
    ("QR-bill", _swiss),
)
