"""Outcomes of sent documents, as a table in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cli.expected import Difference, differences
from cli.send import Outcome

COLORS = {
    "valid": "green",
    "pending_review": "yellow",
    "incomplete": "yellow",
    "duplicate": "cyan",
    "rejected": "red",
    "refused": "red",
}


@contextmanager
def progress(console: Console, total: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar, and the last document that came through; nothing where nobody looks."""
    bar = Progress(
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", markup=False),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=total, last="")

        def done(outcome: Outcome) -> None:
            last = f"{outcome.document.name} {outcome.status}"
            bar.update(task, advance=1, last=last)

        yield done


def table(outcomes: Sequence[Outcome]) -> Table:
    judged = any(outcome.document.expected is not None for outcome in outcomes)
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("", "file", "retailer", "date"):
        shown.add_column(heading, overflow="ellipsis", max_width=34)
    for heading in ("total", "items"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("verdict", no_wrap=True)
    for heading in ("points", "seconds"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for outcome in outcomes:
        shown.add_row(*_row(outcome, judged))
    return shown


def _row(outcome: Outcome, judged: bool) -> Iterator[Text]:
    wrong = {difference.cell for difference in differences(outcome)}
    retailer = outcome.value("retailer")
    total = outcome.value("total")
    yield (Text("✗", "red") if wrong else Text("✓", "green")) if judged else Text("")
    yield Text(outcome.document.name)
    yield _cell(retailer["name"] if retailer else None, "retailer" in wrong)
    yield _cell(outcome.value("purchased_on"), "purchased_on" in wrong)
    yield _cell(
        f"{total} {outcome.value('currency') or ''}".strip() if total else None,
        bool(wrong & {"total", "currency"}),
    )
    items = str(len(outcome.items)) if outcome.receipt.get("reading") else None
    yield _cell(items, bool(wrong & {"number of items", "item amounts"}))
    verdict = outcome.status
    if outcome.status not in ("valid", "duplicate") and outcome.reasons:
        verdict += f" ({outcome.reasons[0]})"
    yield Text(verdict, "red" if "status" in wrong else COLORS.get(outcome.status, ""))
    yield _cell(str(outcome.points), "points" in wrong)
    yield Text(f"{outcome.seconds:.1f}", "dim")


def _cell(value: str | None, wrong: bool) -> Text:
    return Text("–" if value is None else value, "red" if wrong else "dim" if value is None else "")


def differing(outcomes: Sequence[Outcome]) -> dict[str, list[Difference]]:
    """What did not come out as expected, by the document's name."""
    found = {outcome.document.name: differences(outcome) for outcome in outcomes}
    return {name: wrong for name, wrong in found.items() if wrong}


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    counted = Counter(outcome.status for outcome in outcomes)
    statuses = ", ".join(f"{number} {status}" for status, number in counted.most_common())
    points = sum(outcome.points for outcome in outcomes)
    rate = len(outcomes) / seconds if seconds else 0.0
    return (
        f"{len(outcomes)} documents in {seconds:.1f} s ({rate:.2f} a second): {statuses}; "
        f"{points} points."
    )
