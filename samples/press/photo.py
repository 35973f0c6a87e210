"""A strip of paper photographed: light, folds, tables, hands that shake.

Everything random comes from the generator that is passed in, so a shot can be taken again.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from press.paper import Gray

Pixels = NDArray[np.uint8]
Field = NDArray[np.float32]
Rng = np.random.Generator
SKINS = ((222, 172, 144), (196, 140, 108), (128, 86, 62), (88, 58, 44))


@dataclass(frozen=True)
class Shot:
    """How the picture is taken. Strengths go from 0 (none) to 1 (as bad as it gets).

    `turn` is in degrees, `quarter_turns` counter-clockwise; `fill` is the share of the frame
    that the paper may take; `cut` the share of the paper below the frame; `exposure`
    multiplies the light; `blur` is in pixels; `curl` bends rows as paper from a roll bends;
    `thumbs` hold the paper at its edges.
    """

    width: int = 1200
    height: int = 1600
    fill: float = 0.92
    background: str = "wood"
    turn: float = 0.0
    quarter_turns: int = 0
    perspective: float = 0.0
    crumple: float = 0.0
    folds: int = 0
    curl: float = 0.0
    thumbs: int = 0
    fade: float = 0.0
    gaps: int = 0
    shadow: float = 0.0
    uneven: float = 0.0
    glare: float = 0.0
    blur: float = 0.0
    shake: int = 0
    noise: float = 0.0
    exposure: float = 1.0
    cut: float = 0.0
    tint: tuple[int, int, int] = (250, 248, 242)


def take(strip: Gray, shot: Shot, rng: Rng) -> Pixels:
    """The photo, RGB, `height` x `width` before any quarter turn."""
    ink = _worn(strip, shot, rng)
    paper, shade = _bent(ink, shot, rng)
    scene = _texture(shot, rng).astype(np.float32)
    where = _corners(paper.shape, shot, rng)
    size = (shot.width, shot.height)
    mask = np.asarray(
        cv2.warpPerspective(np.ones(paper.shape, np.float32), where, size), np.float32
    )
    scene *= _cast_shadow(mask)[..., None]
    sheet = paper.astype(np.float32)[..., None] / 255 * np.array(shot.tint, np.float32)
    sheet *= shade[..., None]
    laid = cv2.warpPerspective(sheet, where, size, flags=cv2.INTER_LINEAR)
    scene = scene * (1 - mask[..., None]) + laid
    for _ in range(shot.thumbs):
        scene = _held(scene, where, paper.shape, rng)
    scene *= _light(shot, rng)[..., None] * shot.exposure
    if shot.glare:
        scene += _glare(shot, rng)[..., None]
    return np.ascontiguousarray(np.rot90(_lens(scene, shot, rng), shot.quarter_turns))


def scan(strip: Gray, turn: float = 0.0) -> Pixels:
    """The strip on the glass of a scanner: white around, hardly any noise."""
    height, width = strip.shape
    grown = np.pad(strip, 80, constant_values=255)
    center = (width / 2 + 80, height / 2 + 80)
    matrix = cv2.getRotationMatrix2D(center, turn, 0.75)
    size = (round((width + 160) * 0.8), round((height + 160) * 0.8))
    matrix[:, 2] += np.array(size) / 2 - np.array(center)
    flat = cv2.warpAffine(grown, matrix, size, flags=cv2.INTER_AREA, borderValue=(255,))
    return np.repeat(np.asarray(flat, np.uint8)[..., None], 3, axis=2)


def _worn(strip: Gray, shot: Shot, rng: Rng) -> Gray:
    """Thermal paper pales unevenly, and a worn print head leaves lines without ink."""
    ink = 255.0 - strip.astype(np.float32)
    if shot.fade:
        patches = _clouds(strip.shape, 400, rng) * 0.5 + 0.5
        ink *= 1 - shot.fade * (0.55 + 0.45 * patches)
    for _ in range(shot.gaps):
        x = int(rng.integers(80, strip.shape[1] - 80))
        ink[:, x : x + 2] *= 0.25
    return np.asarray(255 - np.clip(ink * 0.92, 0, 255), np.uint8)


def _bent(ink: Gray, shot: Shot, rng: Rng) -> tuple[Gray, Field]:
    """The paper scaled to the frame, bent by crumples and folds, and its own shading."""
    height, width = ink.shape
    visible = height * (1 - shot.cut)
    angle = np.deg2rad(shot.turn)
    bound_w = width * abs(np.cos(angle)) + visible * abs(np.sin(angle))
    bound_h = visible * abs(np.cos(angle)) + width * abs(np.sin(angle))
    scale = min(shot.fill * shot.width / bound_w, shot.fill * shot.height / bound_h)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrunk = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    shape = (size[1], size[0])
    relief = np.zeros(shape, np.float32)
    if shot.crumple:
        coarse = _clouds(shape, 0.35 * size[0], rng)
        fine = _ridges(shape, 0.2 * size[0], rng)
        relief += shot.crumple * (0.55 * coarse + 0.45 * fine) * size[0] * 0.035
    for _ in range(shot.folds):
        at = rng.uniform(0.2, 0.8) * shape[0]
        slope = rng.uniform(-0.08, 0.08)
        distance = np.arange(shape[0])[:, None] - at - slope * np.arange(shape[1])[None, :]
        relief -= (np.abs(distance) < 400) * np.exp(-np.abs(distance) / (size[0] * 0.04)) * 4
    relief = np.asarray(relief, np.float32)
    if not (shot.crumple or shot.folds or shot.curl):
        return np.asarray(shrunk, np.uint8), np.ones(shape, np.float32)
    down = np.asarray(cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=5), np.float32) / 64
    across = np.asarray(cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=5), np.float32) / 64
    smooth = np.asarray(cv2.GaussianBlur(relief, (0, 0), 6), np.float32)
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    middle = (xs / size[0] - 0.5) * 2
    sag = np.float32(shot.curl * size[0] * 0.05) * (middle**2 - 0.5)
    bent = cv2.remap(
        shrunk, xs + smooth * 0.35, ys + smooth * 0.5 + sag, cv2.INTER_LINEAR, borderValue=(245,)
    )
    shade = np.clip(1 - 1.0 * across - 1.4 * down, 0.6, 1.1).astype(np.float32)
    shade *= 1 - np.float32(0.25 * shot.curl) * np.abs(middle) ** 3
    return np.asarray(bent, np.uint8), shade


def _corners(shape: tuple[int, ...], shot: Shot, rng: Rng) -> NDArray[np.float64]:
    """The homography from the paper to the frame."""
    height, width = shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    visible = height * (1 - shot.cut)
    angle = np.deg2rad(shot.turn)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved = (corners - [width / 2, visible / 2]) @ rotation
    frame = np.array([shot.width, shot.height])
    spare = np.maximum(frame * (1 - shot.fill) / 2, 0)
    moved += frame / 2 + rng.uniform(-0.6, 0.6, 2) * spare
    if shot.cut:
        moved[:, 1] += frame[1] * (1 - shot.fill) / 2
    if shot.perspective:
        narrow = shot.perspective * 0.16 * width
        lean = rng.uniform(0.5, 1.0, 2) * narrow
        side = [[1, 0.6], [-1, 0.3]] if rng.random() < 0.7 else [[0, 0], [0, 0]]
        moved[0] += np.array(side[0]) * lean[0]
        moved[1] += np.array(side[1]) * lean[1]
        moved[2] += rng.uniform(-0.4, 0.1, 2) * narrow
        moved[3] += rng.uniform(-0.1, 0.4, 2) * narrow * [1, -1]
    found = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    return np.asarray(found, np.float64)


def _held(scene: Field, where: NDArray[np.float64], shape: tuple[int, ...], rng: Rng) -> Field:
    """A thumb over the paper's left or right edge, on the margin where nothing is printed."""
    height, width = shape[:2]
    right = rng.random() < 0.5
    at = np.array([[[width if right else 0, height * rng.uniform(0.3, 0.9)]]], np.float32)
    x, y = cv2.perspectiveTransform(at, where)[0, 0]
    long, thick = width * rng.uniform(0.2, 0.3), width * rng.uniform(0.06, 0.08)
    shift = (long - width * 0.04) * (1 if right else -1)
    mask = np.zeros(scene.shape[:2], np.float32)
    center = (round(float(x) + shift), round(float(y)))
    tilt = float(rng.uniform(-20, 20))
    cv2.ellipse(mask, center, (round(long), round(thick)), tilt, 0, 360, (1.0,), -1)
    edge = cv2.GaussianBlur(mask, (0, 0), 3)[..., None]
    round_light = 0.75 + 0.25 * cv2.GaussianBlur(mask, (0, 0), thick / 3)[..., None]
    skin = np.array(SKINS[int(rng.integers(len(SKINS)))], np.float32) * round_light
    return np.asarray(scene * (1 - edge) + skin * edge, np.float32)


