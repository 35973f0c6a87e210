"""As many receipts as wanted: shops, tills and photos drawn at random, each with its label."""

from __future__ import annotations

import json
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from press.document import Document, Rng
from press.draw import Draw
from press.habits import habits
from press.paper import CELL, LINE
from press.photo import Shot
from press.sales import sale
from press.till import Style, lay_out

ABROAD = ("de", "es", "pl", "gb", "us", "my", "id", "ch")
PICTURES = ("jpg",) * 15 + ("png", "webp", "webp", "heic", "tiff")


def make_many(count: int, seed: int, out: Path, jobs: int = 1) -> None:
    """`count` receipts into `out`/images and their labels into `out`/labels.jsonl.

    Each receipt depends on the seed and its own number alone.
    """
    (out / "images").mkdir(parents=True, exist_ok=True)
    with (
        (out / "labels.jsonl").open("w", encoding="utf-8") as labels,
        get_context("spawn").Pool(jobs) as pool,
    ):
        for label in pool.imap(partial(_make, seed=seed, out=out), range(count)):
            labels.write(json.dumps(label, ensure_ascii=False) + "\n")
            labels.flush()


def _make(number: int, seed: int, out: Path) -> dict[str, Any]:
    cv2.setNumThreads(1)
    document, notes = random_document(number, np.random.default_rng([seed, number]))
    for name, data in document.made().items():
        (out / "images" / name).write_bytes(data)
    return (document.label() or {}) | {"notes": notes}


def random_document(number: int, rng: Rng) -> tuple[Document, str]:
    """One receipt, and a few words on it: country, kind of shop, how hard the picture is."""
    draw = Draw(rng)
    country = "fr" if draw.chance(0.75) else draw.one(ABROAD)
    kind, purchase = sale(country, draw)
    style = habits(purchase, kind, draw)
    hardness = draw.weighted({"mild": 4, "medium": 4, "hard": 2})
    how = draw.weighted({"photo": 88, "scan": 8, "text": 4 if country == "fr" else 0})
    ending = "pdf" if how == "text" else draw.one(("pdf", "jpg")) if how == "scan" else ""
    name = f"{number:05d}_{country}_{kind}.{ending or draw.one(PICTURES)}"
    shot = _shot(style, len(lay_out(purchase, style)), hardness, draw)
    if how == "scan":
        shot = Shot(turn=draw.between(-2, 2))
    quality = int(draw.between(45, 88))
    document = Document(
        name=f"{number:05d}",
        seed=int(rng.integers(2**31)),
        files=(name,),
        purchase=purchase,
        style=style,
        shot=shot,
        how=how,
        save=() if name.endswith("tiff") else (("quality", quality),),
    )
    return document, f"{country}, {kind}, {how}, {hardness}"


def _shot(style: Style, rows: int, hardness: str, draw: Draw) -> Shot:
    """A photo whose letters are as large as `hardness` allows, with its share of trouble."""
    worst = {"mild": 0.3, "medium": 0.65, "hard": 1.0}[hardness]
    letter = draw.between(*{"mild": (14, 24), "medium": (12, 20), "hard": (10, 14)}[hardness])
    fill = draw.between(0.65, 0.97)
    turn = draw.spread(15 * worst)
    scale = letter / CELL
    wide, high = (style.columns + 5) * CELL * scale, (rows + 3) * LINE * style.spacing * scale
    angle = np.deg2rad(abs(turn))
    width = (wide * np.cos(angle) + high * np.sin(angle)) / fill
    height = (high * np.cos(angle) + wide * np.sin(angle)) / fill
    shrink = min(1.0, 3800 / max(width, height))

    def some(chance: float, most: float) -> float:
        return draw.between(0.1, most) * worst if draw.chance(chance * worst + 0.1) else 0.0

    return Shot(
        width=max(500, int(width * shrink)),
        height=max(600, int(height * shrink)),
        fill=fill,
        background=draw.one(("wood", "wood", "dark_wood", "cloth", "stone", "black", "white",
                             "carpet")),
        turn=turn,
        quarter_turns=draw.weighted({0: 82, 1: 7, 2: 4, 3: 7}),
        perspective=some(0.7, 0.9),
        crumple=some(0.5, 0.7),
        folds=int(draw.chance(0.3 * worst)) + int(draw.chance(0.15 * worst)),
        curl=some(0.35, 0.9),
        thumbs=int(draw.chance(0.12)) + int(draw.chance(0.06)),
        fade=some(0.3, 0.6),
        gaps=int(draw.between(1, 5)) if draw.chance(0.15 * worst) else 0,
        shadow=some(0.6, 0.8),
        uneven=some(0.6, 0.9),
        blur=draw.between(0.3, 0.3 + 1.1 * worst),
        shake=int(draw.between(3, 6)) if draw.chance(0.12 * worst) else 0,
        noise=draw.between(0.05, 0.15 + 0.5 * worst),
        exposure=draw.between(1 - 0.45 * worst, 1.0),
        tint=draw.one(((250, 248, 242), (255, 240, 214), (240, 246, 255), (252, 250, 250))),
    )  # fmt: skip
