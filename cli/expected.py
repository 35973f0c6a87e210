"""Whether a document came out as its expected file says, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cli.scoring import cents, same_retailer
from cli.send import Json, Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is not what it should be."""

    cell: str
    want: str
    got: str

    def __str__(self) -> str:
        return f"{self.cell}: expected {self.want}, got {self.got}"


def differences(outcome: Outcome) -> list[Difference]:
    """Every cell that differs. A cell that the expected file leaves out, or has as null, may be
    anything; a document without an expected file has no difference."""
    expected = outcome.document.expected
    return [] if expected is None else list(_compare(expected, outcome))


def _compare(expected: Json, outcome: Outcome) -> Iterator[Difference]:
    if outcome.problem:
        yield Difference("upload", "a receipt", f"refused ({outcome.problem['code']})")
        return
    if expected.get("retailer"):
        retailer = outcome.value("retailer")
        name = retailer["name"] if retailer else None
        if not same_retailer(expected["retailer"], name):
            yield Difference("retailer", repr(expected["retailer"]), repr(name))
    yield from _header(expected, outcome)
    yield from _own_fields(expected, outcome)
    if expected.get("items") is not None:
        yield from _items(expected["items"], outcome.items)
    for cell, got in (("status", outcome.status), ("points", outcome.points)):
        if expected.get(cell) is not None and expected[cell] != got:
            yield Difference(cell, str(expected[cell]), str(got))
    lacking = [code for code in expected.get("reasons") or () if code not in outcome.reasons]
    if lacking:
        got = ", ".join(outcome.reasons) or "none"
        yield Difference("reasons", f"{', '.join(lacking)} among them", got)


def _header(expected: Json, outcome: Outcome) -> Iterator[Difference]:
    for cell, fold in (("purchased_on", str), ("purchased_at", _minute), ("currency", str)):
        want, got = expected.get(cell), outcome.value(cell)
        if want is not None and (got is None or fold(want) != fold(got)):
            yield Difference(cell, str(want), str(got))
    want, got = expected.get("total"), outcome.value("total")
    if want is not None and cents(want) != cents(got):
        yield Difference("total", str(want), str(got))


def _own_fields(expected: Json, outcome: Outcome) -> Iterator[Difference]:
    """The kind of document, and the fields of its template's own."""
    reading = outcome.receipt.get("reading") or {}
    if expected.get("kind") and expected["kind"] != reading.get("kind"):
        yield Difference("kind", expected["kind"], str(reading.get("kind")))
    got = {f["name"]: f["value"]["value"] for f in reading.get("fields", ()) if f["value"]}
    for name, want in (expected.get("fields") or {}).items():
        if want != got.get(name):
            yield Difference(name, want, got.get(name, "nothing"))


def _minute(time: str) -> str:
    return time[:5]


def _items(want: list[Json], got: list[Json]) -> Iterator[Difference]:
    if len(want) != len(got):
        yield Difference("number of items", str(len(want)), str(len(got)))
    wanted, found = (Counter(cents(item["amount"]) for item in items) for items in (want, got))
    if wanted != found:
        yield Difference("item amounts", _amounts(wanted - found), _amounts(found - wanted))


def _amounts(counted: Counter[Any]) -> str:
    return ", ".join(f"{cent / 100:.2f}" for cent in counted.elements()) or "none more"
