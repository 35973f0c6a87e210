"""Crop, turn, scale and measures, with a finder that knows where the lines lie."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from preuve.reading.document import Picture
from preuve.reading.imaging import Prepared, prepare
from preuve.reading.quads import Pixels, Quads, heights, reading_angle

PAPER, INK, TABLE = 230, 30, 150


def _scene(
    angle: float = 0.0,
    line: float = 40.0,
    width: int = 1400,
    height: int = 1800,
    center: tuple[float, float] = (700, 900),
) -> tuple[Pixels, Quads]:
    """Ten bars of ink on paper, turned clockwise by `angle`, and the boxes around them."""
    pixels = np.full((height, width, 3), TABLE, np.uint8)
    radians = np.radians(angle)
    along = np.array([np.cos(radians), np.sin(radians)])
    across = np.array([-along[1], along[0]])

    def corners(x: float, y: float, wide: float, high: float) -> NDArray[np.float64]:
        offsets = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
        return np.array([np.asarray(center) + a * along + b * across for a, b in offsets])

    paper = corners(-9 * line, -11 * line, 18 * line, 22 * line)
    cv2.fillPoly(pixels, [paper.round().astype(np.int32)], (PAPER,) * 3)
    quads = []
    for row in range(10):
        y = (2 * row - 9.5) * line
        bar = corners(-8 * line, y + 0.3 * line, 12 * line, 0.4 * line)
        cv2.fillPoly(pixels, [bar.round().astype(np.int32)], (INK,) * 3)
        quads.append(corners(-8 * line, y, 12 * line, line))
    return pixels, np.asarray(quads, np.float32)


def _picture(pixels: Pixels) -> Picture:
    return Picture(pixels, pixels.shape[1], pixels.shape[0])


def _finder(pixels: Pixels, quads: Quads) -> Callable[[Pixels], Quads]:
    """Finds the known boxes in a copy of any scale, and the bars in one that was turned."""

    def find(copy: Pixels) -> Quads:
        if copy.shape[0] * pixels.shape[1] != pytest.approx(copy.shape[1] * pixels.shape[0], 0.01):
            return _find_ink(copy)
        scale = np.array(copy.shape[1::-1]) / np.array(pixels.shape[1::-1])
        return (quads * scale).astype(np.float32)

    return find


def _find_ink(copy: Pixels) -> Quads:
    """Finds the bars by their color, wherever the copy was cut."""
    bars, _ = cv2.findContours(
        (copy[:, :, 0] < 90).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    boxes = [cv2.boundingRect(bar) for bar in bars]
    return np.array(
        [
            [[x, y - 0.75 * h], [x + w, y - 0.75 * h], [x + w, y + 1.75 * h], [x, y + 1.75 * h]]
            for x, y, w, h in boxes
        ],
        np.float32,
    ).reshape(-1, 4, 2)


def _upright(_: Pixels, __: Quads) -> bool:
    return False


def _prepared(angle: float = 0.0, **scene: float) -> tuple[Prepared, Quads]:
    pixels, quads = _scene(angle, **scene)  # type: ignore[arg-type]
    return prepare(_picture(pixels), _finder(pixels, quads), _upright), quads


def _project(prepared: Prepared, points: Quads) -> NDArray[np.float64]:
    matrix = np.array(prepared.to_original).reshape(3, 3)
    return np.asarray(cv2.perspectiveTransform(points.astype(np.float64), matrix))


def _furthest(found: NDArray[np.float64], quads: Quads) -> float:
    """How far the corners of boxes are from those of the nearest known ones, in pixels."""
    off = np.abs(found[:, None] - quads[None]).max(axis=(2, 3))
    return float(max(off.min(axis=0).max(), off.min(axis=1).max()))


@pytest.mark.parametrize("angle", [-89, -40, -12, -1, 0, 3, 25, 44, 70, 90])
def test_lines_come_out_level(angle: float) -> None:
    prepared, quads = _prepared(angle)

    rise = prepared.quads[:, 1] - prepared.quads[:, 0]
    slopes = np.degrees(np.arctan2(rise[:, 1], rise[:, 0]))
    assert np.abs(slopes).max() < 0.7
    assert _furthest(_project(prepared, prepared.quads), quads) < 4


@pytest.mark.parametrize("angle", [0, 30, 90])
def test_text_on_its_head_is_turned_round(angle: float) -> None:
    pixels, quads = _scene(angle)

    prepared = prepare(_picture(pixels), _finder(pixels, quads), lambda *_: True)

    back = _project(prepared, prepared.quads)
    assert _furthest(back, quads[:, [2, 3, 0, 1]]) < 4
    assert prepared.turned == {0: 180, 30: 180, 90: 270}[angle]


def test_a_flat_scan_is_not_turned_by_a_fraction_of_a_degree() -> None:
    prepared, _ = _prepared(0.4)

    matrix = prepared.to_original
    assert matrix[1] == matrix[3] == 0


def test_the_crop_holds_the_text_and_little_more() -> None:
    prepared, _ = _prepared(10, line=40.0)

    height, width = prepared.pixels.shape[:2]
    assert width == pytest.approx((12 + 2) * 40, abs=8)
    assert height == pytest.approx((19 + 2) * 40, abs=50)
    assert prepared.quads.min() >= 0
    assert prepared.quads[..., 0].max() <= width
    assert prepared.quads[..., 1].max() <= height


def test_large_glyphs_are_scaled_down_and_small_ones_left() -> None:
    large, _ = _prepared(line=80.0, width=1600, height=2000, center=(800, 1000))
    small, _ = _prepared(line=30.0)

    assert np.median(heights(large.quads)) == pytest.approx(44, abs=1)
    assert np.median(heights(small.quads)) == pytest.approx(30, abs=1)


def test_small_lines_are_looked_for_again_within_the_crop() -> None:
    pixels, quads = _scene(line=20.0, center=(300, 400))
    heights_seen = []

    def find(copy: Pixels) -> Quads:
        found = _find_ink(copy)
        heights_seen.append(float(np.median(heights(found))))
        return found

    prepared = prepare(_picture(pixels), find, _upright)

    first, second = heights_seen
    assert first < 14 < 17 < second
    back = _project(prepared, prepared.quads)
    assert back.min(axis=(0, 1)) == pytest.approx(quads.min(axis=(0, 1)), abs=3)
    assert back.max(axis=(0, 1)) == pytest.approx(quads.max(axis=(0, 1)), abs=3)


@pytest.mark.parametrize("angle", [0, 12, 77])
def test_lines_that_lean_are_looked_for_again_when_they_lie_level(angle: float) -> None:
    pixels, quads = _scene(angle)
    middle = (quads[:, [1, 2]] + quads[:, [0, 3]]) / 2
    left = np.stack([quads[:, 0], middle[:, 0], middle[:, 1], quads[:, 3]], axis=1)
    right = np.stack([middle[:, 0], quads[:, 1], quads[:, 2], middle[:, 1]], axis=1)

    prepared = prepare(_picture(pixels), _finder(pixels, np.concatenate([left, right])), _upright)

    assert len(prepared.quads) == (10 if angle else 20)


@pytest.mark.parametrize("large", [10, 3])
def test_small_lines_are_found_between_large_ones_in_a_photo_from_far_away(large: int) -> None:
    pixels, quads = _scene(line=70.0, width=2800, height=3600, center=(1400, 1800))
    for bar in quads[large:]:
        cv2.fillPoly(pixels, [bar.round().astype(np.int32)], (PAPER,) * 3)
    for x, y in quads[:, 3].astype(int):
        pixels[y + 28 : y + 44, x : x + 400] = INK
    found_at_first = []

    def find(copy: Pixels) -> Quads:
        found = _find_ink(copy)
        found = found[heights(found) >= 15]
        found_at_first.append(len(found))
        return found

    prepared = prepare(_picture(pixels), find, _upright)

    assert found_at_first[0] == large
    assert len(prepared.quads) == large + 10


def test_a_reduced_photo_is_decoded_finer_only_where_its_lines_are_small() -> None:
    for line, expected in ((30.0, True), (44.0, False)):
        pixels, quads = _scene(line=line)
        asked = []

        def finer(pixels: Pixels = pixels, asked: list[bool] = asked) -> Picture:
            asked.append(True)
            return Picture(cv2.resize(pixels, None, fx=2, fy=2), 2800, 3600)  # type: ignore[arg-type]

        picture = Picture(pixels, 2800, 3600, finer)
        prepared = prepare(picture, _finder(pixels, quads), _upright)

        assert bool(asked) is expected
        assert np.abs(_project(prepared, prepared.quads) - 2 * quads).max() < 2


def test_the_angle_is_that_of_most_of_the_text() -> None:
    _, quads = _scene(12)
    _, stray = _scene(-50, line=15)

    assert reading_angle(np.concatenate([quads, stray[:4]])) == pytest.approx(12, abs=0.5)


def test_without_text_the_whole_picture_remains() -> None:
    pixels = np.full((400, 300, 3), 120, np.uint8)
    nothing = np.zeros((0, 4, 2), np.float32)

    prepared = prepare(_picture(pixels), lambda _: nothing, _upright)

    assert len(prepared.quads) == 0
    assert prepared.pixels.shape == (400, 300, 3)
    assert prepared.quality.contrast == 0
    assert prepared.quality.brightness == pytest.approx(120 / 255, abs=0.01)


def test_quality_tells_dark_from_bright_and_faded_from_black() -> None:
    pixels, quads = _scene()
    find = _finder(pixels, quads)

    good = prepare(_picture(pixels), find, _upright).quality
    dark = prepare(_picture((pixels * 0.25).astype(np.uint8)), find, _upright).quality
    faded = prepare(_picture((pixels * 0.1 + 200).astype(np.uint8)), find, _upright).quality

    assert good.brightness == pytest.approx(PAPER / 255, abs=0.02)
    assert dark.brightness < 0.3
    assert good.contrast > 0.7 > 0.2 > dark.contrast
    assert faded.contrast < 0.15 < 0.8 < faded.brightness


def test_quality_tells_blurred_from_sharp_whatever_the_resolution() -> None:
    sharp = []
    for line in (44.0, 88.0):
        pixels, quads = _scene(line=line, width=2000, height=2400, center=(1000, 1200))
        find = _finder(pixels, quads)
        soft = np.asarray(cv2.GaussianBlur(pixels, (0, 0), line / 6), np.uint8)
        clear = prepare(_picture(pixels), find, _upright).quality.sharpness
        blurred = prepare(_picture(soft), find, _upright).quality.sharpness
        assert clear > 5 * blurred
        sharp.append(clear)

    assert 0.4 < sharp[0] / sharp[1] < 2.5


@pytest.mark.parametrize(
    ("angle", "upside_down", "center", "cut"),
    [
        (0, False, (700, 900), ()),
        (0, False, (320, 900), ("left",)),
        (90, False, (320, 900), ("bottom",)),
        (0, True, (320, 900), ("right",)),
        (-90, False, (320, 900), ("top",)),
    ],
)
def test_text_that_runs_out_of_the_picture_names_the_side_of_the_page(
    angle: float, upside_down: bool, center: tuple[float, float], cut: tuple[str, ...]
) -> None:
    pixels, quads = _scene(angle, center=center)
    # Turned by a quarter, a line lies along the border: bring one there.
    if cut in (("bottom",), ("top",)):
        quads[..., 0] -= quads[..., 0].min() + 2
    clipped = np.clip(quads, 0, (pixels.shape[1] - 1, pixels.shape[0] - 1)).astype(np.float32)

    prepared = prepare(_picture(pixels), _finder(pixels, clipped), lambda *_: upside_down)

    assert prepared.quality.cut_edges == cut


def test_a_line_just_above_the_lower_border_says_that_more_was_cut_off() -> None:
    pixels, quads = _scene()
    quads[..., 1] += pixels.shape[0] - 1 - quads[..., 1].max() - 0.7 * 44

    prepared = prepare(_picture(pixels), _finder(pixels, quads), _upright)

    assert prepared.quality.cut_edges == ("bottom",)


@pytest.mark.parametrize("size", [(41, 1), (1, 41)])
def test_a_picture_moved_in_one_direction_is_out_of_focus(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(7).integers(0, 2, (500, 500), np.uint8) * 255
    sharp = np.repeat(np.repeat(noise, 2, 0), 2, 1)
    pixels, quads = np.dstack([sharp] * 3), _scene()[1]
    moved = np.asarray(cv2.blur(pixels, size), np.uint8)
    still = prepare(_picture(pixels), lambda _: quads, _upright).quality.focus
    assert prepare(_picture(moved), lambda _: quads, _upright).quality.focus < still / 3


def test_an_empty_sheet_is_in_focus_though_its_edges_run_one_way() -> None:
    pixels = np.full((500, 500, 3), 60, np.uint8)
    pixels[:, 150:350] = 240
    nothing = np.zeros((0, 4, 2), np.float32)
    assert prepare(_picture(pixels), lambda _: nothing, _upright).quality.focus > 0.5


@pytest.mark.parametrize("angle", [0.0, 6.0, 90.0])
def test_lines_that_run_across_the_others_are_another_papers(angle: float) -> None:
    pixels, quads = _scene(angle, width=2800, center=(700, 900))
    _, other = _scene(angle + 85, line=30.0, width=2800, center=(2100, 900))
    find = _finder(pixels, np.concatenate([quads, other[:9]]))

    prepared = prepare(_picture(pixels), find, _upright)

    assert prepared.quality.lines_across == 9
    assert len(prepared.quads) == len(quads)
    assert prepared.pixels.shape[1] < 1400
