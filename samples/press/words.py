"""What tills print, by country: labels, number and date forms, from words.yaml."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SAMPLES = Path(__file__).parents[1]


@cache
def words(country: str) -> dict[str, Any]:
    """The lists of one country; the first entry of each is the plain one."""
    every: dict[str, dict[str, Any]] = yaml.safe_load((SAMPLES / "words.yaml").read_text("utf-8"))
    return every[country]


@cache
def shops() -> dict[str, Any]:
    """The invented shops of every country."""
    found: dict[str, Any] = yaml.safe_load((SAMPLES / "shops.yaml").read_text("utf-8"))
    return found


def written(amount: Decimal, country: str, places: int | None = None) -> str:
    """The amount as the country writes it: 1234.5 is `1 234,50` in France."""
    spoken = words(country)
    if places is None:
        places = spoken.get("places", 2)
    text = f"{amount:,.{places}f}"
    return (
        text.replace(",", "\0").replace(".", spoken["decimal"]).replace("\0", spoken["thousands"])
    )


def dated(day: date, form: str, country: str) -> str:
    """The day in a strftime form, with the country's own names of months."""
    spoken = words(country)
    short = spoken["short_months"][day.month - 1]
    form = form.replace("{month}", spoken["months"][day.month - 1])
    form = form.replace("{MON}", short).replace("{Mon}", short.capitalize())
    return day.strftime(form.replace("%b", short.capitalize()))


def timed(moment: time, form: str) -> str:
    return moment.strftime(form)
