"""A document as it was read, drawn in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from decimal import Decimal

from rich import box
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.predictions import header
from preuve.reading.page import Pages
from preuve.reading.result import Check, Field, Item, Reading, Reason, Retailer, Verdict
from preuve.reasons import member_text

SURE = 0.9
UNSURE = 0.6
BAR = 5
LONGEST_NAME = 48
STATUS = {
    "trusted": ("✓", "green", "Trusted: it can be credited with no human looking."),
    "doubtful": ("?", "yellow", "Doubtful: a person has to look at it."),
    "unusable": ("✗", "red", "Unusable: the member has to send something else."),
}
OUTCOME = {True: ("✓", "green"), False: ("✗", "red"), None: ("–", "bright_black")}


def picture(
    file: str, pages: Pages, reading: Reading, verdict: Verdict, seconds: float
) -> RenderableType:
    """What was read from one document and how far it can be trusted, at any width from 60 up."""
    sign, color, sentence = STATUS[verdict.status]
    parts: list[RenderableType] = [
        _fields(reading),
        *_items(reading),
        *_sides(reading),
        *_checks(reading.checks),
        Text(),
        Text.assemble((f"{sign} ", f"bold {color}"), (sentence, color)),
        *(_reason(reason) for reason in verdict.reasons),
        Text(),
        _match(reading),
    ]
    return Panel(
        Group(*parts),
        title=Text.assemble(
            (_short(file), "bold"), (f" {sign} {verdict.status} {verdict.confidence:.0%}", color)
        ),
        subtitle=f"[dim]{escape(_how(pages, seconds))}[/]",
        subtitle_align="right",
        border_style=color,
        box=box.ROUNDED,
        padding=(0, 2),
    )


def problem(file: str, code: str, message: str, remedy: str) -> RenderableType:
    """A document that could not be read: what was wrong with it, and what to do."""
    return Panel(
        Group(Text(message), Text(remedy, style="italic")),
        title=Text.assemble((_short(file), "bold"), (f" ✗ {code}", "red")),
        border_style="red",
        box=box.ROUNDED,
        padding=(0, 2),
    )


def _fields(reading: Reading) -> Table:
    table = _table(box.SIMPLE_HEAD)
    table.add_column("field", style="bold", no_wrap=True)
    table.add_column("value", min_width=16, max_width=30)
    table.add_column("sure", no_wrap=True)
    table.add_column("found by", style="dim", ratio=1)
    found = dict(header(reading))
    for missing in dict.fromkeys(("retailer", *reading.requires)):
        if missing not in found:
            table.add_row(_plain(missing), Text("not found", style="red"), "", "")
    for name, value in found.items():
        said = _value(value.value)
        if name == "total":
            said.stylize("bold")
        table.add_row(_plain(name), said, _sure(value.confidence), escape(value.rule))
    for field in reading.fields:
        table.add_row(escape(field.title), *_own_field(field))
    return table


def _own_field(field: Field) -> tuple[Text | str, ...]:
    """Value, confidence and rule of a field of the template's own; what fails stands beside it."""
    if field.value is None:
        return Text("not found", style="red" if field.required else "dim"), "", ""
    failed = [check.code for check in field.checks if check.passed is False]
    said = Text.assemble(
        field.value.value, (f"  {', '.join(failed)} fails" if failed else "", "red")
    )
    return said, _sure(field.value.confidence), escape(field.value.rule)


def _items(reading: Reading) -> Iterator[RenderableType]:
    if not reading.items:
        return
    table = _table(box.SIMPLE_HEAD, show_footer=True)
    with_code = any(item.vat_code for item in reading.items)
    made = sum((item.amount for item in reading.items), Decimal(0))
    rows = len(reading.items)
    table.add_column("qty", justify="right", no_wrap=True)
    table.add_column("item", f"{rows} row{'' if rows == 1 else 's'}", ratio=1)
    table.add_column("each", justify="right", no_wrap=True)
    table.add_column("amount", _money(made), justify="right", no_wrap=True, footer_style="bold")
    table.add_column("sure", no_wrap=True)
    if with_code:
        table.add_column("vat", justify="center", no_wrap=True)
    for item in reading.items:
        table.add_row(
            _quantity(item),
            _description(item),
            "" if item.unit_price is None else _money(item.unit_price),
            Text(_money(item.amount), style="magenta" if item.amount < 0 else ""),
            _sure(item.confidence),
            *([escape(item.vat_code or "")] if with_code else []),
        )
    yield table


