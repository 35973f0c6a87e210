"""What a line of text says: the CTC network of PP-OCR, decoded to words with boxes.

Each output column stands for eight pixels of the line, so a character's place in the output is
its place on the paper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.ocr.runtime import RECOGNITION, Floats, alphabet, load_classifier

HEIGHT = 48
_LONGEST = 3200
# Few widths, so that the runtime compiles for few shapes.
_WIDTHS = (*range(64, 640, 32), *range(640, 1280, 64), *range(1280, _LONGEST + 1, 160))
_NOTABLE = 0.04
_MOST_ALTERNATIVES = 4
_LATIN_END = 0x0180
_ALSO = set("–—‘’“”„•…€™")
_NUMBER_LIKE = set("0123456789.,:;-/€$%'+*()")


@dataclass(frozen=True, slots=True)
class Read:
    """A word of a line: from `start` to `end` as shares of the line's width.

    `alternatives` are other texts of the whole word with their probability, the likeliest first.
    """

    text: str
    start: float
    end: float
    confidence: float
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    center: float
    confidence: float
    others: tuple[tuple[str, float], ...]


def sureness(words: Sequence[Read]) -> float:
    """The mean confidence of a line's words; 0 of an empty one."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


class Recognizer:
    """Reads pictures of single lines with a Latin alphabet, accents and the euro sign."""

    def __init__(self) -> None:
        characters = [unicodedata.normalize("NFKC", c) for c in alphabet(RECOGNITION)]
        keep = [i for i, c in enumerate(characters) if all(_is_latin(part) for part in c)]
        self._characters = [characters[i] for i in keep]
        self._network = load_classifier(RECOGNITION, keep)

    def __call__(self, line: NDArray[np.uint8]) -> list[Read]:
        """The words of one line: RGB, 48 pixels high, from left to right."""
        width = min(line.shape[1], _LONGEST)
        padded = next(w for w in _WIDTHS if w >= width)
        batch = np.zeros((1, 3, HEIGHT, padded), np.float32)
        for channel, plane in enumerate(cv2.split(line)[::-1]):
            np.multiply(plane[:, :width], 2 / 255, out=batch[0, channel, :, :width])
        batch[..., :width] -= 1
        scores = self._network(batch)[0]
        columns = scores.shape[0] * width / padded
        return _words(self._decode(scores), columns)

    def _decode(self, scores: Floats) -> list[_Character]:
        best = scores.argmax(axis=1)
        changes = np.flatnonzero(np.diff(best)) + 1
        found = []
        for run in np.split(np.arange(len(best)), changes):
            index = int(best[run[0]])
            if index == 0:
                continue
            column = scores[run, index]
            peak = run[int(column.argmax())]
            found.append(
                _Character(
                    self._characters[index],
                    float(run.mean()) + 0.5,
                    float(column.max()),
                    self._others(scores[peak], index),
                )
            )
        return found

    def _others(self, scores: Floats, chosen: int) -> tuple[tuple[str, float], ...]:
        """Second choices beside a digit or a sign; "" where the character may not be there."""
        if scores[chosen] > 1 - _NOTABLE:
            return ()
        text = self._characters[chosen]
        return tuple(
            (other, float(scores[index]))
            for index in np.argsort(scores)[::-1][:4]
            if index != chosen and scores[index] >= _NOTABLE
            for other in (self._characters[index],)
            if other != text and (text in _NUMBER_LIKE or (other and other in _NUMBER_LIKE))
        )


@cache
def recognizer() -> Recognizer:
    """The one of this process, loaded when it is first asked for: call it after the fork."""
    return Recognizer()


def _is_latin(character: str) -> bool:
    return ord(character) < _LATIN_END or character in _ALSO


def _words(characters: list[_Character], columns: float) -> list[Read]:
    words: list[list[_Character]] = [[]]
    for character in characters:
        if character.text.isspace():
            words.append([])
        else:
            words[-1].append(character)
    words = [part for word in words if word for part in _split(word)]
    return [_read(word, columns) for word in words]


def _split(word: list[_Character]) -> list[list[_Character]]:
    """Cut where the gap is far wider than the word's pitch: the engine may leave a space out."""
    if len(word) < 3:
        return [word]
    gaps = [b.center - a.center for a, b in pairwise(word)]
    limit = 2.6 * max(sorted(gaps)[len(gaps) // 2], 1.2)
    parts = [[word[0]]]
    for gap, character in zip(gaps, word[1:], strict=True):
        if gap > limit:
            parts.append([])
        parts[-1].append(character)
    return parts


def _read(word: list[_Character], columns: float) -> Read:
    text = "".join(c.text for c in word)
    confidence = min(c.confidence for c in word)
    pitch = (word[-1].center - word[0].center) / (len(word) - 1) if len(word) > 1 else 2.0
    start = max(0.0, word[0].center - pitch / 2) / columns
    end = min(columns, word[-1].center + pitch / 2) / columns
    choices = [
        (
            "".join(other if i == place else c.text for i, c in enumerate(word)),
            probability,
        )
        for place, character in enumerate(word)
        for other, probability in character.others
    ]
    choices = [(other, p) for other, p in choices if other]
    choices.sort(key=lambda choice: -choice[1])
    return Read(text, start, end, confidence, tuple(choices[:_MOST_ALTERNATIVES]))
