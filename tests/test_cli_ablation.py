"""Mechanisms taken out of the reading in turn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cli.ablation import ablate, effect, table
from cli.benchmark import Labelled, Seen
from cli.mechanisms import Mechanism, mechanisms
from cli.replay import replay
from preuve.reading.result import Context
from tests.paper import paper, stock

RECEIPT = """
# BOULANGERIE DES ARCADES
12 RUE HAUTE 99100 VALTRIAC
PAIN AUX NOIX             3,10
CROISSANT                 1,20
ECHANGE JUSQU'AU 14/12/2026
TOTAL                     4,30
ESPECES                   5,00
RENDU                     0,70
14/11/2026 08:31
"""
LABEL = {
    "retailer": "BOULANGERIE DES ARCADES",
    "purchased_on": "2026-11-14",
    "total": "4.30",
    "currency": "EUR",
    "items": [
        {"description": "PAIN AUX NOIX", "amount": "3.10"},
        {"description": "CROISSANT", "amount": "1.20"},
    ],
}


@pytest.mark.parametrize("mechanism", mechanisms(), ids=lambda one: str(one.name))
def test_every_seam_is_called_and_put_back(mechanism: Mechanism) -> None:
    documents, seen = [Labelled("made", Path("a.jpg"), LABEL)], [Seen(paper(RECEIPT))]
    (before,) = replay(documents, seen, stock(), Context())
    originals = [getattr(seam.where, seam.name) for seam in mechanism.seams]
    with mechanism.taken_out():
        (without,) = replay(documents, seen, stock(), Context())
    assert "error" not in without.line
    assert [getattr(seam.where, seam.name) for seam in mechanism.seams] == originals
    (after,) = replay(documents, seen, stock(), Context())
    assert after.line == before.line


def test_the_table_counts_what_a_mechanism_decides() -> None:
    documents = [Labelled("made", Path(f"{n}.jpg"), LABEL) for n in range(2)]
    english = "# GREEN BASKET\nAPPLES 1.00\nPEARS 2.00\nTOTAL 3.00\n14/11/2026 08:31"
    seen = [Seen(paper(RECEIPT)), Seen(paper(english))]
    whole = replay(documents, seen, stock(), Context())
    effects = {e.mechanism: e for e in ablate(documents, seen, stock(), Context(), whole)}
    base = effects["base by the paper's words (else English)"]
    assert base.decided > 0
    assert base.right_with > base.right_without
    idle = effects["photos that overlap"]
    assert (idle.decided, idle.items, idle.accepted) == (0, 0, 0)
    assert [row[0] for row in table(list(effects.values())).rows] == list(effects)


def test_a_name_left_out_as_a_guess_is_not_decided() -> None:
    documents, seen = [Labelled("made", Path("a.jpg"), LABEL)], [Seen(paper(RECEIPT))]
    (named,) = replay(documents, seen, stock(), Context())
    assert named.reading
    other = replace(named, line={**named.line, "retailer": "ANOTHER"})
    without = replace(
        named,
        line={**named.line, "retailer": None},
        reading=replace(named.reading, retailer=None),
    )
    (mechanism, *_) = mechanisms()
    assert effect(mechanism, [named], [other]).decided == 1
    assert effect(mechanism, [named], [without]).decided == 0
