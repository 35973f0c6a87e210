"""Draws the README's pictures anew: what `preuve read` shows, and what `--overlay` draws.

.venv/bin/python docs/images/draw.py
"""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from rich.console import Console
from rich.text import Text

from cli.reader import Request, make_reader
from cli.show import picture
from preuve.reading.result import Context
from preuve.settings import REPOSITORY

HERE = Path(__file__).parent
SAMPLE = REPOSITORY / "samples" / "images" / "01_fr_supermarche.jpg"
RECEIVED_ON = date(2026, 11, 14)
COLUMNS = 108
LARGEST = 1400


def main() -> None:
    read = make_reader("rapidocr", (REPOSITORY / "templates",), Context(RECEIVED_ON))
    with TemporaryDirectory() as folder:
        read(Request((SAMPLE,)))  # the first call of a process is slower, and shows its seconds
        outcome = read(Request((SAMPLE,), Path(folder) / SAMPLE.stem))
        if outcome.read is None:
            raise SystemExit(f"{SAMPLE.name} was not read: {outcome.problem}")
        drawn = Image.open(outcome.overlays[0])
        drawn.thumbnail((LARGEST, LARGEST))
        drawn.save(HERE / "overlay.jpg", quality=80)
    console = Console(record=True, width=COLUMNS, highlight=False, file=io.StringIO())
    console.print(Text.assemble(("$ ", "green"), f"preuve read {SAMPLE.relative_to(REPOSITORY)}"))
    found = outcome.read
    console.print(picture(SAMPLE.name, found.pages, found.reading, found.verdict, outcome.seconds))
    svg = console.export_svg(title="Preuve", unique_id="read")
    (HERE / "read.svg").write_text(without_fonts(svg), "utf-8")


def without_fonts(svg: str) -> str:
    """Rich's picture names a font on somebody's server; the reader's own will do."""
    return re.sub(r"\s*@font-face \{.*?\}\n", "\n", svg, flags=re.DOTALL)


if __name__ == "__main__":
    main()