def _sides(reading: Reading) -> Iterator[RenderableType]:
    """Taxes and payment, side by side where both are printed."""
    sides: list[RenderableType] = []
    if reading.taxes:
        taxes = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
        for column in ("tax %", "net", "tax", "gross"):
            taxes.add_column(column, justify="right", no_wrap=True)
        for line in reading.taxes:
            rate = "" if line.rate is None else f"{line.rate.normalize():f}"
            taxes.add_row(rate, *(_money(a) for a in (line.net, line.tax, line.gross)))
        sides.append(taxes)
    if reading.tenders:
        tenders = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
        tenders.add_column("paid by")
        tenders.add_column("amount", justify="right", no_wrap=True)
        for tender in reading.tenders:
            said = f"{_plain(tender.kind)} [dim]{escape(tender.label)}[/]"
            tenders.add_row(said, _money(tender.amount))
        sides.append(tenders)
    if sides:
        yield Columns(sides, padding=(0, 6))


def _checks(checks: tuple[Check, ...]) -> Iterator[RenderableType]:
    if not checks:
        return
    table = _table(None)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(style="dim", ratio=1)
    for check in checks:
        sign, color = OUTCOME[check.passed]
        style = color if check.passed is not None else "dim"
        table.add_row(
            Text(sign, style=color), Text(_plain(check.code), style=style), escape(check.detail)
        )
    yield Padding(table, (1, 0, 0, 0))


def _reason(reason: Reason) -> RenderableType:
    about = " ".join(part for part in (reason.field or "", reason.detail) if part)
    return Padding(
        Text.assemble(
            (f"{_plain(reason.code)}: ", "bold"),
            member_text(reason.code, "en"),
            (f"  ({about})" if about else "", "dim"),
        ),
        (0, 0, 0, 2),
    )


def _match(reading: Reading) -> RenderableType:
    match = reading.match
    where = ", ".join(part for part in (reading.language, reading.country) if part)
    line = Text.assemble(("template ", "dim"), (match.template, "cyan"))
    line.append(f" version {match.version}, {_plain(reading.kind)}, {where}", "dim")
    if match.ambiguous:
        line.append("; several retailers' templates fit, so none was taken", "yellow")
    elif match.score:
        line.append(f", fits {match.score:.0%}", "dim")
    else:
        line.append("; no retailer's template knows this one", "dim")
    if match.layout:
        line.append(f", layout {match.layout}", "dim")
    if match.evidence:
        line.append("\n  because " + "; ".join(match.evidence), "dim")
    if match.nearest:
        line.append("\n  nearest others " + ", ".join(match.nearest), "dim")
    return line


def _how(pages: Pages, seconds: float) -> str:
    parts = [f"{len(pages)} page{'' if len(pages) == 1 else 's'}"]
    parts += sorted({"text layer" if p.source == "text_layer" else p.engine for p in pages})
    parts += [f"turned {page.turned}°" for page in pages if page.turned]
    return " · ".join([*parts, f"{seconds:.1f} s"])


def _table(style: box.Box | None, show_footer: bool = False) -> Table:
    return Table(
        box=style,
        header_style="dim",
        pad_edge=False,
        expand=True,
        show_header=style is not None,
        show_footer=show_footer,
    )


def _sure(confidence: float) -> Text:
    """A small bar and the percentage, so that the weak values stand out."""
    color = "green" if confidence >= SURE else "yellow" if confidence >= UNSURE else "red"
    full = round(confidence * BAR)
    return Text.assemble(
        ("━" * full, color), ("━" * (BAR - full), "bright_black"), f"{confidence:>5.0%}"
    )


def _value(value: object) -> Text:
    if isinstance(value, Retailer):
        return Text.assemble(value.name, (f"  {value.key}" if value.key else "", "cyan"))
    if isinstance(value, time):
        return Text(value.isoformat("seconds" if value.second else "minutes"))
    return Text(_money(value) if isinstance(value, Decimal) else str(value))


def _description(item: Item) -> Text:
    kind = "" if item.kind == "product" else f"  {item.kind}"
    note = f"  {item.note}" if item.note else ""
    return Text.assemble(item.description or item.raw_text, (kind, "magenta"), (note, "italic"))


def _quantity(item: Item) -> str:
    if item.quantity is None:
        return ""
    return (
        f"{item.quantity.normalize():f}{' ' + item.unit_of_measure if item.unit_of_measure else ''}"
    )


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _short(file: str) -> str:
    """The end of a path, which tells more than its beginning."""
    return file if len(file) <= LONGEST_NAME else "…" + file[1 - LONGEST_NAME :]


def _plain(name: str) -> str:
    return name.replace("_", " ")
