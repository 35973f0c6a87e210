"""What the console says, in each language: texts from `words/*.yaml`, numbers and days as written.

A text's key is its file's name and its path there: `receipts.title` is `title` in
`words/receipts.yaml`, where each language has its line. No text stands in Python. What the rooms
below tell in English (`preuve/messages.py`) is said by `told`, from `messages/<language>.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from babel import dates, numbers

from console.told import Told
from preuve.access import LANGUAGES

# A long list says the same days and amounts again and again, and babel takes its time.
format_date, format_datetime, format_time, format_currency, format_decimal, format_percent = (
    lru_cache(4096)(form)
    for form in (
        dates.format_date,
        dates.format_datetime,
        dates.format_time,
        numbers.format_currency,
        numbers.format_decimal,
        numbers.format_percent,
    )
)

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
QUOTES = {"fr": "« {} »", "en": "“{}”"}


class Words:
    """Texts and forms of one language. Any language but ours is taken as the first."""

    def __init__(self, language: str, zone: str = "UTC") -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.locale = LOCALES[self.language]
        self.zone = ZoneInfo(zone)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with `values` in its braces. Raises KeyError for an unknown key.

        A text that is counted has the forms `one` and `many`; `n` chooses between them.
        Whole numbers among `values` are written as the language writes them.
        """
        text = _texts()[key][self.language]
        if isinstance(text, Mapping):
            text = text["one" if self._is_one(values["n"]) else "many"]
        written = {
            name: self.number(value) if type(value) is int else value
            for name, value in values.items()
        }
        return str(text).format(**written) if values else str(text)

    def has(self, key: str) -> bool:
        return key in _texts()

    def told(self, message: str) -> str:
        """What a room tells, in this language; what has no form there stays as it is."""
        return _telling(self.language)(message)

    def number(self, value: int | float | Decimal) -> str:
        return str(format_decimal(value, locale=self.locale))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 0 to 1, as `87 %`."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        pattern += "\u202f%" if self.language == "fr" else "%"
        return str(format_percent(share, format=pattern, locale=self.locale))

    def money(self, amount: Decimal, currency: str | None) -> str:
        """An amount with its currency; without one, the bare number."""
        if currency is None:
            return str(format_decimal(amount, format="#,##0.00", locale=self.locale))
        return str(format_currency(amount, currency, locale=self.locale))

    def day(self, day: date) -> str:
        return str(format_date(day, format="medium", locale=self.locale))

    def short_day(self, day: date) -> str:
        """A day without its year, where it is plain."""
        return str(format_date(day, "d MMM", locale=self.locale))

    def moment(self, at: datetime) -> str:
        """Day and time on the program's clock."""
        return str(format_datetime(at, "d MMM y, HH:mm", tzinfo=self.zone, locale=self.locale))

    def time(self, at: datetime) -> str:
        return str(format_time(at, "HH:mm:ss", tzinfo=self.zone, locale=self.locale))

    def _is_one(self, count: object) -> bool:
        return count in (0, 1) if self.language == "fr" else count == 1


def keys() -> frozenset[str]:
    """Every key that there is a text for."""
    return frozenset(_texts())


@cache
def _texts() -> dict[str, dict[str, Any]]:
    folder = resources.files("console").joinpath("words")
    found: dict[str, dict[str, Any]] = {}
    for file in folder.iterdir():
        if file.name.endswith(".yaml"):
            tree = yaml.safe_load(file.read_text("utf-8")) or {}
            found.update(_leaves(tree, file.name.removesuffix(".yaml")))
    return found


@cache
def _telling(language: str) -> Told:
    file = resources.files("console").joinpath("messages", f"{language}.yaml")
    forms = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
    mark = numbers.get_decimal_symbol(LOCALES[language])
    return Told(forms, Words(language).day, mark, QUOTES[language])


def _leaves(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if set(tree) == set(LANGUAGES):
        yield path, dict(tree)
        return
    for name, below in tree.items():
        if not isinstance(below, Mapping):
            raise ValueError(f"{path}.{name}: needs a text for each of {', '.join(LANGUAGES)}")
        yield from _leaves(below, f"{path}.{name}")
