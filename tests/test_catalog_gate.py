"""The gate: it names what a publication would change, and changes nothing itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from preuve.catalog import (
    Catalog,
    Move,
    Preview,
    Refused,
    Stale,
    Version,
    gate,
    keep_sample,
    preview_of,
    publish,
    publishing,
    retiring,
    save_draft,
)
from preuve.intake import FieldChange, sign_stored, view
from preuve.intake.tables import SignatureRow
from preuve.loyalty import Program, balance, load_programs
from preuve.settings import Settings
from preuve.store import Ground
from tests.conftest import Wakes
from tests.stockroom import SUPERVAL, THIEF, only, receipt, stock, with_bonus

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""What the database makes no difference to."""

WHO = {"author": "ann", "reason": "new shop"}


@pytest.fixture
def program() -> Program:
    demo = load_programs(Settings().programs_dir)["demo"]
    return with_bonus(demo, "fr.superval", 20)


@pytest.fixture
def catalog(ground: Ground, tmp_path: Path) -> Catalog:
    return Catalog(ground, stock(tmp_path / "templates"))


def draft(catalog: Catalog, key: str, text: str, based_on: int = 0) -> Version:
    saved = save_draft(catalog, key, text, based_on=based_on, **WHO)
    assert isinstance(saved, Version)
    return saved


def look(catalog: Catalog, program: Program, *drafts: Version) -> Preview:
    return gate(catalog, [publishing(each) for each in drafts], only(program), sample=0)


def put_in_force(catalog: Catalog, program: Program, version: Version) -> Preview:
    preview = look(catalog, program, version)
    done = publish(catalog, preview, actor="bob", reason="checked")
    assert isinstance(done, tuple)
    return preview


