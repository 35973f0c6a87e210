"""`preuve templates explain`: why a template was taken for a document, or why not."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from PIL import Image, ImageDraw
from pydantic import TypeAdapter, ValidationError
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.kept import OfProgram, open_catalog
from cli.overlay import Mark, draw_marks, originals
from cli.words import PAGES
from preuve.catalog import SHARED
from preuve.reading.document import open_document
from preuve.reading.ocr import EngineName
from preuve.reading.page import IDENTITY, Page, Pages
from preuve.reading.template.explain import Evidence, Explanation, explain, explain_nearest
from preuve.reading.template.load import Templates
from preuve.settings import Settings

COLORS = {"found": "#0a8f3c", "dropped": "#c45a00", "near": "#0077cc", "missed": "#5b5b5b"}
OUTCOMES = {"taken": "green", "ambiguous": "yellow", "beaten": "yellow", "too_little": "red"}
STRIPS = {"taken": "#0a8f3c", "ambiguous": "#c45a00", "beaten": "#c45a00", "too_little": "#d6001c"}
EXPLANATIONS = TypeAdapter(tuple[Explanation, ...])


class NoSuchTemplateError(Exception):
    """The key that was asked for is no template's."""

    remedy = "`preuve templates explain FILE` without --template names those that come nearest."


class NoWordsError(Exception):
    """A JSON file that does not hold the words of pages."""

    remedy = "Give a picture, a PDF, or words as `preuve bench --words FOLDER` stores them."


def explain_command(
    file: Annotated[Path, typer.Argument(help="A picture, a PDF, or stored words as JSON.")],
    template: Annotated[
        list[str] | None,
        typer.Option(help="Key of a template; those that come nearest if none is given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON on standard output.")] = False,
    overlay: Annotated[
        Path | None, typer.Option(help="Draw the evidence over the picture, into this folder.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Where the document is from, as ISO code (FR).")
    ] = None,
    engine: Annotated[EngineName | None, typer.Option(help="Else as the settings say.")] = None,
    templates: Annotated[
        Path | None,
        typer.Option(help="Folder of templates, instead of all that receipts are read with."),
    ] = None,
    program: OfProgram = SHARED,
) -> None:
    """Tell every piece of evidence that a template has on a document, or lacks, and the score."""
    loaded = _templates(templates, program)
    for key in template or ():
        if loaded.get(key) is None:
            raise NoSuchTemplateError(f"There is no template {key!r}.")
    pages, pictures = _pages(file, engine or Settings().engine)
    if template:
        told = tuple(explain(pages, loaded, key, country) for key in template)
    else:
        told = explain_nearest(pages, loaded, country)
    if as_json:
        sys.stdout.write(json.dumps(_data(told), ensure_ascii=False, indent=2) + "\n")
    else:
        _print(told)
    if overlay:
        for path in _draw(overlay, file, pages, pictures, told):
            Console(stderr=True, highlight=False).print(f"drawn: {path}", markup=False)


def _templates(folder: Path | None, program: str) -> Templates:
    """Those of the folder; else what receipts are read with, the published versions included."""
    from preuve.reading.template.load import load_templates

    settings = Settings()
    if folder or not (settings.database_url or settings.database_file.exists()):
        return load_templates(folder or settings.templates_dir, cache=settings.cache_dir)
    with open_catalog(program) as (catalog, _):
        return catalog.published(program)


def _pages(file: Path, engine: EngineName) -> tuple[Pages, list[Image.Image]]:
    """The words, and the pictures to draw on; stored words are drawn on white."""
    data = file.read_bytes()
    if file.suffix.lower() == ".json":
        try:
            pages = PAGES.validate_json(data)
        except ValidationError as invalid:
            first = invalid.errors()[0]
            raise NoWordsError(f"{file} holds no words of pages: {first['msg']}.") from invalid
        upright = tuple(map(_upright, pages))
        return upright, [_written(page) for page in upright]
    from preuve.reading.ocr import load_engine
    from preuve.reading.see import see

    document = open_document([data])
    return see(document, load_engine(engine)), originals(document, [data])


def _upright(page: Page) -> Page:
    """The page as if it had been sent upright: there is no picture to lead back to."""
    return replace(
        page, original_width=page.width, original_height=page.height, to_original=IDENTITY
    )


def _written(page: Page) -> Image.Image:
    image = Image.new("RGB", (round(page.width), round(page.height)), "white")
    canvas = ImageDraw.Draw(image)
    for row in page.rows:
        for word in row.words:
            place, size = (word.box.left, word.box.top), max(word.box.height * 0.7, 8)
            canvas.text(place, word.text, fill="black", font_size=size)
    return image


def _data(told: Sequence[Explanation]) -> Any:
    return EXPLANATIONS.dump_python(tuple(told), mode="json")


def _print(told: Sequence[Explanation]) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    if not told:
        console.print("No template: nothing that any of them is known by is printed.")
    for one in told:
        color = OUTCOMES[one.outcome]
        console.print(
            f"\n[bold]{one.template}[/] {escape(one.name)}: "
            f"[{color}]{one.outcome.replace('_', ' ')}[/], "
            f"score {one.score:.2f} of {one.threshold:.2f}: {escape(one.why)}"
        )
        console.print(_evidence(one.evidence))
        used = [use for use in one.keys if use.rows]
        for use in used:
            console.print(f"  {use.key}: {use.told}", style="dim", markup=False)
        idle = [use.key for use in one.keys if not use.rows]
        if idle:
            console.print(f"  without effect here: {', '.join(idle)}", style="dim", markup=False)


def _evidence(evidence: Sequence[Evidence]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("", "clue", "weight", "row", "printed", "why"):
        table.add_column(column, justify="right" if column in ("weight", "row") else "left")
    for one in evidence:
        table.add_row(
            one.status,
            escape(f'{one.kind} "{one.phrase}"'),
            f"{one.weight:.2f}" if one.status == "found" else "",
            "" if one.row is None else str(one.row),
            escape(one.text),
            escape("; ".join(filter(None, (one.damage, one.why)))),
            style="dim" if one.status == "missed" else None,
        )
    return table


def _draw(
    folder: Path,
    file: Path,
    pages: Pages,
    pictures: Sequence[Image.Image],
    told: Sequence[Explanation],
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for one in told:
        marks = [
            Mark(
                evidence.place,
                f'{evidence.status} {evidence.kind} "{evidence.phrase}" {evidence.damage}',
                COLORS[evidence.status],
                evidence.status == "found",
            )
            for evidence in one.evidence
            if evidence.place
        ]
        missed = [f'{e.kind} "{e.phrase}"' for e in one.evidence if e.status == "missed"]
        head = f"{one.template}: {one.outcome.replace('_', ' ')}, {one.score:.2f}: {one.why}"
        lines = [head, *([f"missed: {', '.join(missed)}"] if missed else [])]
        sheets = draw_marks(pictures, pages, marks, lines, STRIPS[one.outcome])
        for number, sheet in enumerate(sheets, 1):
            suffix = f"-{number}" if len(sheets) > 1 else ""
            path = folder / f"{file.stem}-{one.template}{suffix}.jpg"
            sheet.save(path, quality=88)
            paths.append(path)
    return paths
