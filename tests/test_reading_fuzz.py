"""No page of words makes the reading raise, and the same page reads the same twice."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from preuve.reading.page import Box, Page, Pages, Row, Word
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading
from tests.paper import stock

PRINTED = """
TOTAL SOUS-TOTAL TVA 5,5% 20,00% 12,50 -0,71 1.234,56 2 x * € EUR RM11.40 CB RENDU ARRONDI
12/11/2026 31.02.2026 18:42 CARREFOUR SIRET 65201405100012 0,542 kg DATE www.x.fr Rp 36.000
7-10 (1,20) SDN BHD JUMLAH SUMME MwSt
"""
FRAGMENTS = st.sampled_from(PRINTED.split())
TEXTS = st.one_of(FRAGMENTS, st.text(min_size=1, max_size=12).filter(lambda t: t.split() == [t]))


@st.composite
def pages(draw: st.DrawFn) -> Pages:
    made = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        rows = []
        for at, texts in enumerate(
            draw(st.lists(st.lists(TEXTS, min_size=1, max_size=6), max_size=14))
        ):
            words = [
                Word(text, Box(90.0 * i, 30.0 * at, 90.0 * i + 80, 30.0 * at + 20), 0.9, "fuzz")
                for i, text in enumerate(texts)
            ]
            rows.append(Row(tuple(words)))
        made.append(Page(number, 600, 500, tuple(rows), "ocr", 600, 500))
    return tuple(made)


@given(pages())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_page_reads_and_reads_the_same_again(given_pages: Pages) -> None:
    context = Context(received_on=date(2026, 11, 21))
    first = understand(given_pages, stock(), context)
    stored = TypeAdapter(Pages).validate_json(TypeAdapter(Pages).dump_json(given_pages))
    assert understand(stored, stock(), context) == first
    adapter = TypeAdapter(Reading)
    assert adapter.validate_json(adapter.dump_json(first[0])) == first[0]
