"""Confirmed values of documents, from a file that a person wrote or a labelled set brings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from preuve.reading.template.drafting.values import Sold, Values

FORMATS = (".jsonl", ".json", ".yaml", ".yml")


class ValuesError(Exception):
    remedy = (
        "Write one object a document: file, retailer, purchased_on (2026-03-31), total (12.50), "
        "currency (EUR), items with amount and description; what nobody knows is left out."
    )


class _Item(BaseModel):
    amount: Decimal
    description: str | None = None
    quantity: Decimal | None = None


class _Label(BaseModel):
    file: str | None = None
    files: tuple[str, ...] = ()
    retailer: str | None = None
    purchased_on: date | None = None
    total: Decimal | None = None
    currency: str | None = None
    country: str | None = None
    items: tuple[_Item, ...] | None = None


def values_of(label: Mapping[str, Any]) -> Values:
    """The values that a label holds, whatever else stands in it. Raises ValidationError."""
    read = _Label.model_validate(label)
    items = None
    if read.items is not None:
        items = tuple(Sold(i.amount, i.description, i.quantity) for i in read.items)
    return Values(
        retailer=read.retailer,
        purchased_on=read.purchased_on,
        total=read.total,
        currency=read.currency,
        country=read.country,
        items=items,
    )


def confirmed(path: Path, documents: Sequence[Path]) -> list[Values]:
    """The values of each document, found by its file's name.

    One object without a file's name is the only document's. Raises ValuesError.
    """
    known: dict[str, Values] = {}
    for place, label in _labels(path):
        try:
            values = values_of(label)
        except ValidationError as failure:
            raise ValuesError("\n".join(_told(place, failure))) from failure
        for name in _names(label):
            known[Path(name).name] = values
    if set(known) == {""} and len(documents) == 1:
        return [known[""]]
    missing = [document.name for document in documents if document.name not in known]
    if missing:
        has = ", ".join(sorted(filter(None, known))) or "no file's name"
        raise ValuesError(f"{path} has no values for {', '.join(missing)}; it has {has}.")
    return [known[document.name] for document in documents]


def _told(place: str, failure: ValidationError) -> Iterator[str]:
    for error in failure.errors(include_url=False):
        field = ".".join(str(step) for step in error["loc"])
        said = f"{error['msg'][:1].lower()}{error['msg'][1:]}"
        yield f"{place}: {field}: {said}, not {error['input']!r}"


def _names(label: Mapping[str, Any]) -> list[str]:
    if isinstance(label.get("files"), list):
        return [str(name) for name in label["files"]]
    return [str(label.get("file") or "")]


def _labels(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each object with where it stands, for messages."""
    if path.suffix.lower() not in FORMATS:
        raise ValuesError(f"{path} is none of {', '.join(FORMATS)}.")
    try:
        text = path.read_text("utf-8")
        if path.suffix.lower() == ".jsonl":
            for number, line in enumerate(text.splitlines(), 1):
                if line.strip():
                    yield _object(f"{path}, line {number}", json.loads(line))
            return
        data = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except json.JSONDecodeError as failure:
        raise ValuesError(f"{path}, line {failure.lineno}: {failure.msg}") from failure
    except yaml.MarkedYAMLError as failure:
        at = failure.problem_mark.line + 1 if failure.problem_mark else 1
        raise ValuesError(f"{path}, line {at}: {failure.problem}") from failure
    except (OSError, UnicodeDecodeError) as failure:
        raise ValuesError(f"{path} cannot be read: {failure}") from failure
    entries = data if isinstance(data, list) else [data]
    if isinstance(data, dict) and data and all(isinstance(one, dict) for one in data.values()):
        entries = [{"file": name, **one} for name, one in data.items()]
    for number, entry in enumerate(entries, 1):
        yield _object(f"{path}, entry {number}" if len(entries) > 1 else str(path), entry)


def _object(place: str, entry: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(entry, dict):
        raise ValuesError(f"{place}: this is no object with values: {entry!r}")
    return place, entry
