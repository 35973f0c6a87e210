"""What the gate says, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from preuve.catalog import DocumentChange, Preview, SampleResult

SHOWN = 20
"""Changed documents that are shown one by one."""

_LONGEST = 120


def show_preview(out: Console, preview: Preview) -> None:
    """Errors, samples, documents and points, and what was not replayed."""
    for line in _lines(preview):
        out.print(line, soft_wrap=True)


def _lines(preview: Preview) -> Iterator[Text]:
    for error in preview.errors:
        yield Text(error, "red")
    if preview.errors:
        return
    for sample in preview.samples:
        yield from _sample(sample)
    for document in preview.documents[:SHOWN]:
        yield from _document(document)
    if preview.changed > SHOWN:
        yield Text(f"… and {preview.changed - SHOWN} more", "dim")
    for move in preview.moves:
        yield Text(f"{move.count} from {move.before} to {move.after}", "yellow")
    yield Text(
        f"{preview.changed} of {preview.stored} stored documents would be read otherwise",
        "yellow" if preview.changed else "green",
    )
    moved = ", ".join(f"{program} {points:+d}" for program, points in preview.points.items())
    yield Text(f"points that replaying them would move: {moved or 'none'}")
    yield Text(
        f"{preview.replayed} replayed in {preview.seconds} s: "
        f"{preview.replayed - preview.sampled} of {preview.candidates} on which something of the "
        f"change is printed, and {preview.sampled} others as a sample",
        "dim",
    )
    for each in preview.not_replayed:
        yield Text(f"not replayed: {each.count}, {each.why}", "yellow")


def _sample(sample: SampleResult) -> Iterator[Text]:
    if sample.passed:
        yield Text(f"sample {sample.sample}: right", "green")
        return
    yield Text(f"sample {sample.sample} of {sample.key} fails {sample.problem}".rstrip(), "red")
    for field in sample.fields:
        yield Text(f"  {field.field}: {_said(field.before)} expected, {_said(field.after)} read")


def _document(document: DocumentChange) -> Iterator[Text]:
    text = Text.assemble((document.receipt_id, "bold"))
    if document.status_before != document.status_after:
        text.append(f"  {document.status_before} → {document.status_after}")
    if document.points_before != document.points_after:
        more = document.points_after > document.points_before
        points = f"  {document.points_before} → {document.points_after} points"
        text.append(points, "green" if more else "red")
    yield text
    for field in document.fields:
        line = Text.assemble((f"  {field.field.replace('_', ' ')}: ", "dim"))
        line.append(_said(field.before), "red")
        line.append(" → ")
        line.append(_said(field.after), "green")
        yield line


def _said(text: str | None) -> str:
    if not text:
        return "nothing"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
