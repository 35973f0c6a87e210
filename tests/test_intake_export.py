"""Exports: every row that the list has, as files that other programs read back the same."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from cli.main import app
from preuve.intake import Filters, Status, list_receipts
from preuve.intake.overview.export import COLUMNS, Sheet, export_rows
from preuve.loyalty import Program
from preuve.reading.result import Field, Retailer
from preuve.reasons import ReasonCode
from preuve.sheets import EXCEL_FR, PLAIN, Cell, Column, csv_stream, parquet_stream
from preuve.store import Ground
from tests.conftest import Wakes
from tests.factories import doubtful, item, reading, send, value, work
from tests.shop import Shop

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 3, 14, 18, 0, 5, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x","y")'


def exported(ground: Ground, program: Program, sheet: Sheet) -> list[dict[str, Cell]]:
    names = [column.name for column in COLUMNS[sheet]]
    batches = export_rows(ground, program.program, Filters(), sheet)
    return [dict(zip(names, row, strict=True)) for rows in batches for row in rows]


def test_a_receipt_and_its_items_are_exported_as_they_were_read(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    sent = send(ground, program, wakes)
    own = Field("serial", "Série", "text", value=value("A-17"))
    items = (
        item("POMMES", "1.23", quantity=Decimal("0.512"), product_code="3017620422003"),
        item("REMISE", "-0.50", kind="discount"),
    )
    read = reading(retailer=Retailer("Superval", "fr.superval"), items=items, fields=(own,))
    work(ground, program, sent, read, doubtful(ReasonCode.NO_DATE, ReasonCode.NO_TOTAL))
    waiting = send(ground, program, wakes)

    first, second = exported(ground, program, "receipts")
    rows = exported(ground, program, "items")

    assert {first["receipt_id"], second["receipt_id"]} == {sent, waiting}
    told = first if first["receipt_id"] == sent else second
    assert told["reasons"] == "no_date no_total"
    assert (told["retailer_key"], told["retailer_name"]) == ("fr.superval", "Superval")
    assert (told["total"], told["purchased_on"]) == (Decimal("12.50"), date(2026, 3, 13))
    assert (told["purchased_at"], told["items"], told["fields"]) == ("18:42", 2, "serial=A-17")
    assert [(row["position"], row["kind"], row["amount"], row["quantity"]) for row in rows] == [
        (1, "product", Decimal("1.23"), Decimal("0.512")),
        (2, "discount", Decimal("-0.50"), None),
    ]
    assert {row["receipt_id"] for row in rows} == {sent}


def test_every_receipt_of_the_list_is_exported_once(
    ground: Ground, program: Program, wakes: Wakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("preuve.intake.overview.export.BATCH", 2)
    for _ in range(5):
        send(ground, program, wakes)
    listed = [one.id for one in list_receipts(ground, program.program).receipts]

    assert [row["receipt_id"] for row in exported(ground, program, "receipts")] == listed
    some = export_rows(ground, program.program, Filters(), "receipts", most=3)
    assert [row[0] for rows in some for row in rows] == listed[:3]
    none = Filters(statuses=(Status.VALID,))
    assert list(export_rows(ground, program.program, none, "receipts")) == []


COLUMNS_OF_EACH_KIND = (
    Column("text"),
    Column("whole", "whole"),
    Column("amount", "amount"),
    Column("share", "share"),
    Column("flag", "flag"),
    Column("day", "day"),
    Column("moment", "moment"),
)
ROW: list[Cell] = ["Crème; 250 g", -3, Decimal("-12.5"), 0.25, True, date(2026, 3, 1), AT]


def written(cells: list[Cell], excel: bool) -> str:
    form = EXCEL_FR if excel else PLAIN
    pieces = csv_stream(COLUMNS_OF_EACH_KIND, [[cells]], form, PARIS)
    return b"".join(pieces).decode("utf-8")


def test_a_french_spreadsheet_opens_it_with_a_double_click() -> None:
    told = written(ROW, excel=True)

    assert told.startswith("\ufefftext;whole;")
    assert told.endswith('\r\n"Crème; 250 g";-3;-12,5;0,25;1;2026-03-01;2026-03-14 19:00:05\r\n')


def test_a_program_reads_it_by_the_standard() -> None:
    (_, row) = csv.reader(io.StringIO(written(ROW, excel=False)))

    assert row == [
        *("Crème; 250 g", "-3", "-12.5", "0.25", "1", "2026-03-01"),
        "2026-03-14T19:00:05+01:00",
    ]


@pytest.mark.parametrize("text", [EVIL, "+33 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
@pytest.mark.parametrize("excel", [True, False])
def test_no_text_becomes_a_formula(text: str, excel: bool) -> None:
    separator = ";" if excel else ","
    told = written([text, None, None, None, None, None, None], excel).lstrip("\ufeff")
    (_, row) = csv.reader(io.StringIO(told, newline=""), delimiter=separator)

    assert row[0] == f"'{text}"


def test_odd_characters_break_no_file() -> None:
    cells: list[Cell] = ["a\0b\ud800", None, Decimal("1.23456789"), None, False, None, None]

    assert ",ab?,"[1:] in written(cells, excel=False).replace("\r\n", ",")
    table = parquet.read_table(
        io.BytesIO(b"".join(parquet_stream(COLUMNS_OF_EACH_KIND, [[cells]])))
    )
    assert table.to_pylist()[0]["amount"] == Decimal("1.2346")


def test_parquet_keeps_every_value_and_its_type() -> None:
    batches = [[ROW] * 700] * 30
    pieces = list(parquet_stream(COLUMNS_OF_EACH_KIND, batches))

    table = parquet.read_table(io.BytesIO(b"".join(pieces)))

    assert (table.num_rows, len(pieces)) == (21_000, 3)
    assert list(table.to_pylist()[20_999].values()) == [*ROW[:6], AT]
    assert [str(kind) for kind in table.schema.types] == [
        *("string", "int64", "decimal128(24, 4)", "double", "bool", "date32[day]"),
        "timestamp[us, tz=UTC]",
    ]


def test_an_export_without_rows_has_its_columns() -> None:
    assert b"".join(csv_stream(COLUMNS["items"], [], PLAIN, PARIS)).startswith(b"receipt_id,")
    table = parquet.read_table(io.BytesIO(b"".join(parquet_stream(COLUMNS["items"], []))))
    assert (table.num_rows, table.num_columns) == (0, len(COLUMNS["items"]))


def test_the_command_writes_what_was_chosen(shop: Shop, tmp_path: Path) -> None:
    picard = shop.sells("PICARD")
    shop.sells()
    run = CliRunner().invoke
    chosen = ["--program", "demo", "--search", "picard"]

    for name in ("some.csv", "some.parquet"):
        done = run(app, ["export", "receipts", str(tmp_path / name), *chosen])
        assert done.exit_code == 0, done.output
    (row,) = csv.DictReader((tmp_path / "some.csv").read_text("utf-8").splitlines())
    (same,) = parquet.read_table(tmp_path / "some.parquet").to_pylist()
    assert row["receipt_id"] == same["receipt_id"] == picard
    told = run(app, ["export", "items", "-", "--program", "demo", "--excel"])
    assert len(told.stdout.splitlines()) == 1 + 4

    assert run(app, ["export", "items", "a.xls", *chosen]).exit_code == 2
    unknown = run(app, ["export", "items", str(tmp_path / "a.csv"), "--program", "no"])
    assert (unknown.exit_code, "no program no" in unknown.stderr) == (2, True)
