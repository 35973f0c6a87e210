"""`preuve templates draft`: a template from documents and what is known to stand on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from cli.confirmed import confirmed
from cli.drafted import show
from cli.options import Received, TemplatesFolder, received_on
from cli.read import documents, progress
from cli.reader import Request, ask, reading_lane
from cli.words import PAGES
from preuve.reading.page import Pages
from preuve.reading.result import Context
from preuve.settings import Settings


class NoWordsError(Exception):
    remedy = "Give pictures, PDF files, or stored words: JSON as `preuve` keeps pages."


def draft(
    files: Annotated[
        list[Path],
        typer.Argument(help="Documents of one retailer, or stored words.", show_default=False),
    ],
    values: Annotated[
        Path | None,
        typer.Option(help="What stands on them: JSON or YAML; else as they are read."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file for the template; else it is printed.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The retailer's name.")] = None,
    key: Annotated[str | None, typer.Option(help="The template's key, as fr.carrefour.")] = None,
    received: Received = None,
    templates: TemplatesFolder = None,
) -> None:
    """Draft a template, say behind each line why it is there, and show how it reads them."""
    from preuve.reading.template.draft import draft
    from preuve.reading.template.drafting.values import Example
    from preuve.reading.template.load import load_templates

    settings = Settings()
    context = Context(received_on=received_on(received))
    paths = [one for path in files for one in (documents([path]) if path.is_dir() else [path])]
    known = confirmed(values, paths) if values else [None] * len(paths)
    folder = templates or settings.templates_dir
    pages = _words(paths, settings.engine, folder, context)
    examples = [
        Example(path.name, seen, said) for path, seen, said in zip(paths, pages, known, strict=True)
    ]
    made = draft(examples, load_templates(folder), name=name, key=key, context=context)
    show(made, Console(stderr=True))
    if out is None:
        typer.echo(made.text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(made.text, "utf-8")


def stored_words(path: Path) -> Pages:
    """Pages from a JSON file: a list of them, or an object that has them under `pages`."""
    try:
        data = json.loads(path.read_bytes())
        found = data.get("pages") if isinstance(data, dict) else data
        return PAGES.validate_json(json.dumps(found))
    except (OSError, ValueError, ValidationError) as failure:
        told = str(failure).partition("\n")[0]
        raise NoWordsError(f"{path} holds no stored words: {told}") from failure


def _words(paths: Sequence[Path], engine: str, folder: Path, context: Context) -> list[Pages]:
    """The words of each document; the engine is loaded only where a picture needs it."""
    if all(path.suffix == ".json" for path in paths):
        return [stored_words(path) for path in paths]
    found: list[Pages] = []
    with reading_lane(engine, [folder], context) as lane, progress(transient=True) as bar:
        for path in bar.track(paths, description="reading"):
            if path.suffix == ".json":
                found.append(stored_words(path))
                continue
            outcome = ask(lane, Request((path,)))
            if outcome.read is None:
                problem = outcome.problem
                raise NoWordsError(f"{path}: {problem.message if problem else 'not read'}")
            found.append(outcome.read.pages)
    return found
