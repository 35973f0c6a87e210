"""Words as a worse picture would have given them: what confidences are fitted on besides.

Few labelled receipts are read wrong, too few to learn from what a wrong value looks like. So
each one is also read from words that were damaged the way engines damage them: digits and
letters taken for others, words and rows not seen, the paper cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from preuve.reading.page import Alternative, Pages, Row, Word
from preuve.reading.result import Place, Reading

DIGITS = {
    "0": "68",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "19",
    "5": "63",
    "6": "85",
    "7": "12",
    "8": "36",
    "9": "48",
}
LETTERS = dict(zip("aceilmnorstuACEILMNORSTU", "oecltnmocflvOGFLIWMQKBIV", strict=True))
FIELDS = ("total", "purchased_on", "retailer")
ROW_OF_A_VALUE_LOST, PAPER_CUT = 0.2, 0.15
KEPT_AS_SECOND = 0.5
"""How often the engine still holds the right digit for possible."""


def damaged(pages: Pages, reading: Reading, seed: str) -> Pages:
    """The pages after an accident drawn by `seed`; the same seed draws the same.

    `reading` tells where the values stand whose rows may be lost.
    """
    draw = Random(seed)
    severity = draw.random()
    lost = list(_lost_places(reading, draw))
    made = []
    for page in pages:
        rows = [row for row in page.rows if not _stands_in(row, page.number, lost)]
        rows = _cut(rows, draw)
        kept = (_row(row, severity, draw) for row in rows if draw.random() > 0.06 * severity)
        made.append(replace(page, rows=tuple(row for row in kept if row.words)))
    return tuple(made)


def _lost_places(reading: Reading, draw: Random) -> Iterator[Place]:
    for name in FIELDS:
        value = getattr(reading, name)
        if draw.random() < ROW_OF_A_VALUE_LOST and value is not None and value.place is not None:
            yield value.place


def _stands_in(row: Row, page: int, places: Iterable[Place]) -> bool:
    top, bottom = row.box.top, row.box.bottom
    return any(place.page == page and top <= place.box.center[1] <= bottom for place in places)


def _cut(rows: list[Row], draw: Random) -> list[Row]:
    if draw.random() > PAPER_CUT:
        return rows
    part = int(len(rows) * draw.uniform(0.05, 0.35))
    return rows[part:] if draw.random() < 0.4 else rows[: len(rows) - part]


def _row(row: Row, severity: float, draw: Random) -> Row:
    seen = (word for word in row.words if draw.random() > 0.02 * severity)
    return Row(tuple(_word(word, severity, draw) for word in seen))


def _word(word: Word, severity: float, draw: Random) -> Word:
    wrong = word.text
    if draw.random() < 0.01 + 0.04 * severity:
        wrong = _exchanged(wrong, DIGITS, draw)
    if draw.random() < 0.08 * severity:
        wrong = _exchanged(wrong, LETTERS, draw)
    if wrong == word.text:
        return word
    sure = min(word.confidence, draw.uniform(0.55, 1.0))
    right = Alternative(word.text, 1 - sure, word.engine)
    second = (right,) if draw.random() < KEPT_AS_SECOND else ()
    return replace(word, text=wrong, confidence=sure, alternatives=second)


def _exchanged(text: str, pairs: dict[str, str], draw: Random) -> str:
    """One of the characters that have a look-alike replaced by it."""
    places = [at for at, character in enumerate(text) if character in pairs]
    if not places:
        return text
    at = draw.choice(places)
    return text[:at] + draw.choice(pairs[text[at]]) + text[at + 1 :]
