"""The real engines on receipts that the test draws, lying as phones see them."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import dataclass

import cv2
import numpy as np
import pillow_heif
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from preuve.reading.document import Document, Kind, Picture, TextPage, open_document
from preuve.reading.imaging import Prepared
from preuve.reading.ocr import Engine, load_engine, runtime
from preuve.reading.ocr.detect import Detector
from preuve.reading.ocr.direction import Direction
from preuve.reading.ocr.rapid import RapidEngine
from preuve.reading.ocr.recognize import Read, Recognizer
from preuve.reading.page import IDENTITY, Box, Page, Quality, Row, Word
from preuve.reading.see import see

Pixels = NDArray[np.uint8]
Homography = NDArray[np.float64]

PRINT = [
    ("CAFÉ DE L'ÉTOILE", ""),
    ("18 rue de la Pâtisserie", ""),
    ("75011 PARIS", ""),
    ("Le 08/03/2025 à 19:42", ""),
    ("Crème brûlée", "6,50 €"),
    ("2 x Café allongé", "4,80 €"),
    ("Forêt noire", "7,20 €"),
    ("TOTAL TTC", "18,50 €"),
    ("dont TVA 10 %", "1,68 €"),
    ("Carte bancaire", "18,50 €"),
    ("Merci de votre visite", ""),
]
SIZE = 26
PITCH = 44


@dataclass(frozen=True)
class Drawn:
    """A receipt and where two of its texts stand in it: left, top, right, bottom."""

    pixels: Pixels
    label: tuple[int, int, int, int]
    amount: tuple[int, int, int, int]


def _ink(pixels: Pixels, text: str, x: int, y: int) -> tuple[int, int, int, int]:
    before = pixels.copy()
    # OpenCV 5 carries a font with accents and the euro sign, so that the test needs no file.
    cv2.putText(pixels, text, (x, y), (20, 20, 20), cv2.FontFace("sans"), SIZE, 400)
    rows, columns = np.nonzero((before != pixels).any(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def _receipt(print_: list[tuple[str, str]] = PRINT) -> Drawn:
    pixels = np.full((PITCH * len(print_) + 60, 520, 3), 245, np.uint8)
    boxes = {}
    for number, (left, right) in enumerate(print_):
        y = 60 + PITCH * number
        boxes[left] = _ink(pixels, left, 30, y)
        if right:
            boxes[left, right] = _ink(pixels, right, 390, y)
    label = next(left for left, _ in print_ if left.startswith("TOTAL"))
    amount = next(key for key in boxes if isinstance(key, tuple) and key[0] == label)
    return Drawn(pixels, boxes[label], boxes[amount])


def _placed(drawn: Pixels, warp: Homography, width: int, height: int) -> Pixels:
    """The receipt on a dark table with some grain, as `warp` lays it."""
    table = np.random.default_rng(7).normal(50, 6, (height, width, 3)).clip(0, 255)
    mask = cv2.warpPerspective(np.ones(drawn.shape[:2], np.uint8), warp, (width, height))
    paper = cv2.warpPerspective(drawn, warp, (width, height), flags=cv2.INTER_AREA)
    return np.where(mask[..., None] > 0, paper, table).astype(np.uint8)


def _laid(degrees: float, scale: float, x: float, y: float) -> Homography:
    turn = cv2.getRotationMatrix2D((260, 270), degrees, scale)
    turn[:, 2] += (x - 260, y - 270)
    return np.vstack([turn, [0, 0, 1]])


def _document(*pixels: Pixels) -> Document:
    return Document(Kind.PNG, tuple(Picture(p, p.shape[1], p.shape[0]) for p in pixels))


def _rows(page: Page) -> list[str]:
    return [row.text for row in page.rows]


def _row(page: Page, start: str) -> Row:
    return next(row for row in page.rows if row.text.startswith(start))


def _words(row: Row, text: str) -> list[Word]:
    return [word for word in row.words if word.text == text]


@pytest.fixture(scope="module")
def rapid() -> Engine:
    return load_engine("rapidocr")


@pytest.fixture(scope="module")
def tesseract() -> Engine:
    return load_engine("tesseract")


def test_a_flat_scan_is_read_row_by_row_with_accents_and_euros(rapid: Engine) -> None:
    (page,) = see(_document(_receipt().pixels), rapid)

    assert _rows(page) == [f"{left} {right}".strip() for left, right in PRINT]
    assert page.turned == 0
    assert page.engine.startswith("rapidocr 3")
    words = [word for row in page.rows for word in row.words]
    assert all(0 < word.confidence <= 1 for word in words)
    assert np.mean([word.confidence for word in words]) > 0.9


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_picture_is_turned_back(rapid: Engine, turned: int) -> None:
    pixels = np.ascontiguousarray(np.rot90(_receipt().pixels, -turned // 90))

    (page,) = see(_document(pixels), rapid)

    assert _row(page, "TOTAL").text == "TOTAL TTC 18,50 €"
    assert _rows(page)[0] == "CAFÉ DE L'ÉTOILE"
    assert page.turned == turned


@pytest.mark.parametrize("engine_name", ["rapidocr", "tesseract"])
@pytest.mark.parametrize("degrees", [-25, -8, 5, 25])
def test_a_leaning_receipt_on_a_dark_table_is_straightened(engine_name: str, degrees: int) -> None:
    pixels = _placed(_receipt().pixels, _laid(degrees, 1.0, 450, 480), 900, 960)

    (page,) = see(_document(pixels), load_engine(engine_name))

    assert "18,50" in _row(page, "TOTAL").text
    assert "6,50" in _row(page, "Crème").text


def test_perspective_is_read_in_right_rows(rapid: Engine) -> None:
    drawn = _receipt().pixels
    height, width = drawn.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[250, 120], [690, 180], [820, 860], [90, 790]], np.float32)

    (page,) = see(
        _document(_placed(drawn, cv2.getPerspectiveTransform(corners, seen), 900, 960)), rapid
    )

    assert [text for text in _rows(page) if "€" in text] == [
        f"{left} {right}" for left, right in PRINT if right
    ]


def test_a_receipt_that_fills_a_sixth_of_a_large_photo_is_found(rapid: Engine) -> None:
    pixels = _placed(_receipt().pixels, _laid(4, 2.2, 2600, 1500), 4032, 3024)

    (page,) = see(_document(pixels), rapid)

    assert _row(page, "TOTAL").text == "TOTAL TTC 18,50 €"
    assert page.width < 1300
    assert page.height < 1400


@pytest.mark.parametrize(
    ("degrees", "scale"), [(0, 1.0), (7, 1.0), (93, 1.3), (180, 1.0), (-84, 1.0)]
)
def test_boxes_lead_back_to_the_original(rapid: Engine, degrees: int, scale: float) -> None:
    drawn = _receipt()
    warp = _laid(degrees, scale, 500, 500)
    left, top, right, bottom = drawn.amount
    expected = cv2.perspectiveTransform(
        np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float64), warp
    )[0]

    (page,) = see(_document(_placed(drawn.pixels, warp, 1000, 1000)), rapid)

    row = _row(page, "TOTAL")
    first = np.array(page.outline(_words(row, "18,50")[0].box))
    last = np.array(page.outline(_words(row, "€")[0].box))
    found = np.array([first[0], last[1], last[2], first[3]])
    # A line's box has a margin around the ink of about a third of the glyphs' height.
    assert np.abs(found - expected).max() < 16 * scale
    assert np.abs(found.mean(axis=0) - expected.mean(axis=0)).max() < 6 * scale


def test_label_and_amount_in_one_detected_line_are_words_with_their_own_boxes(
    rapid: Engine,
) -> None:
    pixels = np.full((120, 420, 3), 255, np.uint8)
    label = _ink(pixels, "TOTAL", 40, 70)
    amount = _ink(pixels, "9.00", 150, 70)

    (page,) = see(_document(pixels), rapid)

    (row,) = page.rows
    assert row.text == "TOTAL 9.00"
    for word, truth in zip(row.words, (label, amount), strict=True):
        corners = page.outline(word.box)
        assert corners[0][0] == pytest.approx(truth[0], abs=8)
        assert corners[1][0] == pytest.approx(truth[2], abs=8)


def test_a_reduced_picture_keeps_boxes_in_original_pixels(rapid: Engine) -> None:
    drawn = _receipt()
    half = Picture(drawn.pixels, drawn.pixels.shape[1] * 2, drawn.pixels.shape[0] * 2)

    (page,) = see(Document(Kind.JPEG, (half,)), rapid)

    amount = _words(_row(page, "TOTAL"), "18,50")[0]
    assert page.outline(amount.box)[0][0] == pytest.approx(2 * drawn.amount[0], abs=12)
    assert page.original_width == 1040


def test_pages_are_read_in_order(rapid: Engine) -> None:
    pages = see(_document(_receipt().pixels, _receipt(PRINT[6:]).pixels), rapid)

    assert [page.number for page in pages] == [1, 2]
    assert [_rows(page)[0] for page in pages] == ["CAFÉ DE L'ÉTOILE", "Forêt noire 7,20 €"]


def test_a_logo_on_a_page_with_words_is_read_where_it_stands(rapid: Engine) -> None:
    pixels = np.full((160, 600, 3), 255, np.uint8)
    _ink(pixels, "CAFE CENTRAL", 60, 90)
    total = Word("Total", Box(40, 200, 70, 210), 1.0, "pdf")
    logo = (Box(20, 10, 170, 50), Picture(pixels, 600, 160))
    (page,) = see(Document(Kind.PDF, (TextPage((total,), 300, 400, (logo,)),)), rapid)

    assert [row.text for row in page.rows] == ["CAFE CENTRAL", "Total"]
    name = page.rows[0].box
    assert 30 < name.left < 40 < name.right < 170
    assert 10 < name.top < name.bottom < 50


def test_a_code_in_a_picture_on_a_page_with_words_is_read_where_it_stands(rapid: Engine) -> None:
    made = zxingcpp.create_barcode("RCP-2026-0042", zxingcpp.BarcodeFormat.QRCode)
    code = np.asarray(zxingcpp.write_barcode_to_image(made, scale=6), np.uint8)
    side = code.shape[0]
    picture = Picture(np.repeat(code[:, :, None], 3, axis=2), side, side)
    text = (Word("Merci", Box(40, 20, 70, 30), 1.0, "pdf"),)
    page_with_code = TextPage(text, 300, 400, ((Box(100, 320, 160, 380), picture),))
    (page,) = see(Document(Kind.PDF, (page_with_code,)), rapid)

    (found,) = page.codes
    assert (found.format, found.text) == ("QRCode", "RCP-2026-0042")
    assert 100 <= found.box.left < found.box.right <= 160
    assert 320 <= found.box.top < found.box.bottom <= 380


def test_a_heic_photo_is_read(rapid: Engine) -> None:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(_receipt().pixels)).save(buffer, quality=80)

    (page,) = see(open_document([buffer.getvalue()]), rapid)

    assert _row(page, "TOTAL").text == "TOTAL TTC 18,50 €"


@pytest.mark.parametrize("engine_name", ["rapidocr", "tesseract"])
def test_a_picture_without_text_has_no_rows(engine_name: str) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    blank = np.full((1, 1, 3), 255, np.uint8)

    for page in see(_document(noise, blank), load_engine(engine_name)):
        assert page.rows == ()
        assert page.quality is not None


def test_a_very_long_receipt_keeps_its_glyphs_legible(rapid: Engine) -> None:
    items = [(f"Article numero {n:03}", f"{n},{n % 100:02} €") for n in range(10, 70)]

    (page,) = see(_document(_receipt([*items, ("TOTAL TTC", "99,99 €")]).pixels), rapid)

    found = set(_rows(page))
    assert sum(f"{left} {right}" in found for left, right in items) >= 58
    assert _rows(page)[-1] == "TOTAL TTC 99,99 €"


def test_a_smeared_digit_brings_its_second_choice(rapid: Engine) -> None:
    """Between a 3 and an 8 the engine must not hide its doubt."""
    found: set[str] = set()
    for share in np.linspace(0.2, 0.8, 7):
        first, second = (np.full((120, 420, 3), 255, np.uint8) for _ in range(2))
        _ink(first, "TOTAL 13,50", 40, 70)
        _ink(second, "TOTAL 18,50", 40, 70)
        mixed = cv2.addWeighted(first, 1 - share, second, share, 0)
        (page,) = see(_document(np.asarray(mixed, np.uint8)), rapid)
        for word in page.rows[0].words:
            found |= {f"{word.text} {other.text}" for other in word.alternatives}
            assert len(word.alternatives) <= 4
            assert all(0 < other.confidence < 1 for other in word.alternatives)

    assert found & {"13,50 18,50", "18,50 13,50"}


def _prepared_line() -> Prepared:
    quad = np.array([[[0, 0], [400, 0], [400, 48], [0, 48]]], np.float32)
    quality = Quality(0.9, 0.8, 500.0)
    return Prepared(np.zeros((48, 400, 3), np.uint8), quad, IDENTITY, 0, 48.0, quality)


def test_a_line_in_doubt_is_read_wider_and_the_surer_reading_wins() -> None:
    widths = []

    def recognize(line: Pixels) -> list[Read]:
        widths.append(line.shape[1])
        if line.shape[1] == 400:
            return [Read("TOTAL", 0, 0.4, 0.9, ()), Read("13,50", 0.5, 1, 0.5, (("13.50", 0.2),))]
        return [Read("TOTAL", 0, 0.4, 0.9, ()), Read("18,50", 0.51, 1, 0.8, (("13,50", 0.1),))]

    (line,) = RapidEngine(recognize).words(_prepared_line())

    assert widths == [400, 520]
    assert [word.text for word in line.words] == ["TOTAL", "18,50"]
    assert [(a.text, a.confidence) for a in line.words[1].alternatives] == [("13,50", 0.5)]
    assert line.words[0].alternatives == ()


def test_a_line_that_is_sure_is_read_once() -> None:
    widths = []

    def recognize(line: Pixels) -> list[Read]:
        widths.append(line.shape[1])
        return [Read("TOTAL", 0, 1, 0.97, ())]

    RapidEngine(recognize).words(_prepared_line())

    assert widths == [400]


@pytest.mark.parametrize("found", [[], [Read("~", 0, 1, 0.2, ())]], ids=["empty", "junk"])
def test_a_line_that_says_nothing_is_left_out(found: list[Read]) -> None:
    assert RapidEngine(lambda _: found).words(_prepared_line()) == []


def test_onnxruntime_reads_the_same_where_openvino_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find_spec = runtime.util.find_spec
    monkeypatch.setattr(
        runtime.util, "find_spec", lambda name: None if name == "openvino" else find_spec(name)
    )
    pixels = np.full((64, 420, 3), 255, np.uint8)
    left, top, right, bottom = _ink(pixels, "Crème brûlée 6,50 €", 20, 40)
    line = cv2.resize(pixels[top - 6 : bottom + 6, left - 6 : right + 6], (480, 48))

    words = Recognizer()(np.asarray(line, np.uint8))
    (quad,) = Detector()(pixels)

    assert " ".join(word.text for word in words) == "Crème brûlée 6,50 €"
    assert quad.min(axis=0) == pytest.approx((left, top), abs=12)
    assert Direction().upside_down([line[::-1, ::-1]] * 3)
    assert not Direction().upside_down([line] * 3)


def test_where_the_votes_are_even_what_reads_better_decides() -> None:
    pixels = np.full((64, 420, 3), 255, np.uint8)
    left, top, right, bottom = _ink(pixels, "Crème brûlée 6,50 €", 20, 40)
    line = np.asarray(cv2.resize(pixels[top - 6 : bottom + 6, left - 6 : right + 6], (480, 48)))
    turned = line[::-1, ::-1]

    assert Direction().upside_down([turned] * 6 + [line] * 6)
    assert not Direction().upside_down([line] * 6 + [turned] * 6)


def test_tesseract_reads_words_with_boxes(tesseract: Engine) -> None:
    drawn = _receipt()

    (page,) = see(_document(drawn.pixels), tesseract)

    row = _row(page, "TOTAL")
    amount = next(word for word in row.words if word.text.startswith("18,50"))
    assert page.outline(amount.box)[0] == pytest.approx(drawn.amount[:2], abs=6)
    assert amount.engine.startswith("tesseract ")
    assert page.source == "ocr"


def test_an_engine_of_no_known_name_is_refused() -> None:
    with pytest.raises(ValueError, match="rapidocr, tesseract"):
        load_engine("abbyy")


def test_the_protocol_loads_without_opencv() -> None:
    script = (
        "import sys, preuve.reading.ocr, preuve.reading.page, preuve.reading.rows;"
        "print([m for m in ('cv2', 'openvino', 'rapidocr', 'numpy') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout.strip() == b"[]"
