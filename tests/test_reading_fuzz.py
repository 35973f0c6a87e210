"""No page of words makes the reading raise, and the same page reads the same twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from preuve.reading.page import Box, Code, Page, Pages, Row, Word
from preuve.reading.pipeline import understand, understand_as
from preuve.reading.result import Context, Place, Reading
from preuve.reading.template.load import load_templates
from preuve.reading.template.match import Match
from preuve.reading.template.model import Template
from tests.paper import ROOT, stock

CARD = """\
template: fr.card
name: Card
extends: base.fr
kind: warranty_card
requires: []
fields:
  serial: {type: code, labels: [SIRET, DATE], pattern: "[0-9A-Z]{3,}", checks: {checksum: luhn}}
  above: {labels: [TVA], direction: above, normalize: [digits]}
  left: {type: amount, labels: [EUR], direction: left, checks: {min: 2}}
  below: {type: date, labels: [TOTAL], direction: below, checks: {not_in_future: yes}}
  within: {zone: {below: [CB], above: [RENDU], right_of: [x], left_of: [kg], bottom: 0.9}}
  agreed: {type: yes_no, labels: [DATE], yes: [CARREFOUR], no: [SUMME]}
  code: {codes: [{format: EAN13, pattern: "7"}]}
directions: {total: below, date: left, receipt_number: above}
zones: {date: {below: [TOTAL]}, items: {above: [RENDU]}}
layouts:
  other: {recognize: {words: [SDN]}, kind: receipt, fields: {code: {labels: [CB]}}}
"""
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


@cache
def card() -> Template:
    with TemporaryDirectory() as folder:
        (Path(folder) / "card.yaml").write_text(CARD)
        return load_templates(ROOT / "templates", Path(folder)).retailers["fr.card"]


@given(pages(), st.lists(st.text(max_size=14), max_size=2))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_templates_own_fields_read_on_any_page(given_pages: Pages, held: list[str]) -> None:
    codes = tuple(Code("EAN13", text, Box(-9, 600, 80, 700)) for text in held)
    coded = tuple(replace(page, codes=codes) for page in given_pages)
    found = Match(card(), 0.9, ("chosen",), Place(1, Box(0, 0, 1, 1)))
    context = Context(received_on=date(2026, 11, 21))
    reading, verdict = understand_as(coded, found, stock(), context)
    adapter = TypeAdapter(Reading)
    assert adapter.validate_json(adapter.dump_json(reading)) == reading
    assert understand_as(coded, found, stock(), context) == (reading, verdict)
    for field in reading.fields:
        assert field.value is None or 0 <= field.value.confidence <= 1


@given(pages())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_page_reads_and_reads_the_same_again(given_pages: Pages) -> None:
    context = Context(received_on=date(2026, 11, 21))
    first = understand(given_pages, stock(), context)
    stored = TypeAdapter(Pages).validate_json(TypeAdapter(Pages).dump_json(given_pages))
    assert understand(stored, stock(), context) == first
    adapter = TypeAdapter(Reading)
    assert adapter.validate_json(adapter.dump_json(first[0])) == first[0]
