"""Signatures find every document that has a clue: the matcher itself is the judge."""

from __future__ import annotations

import random
from dataclasses import replace
from hashlib import sha256

import pytest

from preuve.catalog.affected import literal_of, sought
from preuve.reading.page import Box, Code, Pages
from preuve.reading.template.clues import find_hits
from preuve.reading.template.signature import BYTES, SCHEME, Sought, having, sign, sought_code
from tests.paper import paper, stock

PAPER = """\
# {name}
{above}
        12 rue des Roses 75001 PARIS
        SIRET {number}00012   www.{domain}
        13/03/2026            18:42
        PAIN COMPLET               3,10
        {below}
        TOTAL A PAYER             12,50
"""


def has(pages: Pages, clue: list[Sought]) -> bool:
    (found,) = having(sign(pages), [clue])
    return bool(found[0])


def printed() -> list[Pages]:
    """Papers that print clues of real templates in every place, some of them damaged."""
    chance = random.Random(3)
    templates = sorted(stock().retailers.items())
    papers = []
    for _ in range(150):
        (_, one), (_, two), (_, three) = chance.choices(templates, k=3)
        known = one.recognize
        text = PAPER.format(
            name=damaged(chance.choice(known.names or (one.name,)), chance),
            above=damaged(chance.choice(two.recognize.legal or (two.name,)), chance),
            number=known.siren[0].number if known.siren else "123456782",
            domain=chance.choice(two.recognize.domains or ("example.org",)),
            below=chance.choice(three.recognize.names or (three.name,)),
        )
        papers.append(paper(text))
    return papers


def damaged(text: str, chance: random.Random) -> str:
    """Letters changed, lost or doubled, as often as the matcher forgives and once more."""
    letters = list(text)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice((chance.choice("aeilnorst"), "", letters[at] * 2))
    return "".join(letters) or text


def test_no_document_with_a_clue_is_missed() -> None:
    hits = 0
    for pages in printed():
        signature = sign(pages)
        for hit in find_hits(pages, stock().index):
            if hit.weight:
                hits += 1
                (found,) = having(signature, [sought(hit.clue)])
                assert found[0], f"{hit} is not seen in the signature"
    assert hits > 300


def test_few_documents_are_found_without_it() -> None:
    papers = printed()
    signatures = b"".join(map(sign, papers))
    clues = [clue for one in stock().index.known.values() for clue in one.clues]
    share = sum(found.mean() for found in having(signatures, list(map(sought, clues)))) / len(clues)
    assert share < 0.1


def test_a_name_over_two_rows_is_found() -> None:
    name = next(c for c in stock().index.known["fr.leroy_merlin"].clues if c.kind == "name")
    assert has(paper("# LEROY\n# MERLIN\nTOTAL 3,10"), sought(name))
    assert not has(paper("# LEROY\nTOTAL 3,10"), sought(name))


def test_a_code_is_found_by_what_it_holds() -> None:
    (page,) = paper("TOTAL 3,10")
    coded = (replace(page, codes=(Code("EAN13", "3760123456789", Box(0, 0, 9, 9)),)),)
    assert has(coded, sought_code("3760"))
    assert not has(coded, sought_code("9999"))
    assert has(coded, sought_code(""))
    assert not has((page,), sought_code(""))


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r"(?i)\bcaisse n° \d+", "caisse n"),
        (r"^3760", "3760"),
        ("colou?r", "colo"),
        ("ab{2,9}cdef", "cdef"),
        (r"T[12] Halle", " Halle"),
        ("Nord|Sud", ""),
        ("(ab)?cd", ""),
        (r"\d\d", ""),
    ],
)
def test_what_every_print_of_a_pattern_holds(pattern: str, literal: str) -> None:
    assert literal_of(pattern) == literal


def test_another_signature_has_another_scheme() -> None:
    """Where this fails, stored signatures mean nothing any more: count SCHEME up."""
    pages = paper(PAPER.format(name="Été", above="", number="1", domain="a.fr", below=""))
    assert len(sign(pages)) == BYTES
    assert (SCHEME, sha256(sign(pages)).hexdigest()[:12]) == (1, "f44d30ab6e59")
