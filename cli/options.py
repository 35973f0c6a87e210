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
TemplatesFolder = Annotated[
    Path | None, typer.Option(help="Folder of templates, instead of the usual one.")
]


def received_on(received: datetime | None) -> date:
    """The day that was said, or today."""
    return (received or datetime.now(UTC)).date()
