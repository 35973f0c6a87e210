"""Make the sample documents, and as many more receipts as wanted.

    python samples/make.py                          every document into samples/images
    python samples/make.py --only 02_fr_boulangerie --out /tmp/again
    python samples/make.py --check-stock            what plain pytesseract reads of them
    python samples/make.py --many 500 --seed 7 --out /tmp/receipts
    python samples/make.py --hard --out /tmp/hard   three receipts under every hardship, alone
    python samples/make.py --layouts 6 --pictured 3 --out /tmp/layouts

Needs what Preuve itself needs (Pillow, pillow-heif, OpenCV, NumPy, PyYAML), and no font of the
system: those it prints with lie in samples/fonts. PDF files with a text layer are written by
hand (press/files.py). The same versions of these libraries give the same bytes again.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from press.document import Document, documents

SAMPLES = Path(__file__).parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", metavar="NAME", action="append", help="this document alone")
    parser.add_argument("--out", type=Path, default=SAMPLES, help="where images/ is made")
    parser.add_argument("--many", type=int, metavar="N", help="N random receipts instead")
    parser.add_argument("--hard", action="store_true", help="three receipts in hard pictures")
    parser.add_argument("--seed", type=int, default=1, help="which random receipts")
    parser.add_argument("--layouts", type=int, metavar="N", help="N receipts of each strange till")
    parser.add_argument("--pictured", type=int, default=0, metavar="K", help="photograph K tills")
    parser.add_argument("--jobs", type=int, default=1, help="processes for --many")
    parser.add_argument("--check-stock", action="store_true", help="measure plain pytesseract")
    chosen = parser.parse_args(arguments)
    if chosen.check_stock:
        from press.stock_reader import check

        return check(SAMPLES)
    if chosen.many:
        from press.many import make_many

        make_many(chosen.many, chosen.seed, chosen.out, chosen.jobs)
        return 0
    if chosen.layouts:
        from press.strange import make_strange

        make_strange(chosen.layouts, chosen.seed, chosen.pictured, chosen.out)
        return 0
    if chosen.hard:
        from press.hard import make_hard

        make_hard(chosen.out)
        return 0
    known = {document.name for document in documents()}
    if unknown := set(chosen.only or ()) - known:
        print(f"no document named {', '.join(sorted(unknown))}; there are:", *sorted(known))
        return 2
    wanted = [d for d in documents() if not chosen.only or d.name in chosen.only]
    for document in wanted:
        write(document, chosen.out / "images")
    if not chosen.only:
        labels = [document.label() for document in wanted]
        text = "".join(json.dumps(label, ensure_ascii=False) + "\n" for label in labels if label)
        (chosen.out / "labels.jsonl").write_text(text, "utf-8")
    return 0


def write(document: Document, folder: Path) -> None:
    """The document's files, and its expected file beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in document.made().items():
        (folder / name).write_bytes(data)
        print(f"{name:32} {len(data) / 1024:7.0f} KB")
    text = json.dumps(document.expected(), ensure_ascii=False, indent=1)
    (folder / f"{document.name}.expected.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