def test_a_template_that_steals_receipts_is_seen_through(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    stolen = [receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", n) for n in range(1, 4)]
    for n in range(4, 7):
        receipt(ground, program, wakes, catalog, "SUPERVAL", n)
        receipt(ground, program, wakes, catalog, "LES HALLES DU PONT", n)
    before = view(ground, "demo", stolen[0]), balance(ground, "demo", "m-1")

    preview = look(catalog, program, draft(catalog, "fr.superval_lilas", THIEF))

    assert sorted(each.receipt_id for each in preview.documents) == sorted(stolen)
    change = preview.documents[0]
    assert (change.template_before, change.template_after) == ("fr.superval", "fr.superval_lilas")
    assert FieldChange("retailer", "fr.superval", "fr.superval_lilas") in change.fields
    assert (change.points_before, change.points_after) == (32, 12)
    assert preview.points == {"demo": -60}
    assert preview.moves == (Move("fr.superval", "fr.superval_lilas", 3),)
    # Those of Superval alone nearly print the new name.
    assert (preview.stored, preview.candidates, preview.changed) == (9, 6, 3)
    assert preview.not_replayed == ()
    assert (view(ground, "demo", stolen[0]), balance(ground, "demo", "m-1")) == before


@SQLITE
def test_several_processes_say_the_same(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    for n in range(1, 5):
        receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", n)
    changes = [publishing(draft(catalog, "fr.superval_lilas", THIEF))]
    alone = gate(catalog, changes, only(program))
    assert replace(gate(catalog, changes, only(program), processes=2), seconds=0) == replace(
        alone, seconds=0
    )
    assert alone.changed == 4


@SQLITE
def test_a_new_way_to_read_is_tried_on_the_templates_own_receipts(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    mine = receipt(ground, program, wakes, catalog, "SUPERVAL", 1)
    receipt(ground, program, wakes, catalog, "LES HALLES DU PONT", 2)
    text = SUPERVAL + "labels:\n  not_retailer: [pain]\n  ignore: [cafe en grains]\n"
    preview = gate(
        catalog, [publishing(draft(catalog, "fr.superval", text))], only(program), sample=0
    )
    assert (preview.candidates, preview.replayed) == (1, 1)
    (change,) = preview.documents
    assert change.receipt_id == mine
    assert "items" in {each.field for each in change.fields}


@SQLITE
def test_what_was_not_replayed_is_counted(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    first = receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", 1)
    receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", 2)
    with ground.database.write() as session:
        session.execute(delete(SignatureRow).where(SignatureRow.receipt_id == first))
    change = publishing(draft(catalog, "fr.superval_lilas", THIEF))
    none = gate(catalog, [change], only(program), seconds=0)
    assert [each.count for each in none.not_replayed] == [1, 1]
    assert none.replayed == 0
    assert sum(sign_stored(ground)) == 1
    whole = gate(catalog, [change], only(program))
    assert (whole.changed, whole.not_replayed) == (2, ())


@SQLITE
def test_a_template_whose_samples_fail_is_not_published(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    mine = receipt(ground, program, wakes, catalog, "SUPERVAL", 1)
    keep_sample(ground, "fr.superval", mine, receipt_program="demo", author="ann")
    version = draft(catalog, "fr.superval", SUPERVAL.replace("Superval]", "Supermoins]"))
    preview = look(catalog, program, version)
    (sample,) = preview.samples
    assert FieldChange("retailer", "fr.superval", "SUPERVAL") in sample.fields
    assert isinstance(publish(catalog, preview, actor="bob", reason="-"), Refused)
    keep_sample(
        ground,
        "fr.superval",
        mine,
        receipt_program="demo",
        author="ann",
        expected={"total": "12.50"},
    )
    assert look(catalog, program, version).passed


def test_a_sample_that_vanished_is_named(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    mine = receipt(ground, program, wakes, catalog, "SUPERVAL", 1)
    keep_sample(ground, "fr.superval", mine, receipt_program="demo", author="ann")
    with ground.database.write() as session:
        session.execute(delete(SignatureRow))
        for table in ("readings", "purchases"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    preview = look(catalog, program, draft(catalog, "fr.superval", SUPERVAL + "notes: x\n"))
    (sample,) = preview.samples
    assert mine in sample.problem
    assert not preview.passed


def test_publishing_keeps_what_the_gate_said(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", 1)
    version = draft(catalog, "fr.superval_lilas", THIEF)
    preview = put_in_force(catalog, program, version)
    kept = preview_of(ground, version.key, version.number)
    assert kept is not None
    assert (kept.documents, kept.points) == (preview.documents, preview.points)
    assert catalog.published("demo").get("fr.superval_lilas") is not None


@SQLITE
def test_a_preview_is_good_for_what_it_saw(catalog: Catalog, program: Program) -> None:
    first, second = (
        draft(catalog, "fr.superval_lilas", THIEF),
        draft(catalog, "fr.superval", SUPERVAL),
    )
    old = look(catalog, program, first)
    put_in_force(catalog, program, second)
    assert isinstance(publish(catalog, old, actor="bob", reason="-"), Stale)
    again = put_in_force(catalog, program, first)
    assert isinstance(
        publish(catalog, replace(again, revision=catalog.revision()), actor="b", reason="-"),
        Refused,
    )


@SQLITE
def test_taking_a_template_away_gives_the_receipts_back(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    version = draft(catalog, "fr.superval_lilas", THIEF)
    put_in_force(catalog, program, version)
    receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", 1)
    preview = gate(catalog, [retiring(version)], only(program))
    assert preview.moves == (Move("fr.superval_lilas", "fr.superval", 1),)
    assert preview.points == {"demo": 20}
    assert isinstance(publish(catalog, preview, actor="bob", reason="-"), tuple)
    assert catalog.published("demo").get("fr.superval_lilas") is None


@SQLITE
def test_a_programs_own_template_changes_that_program_alone(
    catalog: Catalog, ground: Ground, program: Program, wakes: Wakes
) -> None:
    other = program.model_copy(update={"program": "other"})
    receipt(ground, program, wakes, catalog, "SUPERVAL LILAS", 1)
    saved = save_draft(catalog, "fr.superval_lilas", THIEF, based_on=0, program_id="other", **WHO)
    assert isinstance(saved, Version)
    preview = gate(catalog, [publishing(saved)], {"demo": program, "other": other})
    assert (preview.stored, preview.changed) == (0, 0)
    assert isinstance(publish(catalog, preview, actor="bob", reason="-"), tuple)
    assert catalog.published("demo").get("fr.superval_lilas") is None
    assert catalog.published("other").get("fr.superval_lilas") is not None
