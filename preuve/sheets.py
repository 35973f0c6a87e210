"""Rows as files: CSV for spreadsheets and programs, Parquet for analysts; streamed.

Nothing is held but one batch, however many rows there are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pyarrow

Kind = Literal["text", "whole", "amount", "share", "flag", "day", "moment"]
Cell = str | int | Decimal | float | bool | date | datetime | None
Rows = Sequence[Sequence[Cell]]

DECIMALS = 4
"""Of amounts and quantities in Parquet files; what is printed has no more."""
ROW_GROUP = 10_000
"""Rows that a Parquet file holds together, and that are in memory at once."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so would be run by a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Column:
    """`amount` is a Decimal, `share` a float from 0 to 1, `moment` a time with its zone."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is written. `bom` tells Excel that the text is UTF-8."""

    separator: str
    decimal: str
    bom: bool


EXCEL_FR = CsvForm(";", ",", bom=True)
"""Opens in a French Excel or LibreOffice with a double click, columns and numbers right."""
PLAIN = CsvForm(",", ".", bom=False)
"""RFC 4180, for programs."""


def csv_stream(
    columns: Sequence[Column], batches: Iterable[Rows], form: CsvForm, zone: ZoneInfo
) -> Iterator[bytes]:
    """The file piece by piece. Times are told on the clock of `zone`.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=form.separator, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    yield (b"\xef\xbb\xbf" if form.bom else b"") + _taken(out)
    for rows in batches:
        writer.writerows([csv_cell(cell, form, zone) for cell in row] for row in rows)
        yield _taken(out)


def parquet_stream(columns: Sequence[Column], batches: Iterable[Rows]) -> Iterator[bytes]:
    """The file piece by piece: zstd, `ROW_GROUP` rows a group, times in UTC."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(column.name, _type(column.kind)) for column in columns])
    sink = _Sink()
    held: list[Sequence[Cell]] = []
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for rows in batches:
            held += rows
            if len(held) >= ROW_GROUP:
                writer.write_table(_table(held, schema))
                held = []
                yield sink.taken()
        if held:
            writer.write_table(_table(held, schema))
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that is written to its end only, and taken away in pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8", "replace")


def csv_cell(cell: Cell, form: CsvForm, zone: ZoneInfo) -> str:
    """One value as `csv_stream` writes it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.replace("\0", "")
        return f"'{text}" if text.startswith(FORMULA) else text
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        local = cell.astimezone(zone)
        return f"{local:%Y-%m-%d %H:%M:%S}" if form.bom else local.isoformat(timespec="seconds")
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", form.decimal)
    return str(cell).replace(".", form.decimal) if isinstance(cell, float) else str(cell)


def _type(kind: Kind) -> pyarrow.DataType:
    import pyarrow

    return {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "amount": pyarrow.decimal128(24, DECIMALS),
        "share": pyarrow.float64(),
        "flag": pyarrow.bool_(),
        "day": pyarrow.date32(),
        "moment": pyarrow.timestamp("us", tz="UTC"),
    }[kind]


def _table(rows: Rows, schema: pyarrow.Schema) -> pyarrow.Table:
    import pyarrow

    cells = zip(*rows, strict=True)
    arrays = [
        pyarrow.array([_fitting(cell) for cell in column], schema.field(at).type)
        for at, column in enumerate(cells)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _fitting(cell: Cell) -> Cell:
    """As Arrow takes it: decimals of no more digits than the column has, text without halves."""
    if isinstance(cell, Decimal):
        return cell.quantize(Decimal(1).scaleb(-DECIMALS))
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    return cell.astimezone(UTC) if isinstance(cell, datetime) else cell