def _clouds(shape: tuple[int, ...], grain: float, rng: Rng) -> Field:
    """Smooth noise between -1 and 1 with hills of about `grain` pixels."""
    rows, columns = (max(3, round(side / grain) + 2) for side in shape[:2])
    coarse = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    grown = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(grown, np.float32), -1, 1)


def _ridges(shape: tuple[int, ...], grain: float, rng: Rng) -> Field:
    """Facets with sharp edges, as crumpled paper has: distances to random lines."""
    relief = np.zeros(shape[:2], np.float32)
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    count = int(np.clip(shape[0] / grain, 4, 12))
    for _ in range(count):
        angle, reach = rng.uniform(0, np.pi), rng.uniform(0.5, 1.2) * grain
        x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
        distance = (xs - x) * np.float32(np.sin(angle)) + (ys - y) * np.float32(np.cos(angle))
        relief += np.clip(np.abs(distance) / np.float32(reach), 0, 1)
    return np.asarray(relief / count * 2 - 1, np.float32)


def _cast_shadow(mask: Field) -> Field:
    shifted = np.roll(cv2.GaussianBlur(mask, (0, 0), 14), (12, 9), axis=(0, 1))
    return np.asarray(1 - 0.45 * shifted, np.float32)


def _glare(shot: Shot, rng: Rng) -> Field:
    """A lamp's spot on glossy paper: white where it is strongest."""
    ys, xs = np.mgrid[0 : shot.height, 0 : shot.width].astype(np.float32)
    x, y = rng.uniform(0.3, 0.7, 2) * (shot.width, shot.height)
    far = ((xs - x) / (0.22 * shot.width)) ** 2 + ((ys - y) / (0.1 * shot.width)) ** 2
    return np.asarray(255 * shot.glare * np.exp(-far), np.float32)


