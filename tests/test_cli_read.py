"""`preuve read`: JSON lines, the picture in the terminal, overlays, and files that fail."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

from cli.lane import Lane, LaneDiedError, LaneLateError, LaneStartError
from cli.main import app
from cli.overlay import COLORS, draw
from cli.predictions import prediction
from cli.read import documents, read_all
from cli.reader import Outcome, Request
from cli.show import picture
from preuve.reading.page import Box, Page, Row, Word
from preuve.reading.result import (
    Candidate,
    Check,
    Field,
    Item,
    MatchResult,
    Place,
    Reading,
    Reason,
    Retailer,
    TaxLine,
    Tender,
    Value,
    Verdict,
)
from preuve.reasons import ReasonCode
from preuve.settings import REPOSITORY

SAMPLES = REPOSITORY / "samples" / "images"

# Taken lying on its left side: upright x runs down the original, upright y to its left.
PAGE = Page(
    number=1,
    width=400,
    height=800,
    rows=(Row((Word("SUPERVAL", Box(100, 20, 300, 60), 0.98, "test"),)),),
    source="ocr",
    original_width=1000,
    original_height=600,
    to_original=(0, -1, 900, 1, 0, 100, 0, 0, 1),
    turned=90,
    engine="test 1",
)
TOTAL = Place(1, Box(200, 500, 300, 540))
READING = Reading(
    kind="receipt",
    language="fr",
    match=MatchResult("fr.superval", "3", 0.9, ("its name",), ("fr.autre 0.2",)),
    country="FR",
    currency=Value("EUR", 0.99, "base.fr: sign"),
    retailer=Value(Retailer("SUPERVAL", "fr.superval"), 0.97, "name", "SUPERVAL"),
    purchased_on=Value(date(2026, 11, 3), 0.95, "beside a time"),
    purchased_at=Value(clock(18, 43), 0.8, "beside the date"),
    total=Value(
        Decimal("12.50"),
        0.98,
        'base.fr: labels.total "total"',
        place=TOTAL,
        rejected=(Candidate("11.40", 0.3, "net"),),
    ),
    items=(
        Item("2 PAIN", "PAIN [bio]", Decimal("3.10"), quantity=Decimal("2.000"), confidence=0.9),
        Item("REMISE", "REMISE", Decimal("-0.60"), "discount", confidence=0.4),
    ),
    taxes=(TaxLine(Decimal("5.5"), Decimal("0.65"), Decimal("11.85"), Decimal("12.50")),),
    tenders=(Tender("card", "CARTE", Decimal("12.50")),),
    checks=(
        Check("items", False, "items make 2.50"),
        Check("taxes", True),
        Check("change", None),
    ),
)
VERDICT = Verdict("doubtful", 0.6, (Reason(ReasonCode.ITEMS_DO_NOT_ADD_UP, "items"),))


def worker_that_may_die() -> Callable[[Any], Any]:
    """Made inside a lane's process, so it stands at the top of the module."""

    def work(request: Request) -> Outcome:
        if request.files[0].name == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if request.files[0].name == "hang":
            time.sleep(60)
        if request.files[0].name == "fault":
            raise KeyError("what")
        os.write(1, b"noise of a native library\n")
        return Outcome(request.name, float(os.getpid()))

    return work


def worker_that_cannot_be() -> Callable[[Any], Any]:
    raise RuntimeError("no such engine")


def request(name: str) -> Request:
    return Request((Path(name),))


