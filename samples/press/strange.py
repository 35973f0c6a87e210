"""Receipts of every till in layouts.yaml, as words or as photos, each with its label."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from press.draw import Draw
from press.files import picture
from press.layouts import COLUMNS, rows_of, sale, tills
from press.paper import print_rows
from press.photo import Shot, take
from press.seen import seen

DAMAGED = 0.04
"""The share of words with a letter misread."""


def make_strange(count: int, seed: int, pictured: int, out: Path) -> None:
    """`count` receipts a till into `out`/images, and `out`/labels.jsonl.

    Those of the first `pictured` tills are photos; the others are words as an engine sees them,
    in JSON. Each receipt depends on the seed, its till and its own number alone.
    """
    (out / "images").mkdir(parents=True, exist_ok=True)
    with (out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for place, till in enumerate(tills()):
            for number in range(count):
                draw = Draw(np.random.default_rng([seed, place, number]))
                purchase = sale(till, draw)
                rows = rows_of(till, purchase, draw)
                name = f"{till.name}_{number}.{'jpg' if place < pictured else 'json'}"
                if place < pictured:
                    strip = print_rows(rows, COLUMNS, "mono", draw.rng)
                    shot = Shot(turn=draw.spread(4), shadow=0.2, perspective=0.1, blur=0.4)
                    data = picture(take(strip, shot, draw.rng), "JPEG")
                else:
                    pages = seen(rows, COLUMNS, draw, DAMAGED)
                    data = json.dumps(pages, ensure_ascii=False).encode()
                (out / "images" / name).write_bytes(data)
                label = {"file": f"images/{name}", "layout": till.name} | purchase.expected()
                labels.write(json.dumps(label, ensure_ascii=False) + "\n")
