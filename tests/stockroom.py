"""A small stock of templates, and receipts that were read with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from preuve.catalog import Catalog
from preuve.intake import Programs, Waker
from preuve.loyalty import Program
from preuve.loyalty.rules.program import EarnRule
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.store import Ground
from tests.factories import send, work
from tests.paper import ROOT, paper

SUPERVAL = """\
template: fr.superval
name: Superval
extends: base.fr
country: FR
recognize:
  names: [Superval]
"""
HALLES = """\
template: fr.halles
name: Les Halles du Pont
extends: base.fr
country: FR
recognize:
  names: [Les Halles du Pont]
"""
THIEF = """\
template: fr.superval_lilas
name: Superval Lilas
extends: base.fr
country: FR
recognize:
  names: [Superval Lilas]
"""

PAPER = """\
# {name}
        12 rue des Roses 75001 PARIS
        {day:02}/03/2026            18:42
        PAIN COMPLET               3,10
        CAFE EN GRAINS             9,40
        TOTAL A PAYER             12,50
        CARTE BANCAIRE            12,50
"""


def stock(folder: Path, **texts: str) -> Path:
    """The base for French and two retailers, or the retailers given as `name=text`."""
    (folder / "base").mkdir(parents=True)
    (folder / "fr").mkdir()
    shutil.copy(ROOT / "templates/base/fr.yaml", folder / "base/fr.yaml")
    for name, text in (texts or {"superval": SUPERVAL, "halles": HALLES}).items():
        (folder / f"fr/{name}.yaml").write_text(text)
    return folder


def with_bonus(program: Program, key: str, points: int) -> Program:
    """The program, with points for every receipt of one retailer besides."""
    bonus = EarnRule.model_validate(
        {
            "rule": "bonus",
            "name": "Bonus",
            "condition": {"retailers": [key]},
            "effect": {"kind": "fixed", "points": points},
        }
    )
    return program.model_copy(update={"earn": (*program.earn, bonus)})


def receipt(
    ground: Ground, program: Program, wakes: Waker, catalog: Catalog, name: str, number: int
) -> str:
    """A receipt of 12.50 euros under this name, of a day in March, read as a worker would."""
    words = paper(PAPER.format(name=name, day=number))
    receipt_id = send(ground, program, wakes)
    context = Context(ground.now().date())
    reading, verdict = understand(words, catalog.published(program.program), context)
    work(ground, program, receipt_id, reading, verdict, words)
    return receipt_id


def only(program: Program) -> Programs:
    return {program.program: program}
