"""Printed forms that are no receipts: cards and packets, a line of text for each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from press.paper import Row, across, center


@dataclass(frozen=True)
class Form:
    """What is printed, and what a reader should find in it.

    A row of `rows` is text, with ` | ` between cells; `# ` before a large line in the middle,
    `---` for a rule, `[Code128 TEXT]` for a barcode by its format, an empty line for a gap.
    """

    rows: str
    retailer: str
    purchased_on: date
    columns: int = 42
    face: str = "sans"
    country: str = "fr"

    def laid_out(self) -> list[Row]:
        return list(self._rows())

    def _rows(self) -> Iterator[Row]:
        for line in self.rows.splitlines():
            if not line.strip():
                yield Row(kind="gap", height=0.6)
            elif line.startswith("---"):
                yield Row(kind="rule")
            elif line.startswith("["):
                yield Row(kind="barcode", code=line.strip("[]"))
            elif line.startswith("# "):
                yield center(line[2:], wide=2, tall=2, bold=True)
            else:
                yield across(line.split(" | "))

    def expected(self) -> dict[str, Any]:
        return {
            "retailer": self.retailer,
            "purchased_on": self.purchased_on.isoformat(),
            "country": self.country.upper(),
        }
