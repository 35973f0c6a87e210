"""How right a prediction is, judged against a label by the benchmark's rules.

One receipt gives `Marks`; marks add up to a `Score`, and scores of several sets add up too.

total         equal to the cent
purchased_on  the same ISO date
currency      the same code
retailer      alike to at least 0.90 once case, accents and all but letters and digits are
              folded away; or whole words of one stand in the other: the prediction (at most 80
              characters) begins with the label, or the label is at least a third of it, or the
              prediction stands in the label and is at least half of it
items         paired one to one, most alike first: the amount equal to the cent, the description
              alike to at least 0.70 where it is labelled; rows of amount zero do not count;
              of the pairs with a labelled quantity those that have just this one
header        retailer, date and total all right, where all three are labelled
accepted      of the receipts accepted with no human and with a labelled total, how many have
              total and date right, and how many the retailer too; of those accepted with a
              retailer, how many have it right
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz

Record = Mapping[str, Any]

FIELDS = ("retailer", "retailer_exact", "purchased_on", "total", "currency", "header")
ALIKE_RETAILER = 90.0
ALIKE_ITEM = 70.0
LONGEST_RETAILER = 80


@dataclass(frozen=True, slots=True)
class Tally:
    right: int = 0
    of: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.of + other.of)

    @property
    def share(self) -> float | None:
        return self.right / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Items:
    """Rows that were paired, rows that the label has, rows that the prediction has; of the pairs
    whose quantity is labelled, how many have it right."""

    paired: int = 0
    labelled: int = 0
    predicted: int = 0
    quantity: Tally = Tally()

    def __add__(self, other: Items) -> Items:
        return Items(
            self.paired + other.paired,
            self.labelled + other.labelled,
            self.predicted + other.predicted,
            self.quantity + other.quantity,
        )

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, or None where no item was labelled."""
        if not self.labelled:
            return None
        return 2 * self.paired / (self.labelled + self.predicted)


@dataclass(frozen=True, slots=True)
class Marks:
    """One receipt: whether each labelled field is right, its items, and what acceptance cost.

    `safe` (total and date right) and `whole` (the retailer too) are None where an acceptance
    of this receipt cannot be judged because its total is not labelled; `named` (the retailer
    alone) where none was read or none is labelled.
    """

    right: Mapping[str, bool]
    items: Items | None
    accepted: bool
    safe: bool | None
    whole: bool | None
    named: bool | None = None


@dataclass(frozen=True)
class Score:
    receipts: int = 0
    fields: Mapping[str, Tally] = field(default_factory=dict)
    items: Items = Items()
    accepted: int = 0
    safe: Tally = Tally()
    whole: Tally = Tally()
    named: Tally = Tally()

    def __add__(self, other: Score) -> Score:
        names = [name for name in FIELDS if name in self.fields or name in other.fields]
        return Score(
            self.receipts + other.receipts,
            {n: self.fields.get(n, Tally()) + other.fields.get(n, Tally()) for n in names},
            self.items + other.items,
            self.accepted + other.accepted,
            self.safe + other.safe,
            self.whole + other.whole,
            self.named + other.named,
        )

    @classmethod
    def of(cls, marks: Iterable[Marks]) -> Score:
        total = cls()
        for one in marks:
            judged = one.accepted and one.safe is not None
            total += cls(
                1,
                {name: Tally(int(right), 1) for name, right in one.right.items()},
                one.items or Items(),
                int(judged),
                Tally(int(bool(one.safe)), 1) if judged else Tally(),
                Tally(int(bool(one.whole)), 1) if judged else Tally(),
                Tally(int(one.named), 1) if judged and one.named is not None else Tally(),
            )
        return total


def mark(label: Record, prediction: Record) -> Marks:
    """Judge one prediction; an empty one stands for a document that gave none."""
    right: dict[str, bool] = {}
    if "retailer" in label:
        said = prediction.get("retailer")
        right["retailer"] = same_retailer(label["retailer"], said)
        right["retailer_exact"] = folded(label["retailer"]) == folded(said)
    if "purchased_on" in label:
        right["purchased_on"] = label["purchased_on"] == prediction.get("purchased_on")
    if "total" in label:
        right["total"] = cents(label["total"]) == cents(prediction.get("total"))
    if "currency" in label:
        right["currency"] = label["currency"] == prediction.get("currency")
    header = [right.get(name) for name in ("retailer", "purchased_on", "total")]
    if None not in header:
        right["header"] = all(header)
    safe, whole = _acceptance(label, right)
    return Marks(
        right=right,
        items=_items(label["items"], prediction.get("items")) if "items" in label else None,
        accepted=bool(prediction.get("accepted")),
        safe=safe,
        whole=whole,
        named=right.get("retailer") if prediction.get("retailer") else None,
    )


def same_retailer(label: str, said: str | None) -> bool:
    want, got = folded(label), folded(said)
    if not want or not got:
        return False
    if want == got or fuzz.ratio(want, got) >= ALIKE_RETAILER:
        return True
    at = _position(_words(label), _words(said))
    begins = at == 0 and len(str(said)) <= LONGEST_RETAILER
    if begins or (at is not None and 3 * len(want) >= len(got)):
        return True
    return _position(_words(said), _words(label)) is not None and 2 * len(got) >= len(want)


def folded(text: object) -> str:
    """The text's letters and digits alone, without case or accents."""
    return "".join(_words(text))


def cents(amount: object) -> int | None:
    """The amount in hundredths, or None where it is no number."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return None
    return int((value * 100).to_integral_value()) if value.is_finite() else None


def _acceptance(label: Record, right: Mapping[str, bool]) -> tuple[bool | None, bool | None]:
    if label.get("expect") == "not_accepted":
        return False, False
    if "total" not in label:
        return None, None
    safe = right["total"] and right.get("purchased_on", True)
    return safe, safe and right.get("retailer", True)


def _items(labelled: Sequence[Record], predicted: Sequence[Record] | None) -> Items:
    want, got = _priced(labelled), _priced(predicted or ())
    pairs = [
        (alike, w, g)
        for w, label in enumerate(want)
        for g, item in enumerate(got)
        if cents(label["amount"]) == cents(item["amount"])
        and (alike := _alike(label.get("description"), item.get("description"))) >= ALIKE_ITEM
    ]
    taken: dict[int, int] = {}
    for _, w, g in sorted(pairs, reverse=True):
        if w not in taken and g not in taken.values():
            taken[w] = g
    counted = [(want[w], got[g]) for w, g in taken.items() if want[w].get("quantity") is not None]
    right = sum(_quantity(label) == _quantity(item) for label, item in counted)
    return Items(len(taken), len(want), len(got), Tally(right, len(counted)))


def _quantity(item: Record) -> Decimal:
    """How many there are: one where nothing is said of it."""
    said = item.get("quantity")
    return Decimal(1) if said is None else Decimal(str(said))


def _alike(label: str | None, said: str | None) -> float:
    return fuzz.ratio(folded(label), folded(said)) if label else 100.0


def _priced(items: Sequence[Record]) -> list[Record]:
    return [item for item in items if cents(item.get("amount"))]


def _words(text: object) -> list[str]:
    plain = unicodedata.normalize("NFKD", str(text or "")).casefold()
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))


def _position(part: list[str], whole: list[str]) -> int | None:
    """Where the words of `part` stand side by side in `whole`."""
    starts = range(len(whole) - len(part) + 1)
    return next((at for at in starts if whole[at : at + len(part)] == part), None)
