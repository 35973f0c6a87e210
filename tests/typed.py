"""Pages of typed rows, for tests that need words and no picture."""

from __future__ import annotations

from preuve.reading.page import Box, Page, Pages, Row, Word


def pages(*rows: str, heights: dict[int, float] | None = None) -> Pages:
    """One page of rows of text; `heights` gives single rows another letter height than 20."""
    made = []
    for number, text in enumerate(rows):
        height = (heights or {}).get(number, 20.0)
        top = number * 30.0
        words = [
            Word(word, Box(10 + 90.0 * place, top, 90 + 90.0 * place, top + height), 0.9, "test")
            for place, word in enumerate(text.split())
        ]
        made.append(Row(tuple(words)))
    return (Page(1, 600, 30.0 * len(rows), tuple(made), "ocr", 600, 30.0 * len(rows)),)
