"""Options that several commands take, said once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

Received = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day they came in; today if not said."),
]
Since = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="From this day on."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Up to this day, which counts."),
]
LabelledFolders = Annotated[
    list[Path],
    typer.Argument(help="Folders with labels.jsonl, or folders of such.", show_default=False),
]
TemplatesFolder = Annotated[
    Path | None, typer.Option(help="Folder of templates, instead of the usual one.")
]


def received_on(received: datetime | None) -> date:
    """The day that was said, or today."""
    return (received or datetime.now(UTC)).date()


def day(moment: datetime | None) -> date | None:
    """The day of a `Since` or an `Until`."""
    return moment.date() if moment else None
