"""The benchmark's figures: tables for terminal and documentation, and the two diagrams."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from math import floor
from pathlib import Path
from statistics import median, quantiles

from cli.benchmark import Seen
from cli.chart import Axis, Series, svg
from cli.replay import Scored, by_set, score
from cli.scoring import Score, Tally

FEW = 50
"""Below this many, a count says more than a percentage."""
BINS = 12
FEWEST_IN_A_BIN = 15
ERROR_AXES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
COLUMNS = (
    "set",
    "files",
    "retailer",
    "date",
    "total",
    "all three",
    "items F1",
    "quantities",
    "currency",
    "accepted",
    "total, date right",
    "retailer too",
    "retailer, if stated",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: column titles and rows of text."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        lines = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def accuracy(scored: Sequence[Scored]) -> Figures:
    """One row a set, and one for them all where there are several."""
    sets = {name: score(ones) for name, ones in by_set(scored).items()}
    if len(sets) > 1:
        sets["all"] = score(scored)
    return Figures(COLUMNS, [_row(name, one) for name, one in sets.items()])


def speed(seen: Sequence[Seen]) -> Figures | None:
    """Ours against each stock engine on the pictures that both read, in one run on one core."""
    timed = [one for one in seen if one.seconds is not None]
    if not timed:
        return None
    rows = [_timing("preuve", [one.seconds or 0.0 for one in timed], "")]
    for name in sorted({name for one in timed for name in one.stock}):
        both = [one for one in timed if name in one.stock]
        ours = [one.seconds or 0.0 for one in both]
        theirs = [one.stock[name] for one in both]
        ratio = f"{sum(theirs) / sum(ours):.2f}"
        rows.append(_timing("preuve on the same", ours, ratio))
        rows.append(_timing(f"stock {name}", theirs, "1"))
    columns = ("engine", "files", "receipts/s", "median s", "p95 s", "throughput ratio")
    return Figures(columns, rows)


def reliability(scored: Sequence[Scored]) -> str:
    """SVG: of the values said to be so sure, how many are right; a dot stands for a bin of values.

    Of the documents that the confidences were not fitted on.
    """
    held_out = [one for one in scored if not one.document.fitted_on]
    series = [Series("perfect", [(0.0, 0.0), (1.0, 1.0)], dashed=True)]
    for name in ("retailer", "purchased_on", "total"):
        bins = _bins(held_out, name)
        points = [(sum(c for c, _ in b) / len(b), sum(r for _, r in b) / len(b)) for b in bins]
        count = sum(len(one) for one in bins)
        title = f"{name.replace('_', ' ')} ({count})"
        series.append(Series(title, points, [0.3] * len(points)))
    lowest = min((min(point) for line in series[1:] for point in line.points), default=0.0)
    start = floor(10 * lowest) / 10
    series[0] = replace(series[0], points=[(start, start), (1.0, 1.0)])
    title = "Of the values said to be so sure, how many are right"
    across = Axis("confidence as stated, receipts not fitted on", start=start)
    return svg(title, across, Axis("right", start=start), series)


def acceptance(scored: Sequence[Scored]) -> str:
    """SVG: the error among the accepted when the surest share of all receipts is accepted.

    Of the documents that the confidences were not fitted on.
    """
    held_out = [one for one in scored if not one.document.fitted_on]
    judged = [one for one in held_out if one.verdict and one.marks.safe is not None]
    judged.sort(key=lambda one: one.verdict.confidence if one.verdict else 0.0, reverse=True)
    everything = max(sum("total" in one.document.label for one in held_out), 1)
    safe = [(n, not one.marks.safe) for n, one in enumerate(judged, 1)]
    named = [
        (n, not one.marks.named) for n, one in enumerate(judged, 1) if one.marks.named is not None
    ]
    errors = _errors(safe, everything)
    series = [
        Series("total or date wrong", errors),
        Series("retailer wrong, where one is stated", _errors(named, everything)),
        _thresholds([one.verdict.confidence for one in judged if one.verdict], errors),
    ]
    whole = score(held_out)
    if whole.accepted:
        now = (whole.accepted / everything, 1 - (whole.safe.share or 0.0))
        series.append(Series("as decided now", [now], [0.4]))
    highest = max((error for line in series for _, error in line.points), default=0.0)
    end = next(axis for axis in ERROR_AXES if axis >= highest)
    title = f"Accepted share against error, {everything} receipts not fitted on"
    return svg(title, Axis("accepted, the surest first"), Axis("wrong", end), series)


def _thresholds(sure: Sequence[float], errors: Sequence[tuple[float, float]]) -> Series:
    """Where on the curve the acceptance from each of some confidences upwards lies."""
    at = {t: sum(one >= t for one in sure) for t in THRESHOLDS}
    reached = [(t, errors[number - 1]) for t, number in at.items() if number]
    points = [point for _, point in reached]
    notes = [f"{t:g}" for t, _ in reached]
    return Series("accepted from this confidence on", points, [0.0] * len(points), notes)


def _errors(judged: Sequence[tuple[int, bool]], everything: int) -> list[tuple[float, float]]:
    """How many are wrong up to each one; `judged` has its rank among the surest, and its fault."""
    points, errors = [], 0
    for number, (rank, is_wrong) in enumerate(judged, 1):
        errors += is_wrong
        points.append((rank / everything, errors / number))
    return points


def machine(engine: str) -> str:
    """Where and with what the figures came about."""
    info = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1] for line in info.splitlines() if "model name" in line), "")
    parts = [f"{name} {version(name)}" for name in ("rapidocr", "onnxruntime", "pytesseract")]
    return (
        f"{model.strip() or platform.machine()}, one core, Python {platform.python_version()}, "
        + (f"engine {engine}; " + ", ".join(parts))
    )


def _row(name: str, one: Score) -> list[str]:
    fields = ("retailer", "purchased_on", "total", "header")
    f1 = one.items.f1
    return [
        name,
        str(one.receipts),
        *(share(one.fields.get(field, Tally())) for field in fields),
        "" if f1 is None else f"{f1:.3f}",
        share(one.items.quantity),
        share(one.fields.get("currency", Tally())),
        share(Tally(one.accepted, one.receipts)),
        share(one.safe),
        share(one.whole),
        share(one.named),
    ]


def share(tally: Tally) -> str:
    """As a percentage; as a count where that says more."""
    if tally.share is None:
        return ""
    return f"{tally.right}/{tally.of}" if tally.of < FEW else f"{tally.share:.1%}"


def _timing(name: str, seconds: Sequence[float], ratio: str) -> list[str]:
    p95 = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    rate = len(seconds) / sum(seconds)
    return [name, str(len(seconds)), f"{rate:.2f}", f"{median(seconds):.2f}", f"{p95:.2f}", ratio]


def _bins(scored: Sequence[Scored], name: str) -> list[list[tuple[float, bool]]]:
    """Stated confidence and rightness of each labelled value, least sure first, in bins of
    about as many values each."""
    stated = sorted(
        (value.confidence, one.marks.right[name])
        for one in scored
        if (value := getattr(one.reading, name, None)) is not None and name in one.marks.right
    )
    size = max(FEWEST_IN_A_BIN, -(-len(stated) // BINS))
    return [stated[at : at + size] for at in range(0, len(stated), size)]
