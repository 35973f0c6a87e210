"""Documents through the API as the app sends them, and the comparison with what is expected."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.expected import differences
from cli.main import app
from cli.send import Api, Document, Outcome, find_documents, prediction, send_all
from tests.house import PNG, House, open_house, reading, trusted

TODAY = datetime.now(UTC).date()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "house") as opened:
        yield opened


@contextmanager
def reading_them(house: House) -> Iterator[None]:
    """A worker in a thread that finds the same on every document."""
    stop = Event()

    def work() -> None:
        done = 0
        while not stop.is_set():
            for receipt_id, _ in house.woken[done:]:
                house.read(receipt_id, reading("12.50", on=TODAY), trusted())
                done += 1
            time.sleep(0.02)

    worker = Thread(target=work)
    worker.start()
    yield
    stop.set()
    worker.join()


def document(folder: Path, name: str, content: bytes = b"", **expected: Any) -> Path:
    path = folder / name
    path.write_bytes(PNG + (content or name.encode()))
    if expected:
        beside = path.with_suffix(".expected.json")
        beside.write_text(json.dumps({"files": [name]} | expected))
    return path


def outcome(expected: dict[str, Any], **receipt: Any) -> Outcome:
    return Outcome(Document("a.png", (Path("a.png"),), expected), 1.0, receipt)


def test_files_are_found_with_what_is_expected_beside_them(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    document(images, "b.jpg", status="valid")
    document(images, "a.png")
    document(images, "long_1.jpg")
    document(images, "long_2.jpg")
    (images / "long.expected.json").write_text('{"files": ["long_1.jpg", "long_2.jpg"]}')
    (images / "notes.txt").write_text("no document")
    found = find_documents([tmp_path])
    assert [[path.name for path in each.files] for each in found] == [
        ["a.png"],
        ["b.jpg"],
        ["long_1.jpg", "long_2.jpg"],
    ]
    assert [bool(each.expected) for each in found] == [False, True, True]
    assert find_documents([images / "b.jpg"]) == [found[1]]
    with pytest.raises(FileNotFoundError, match="nowhere"):
        find_documents([tmp_path / "nowhere"])


def test_what_is_sent_comes_back_read(house: House, tmp_path: Path) -> None:
    found = find_documents([document(tmp_path, f"{n}.png") for n in range(5)])
    with reading_them(house), Api(str(house.client.base_url), house.key) as api:
        outcomes = send_all(api, found, "m-1", jobs=3)
        again = send_all(api, found, "m-1", jobs=3)
    assert [each.document.name for each in outcomes] == [each.name for each in found]
    assert sorted(each.status for each in outcomes) == ["duplicate"] * 4 + ["valid"]
    # The same documents under the same keys: nothing is sent twice.
    assert [each.receipt["id"] for each in again] == [each.receipt["id"] for each in outcomes]
    line = prediction(outcomes[0])
    assert (line["file"], line["retailer"], line["total"]) == ("0.png", "SUPERVAL", "12.50")
    assert line["purchased_on"] == TODAY.isoformat()
    assert line["items"] == [{"description": "PAIN", "quantity": None, "amount": "12.50"}]
    assert line["accepted"] is True


def test_a_refused_upload_is_an_outcome(house: House, tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    with Api(str(house.client.base_url), house.key) as api:
        (refused,) = send_all(api, find_documents([path]), "m-1", jobs=1)
    assert (refused.status, refused.reasons) == ("refused", ("file_empty",))
    assert prediction(refused)["error"]["code"] == "file_empty"
    assert prediction(refused)["accepted"] is False


def test_expected_duplicates_are_sent_when_all_others_are_through(
    house: House, tmp_path: Path
) -> None:
    paths = [
        document(tmp_path, "1.png", b"one", status="duplicate"),
        document(tmp_path, "2.png", b"two", status="valid"),
    ]
    with reading_them(house), Api(str(house.client.base_url), house.key) as api:
        outcomes = send_all(api, find_documents(paths), "m-1", jobs=2)
    assert [each.status for each in outcomes] == ["duplicate", "valid"]
    assert [differences(each) for each in outcomes] == [[], []]


def test_every_cell_that_differs_is_named() -> None:
    expected = {
        "retailer": "Boulangerie du Lac",
        "purchased_on": "2026-11-02",
        "purchased_at": "18:42",
        "total": "12.50",
        "currency": "EUR",
        "items": [{"amount": "10.00"}, {"amount": "2.50"}],
        "status": "valid",
        "points": 12,
        "reasons": ["too_old"],
    }
    value = lambda said: {"value": said}  # noqa: E731
    right = {
        "status": "valid",
        "points": 12,
        "reasons": [{"code": "too_old"}, {"code": "amended"}],
        "reading": {
            "retailer": value({"name": "BOULANGERIE DU LAC SARL"}),
            "purchased_on": value("2026-11-02"),
            "purchased_at": value("18:42:00"),
            "total": value("12.5"),
            "currency": value("EUR"),
            "items": [{"amount": "2.50"}, {"amount": "10.0"}],
        },
    }
    assert differences(outcome(expected, **right)) == []
    wrong = {
        "status": "pending_review",
        "points": 0,
        "reasons": [],
        "reading": {
            "retailer": value({"name": "Total"}),
            "purchased_on": None,
            "purchased_at": value("18:43:00"),
            "total": value("12.05"),
            "currency": value("CHF"),
            "items": [{"amount": "10.00"}],
        },
    }
    found = {each.cell: str(each) for each in differences(outcome(expected, **wrong))}
    assert set(found) == {
        "retailer", "purchased_on", "purchased_at", "total", "currency",
        "number of items", "item amounts", "status", "points", "reasons",
    }  # fmt: skip
    assert found["total"] == "total: expected 12.50, got 12.05"
    assert found["item amounts"] == "item amounts: expected 2.50, got none more"


def test_cells_that_are_not_expected_may_be_anything() -> None:
    assert differences(outcome({"status": "incomplete", "total": None}, status="incomplete")) == []
    refused = Outcome(Document("a", (), {"status": "valid"}), 1.0, problem={"code": "file_empty"})
    assert [each.cell for each in differences(refused)] == ["upload"]
    assert differences(Outcome(Document("a", ()), 1.0, {"status": "valid"})) == []


def test_send_prints_a_table_and_fails_where_something_differs(
    house: House, tmp_path: Path
) -> None:
    document(tmp_path, "right.png", total="12.50", status="valid")
    arguments = ["send", str(tmp_path / "right.png"), "--url", str(house.client.base_url)]
    arguments += ["--key", house.key]
    with reading_them(house):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
        assert "1 of 1 came out as expected" in done.stdout
        assert "differently" not in done.stdout
        document(tmp_path, "wrong.png", total="99.00", status="duplicate")
        arguments[1] = str(tmp_path / "wrong.png")
        done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "1 of 1 came out differently:" in done.stdout
    assert "wrong.png: total: expected 99.00, got 12.50" in done.stdout


def test_send_prints_lines_for_the_scorer(house: House, tmp_path: Path) -> None:
    paths = [str(document(tmp_path, f"{n}.png")) for n in range(2)]
    arguments = ["send", *paths, "--jsonl", "--url", str(house.client.base_url)]
    with reading_them(house):
        done = CliRunner().invoke(app, arguments, env={"PREUVE_KEY": house.key})
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(line["file"] for line in lines) == ["0.png", "1.png"]
    assert {line["total"] for line in lines} == {"12.50"}


def test_a_server_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.send.ATTEMPTS", 1)
    path = str(document(tmp_path, "a.png"))
    done = CliRunner().invoke(app, ["send", path, "--url", "http://127.0.0.1:9", "--key", "k"])
    assert done.exit_code == 1
    assert "127.0.0.1:9" in done.stderr


def test_a_key_that_is_not_good_is_told(house: House, tmp_path: Path) -> None:
    path = str(document(tmp_path, "a.png"))
    url = str(house.client.base_url)
    done = CliRunner().invoke(app, ["send", path, "--url", url, "--key", "prv_no"])
    assert done.exit_code == 2
    assert "No program has this key" in done.stderr
