from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from preuve.catalog import Catalog
from preuve.catalog.unmatched import draft_for, unmatched
from preuve.intake import Amendment, amend, finish
from preuve.loyalty import Program
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.store import Ground
from tests.conftest import Wakes
from tests.factories import claimed, send
from tests.paper import RECEIVED, ROOT, paper
from tests.till import receipt

BAKERY = "VOTRE BOULANGER\n  MAISON NAEGEL\n  Tel 03 88 32 82 86"
BUTCHER = "BOUCHERIE KLEIN\n  RCS 718 500 457"
FLORIST = "AUX FLEURS DE PAULE\n  www.fleursdepaule.fr"


def test_what_no_template_reads_is_offered_as_drafts(
    ground: Ground, program: Program, wakes: Wakes, folder: Path
) -> None:
    random, stock = Random(5), folder / "templates"
    (stock / "base").mkdir(parents=True)
    shutil.copy(ROOT / "templates/base/fr.yaml", stock / "base")
    catalog = Catalog(ground, stock)

    def comes_in(head: str) -> str:
        pages = paper(receipt(random).replace("PICARD", head))
        read, verdict = understand(pages, catalog.published(program.program), Context(RECEIVED))
        sent = send(ground, program, wakes)
        held = claimed(ground, sent)
        finish(ground, program, held, pages, read, verdict, engine="typed 1")
        return sent

    breads = [comes_in(BAKERY) for _ in range(3)]
    comes_in(FLORIST)
    meats = [comes_in(BUTCHER) for _ in range(2)]
    named = Amendment(retailer_key="fr.naegel", retailer_name="MAISON NAEGEL")
    amend(ground, program, breads[1], named, operator="ana", reason="as printed")

    groups = unmatched(catalog, program.program)
    assert [set(group.cluster.members) for group in groups[:2]] == [set(breads), set(meats)]
    assert [group.confirmed for group in groups] == [1, 0, 0]

    made = draft_for(catalog, program.program, groups, groups[0])
    assert (made.key, made.template.name) == ("fr.naegel", "MAISON NAEGEL")
    (stock / "fr").mkdir()
    (stock / "fr" / "naegel.yaml").write_text(made.text)
    left = unmatched(Catalog(ground, stock), program.program)
    assert [len(group.documents) for group in left] == [2, 1]
