"""Receipts of invented retailers as an engine might read them: rows of words, letters damaged."""

from __future__ import annotations

import random
from collections.abc import Iterator

from cli.crowd import COUNTRIES, WORDS, Retailer
from preuve.reading.page import Box, Page, Pages, Row, Word

DAMAGED = 0.05
"""The share of words with a letter lost or changed."""

LETTER, LINE, HEIGHT = 12.0, 36.0, 20.0
ALIKE = {
    **{"o": "0c", "i": "l1t", "l": "i1t", "e": "c", "s": "5", "b": "8h", "a": "o", "n": "m"},
    **{"t": "f", "0": "O8", "1": "7l", "3": "8", "5": "6S", "6": "5", "8": "3B", "9": "g"},
}
Line = tuple[str, float]
"""A row's text and the height of its letters."""


def paper(retailer: Retailer, draw: random.Random, damaged: float = DAMAGED) -> Pages:
    """One receipt of that retailer, its words damaged by chance; the same draw gives the same."""
    rows = []
    lines = list(_lines(retailer, draw))
    for number, (text, height) in enumerate(lines):
        printed = (_damaged(w, draw) if draw.random() < damaged else w for w in text.split())
        if words := _placed([word for word in printed if word], number * LINE, height):
            rows.append(Row(words))
    tall = len(lines) * LINE
    return (Page(1, 600.0, tall, tuple(rows), "ocr", 600.0, tall),)


def _placed(printed: list[str], top: float, height: float) -> tuple[Word, ...]:
    left, words = 10.0, []
    for text in printed:
        right = left + LETTER * height / HEIGHT * len(text)
        words.append(Word(text, Box(left, top, right, top + height), 0.9, "invented"))
        left = right + LETTER
    return tuple(words)


def _damaged(word: str, draw: random.Random) -> str:
    """The word with a letter lost, or changed mostly for one that looks like it."""
    place = draw.randrange(len(word))
    letter = word[place]
    if draw.random() < 0.3:
        return word[:place] + word[place + 1 :]
    alike = ALIKE.get(letter.lower()) if draw.random() < 0.7 else None
    other = draw.choice(alike or "aeioustnrl0123456789")
    return word[:place] + (other.upper() if letter.isupper() else other) + word[place + 1 :]


def _lines(retailer: Retailer, draw: random.Random) -> Iterator[Line]:
    says = WORDS["languages"][retailer.language]
    town = draw.choice(COUNTRIES[retailer.country]["towns"])
    yield from _head(retailer, draw, town)
    yield f"{draw.randrange(1, 120)} {draw.choice(says['streets'])}", HEIGHT
    yield town, HEIGHT
    yield f"TEL 0{draw.randrange(1, 9)} {draw.randrange(10, 99)} 45 12 36", HEIGHT
    early = draw.random() < 0.5
    if early:
        yield from _register(retailer, draw)
    yield "12/03/2026 14:32 CAISSE 004 TICKET 00812", HEIGHT
    total = 0
    for item in draw.sample(says["items"], draw.randrange(3, 11)):
        cents = draw.randrange(50, 3000)
        total += cents
        yield f"{item} {_money(cents)}", HEIGHT
    yield f"{says['total']} {_money(total)}", HEIGHT
    yield f"{says['tender']} {_money(total)}", HEIGHT
    yield f"{says['tax']} {_money(total // 6)}", HEIGHT
    if not early:
        yield from _register(retailer, draw)
    if retailer.domain and draw.random() < 0.6:
        yield f"www.{retailer.domain}", HEIGHT
    yield says["thanks"], HEIGHT


def _money(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _head(retailer: Retailer, draw: random.Random, town: str) -> Iterator[Line]:
    """The name as shops print it: alone, large, with the town, over two rows, after a greeting."""
    name = retailer.name.upper() if draw.random() < 0.7 else retailer.name
    form = draw.random()
    first, *others = name.split()
    if form < 0.15:
        yield WORDS["languages"][retailer.language]["greeting"], HEIGHT
    if form < 0.5:
        yield name, HEIGHT * (2 if draw.random() < 0.5 else 1)
    elif form < 0.65 and others:
        yield first, HEIGHT * 2
        yield " ".join(others), HEIGHT * 2
    elif form < 0.85:
        yield f"{name} {town.split()[-1]}", HEIGHT
    else:
        yield name, HEIGHT
    if draw.random() < 0.35:
        yield retailer.legal, HEIGHT


def _register(retailer: Retailer, draw: random.Random) -> Iterator[Line]:
    if retailer.siren and draw.random() < 0.7:
        number = f"{retailer.siren}{draw.randrange(100_000):05d}"
        spaced = f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"
        yield f"SIRET {number if draw.random() < 0.5 else spaced}", HEIGHT
    if retailer.vat and draw.random() < 0.6:
        yield f"{WORDS['languages'][retailer.language]['vat']} {retailer.vat}", HEIGHT
