"""Two receipts in one photo: said to the member, and not of one receipt in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from preuve.reading.ocr.direction import Direction
from preuve.reading.page import Box, Page, Pages, Quality, Row
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Place, Verdict
from preuve.reading.several import shows_two, side_by_side
from preuve.reading.way_up import WayUp
from preuve.reasons import ReasonCode
from tests.paper import RECEIVED, paper, stock, understood

LEFT = """
BOULANGERIE MARTIN
1 place du Marche
03/11/2026 07:58
BAGUETTE         2,60
CROISSANT        4,60
ECLAIR CAFE      2,90
TOTAL           10,10
ESPECES         10,10
Merci et a bientot
"""
RIGHT = """
LIBRAIRIE DES QUAIS
8 quai aux Fleurs
10/11/2026 13:47
ROMAN           22,50
CARNET           5,80
STYLO            5,50
TOTAL           33,80
CARTE           33,80
Bonne lecture
"""


def beside(left: str, right: str) -> str:
    rows = zip(left.strip().splitlines(), right.strip().splitlines(), strict=True)
    return "\n".join(f"{a:<26}{b}" for a, b in rows)


def test_two_receipts_side_by_side_are_to_be_sent_one_by_one() -> None:
    _, verdict = understood(beside(LEFT, RIGHT))
    assert verdict.status == "unusable"
    assert [r.code for r in verdict.reasons] == [ReasonCode.SEVERAL_RECEIPTS]


class _Told:
    """A direction that is told how each line lies."""

    def __init__(self, turned: list[bool]) -> None:
        self._turned = turned

    def votes(self, lines: Sequence[object]) -> list[float]:
        assert len(lines) == len(self._turned)
        return [0.9 if turned else 0.1 for turned in self._turned]

    def upside_down(self, lines: Sequence[object], votes: Sequence[float]) -> bool:
        return sum(votes) > len(lines) / 2


@pytest.mark.parametrize(
    ("turned", "on_head"),
    [
        ([False] * 12 + [True] * 9, 9),
        ([True] * 12 + [False] * 9, 9),
        ([False] * 12 + [True, False, True] * 3, 0),
        ([False] * 12 + [True] * 3, 0),
        ([False] * 21, 0),
    ],
    ids=["below", "the other turned", "among the others", "a few", "one paper"],
)
def test_lines_that_all_lie_the_other_way_on_one_side(turned: list[bool], on_head: int) -> None:
    corners = np.array([[0, 0], [200, 0], [200, 20], [0, 20]], np.float32)
    quads = np.stack([corners + np.float32(30 * at) for at in range(len(turned))]).astype(
        np.float32
    )
    way_up = WayUp(cast(Direction, _Told(turned)))
    way_up(np.full((700, 300, 3), 255, np.uint8), quads)
    assert way_up.lines_on_head == on_head


def test_the_parts_are_the_two_papers() -> None:
    parts = side_by_side(paper(beside(LEFT, RIGHT))[0])
    assert parts is not None
    assert [part.rows[6].text.split() for part in parts] == [["TOTAL", "10,10"], ["TOTAL", "33,80"]]


def test_the_same_receipt_twice_is_one_purchase() -> None:
    _, verdict = understood(beside(LEFT, LEFT))
    assert verdict.status != "unusable"


def test_names_and_amounts_far_apart_are_one_receipt() -> None:
    rows = [line.rsplit(maxsplit=1) for line in LEFT.strip().splitlines()]
    wide = "\n".join(f"{name:<40}{end}" for name, end in rows)
    _, verdict = understood(wide)
    assert verdict.status == "trusted", verdict.reasons


def test_what_lies_beside_a_receipt_and_is_none_changes_nothing() -> None:
    letter = "\n".join(["Chere Madeleine", "nous sommes arrives le 4", "au bord de l'eau"] * 3)
    _, verdict = understood(beside(LEFT, letter))
    assert ReasonCode.SEVERAL_RECEIPTS not in {r.code for r in verdict.reasons}


SLIP = """
CARTE BANCAIRE
SANS CONTACT
A0000000421010
LE 03/11/2026 07:59
BOULANGERIE MARTIN
MERCHANT 4012345
DEBIT
MONTANT TTC      6,10
TICKET CLIENT
"""


def above(first: str, second: str) -> Pages:
    """Two papers with a strip between them that is five rows high."""
    upper, lower = paper(first)[0], paper(second)[0]
    down = upper.height + 100.0
    moved = tuple(
        Row(tuple(replace(word, box=lowered(word.box, down)) for word in row.words))
        for row in lower.rows
    )
    height = down + lower.height
    return (replace(upper, rows=upper.rows + moved, height=height, original_height=height),)


def lowered(box: Box, down: float) -> Box:
    return replace(box, top=box.top + down, bottom=box.bottom + down)


def verdict_of(pages: Pages) -> Verdict:
    return understand(pages, stock(), Context(received_on=RECEIVED))[1]


def test_two_receipts_one_above_the_other_are_told() -> None:
    reasons = verdict_of(above(LEFT, RIGHT)).reasons
    assert [r.code for r in reasons] == [ReasonCode.SEVERAL_RECEIPTS]


def test_a_card_slip_below_a_receipt_is_no_second_purchase() -> None:
    reasons = verdict_of(above(LEFT, SLIP)).reasons
    assert ReasonCode.SEVERAL_RECEIPTS not in {r.code for r in reasons}


@pytest.mark.parametrize(
    ("quality", "doubted"),
    [
        (Quality(0.9, 0.7, 400.0, lines_across=7), False),
        (Quality(0.9, 0.7, 400.0, lines_across=8), True),
        (Quality(0.9, 0.7, 400.0, lines_on_head=7), False),
        (Quality(0.9, 0.7, 400.0, lines_on_head=8), True),
    ],
)
def test_a_paper_that_lies_another_way_than_this_one_is_for_a_person_to_see(
    quality: Quality, doubted: bool
) -> None:
    (page,) = paper(LEFT)
    _, verdict = understand(
        (replace(page, quality=quality),), stock(), Context(received_on=RECEIVED)
    )
    said = [reason.code for reason in verdict.reasons]
    assert said == ([ReasonCode.SEVERAL_RECEIPTS] if doubted else [])
    assert verdict.status == ("doubtful" if doubted else "trusted")


def test_two_receipts_of_one_day_are_two() -> None:
    _, verdict = understood(beside(LEFT, RIGHT.replace("10/11/2026", "03/11/2026")))
    assert [r.code for r in verdict.reasons] == [ReasonCode.SEVERAL_RECEIPTS]


def test_papers_above_each_other_are_read_for_themselves_where_each_has_a_date() -> None:
    (page,) = paper(f"{LEFT}\n{RIGHT}")
    lower = [row for row in page.rows if row.box.top >= page.rows[9].box.top]
    moved = [Row(tuple(replace(w, box=_lower(w.box)) for w in row.words)) for row in lower]
    apart = replace(page, rows=(*page.rows[:9], *moved))
    days = [Place(1, row.box) for row in (page.rows[2], moved[2])]
    asked: list[tuple[Page, bool]] = []

    def purchase(part: Page, adds_up: bool) -> int:
        asked.append((part, adds_up))
        return len(asked)

    assert not shows_two((apart,), days[:1], purchase)
    assert asked == []
    assert shows_two((apart,), days, purchase)
    assert [adds_up for _, adds_up in asked] == [True, True]


def _lower(box: Box) -> Box:
    return replace(box, top=box.top + 200.0, bottom=box.bottom + 200.0)
