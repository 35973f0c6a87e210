"""Each mechanism taken out in turn: how much it decides, and how often it decides right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.benchmark import Labelled, Seen
from cli.figures import Figures
from cli.mechanisms import Mechanism, mechanisms
from cli.replay import Scored, replay, score
from preuve.reading.result import Context

if TYPE_CHECKING:
    from preuve.reading.template.load import Templates

FIELDS = ("retailer", "purchased_on", "total", "currency")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one mechanism changes: labelled values that come out otherwise without it, how many
    of them are right with it and without, the items that are paired only with it and only
    without, and what it adds in accepted receipts, and in accepted ones whose total or date is
    wrong."""

    mechanism: str
    decided: int
    right_with: int
    right_without: int
    items: int
    items_without: int
    accepted: int
    wrongly: int


def ablate(
    documents: Sequence[Labelled],
    seen: Sequence[Seen],
    templates: Templates,
    context: Context,
    whole: Sequence[Scored],
) -> Iterator[Effect]:
    """The effect of every mechanism, against `whole`, the same documents read with all."""
    for mechanism in mechanisms():
        with mechanism.taken_out():
            without = replay(documents, seen, templates, context)
        yield effect(mechanism, whole, without)


def table(effects: Sequence[Effect]) -> Figures:
    columns = (
        "mechanism",
        "values decided",
        "right with it",
        "right without",
        "items paired only with it",
        "only without",
        "accepted",
        "of them wrong",
    )
    rows = [
        (
            effect.mechanism,
            str(effect.decided),
            str(effect.right_with),
            str(effect.right_without),
            str(effect.items),
            str(effect.items_without),
            _signed(effect.accepted),
            _signed(effect.wrongly),
        )
        for effect in effects
    ]
    return Figures(columns, rows)


def effect(mechanism: Mechanism, whole: Sequence[Scored], without: Sequence[Scored]) -> Effect:
    """What differs between the same documents read with a mechanism and without it."""
    changed = [
        (one.marks.right[name], other.marks.right[name])
        for one, other in zip(whole, without, strict=True)
        for name in FIELDS
        if name in one.marks.right
        and one.line.get(name) != other.line.get(name)
        and not (name == "retailer" and (_left_out(one) or _left_out(other)))
    ]
    paired = [
        one.marks.items.paired - (other.marks.items.paired if other.marks.items else 0)
        for one, other in zip(whole, without, strict=True)
        if one.marks.items
    ]
    having, lacking = score(whole), score(without)
    return Effect(
        mechanism.name,
        len(changed),
        sum(right for right, _ in changed),
        sum(right for _, right in changed),
        sum(max(0, more) for more in paired),
        sum(max(0, -more) for more in paired),
        having.accepted - lacking.accepted,
        (having.safe.of - having.safe.right) - (lacking.safe.of - lacking.safe.right),
    )


def _left_out(one: Scored) -> bool:
    """Whether a name was found and left out as a guess: then not it, but how sure the rest of the
    receipt is, tells the two readings apart."""
    return bool(one.reading and one.reading.printed_name and not one.reading.retailer)


def _signed(number: int) -> str:
    return f"{number:+d}" if number else "0"