def test_a_templates_own_fields_are_shown_in_line_picture_and_overlay() -> None:
    serial = Value(
        "QE24", 0.97, "demo: fields.serial", "QE 24", TOTAL, (Candidate("0E24", 1, "x"),)
    )
    fields = (
        Field(
            "serial", "Numéro de série", "code", True, value=serial, checks=(Check("luhn", False),)
        ),
        Field("model", "Modèle", "text", required=True),
    )
    card = replace(READING, kind="warranty_card", requires=("purchased_on",), fields=fields)
    line = json.loads(json.dumps(prediction("a.jpg", (PAGE,), card, VERDICT)))
    assert line["kind"] == "warranty_card"
    assert [(f["name"], f["value"]) for f in line["fields"]] == [
        ("serial", "QE24"),
        ("model", None),
    ]
    assert line["fields"][0]["box"]["page"] == 1
    assert line["fields"][0]["rejected"] == [{"text": "0E24", "score": 1, "why": "x"}]
    assert line["fields"][0]["checks"][0]["passed"] is False
    out = Console(file=io.StringIO(), width=100)
    out.print(picture("a.jpg", (PAGE,), card, VERDICT, 1.0))
    assert isinstance(out.file, io.StringIO)
    shown = out.file.getvalue()
    assert "Numéro de série" in shown
    assert "luhn fails" in shown
    assert "not found" in next(row for row in shown.splitlines() if "Modèle" in row)
    plain = draw([Image.new("RGB", (1000, 600), "white")], (PAGE,), READING, VERDICT)[0]
    drawn = draw([Image.new("RGB", (1000, 600), "white")], (PAGE,), card, VERDICT)[0]
    color = tuple(bytes.fromhex(COLORS["field"][1:]))
    assert color not in {found for _, found in plain.getcolors(1 << 24)}
    assert color in {found for _, found in drawn.getcolors(1 << 24)}


def test_line_has_the_scored_fields_as_text() -> None:
    line = json.loads(json.dumps(prediction("a.jpg", (PAGE,), READING, VERDICT, 1.2345)))
    assert line["file"] == "a.jpg"
    assert (line["retailer"], line["retailer_key"]) == ("SUPERVAL", "fr.superval")
    assert (line["purchased_on"], line["purchased_at"]) == ("2026-11-03", "18:43:00")
    assert (line["total"], line["currency"], line["accepted"]) == ("12.50", "EUR", False)
    assert [i["description"] for i in line["items"]] == ["PAIN [bio]", "REMISE"]
    assert [(i["quantity"], i["amount"]) for i in line["items"]] == [(2, "3.10"), (None, "-0.60")]
    assert line["confidences"]["total"] == 0.98
    assert line["rejected"]["total"] == [{"text": "11.40", "score": 0.3, "why": "net"}]
    assert line["reasons"] == [{"code": "items_do_not_add_up", "field": "items", "detail": ""}]
    assert line["receipt_number"] is None
    assert line["seconds"] == 1.234


def test_boxes_lie_on_the_original_picture() -> None:
    line = prediction("a.jpg", (PAGE,), READING, VERDICT)
    assert line["boxes"]["total"] == {
        "page": 1,
        "corners": [[400.0, 300.0], [400.0, 400.0], [360.0, 400.0], [360.0, 300.0]],
    }


def test_accepted_is_trusted() -> None:
    assert prediction("a", (PAGE,), READING, Verdict("trusted", 0.9))["accepted"] is True


@pytest.mark.parametrize("width", [70, 100, 160])
def test_picture_fits_the_terminal_and_says_everything(width: int) -> None:
    said = io.StringIO()
    Console(file=said, width=width).print(picture("a.jpg", (PAGE,), READING, VERDICT, 1.2))
    text = said.getvalue()
    assert max(len(line) for line in text.splitlines()) == width
    for value in ("SUPERVAL", "2026-11-03", "12.50", "98%", "PAIN [bio]", "-0.60", "5.5", "CARTE"):
        assert value in text
    for sign in ("✗  items", "✓  taxes", "–  change", "? Doubtful", "turned 90°"):
        assert sign in text
    assert "fr.superval" in text


def test_overlay_stands_upright_with_a_box_where_the_total_is() -> None:
    original = Image.new("RGB", (1000, 600), "white")
    (sheet,) = draw([original], (PAGE,), READING, VERDICT)
    assert sheet.width > 600
    assert sheet.height > 1000
    strip = sheet.height - 1000
    color = tuple(int(COLORS["total"][at : at + 2], 16) for at in (1, 3, 5))
    # 400, 300 on the original, after a quarter turn against the clock: x = y, y = width - x.
    assert sheet.getpixel((300, strip + 600)) == color
    assert sheet.getpixel((300, strip + 560)) != color


