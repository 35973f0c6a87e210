"""How long the gate takes over many stored documents. `make bench-gate` runs it.

    python tools/bench_gate.py FOLDER --documents 100000

The folder keeps the database for another run. A receipt is laid out as the samples are, typed
rather than photographed, headed by one of the stock's retailers (some by far more often than
others) or by an invented shop; 3 letters in 100 are changed. A thousand are read; the others
are these with other digits and other damage, and the reading of the one that they came from.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import numpy as np
from sqlalchemy import func, insert, select

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT), str(ROOT / "samples")]

from press.many import random_document  # noqa: E402
from press.paper import Row as TillRow  # noqa: E402
from press.till import lay_out  # noqa: E402

from preuve.catalog import (  # noqa: E402
    Catalog,
    Preview,
    Version,
    gate,
    publishing,
    save_draft,
)
from preuve.intake.stored import dump_pages, dump_reading, dump_verdict  # noqa: E402
from preuve.intake.tables import ReadingRow, ReceiptRow, SignatureRow  # noqa: E402
from preuve.loyalty import load_programs  # noqa: E402
from preuve.reading.page import Box, Page, Pages, Row, Word  # noqa: E402
from preuve.reading.pipeline import understand  # noqa: E402
from preuve.reading.result import Context, Reading, Verdict  # noqa: E402
from preuve.reading.template.load import Templates  # noqa: E402
from preuve.reading.template.signature import SCHEME, sign  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, migrate, open_ground  # noqa: E402

DISTINCT = 1000
NOISE = 0.03
BATCH = 500
LETTER, LINE = 12.0, 30.0
RECEIVED = date(2026, 11, 20)
WHO = {"author": "bench", "reason": "measured"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the database is made, or was")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    settings = Settings(data_dir=chosen.folder)
    migrate(settings)
    ground = open_ground(settings)
    catalog = Catalog(ground, ROOT / "templates")
    fill(ground, catalog.published(), chosen.documents)
    programs = {"demo": load_programs(ROOT / "programs")["demo"]}
    for told, key, text in changes(catalog):
        saved = save_draft(catalog, key, text, based_on=latest(catalog, key), **WHO)
        version = saved if isinstance(saved, Version) else getattr(saved, "version")  # noqa: B009
        before = processor_seconds()
        preview = gate(catalog, [publishing(version)], programs, processes=chosen.processes)
        used = processor_seconds() - before
        print(told, f"{summary(preview)} ({used:.1f} s of a processor)", sep="\n  ", flush=True)


def processor_seconds() -> float:
    """Of this process and of those that it has waited for."""
    mine, theirs = (getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def changes(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """What is measured: in words, the template's key, and its new text."""
    thief = "template: fr.{0}\nname: {1}\nextends: base.fr\ncountry: FR\n"
    thief += "recognize:\n  names: [{1}]\n"
    rare = "Comptoir des Brumes"
    yield "a new template that nothing is printed for", "fr.brumes", thief.format("brumes", rare)
    yield "a name of six letters", "fr.kiabix", thief.format("kiabix", "Kiabix")
    common = ranked(catalog.published())[0]
    own = catalog.stock_text(common) or ""
    yield f"another label in {common}, the most frequent", common, own + RELABELED
    second = ranked(catalog.published())[1]
    name = catalog.published().retailers[second].recognize.names[0]
    extended = f"{name} Ville"
    stolen = thief.format("ville", extended)
    yield f"a template that takes receipts of {second}", "fr.ville", stolen
    base = catalog.stock_text("base.fr") or ""
    yield "another label in base.fr", "base.fr", base.replace("  fee: [", BASE_LABEL, 1)


RELABELED = "labels:\n  ignore: [total ttc]\n"
BASE_LABEL = "  fee: [frais de quai, "


def summary(preview: Preview) -> str:
    missing = "; ".join(f"{each.count} {each.why}" for each in preview.not_replayed) or "nothing"
    errors = "".join(f"; {error}" for error in preview.errors[:3])
    return (
        f"{preview.seconds} s over {preview.stored} documents: {preview.candidates} candidates, "
        f"{preview.replayed} replayed ({preview.sampled} as a sample), {preview.changed} changed, "
        f"points {preview.points}; not replayed: {missing}{errors}"
    )


def latest(catalog: Catalog, key: str) -> int:
    from preuve.catalog import newest

    version = newest(catalog.ground, key)
    return version.number if version else 0


