"""The same few receipts under every hardship that a photo can bring, one at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from press.document import Document, documents
from press.photo import Shot

BASES = ("01_fr_supermarche", "02_fr_boulangerie", "03_fr_pharmacie")
FLAT = Shot(width=1350, height=2200, noise=0.2)

# What is changed of a flat photo; a receipt is expected to be read under all of these.
READ: dict[str, dict[str, Any]] = {
    "flat": {},
    "turned +25": {"turn": 25.0},
    "turned -25": {"turn": -25.0},
    "sideways": {"quarter_turns": 1},
    "upside down": {"quarter_turns": 2},
    "perspective": {"perspective": 0.6},
    "strong perspective": {"perspective": 1.2},
    "shadow": {"shadow": 0.9},
    "uneven light": {"uneven": 0.9},
    "glare": {"glare": 0.8},
    "crumpled": {"crumple": 0.8},
    "folded": {"folds": 2},
    "curled": {"curl": 0.9},
    "faded": {"fade": 0.8},
    "worn print head": {"gaps": 5},
    "dark": {"exposure": 0.3, "noise": 0.4},
    "soft": {"blur": 2.0},
    "grainy": {"noise": 1.0},
    "held": {"thumbs": 2},
    "12 megapixels": {"width": 3000, "height": 4000},
    "a sixth of the picture": {"width": 3000, "height": 4000, "fill": 0.55},
}
# And under these the member is asked for a better one, with this reason.
ADVICE: dict[str, tuple[dict[str, Any], str]] = {
    "black": ({"exposure": 0.04, "noise": 0.5, "blur": 4.0}, "too_dark"),
    "out of focus": ({"width": 900, "height": 1470, "blur": 12.0}, "too_blurred"),
    "cut at the bottom": ({"height": 760, "cut": 0.7}, "cut_off"),
}


def hard_documents() -> list[tuple[Document, str, str | None]]:
    """Each document, the hardship, and the reason it must be refused for, if any."""
    bases = [document for document in documents() if document.name in BASES]
    cases: list[tuple[str, dict[str, Any], str | None]] = [
        *((name, changed, None) for name, changed in READ.items()),
        *((name, changed, reason) for name, (changed, reason) in ADVICE.items()),
    ]
    made = []
    for name, changed, reason in cases:
        for base in bases:
            file = f"{name.replace(' ', '_')}__{base.name}.jpg"
            document = replace(
                base,
                name=file.removesuffix(".jpg"),
                files=(file,),
                shot=replace(FLAT, **changed),
                how="photo",
                save=(("quality", 80),),
                status="incomplete" if reason else "valid",
                reasons=(reason,) if reason else (),
            )
            made.append((document, name, reason))
    return made


def make_hard(out: Path) -> None:
    """The pictures into `out`/images and their labels into `out`/labels.jsonl."""
    (out / "images").mkdir(parents=True, exist_ok=True)
    with (out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for document, name, reason in hard_documents():
            for file, data in document.made().items():
                (out / "images" / file).write_bytes(data)
            line = (
                (document.label() or {}) | {"notes": name} | ({"reason": reason} if reason else {})
            )
            labels.write(json.dumps(line, ensure_ascii=False) + "\n")
