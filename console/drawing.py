"""Charts as SVG and HTML of our own: drawn on the server, stretched by the page's style.

Every function gives markup in which all text is escaped. What a chart shows stands in its title
and description too, and on the page as a table, for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

TALL = 100.0
"""Height of a chart in its own units; the page says how tall that is."""
GAP = 0.18
"""Part of a bar's place that is left free."""


@dataclass(frozen=True, slots=True)
class Part:
    """One color of a stacked bar; `kind` is the end of a class of the style (`fill-valid`)."""

    kind: str
    size: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, what is told of it when it is pointed at, and the line's height above it (0 to 1)."""

    parts: tuple[Part, ...]
    told: str
    line: float | None = None

    @property
    def size(self) -> float:
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on a scale: where (0 to 1), what is written there, and a class of the style."""

    at: float
    text: str
    kind: str = ""


def stacked_bars(
    bars: Sequence[Bar], ticks: Sequence[Mark], title: str, told: str, *, top: float
) -> str:
    """Bars side by side with a line over them; `ticks` stand below, `top` is the axis' end."""
    wide = float(max(len(bars), 1))
    drawn = "".join(_bar(at, bar, top) for at, bar in enumerate(bars))
    grid = "".join(_path(f"M0 {TALL * part:g}H{wide:g}", "grid") for part in (0, 0.25, 0.5, 0.75))
    return (
        f'<div class="chart"><svg role="img" viewBox="0 0 {wide:g} {TALL:g}" '
        f'preserveAspectRatio="none"><title>{escape(title)}</title><desc>{escape(told)}</desc>'
        f"{grid}{drawn}{_line(bars)}</svg>{_ticks(ticks)}</div>"
    )


def scale(
    marks: Sequence[Mark],
    ticks: Sequence[Mark],
    spans: Sequence[tuple[float, float, str]],
    title: str,
) -> str:
    """A horizontal scale with spans (from, to, class) and marks on it."""
    drawn = ""
    for start, end, kind in spans:
        wide = max(end - start, 0.004) * 100
        drawn += f'<rect class="{escape(kind)}" x="{start * 100:.2f}" width="{wide:.2f}" '
        drawn += 'y="8" height="12" rx="1"/>'
    drawn += "".join(
        f'<path class="mark {escape(mark.kind)}" d="M{mark.at * 100:.2f} 3V25"/>' for mark in marks
    )
    return (
        f'<div class="chart scale"><svg role="img" viewBox="0 0 100 28" preserveAspectRatio="none">'
        f'<title>{escape(title)}</title><rect class="rail" x="0" y="8" width="100" height="12" '
        f'rx="1"/>{drawn}</svg>{_ticks(ticks)}</div>'
    )


def rounded(largest: float) -> float:
    """The end of an axis on which `largest` fits: 1, 2 or 5 times a power of ten."""
    step = 1.0
    while True:
        for times in (1, 2, 4, 5):
            if step * times >= largest and step * times >= 4:
                return step * times
        step *= 10


def _bar(at: int, bar: Bar, top: float) -> str:
    height, drawn = 0.0, []
    for part in bar.parts:
        if part.size:
            tall = part.size / top * TALL
            height += tall
            drawn.append(
                f'<rect class="fill-{escape(part.kind)}" x="{at + GAP / 2:g}" '
                f'y="{TALL - height:.2f}" width="{1 - GAP:g}" height="{tall:.2f}"/>'
            )
    whole = f'<rect class="over" x="{at}" y="0" width="1" height="{TALL:g}"/>'
    return f"<g><title>{escape(bar.told)}</title>{whole}{''.join(drawn)}</g>"


def _line(bars: Sequence[Bar]) -> str:
    steps, pen_down = [], False
    for at, bar in enumerate(bars):
        if bar.line is None:
            pen_down = False
            continue
        # A single value between gaps would be a line of no length.
        x, y = at + 0.5, TALL * (1 - bar.line)
        steps.append(f"{'L' if pen_down else f'M{x - 0.3:g} {y:.2f}L'}{x:g} {y:.2f}")
        pen_down = True
    return _path("".join(steps), "line") if steps else ""


def _path(d: str, kind: str) -> str:
    return f'<path class="{kind}" d="{d}" vector-effect="non-scaling-stroke"/>'


def _ticks(ticks: Sequence[Mark]) -> str:
    drawn = "".join(
        f'<span class="{escape(tick.kind)}" style="left:{tick.at * 100:.2f}%">'
        f"{escape(tick.text)}</span>"
        for tick in ticks
    )
    return f'<div class="ticks" aria-hidden="true">{drawn}</div>'
