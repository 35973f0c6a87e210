"""Which words make the reader take the right sum for the total, and leave the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from preuve.messages import say
from preuve.reading.extract.figures import SUMS, Figure, read_figures
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.text import fold
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.trial import Bench, Tried
from preuve.reading.template.drafting.values import Example, Values
from preuve.reading.template.drafting.wording import Beside, Spot, beside
from preuve.reading.template.inherit import STRIKE
from preuve.reading.template.model import Role

_MOST_ROUNDS = 4

_SUMS = SUMS | {Role.DISCOUNT, Role.DEPOSIT, Role.REFUND, Role.FEE}

_OTHER_SUMS = (
    Role.SUBTOTAL,
    Role.NET_TOTAL,
    Role.TAX,
    Role.OTHER_TENDER,
    Role.CASH,
    Role.CHANGE,
    Role.SAVINGS,
    Role.IGNORE,
)


def learn_sums(bench: Bench, current: Tried) -> Tried:
    """Labels of the total and of the sums around it, one at a time, while reading gets better.

    What contradicts the base (its word for a subtotal is the total here) is taken only where
    the sums on the paper bear it out: a confirmed value may be wrong, too.
    """
    for _ in range(_MOST_ROUNDS):
        options = list(_options(bench, current))
        tame = [edits for edits in options if not _contradicts(bench, edits)]
        better = bench.best(current, tame)
        if better is current:
            bold = [edits for edits in options if edits not in tame]
            better = bench.best(current, bold, borne_out)
        if better is current:
            break
        current = better
    return bench.kept(current, _payments(bench, current))


def borne_out(tried: Tried) -> bool:
    """Whether taxes or payments agree with what is read, and no sum differs.

    That the items make it says nothing: they make a subtotal, too.
    """
    for reading, _ in tried.read:
        passed = {check.code: check.passed for check in reading.checks}
        if any(passed.get(code) is False for code in ("items", "taxes", "payment")):
            return False
        if not passed.get("taxes") and not passed.get("payment"):
            return False
    return True


def _contradicts(bench: Bench, edits: list[Edit]) -> bool:
    """Whether a phrase is struck, or has another role in the base."""
    known = {
        "".join(fold(phrase)): role.value
        for role, phrases in bench.base.labels.items()
        if role in _SUMS
        for phrase in phrases
    }
    return any(
        str(edit.value).startswith(STRIKE)
        or known.get("".join(fold(str(edit.value))), edit.route[-1]) != edit.route[-1]
        for edit in edits
        if edit.route[0] == "labels"
    )


def spots_of(sheet: Sheet, value: Decimal) -> list[Spot]:
    """Where an amount is printed as a sum of money, from the top."""
    return [
        Spot(figure.line, figure.amount.start, figure.amount.stop)
        for figure in read_figures(sheet)
        if figure.value == value
    ]


def _options(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    seen: set[tuple[str, ...]] = set()
    sheets = bench.sheets(current.sketch)
    for n, (example, values, sheet) in enumerate(
        zip(bench.examples, bench.values, sheets, strict=True)
    ):
        if values.total is None:
            continue
        reading = current.read[n][0]
        wrong = reading.total.value if reading.total else None
        options = [*_for_the_total(sheet, values.total, example, values)]
        if wrong is not None and wrong != values.total:
            options += _against(sheet, wrong, example)
        for edits in options:
            key = tuple(f"{edit.route} {edit.value}" for edit in edits)
            if key not in seen:
                seen.add(key)
                yield edits


def _for_the_total(
    sheet: Sheet, total: Decimal, example: Example, values: Values
) -> Iterator[list[Edit]]:
    sold = {(item.description or "").casefold() for item in values.items or ()}
    for spot in spots_of(sheet, total):
        for words in beside(sheet, spot):
            if words.phrase not in sold:
                yield [_label(Role.TOTAL, words, spot, example)]


def _payments(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    """What was paid, and what came back, below the total: two sums that it stands between."""
    sheets = bench.sheets(current.sketch)
    for example, values, sheet in zip(bench.examples, bench.values, sheets, strict=True):
        total = values.total
        figures = [figure for figure in read_figures(sheet) if figure.last]
        rows = [f.line.index for f in figures if f.value == total and Role.TOTAL in f.roles]
        if total is None or not rows:
            continue
        below = [f for f in figures if f.line.index > min(rows) and not f.labels]
        for paid in below:
            if paid.value == total:
                yield from _named(sheet, paid, example, Role.OTHER_TENDER)
            for back in below:
                if paid.value - back.value == total and back.value > 0:
                    yield from (
                        [*one, *two]
                        for one in _named(sheet, paid, example, Role.CASH)
                        for two in _named(sheet, back, example, Role.CHANGE)
                    )


def _named(sheet: Sheet, figure: Figure, example: Example, role: Role) -> list[list[Edit]]:
    spot = Spot(figure.line, figure.amount.start, figure.amount.stop)
    return [[_label(role, words, spot, example)] for words in list(beside(sheet, spot))[:1]]


def _against(sheet: Sheet, wrong: Decimal, example: Example) -> Iterator[list[Edit]]:
    """Other names for the sum that was taken for the total, and its label struck."""
    for spot in spots_of(sheet, wrong):
        for words in beside(sheet, spot):
            for role in _OTHER_SUMS:
                yield [_label(role, words, spot, example)]
        for label in spot.line.labels:
            if label.role in (Role.TOTAL, Role.WEAK_TOTAL):
                why = say(
                    "{text!r} in {where} is not the total", text=spot.line.text, where=example.name
                )
                struck = f"{STRIKE}{label.phrase}"
                yield [Edit(("labels", label.role.value), struck, why, adds=True)]


def _label(role: Role, words: Beside, spot: Spot, example: Example) -> Edit:
    text, where = spot.text.strip(), example.name
    why = {
        "left": say("before {text} in {where}", text=text, where=where),
        "right": say("behind {text} in {where}", text=text, where=where),
        "above": say("over {text} in {where}", text=text, where=where),
        "below": say("under {text} in {where}", text=text, where=where),
    }[words.side]
    return Edit(("labels", role.value), words.phrase, why, adds=True)
