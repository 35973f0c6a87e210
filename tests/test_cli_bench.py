"""`preuve bench`: runs, kept words, diagrams and the generated part of the documentation."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import bench, benchmark, figures
from cli.benchmark import Labelled, NotLabelledError, Seen, Setup, labelled
from cli.chart import Axis, Series, svg
from cli.main import app
from cli.predictions import prediction
from cli.replay import Scored
from cli.scoring import mark
from cli.thresholds import costs
from cli.words import Words, settings_version
from preuve.reading.confidence import model
from preuve.reading.page import Alternative, Box, Page, Quality, Row, Word
from preuve.reading.result import Context, MatchResult, Reading, Retailer, Value, Verdict
from preuve.settings import REPOSITORY

SAMPLES = REPOSITORY / "samples" / "images"
SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments: object) -> Any:
    words = ["bench", *map(str, arguments), "--received", "2026-11-21"]
    return CliRunner().invoke(app, words, env={"COLUMNS": "120"})


def make_set(folder: Path, *labels: dict[str, Any]) -> Path:
    (folder / "images").mkdir(parents=True)
    for label in labels:
        shutil.copy(SAMPLES / Path(label["file"]).name, folder / "images")
    lines = "".join(json.dumps(label) + "\n" for label in labels)
    (folder / "labels.jsonl").write_text(lines)
    return folder


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    label = {"file": "images/20_fr_ticket_mail.pdf", "total": "23.10", "purchased_on": "2026-11-16"}
    return make_set(tmp_path / "mail", label)


def scored(name: str, retailer: float, total: float, right: bool, accepted: bool) -> Scored:
    """A receipt of 5.00 read as 5.00 or, where not right, as 6.00."""
    label = {"file": name, "retailer": "LIDL", "total": "5.00"}
    amount = "5.00" if right else "6.00"
    reading = Reading(
        kind="receipt",
        language="fr",
        match=MatchResult("base.fr", "1", 0.0),
        retailer=Value(Retailer("LIDL"), retailer, "test"),
        total=Value(Decimal(amount), total, "test"),
    )
    verdict = Verdict("trusted" if accepted else "doubtful", total)
    line = prediction(name, (), reading, verdict)
    document = Labelled("made", Path(name), label)
    return Scored(document, mark(label, line), line, reading, verdict)


def test_a_set_or_a_folder_of_sets(mail: Path) -> None:
    label = {"file": "images/02_fr_boulangerie.jpg", "total": "14.90"}
    make_set(mail.parent / "bakery", label, {**label, "total": "1.00"})
    assert [one.set for one in labelled(mail)] == ["mail"]
    assert [one.set for one in labelled(mail.parent)] == ["bakery", "bakery", "mail"]
    assert [one.set for one in labelled(mail.parent, limit=1)] == ["bakery", "mail"]
    with pytest.raises(NotLabelledError, match="images"):
        labelled(mail / "images")


def test_run_writes_predictions_diagrams_and_kept_words(mail: Path, tmp_path: Path) -> None:
    out, words = tmp_path / "out", tmp_path / "words"
    first = run(mail, "--no-stock", "--out", out, "--words", words)
    assert first.exit_code == 0, first.output
    assert "1/1" in first.stdout
    assert "receipts/s" in first.stdout
    assert "peak memory" in first.stdout
    line = json.loads((out / "mail.jsonl").read_text())
    assert (line["file"], line["total"]) == ("20_fr_ticket_mail.pdf", "23.10")
    assert (out / "mail.without.jsonl").is_file()
    for name in ("reliability.svg", "acceptance.svg"):
        assert ElementTree.parse(out / name).getroot().tag == f"{SVG}svg"

    again = run(mail, "--no-stock", "--out", tmp_path / "again", "--words", words)
    assert again.exit_code == 0, again.output
    assert "receipts/s" not in again.stdout
    second = json.loads((tmp_path / "again" / "mail.jsonl").read_text())
    assert second == {**line, "seconds": None}


def test_misses_are_listed_and_drawn(tmp_path: Path) -> None:
    label = {"file": "images/20_fr_ticket_mail.pdf", "total": "99.99"}
    folder, out = make_set(tmp_path / "wrong", label), tmp_path / "out"
    result = run(folder, "--no-stock", "--misses", "--out", out)
    assert result.exit_code == 0, result.output
    assert "total: want '99.99', got '23.10'" in result.stdout
    assert "wrong/20_fr_ticket_mail.pdf accepted" in result.stdout
    assert (out / "misses" / "wrong" / "20_fr_ticket_mail.jpg").is_file()


def test_file_that_cannot_be_read_is_a_miss(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "bad", {"file": "images/20_fr_ticket_mail.pdf", "total": "1.00"})
    (folder / "images" / "20_fr_ticket_mail.pdf").write_bytes(b"nothing of the kind")
    result = run(folder, "--no-stock", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "unsupported_file" in result.stdout
    assert "0/1" in result.stdout


def test_memory_is_that_of_so_many_documents(mail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def ask(_: object, path: Path) -> Seen:
        read.append(path)
        return Seen(seconds=1.0, peak=len(read))

    monkeypatch.setattr(benchmark, "_ask", ask)
    setup = Setup("rapidocr", (), Context(), at_least=5)
    (seen,) = benchmark.see_all(labelled(mail), setup, None, stock=False)
    # One more than asked for: the first document is read beforehand, to load the models.
    assert (len(read), seen.peak) == (6, 6)


@pytest.mark.slow
def test_stock_engines_read_the_same_pictures(tmp_path: Path) -> None:
    label = {"file": "images/02_fr_boulangerie.jpg", "total": "14.90"}
    result = run(make_set(tmp_path / "bakery", label), "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "stock rapidocr" in result.stdout
    assert "stock tesseract" in result.stdout


def test_docs_hold_what_was_measured(
    mail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "benchmarks.md"
    docs.write_text(f"# Before\n\n{bench.BEGIN}\n\nold figures\n\n{bench.END}\n\n## After\n")
    monkeypatch.setattr(bench, "DOCS", docs)
    result = run(mail, "--no-stock", "--write-docs", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    text = docs.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith("## After\n")
    assert "old figures" not in text
    assert "| mail | 1 |" in text


def test_docs_of_the_project_can_be_written() -> None:
    text = bench.DOCS.read_text("utf-8")
    assert text.index(bench.BEGIN) < text.index(bench.END)


def test_words_come_back_as_they_were(tmp_path: Path) -> None:
    word = Word("1,20", Box(0, 1, 2.5, 3), 0.9, "a 1", (Alternative("7,20", 0.4, "a 1"),))
    page = Page(1, 10, 20, (Row((word,)),), "ocr", 10, 20, quality=Quality(0.5, 0.5, 3.0, ("top",)))
    words = Words(tmp_path, "rapidocr")
    assert words.get(b"file") is None
    words.put(b"file", (page,))
    assert words.get(b"file") == (page,)
    assert words.get(b"other") is None
    assert Words(tmp_path, "tesseract").get(b"file") is None


def test_words_of_older_code_only_where_they_will_do(tmp_path: Path) -> None:
    page = Page(1, 10, 20, (), "ocr", 10, 20)
    Words(tmp_path, "rapidocr").put(b"file", (page,))
    (kept,) = tmp_path.iterdir()
    kept.rename(tmp_path / "rapidocr-older")
    assert Words(tmp_path, "rapidocr").get(b"file") is None
    assert Words(tmp_path, "rapidocr", old=True).get(b"file") == (page,)
    assert Words(tmp_path, "tesseract", old=True).get(b"file") is None


def test_engines_have_settings_of_their_own() -> None:
    assert settings_version("rapidocr") != settings_version("tesseract")


def test_accuracy_has_a_row_a_set_and_one_for_all() -> None:
    ones = [scored("a", 0.9, 0.9, True, True), scored("b", 0.9, 0.6, False, False)]
    other = scored("c", 0.9, 0.9, True, True)
    other = Scored(Labelled("more", Path("c"), other.document.label), other.marks, other.line)
    table = figures.accuracy([*ones, other])
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert list(rows) == ["made", "more", "all"]
    assert rows["made"]["total"] == "1/2"
    assert rows["all"]["total"] == "2/3"
    assert rows["all"]["accepted"] == "2/3"
    assert rows["all"]["total, date right"] == "2/2"
    assert table.markdown().splitlines()[1].startswith("| --- | ---: |")


def test_speed_compares_only_what_both_read() -> None:
    seen = [
        Seen(seconds=1.0, stock={"rapidocr": 3.0}),
        Seen(seconds=1.0, stock={"rapidocr": 1.0}),
        Seen(seconds=8.0),
        Seen(),
    ]
    table = figures.speed(seen)
    assert table is not None
    ours, same, stock = table.rows
    assert ours[:3] == ["preuve", "3", "0.30"]
    assert (same[1], same[2], same[5]) == ("2", "1.00", "2.00")
    assert (stock[1], stock[2]) == ("2", "0.50")
    assert figures.speed([Seen()]) is None


def points(drawing: str, number: int) -> list[tuple[float, float]]:
    line = ElementTree.fromstring(drawing).findall(f"{SVG}polyline")[number]
    pairs = line.attrib["points"].split()
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in pairs)]


def test_chart_puts_points_where_they_belong() -> None:
    corners = [(0.0, 0.0), (1.0, 0.2), (0.5, 9.0)]
    axes = Axis("across"), Axis("up", end=0.2)
    (left, bottom), (right, top), (middle, clamped) = points(
        svg("A & B", *axes, [Series("one", corners)]), 0
    )
    assert left < middle < right
    assert bottom > top == clamped


def held_out(count: int) -> list[str]:
    """Names of files that confidences are not fitted on."""
    names = (str(number) for number in range(1000))
    return [n for n in names if not Labelled("made", Path(n), {}).fitted_on][:count]


def test_acceptance_curve_takes_the_surest_first() -> None:
    a, b = held_out(2)
    ones = [scored(a, 0.9, 0.9, True, True), scored(b, 0.9, 0.6, False, False)]
    (_, first), (_, second) = points(figures.acceptance(ones[::-1]), 0)
    # No error while only the surer one is accepted, then one of two (drawn at the axis' end).
    assert first > second


def test_what_other_thresholds_would_accept() -> None:
    sure, likely, named = held_out(3)
    ones = [
        scored(sure, 0.99, 0.99, right=True, accepted=True),
        scored(likely, 0.99, 0.89, right=False, accepted=False),
        scored(named, 0.82, 0.99, right=True, accepted=True),
    ]
    table = costs(ones)
    rows = {(row[0], row[1]): row[2:] for row in table.rows}
    usual = model().accept
    header, retailer = f"{usual.total_and_date:.2f}", f"{usual.retailer:.2f}"
    assert rows["0.85", retailer] == ["3/3", "2/3", "3/3"]
    assert rows["0.98", retailer] == ["2/3", "2/2", "2/2"]
    assert rows[header, "0.90"] == ["1/3", "1/1", "1/1"]


def test_reliability_counts_each_value_where_it_was_stated() -> None:
    ones = [
        scored(name, 0.95, 0.55, right=n % 2 == 0, accepted=False)
        for n, name in enumerate(held_out(4))
    ]
    fitted_too = [scored(str(n), 0.5, 0.5, right=True, accepted=True) for n in range(9)]
    fitted_too = [one for one in fitted_too if one.document.fitted_on]
    drawing = figures.reliability(ones)
    assert figures.reliability([*ones, *fitted_too]) == drawing
    perfect = points(drawing, 0)
    ((x, y),) = points(drawing, 3)
    low, high = perfect
    # The axes begin at 0.5, the lowest that is to be drawn.
    assert (x - low[0]) / (high[0] - low[0]) == pytest.approx(0.1, abs=0.01)
    assert low[1] == y > high[1]