def test_folders_stand_for_their_documents(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.pdf", "notes.txt", "sub/c.heic"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = documents([tmp_path, Path("other.bin")])
    names = [path.name for path in found]
    assert names == ["a.pdf", "b.JPG", "c.heic", "other.bin"]


def test_crash_costs_one_document_and_keeps_the_order() -> None:
    names = ["a", "crash", "b", "c", "crash", "d"]
    with Lane(worker_that_may_die) as one, Lane(worker_that_may_die) as two:
        outcomes = list(read_all([one, two], [request(name) for name in names]))
    assert [outcome.file for outcome in outcomes] == names
    problems = [outcome.problem.code if outcome.problem else None for outcome in outcomes]
    assert problems == [None, "reader_crashed", None, None, "reader_crashed", None]


def test_lane_gives_up_what_takes_too_long_and_goes_on() -> None:
    with Lane(worker_that_may_die) as lane:
        before = lane.call(request("a")).seconds
        with pytest.raises(LaneLateError, match=r"0\.2 seconds"):
            lane.call(request("hang"), seconds=0.2)
        assert lane.call(request("b")).seconds != before


def test_lane_passes_on_faults_and_lives() -> None:
    with Lane(worker_that_may_die) as lane:
        before = lane.call(request("a")).seconds
        with pytest.raises(KeyError, match="what"):
            lane.call(request("fault"))
        assert lane.call(request("b")).seconds == before


def test_lane_says_how_its_process_ended() -> None:
    with Lane(worker_that_may_die) as lane, pytest.raises(LaneDiedError, match="SIGSEGV"):
        lane.call(request("crash"))


def test_lane_that_cannot_start_says_why() -> None:
    with Lane(worker_that_cannot_be) as lane, pytest.raises(LaneStartError, match="no such engine"):
        lane.call(request("a"))


def test_lane_keeps_to_its_processor() -> None:
    core = max(os.sched_getaffinity(0))
    with Lane(affinity, core=core) as lane:
        assert lane.call() == {core}


def affinity() -> Callable[[], set[int]]:
    return lambda: os.sched_getaffinity(0)


def test_documents_are_read_and_bad_ones_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((SAMPLES / "02_fr_boulangerie.jpg").read_bytes()[:2000])
    files = [
        SAMPLES / "20_fr_ticket_mail.pdf",
        tmp_path / "missing.jpg",
        SAMPLES / "02_fr_boulangerie.jpg",
        broken,
    ]
    folder = tmp_path / "drawn"
    arguments = ["read", "--jsonl", "--jobs", "2", "--overlay", str(folder), "--received"]
    result = CliRunner().invoke(app, [*arguments, "2026-11-21", *map(str, files)])
    assert result.exit_code == 1, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in files]
    codes = [line["error"]["code"] if "error" in line else None for line in lines]
    assert codes == [None, "cannot_open", None, "damaged_file"]
    for line in (lines[0], lines[2]):
        expected = json.loads(Path(line["file"]).with_suffix(".expected.json").read_text())
        assert line["total"] == expected["total"]
        assert line["purchased_on"] == expected["purchased_on"]
        assert line["seconds"] > 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "02_fr_boulangerie.jpg",
        "20_fr_ticket_mail.jpg",
    ]


def test_invalid_templates_are_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("template: fr.bad\nname: Bad\nextends: base.nope\n")
    sample = str(SAMPLES / "20_fr_ticket_mail.pdf")
    result = CliRunner().invoke(app, ["read", sample, "--templates", str(tmp_path)])
    assert result.exit_code == 2
    assert "base.nope" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_engine_that_is_none_is_told_with_those_that_are() -> None:
    result = CliRunner().invoke(app, ["read", "a.jpg", "--engine", "foo"])
    assert result.exit_code == 2
    assert "'rapidocr'" in result.stderr
    assert "'tesseract'" in result.stderr


def test_templates_are_checked_with_file_and_line(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["templates", "check"]).exit_code == 0
    (tmp_path / "bad.yaml").write_text("template: fr.bad\nname: Bad\nextends: base.nope\n")
    result = CliRunner().invoke(app, ["templates", "check", str(tmp_path)])
    assert result.exit_code == 1
    assert "bad.yaml:3" in result.stdout