def _light(shot: Shot, rng: Rng) -> Field:
    """Falloff across the frame, and the shadow of whoever holds the phone."""
    shape = (shot.height, shot.width)
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    light = np.ones(shape, np.float32)
    if shot.uneven:
        angle = rng.uniform(0, 2 * np.pi)
        along = np.cos(angle) * (xs / shape[1] - 0.5) + np.sin(angle) * (ys / shape[0] - 0.5)
        light *= 1 - shot.uneven * 0.55 * (along + 0.5)
        light *= 1 + shot.uneven * 0.08 * _clouds(shape, shape[1] * 0.5, rng)
    if shot.shadow:
        angle = rng.uniform(-0.7, 0.7)
        edge = rng.uniform(0.35, 0.65)
        along = (xs / shape[1] - edge) + np.tan(angle) * (ys / shape[0] - 0.5)
        along += 0.05 * _clouds(shape, shape[1] * 0.25, rng)
        light *= 1 - shot.shadow * 0.6 / (1 + np.exp(-along * 40))
    return np.asarray(light, np.float32)


def _lens(scene: Field, shot: Shot, rng: Rng) -> Pixels:
    if shot.blur:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), shot.blur), np.float32)
    if shot.shake:
        kernel = np.zeros((shot.shake, shot.shake), np.float32)
        cv2.line(kernel, (0, shot.shake // 3), (shot.shake - 1, shot.shake // 2), (1.0,), 1)
        scene = np.asarray(cv2.filter2D(scene, -1, kernel / kernel.sum()), np.float32)
    if shot.noise:
        shape = (scene.shape[0], scene.shape[1], 1)
        grain = rng.standard_normal(shape, np.float32) * 22 * shot.noise
        color = rng.standard_normal(scene.shape, np.float32) * 8 * shot.noise
        scene = scene + grain + color
    return np.clip(scene, 0, 255).astype(np.uint8)


def _texture(shot: Shot, rng: Rng) -> Pixels:
    """What the paper lies on."""
    shape = (shot.height, shot.width)
    colors = {
        "wood": (128, 88, 56),
        "dark_wood": (62, 42, 30),
        "cloth": (150, 60, 58),
        "stone": (148, 146, 142),
        "black": (24, 24, 27),
        "white": (226, 224, 220),
        "carpet": (92, 96, 110),
    }
    base = np.array(colors[shot.background], np.float32)
    grain = np.zeros(shape, np.float32)
    if "wood" in shot.background:
        fibers = rng.standard_normal((shape[0], max(8, shape[1] // 90))).astype(np.float32)
        wide = cv2.resize(fibers, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
        grain += np.asarray(cv2.GaussianBlur(wide, (0, 0), 2.5), np.float32) * 0.22
        grain += 0.12 * np.sin(np.arange(shape[0]) / 23 + rng.uniform(0, 6))[:, None]
        planks = np.arange(shape[0]) % max(220, shape[0] // 5) < 5
        grain[planks] -= 0.5
    elif shot.background == "cloth":
        ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]]
        grain += 0.1 * (np.sin(xs / 2.2) + np.sin(ys / 2.2))
        grain += 0.35 * (((xs // 130) % 2 + (ys // 130) % 2) - 1)
    else:
        small = rng.standard_normal((shape[0] // 2 + 1, shape[1] // 2 + 1)).astype(np.float32)
        speckle = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
        strength = {"stone": 0.14, "carpet": 0.2, "black": 0.06, "white": 0.015}
        grain += np.asarray(speckle, np.float32) * strength[shot.background]
    grain += 0.12 * _clouds(shape, shape[1] * 0.4, rng)
    return np.asarray(np.clip(base * (1 + grain[..., None]), 0, 255), np.uint8)
