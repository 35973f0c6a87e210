"""An unusable picture says why, by measures of the picture and of what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preuve.reading.page import Quality
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.reasons import ReasonCode
from tests.paper import RECEIVED, paper, stock

WHOLE = """
BOULANGERIE MARTIN
03/11/2026 07:58
BAGUETTE         2,60
CROISSANT        4,60
TOTAL            7,20
ESPECES          7,20
"""
NO_TOTAL = WHOLE.partition("TOTAL")[0]
HEAD = NO_TOTAL.partition("BAGUETTE")[0]
LETTER = "Chere Madeleine\nnous sommes bien arrives\nau bord de l'eau\n"
GOOD = Quality(0.85, 0.6, 400.0, (), 1.0)
DARK, PALE = replace(GOOD, brightness=0.1), replace(GOOD, contrast=0.05)
BLURRED = replace(GOOD, focus=0.2)


def advice(text: str, quality: Quality) -> list[ReasonCode]:
    (page,) = paper(text)
    judged = (replace(page, quality=quality),)
    _, verdict = understand(judged, stock(), Context(received_on=RECEIVED))
    return [r.code for r in verdict.reasons] if verdict.status == "unusable" else []


@pytest.mark.parametrize(
    ("text", "quality", "reason"),
    [
        (NO_TOTAL, DARK, ReasonCode.TOO_DARK),
        (NO_TOTAL, PALE, ReasonCode.TOO_DARK),
        (NO_TOTAL, BLURRED, ReasonCode.TOO_BLURRED),
        (NO_TOTAL, replace(GOOD, cut_edges=("bottom",)), ReasonCode.CUT_OFF),
        (NO_TOTAL, replace(GOOD, cut_edges=("top",)), ReasonCode.CUT_OFF),
        (NO_TOTAL, GOOD, ReasonCode.NO_TOTAL),
        (NO_TOTAL, replace(GOOD, cut_edges=("left", "right")), ReasonCode.NO_TOTAL),
        (HEAD, replace(GOOD, cut_edges=("bottom",)), ReasonCode.CUT_OFF),
        (f"{HEAD}BAGUETTE         2,60", GOOD, ReasonCode.NO_TOTAL),
        (LETTER, replace(GOOD, cut_edges=("bottom",)), ReasonCode.NOT_A_RECEIPT),
        (LETTER, GOOD, ReasonCode.NOT_A_RECEIPT),
        ("", GOOD, ReasonCode.NO_TEXT),
        ("", DARK, ReasonCode.TOO_DARK),
    ],
)
def test_one_reason_that_the_member_can_act_on(
    text: str, quality: Quality, reason: ReasonCode
) -> None:
    assert advice(text, quality) == [reason]


@pytest.mark.parametrize(
    "quality", [GOOD, DARK, PALE, BLURRED, replace(GOOD, cut_edges=("top", "bottom"))]
)
def test_a_total_that_was_read_needs_no_better_photo(quality: Quality) -> None:
    assert advice(WHOLE, quality) == []


@pytest.mark.parametrize("quality", [DARK, BLURRED])
def test_a_sum_that_nothing_confirms_on_no_day_needs_a_better_photo(quality: Quality) -> None:
    guess = "BRASSERIE\nTOTAL TTC        66,68\n"
    assert advice(guess, quality) == advice(NO_TOTAL, quality)
    assert advice(guess, GOOD) == []
    assert advice(f"03/11/2026 07:58\n{guess}", quality) == []