def ranked(templates: Templates) -> list[str]:
    """French retailers with a name, from the one that heads most receipts down."""
    return sorted(
        key
        for key in templates.retailers
        if key.startswith("fr.") and templates.retailers[key].recognize.names
    )


def fill(ground: Ground, templates: Templates, wanted: int) -> None:
    with ground.database.read() as session:
        held = session.scalar(select(func.count()).select_from(ReceiptRow)) or 0
    if held >= wanted:
        return
    read = [
        (pages, *understand(pages, templates, Context(RECEIVED))) for pages in papers(templates)
    ]
    chance, begun = random.Random(held), time.monotonic()
    for start in range(held, wanted, BATCH):
        numbers = range(start, min(start + BATCH, wanted))
        rows = [rows_of(number, *read[number % len(read)], chance) for number in numbers]
        with ground.database.write() as session:
            for table, values in zip(
                (ReceiptRow, ReadingRow, SignatureRow), zip(*rows, strict=True), strict=True
            ):
                session.execute(insert(table), list(values))
        if start % 10_000 == 0:
            print(f"{start} documents after {time.monotonic() - begun:.0f} s", flush=True)


def papers(templates: Templates) -> Iterator[Pages]:
    keys, chance = ranked(templates), random.Random(1)
    weights = [1 / (rank + 1) for rank in range(len(keys))]
    for number in range(DISTINCT):
        document, _ = random_document(number, np.random.default_rng([7, number]))
        purchase = document.purchase
        if chance.random() < 0.6:
            (key,) = chance.choices(keys, weights)
            name = templates.retailers[key].recognize.names[0]
            name += " Ville" if chance.random() < 0.2 else ""
            purchase = replace(purchase, retailer=name)
        yield typed(lay_out(purchase, document.style), document.style.columns)


def typed(rows: list[TillRow], columns: int) -> Pages:
    printed = []
    for at, row in enumerate(rows):
        words: list[Word] = []
        for cell in row.cells:
            width = len(cell.text) * row.wide
            start = cell.at * columns - {"left": 0, "right": width, "center": width / 2}[cell.align]
            column = start
            for part in cell.text.split(" "):
                end = column + len(part) * row.wide
                if part:
                    box = Box(column * LETTER, at * LINE, end * LETTER, at * LINE + 20 * row.tall)
                    words.append(Word(part, box, 0.95, "typed"))
                column = end + row.wide
        if words:
            printed.append(Row(tuple(words)))
    width, height = columns * LETTER, len(rows) * LINE
    return (Page(1, width, height, tuple(printed), "ocr", width, height),)


def rows_of(
    number: int, pages: Pages, reading: Reading, verdict: Verdict, chance: random.Random
) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    receipt_id = f"rcp_{number:032x}"
    received = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=number)
    damaged = varied(pages, chance)
    common = {"receipt_id": receipt_id, "program_id": "demo"}
    receipt = {
        "id": receipt_id,
        "program_id": "demo",
        "member_id": f"m-{number % 5000}",
        "status": "pending_review",
        "reasons": [],
        "received_at": received,
        "received_on": RECEIVED,
        "finished_at": received,
        "revision": 1,
    }
    read, judged = dumped(reading, verdict)
    decision = {
        **common,
        "revision": 1,
        "source": "read",
        "pages": dump_pages(damaged),
        "pages_revision": 1,
        "engine": "typed",
        "template": reading.match.template,
        "template_version": reading.match.version,
        "reading": read,
        "verdict": judged,
        "created_at": received,
    }
    signature = {
        **common,
        "template": reading.match.template,
        "scheme": SCHEME,
        "signature": sign(damaged),
    }
    return receipt, decision, signature


@cache
def dumped(reading: Reading, verdict: Verdict) -> tuple[dict[str, object], dict[str, object]]:
    return dump_reading(reading), dump_verdict(verdict)


def varied(pages: Pages, chance: random.Random) -> Pages:
    """Other digits, and letters that an engine mistook."""
    draw: Callable[[], float] = chance.random

    def letter(old: str) -> str:
        if draw() >= NOISE:
            return old
        return chance.choice("0123456789") if old.isdigit() else chance.choice("aeilnorst")

    return tuple(
        replace(
            page,
            rows=tuple(
                Row(
                    tuple(replace(word, text="".join(map(letter, word.text))) for word in row.words)
                )
                for row in page.rows
            ),
        )
        for page in pages
    )


if __name__ == "__main__":
    main()
