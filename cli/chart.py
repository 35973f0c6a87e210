"""Small line diagrams as SVG: axes from 0, a grid, and series of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 480
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 50, 60
COLORS = ("#7b2ff7", "#0077cc", "#d6001c", "#0a8f3c", "#c45a00")
GRAY = "#888888"
TICKS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """Points in the units of the axes; `sizes` (0 to 1) draws a dot at each of them. With
    `notes`, a word above each dot, no line joins them."""

    name: str
    points: Sequence[tuple[float, float]]
    sizes: Sequence[float] = ()
    notes: Sequence[str] = ()
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """A title and where the axis ends; it begins at `start`. Labels are percentages."""

    title: str
    end: float = 1.0
    start: float = 0.0

    def share(self, value: float) -> float:
        span = self.end - self.start
        return min(max((value - self.start) / span, 0.0), 1.0) if span else 0.0


def svg(title: str, x: Axis, y: Axis, series: Sequence[Series]) -> str:
    """The whole SVG document."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="28" font-size="17" font-weight="bold">{escape(title)}</text>',
        *_grid(x, y),
    ]
    colors = [GRAY if one.dashed else COLORS[n % len(COLORS)] for n, one in enumerate(series)]
    for line, color in zip(series, colors, strict=True):
        parts += _line(line, x, y, color)
    parts += _legend([one.name for one in series], colors)
    return "\n".join([*parts, "</svg>\n"])


def _grid(x: Axis, y: Axis) -> list[str]:
    parts = []
    for tick in range(TICKS + 1):
        share = tick / TICKS
        across, up = _x(share), _y(share)
        parts += [
            f'<path d="M{across:.1f} {_y(0)}V{_y(1)}M{_x(0)} {up:.1f}H{_x(1)}" stroke="#e0e0e0"/>',
            _text(across, _y(0) + 20, "middle", _percent(x, share)),
            _text(LEFT - 8, up + 4, "end", _percent(y, share)),
        ]
    upright = f'<g transform="translate(18 {(_y(0) + _y(1)) / 2}) rotate(-90)">'
    return [
        *parts,
        _text((_x(0) + _x(1)) / 2, HEIGHT - 12, "middle", x.title),
        f"{upright}{_text(0, 0, 'middle', y.title)}</g>",
    ]


def _line(line: Series, x: Axis, y: Axis, color: str) -> list[str]:
    at = [(_x(x.share(a)), _y(y.share(b))) for a, b in line.points]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in at)
    dash = ' stroke-dasharray="6 5"' if line.dashed else ""
    joined = f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>'
    parts = [] if line.notes else [joined]
    parts += [
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{3 + 7 * size:.1f}" fill="{color}" opacity="0.6"/>'
        for (a, b), size in zip(at, line.sizes, strict=False)
    ]
    parts += [
        _text(a, b - 12, "middle", note) for (a, b), note in zip(at, line.notes, strict=False)
    ]
    return parts


def _legend(names: Sequence[str], colors: Sequence[str]) -> list[str]:
    wide = 60 + 7 * max(map(len, names))
    parts = [
        f'<rect x="{LEFT + 6}" y="{TOP + 2}" width="{wide}" height="{20 * len(names) + 4}" '
        'fill="white" fill-opacity="0.85"/>'
    ]
    for number, (name, color) in enumerate(zip(names, colors, strict=True)):
        y = TOP + 16 + 20 * number
        parts += [
            f'<path d="M{LEFT + 14} {y - 4}h22" stroke="{color}" stroke-width="3"/>',
            _text(LEFT + 44, y, "start", name),
        ]
    return parts


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _percent(axis: Axis, share: float) -> str:
    value = 100 * (axis.start + share * (axis.end - axis.start))
    return f"{value:.0f} %" if axis.end - axis.start >= 0.25 else f"{value:.1f} %"


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
