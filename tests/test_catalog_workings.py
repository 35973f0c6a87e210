"""What people write on templates: kept step by step, undone, tried, listed."""

from __future__ import annotations

from pathlib import Path

from preuve.catalog import Catalog, Version, gate, publish, publishing, save_draft
from preuve.catalog.editing import draft_from, values_of, with_edits
from preuve.catalog.learning import learn
from preuve.catalog.overview import overview, search
from preuve.catalog.trying import documents_for, try_on_others
from preuve.catalog.workings import TYPED, begun, discard, keep, starting_text, undo, workings
from preuve.intake import stored_pages, view
from preuve.loyalty import Program
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.values import Example
from preuve.reading.template.model import Template
from preuve.reading.template.trying import Desk
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.stockroom import SUPERVAL, only, receipt, stock


def test_steps_are_kept_and_undone_one_by_one(ground: Ground, clock: Clock) -> None:
    def step(text: str, change: str) -> None:
        keep(
            ground, "fr.a", text, author="ana", change=change, based_on=3, receipt_id="rcp_1",
            program_id="demo",
        )  # fmt: skip

    assert begun(ground, "fr.a", "ana", "demo") is None
    step("one", "begun")
    step("two", "labels.total")
    step("two t", TYPED)
    clock.advance(seconds=3)
    step("two typed", TYPED)
    clock.advance(minutes=1)
    step("two typed more", TYPED)
    step("two typed more", TYPED)

    now = begun(ground, "fr.a", "ana", "demo")
    assert now
    assert (now.text, now.steps, now.based_on, now.receipt_id) == ("two typed more", 3, 3, "rcp_1")
    assert [one.author for one in workings(ground, "demo")] == ["ana"]
    assert begun(ground, "fr.a", "bea", "demo") is None

    texts = [w.text for _ in range(4) if (w := undo(ground, "fr.a", "ana", "demo"))]
    assert texts == ["two typed", "two", "one", "one"]
    assert discard(ground, "fr.a", "ana", "demo")
    assert undo(ground, "fr.a", "ana", "demo") is None
    assert not discard(ground, "fr.a", "ana", "demo")


def test_a_change_is_tried_on_the_receipts_that_the_template_reads(
    ground: Ground, program: Program, wakes: Wakes, folder: Path
) -> None:
    catalog = Catalog(ground, stock(folder / "templates"))
    sent = [receipt(ground, program, wakes, catalog, "Superval", day) for day in (1, 2)]
    receipt(ground, program, wakes, catalog, "Les Halles du Pont", 3)
    for receipt_id in sent:
        learn(ground, program.program, receipt_id)

    started = starting_text(catalog, "fr.superval", "demo")
    assert started == (SUPERVAL, 0)
    assert starting_text(catalog, "fr.nobody", "demo") is None
    text = with_edits(SUPERVAL, [Edit(("labels", "ignore"), "pain complet", "", adds=True)])
    desk = Desk(catalog.published("demo"))
    template = desk.compile(text, "fr.superval")
    assert isinstance(template, Template)
    chosen = documents_for(ground, "demo", "fr.superval", "demo")
    assert set(chosen) == set(sent)
    tried = list(try_on_others(ground, only(program), desk, template, chosen))
    assert [one.taken for one in tried] == [True, True]
    assert {change.field for one in tried for change in one.fields} == {"items"}

    rows = overview(catalog, "demo")
    assert rows[0].key == "fr.superval"
    assert (rows[0].volume.receipts, rows[0].origin, rows[0].draft) == (2, "stock", None)
    assert [row.key for row in search(rows, "HALLES pont")] == ["fr.halles"]

    saved = save_draft(
        catalog, "fr.superval", text, based_on=0, author="ana", reason="r", program_id="demo"
    )
    assert isinstance(saved, Version)
    assert starting_text(catalog, "fr.superval", "demo") == (text, 1)
    assert overview(catalog, "demo")[0].draft == saved
    preview = gate(catalog, [publishing(saved)], only(program))
    publish(catalog, preview, actor="ana", reason="r")
    row = next(row for row in overview(catalog, "demo") if row.key == "fr.superval")
    assert (row.origin, row.draft) == ("own", None)
    other = next(row for row in overview(catalog, "other") if row.key == "fr.superval")
    assert (other.origin, other.volume.receipts) == ("stock", 0)


def test_a_template_is_drafted_from_one_receipt_under_a_free_key(
    ground: Ground, program: Program, wakes: Wakes, folder: Path
) -> None:
    catalog = Catalog(ground, stock(folder / "templates"))
    sent = receipt(ground, program, wakes, catalog, "Maison Quimper", 4)
    seen, pages = view(ground, "demo", sent), stored_pages(ground, "demo", sent)
    assert seen
    assert pages

    example = Example(seen.id, pages, values_of(seen))
    first = draft_from(catalog, "demo", example, "Maison Quimper")
    assert first.key == "fr.maison_quimper"
    desk = Desk(catalog.published("demo"))
    template = desk.compile(first.text, first.key)
    assert isinstance(template, Template)
    assert next(try_on_others(ground, only(program), desk, template, [sent])).taken

    save_draft(catalog, first.key, first.text, based_on=0, author="a", reason="r")
    assert draft_from(catalog, "demo", example, "Maison Quimper").key == "fr.maison_quimper_2"
