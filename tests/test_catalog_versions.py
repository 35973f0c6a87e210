"""Versions of a template, on both databases: nothing that was saved is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.catalog import (
    SHARED,
    Catalog,
    Conflict,
    Refused,
    Unchanged,
    Version,
    gate,
    get,
    history,
    key_differences,
    merge_texts,
    publish,
    publishing,
    roll_back,
    save_draft,
    text_difference,
)
from preuve.reading.template.load import TemplatesInvalidError
from preuve.store import Ground
from tests.stockroom import SUPERVAL, THIEF, stock

WHO = {"author": "ann", "reason": "the till changed"}
LOUD = SUPERVAL + "labels:\n  total: [somme due, net]\n"


@pytest.fixture
def catalog(ground: Ground, tmp_path: Path) -> Catalog:
    return Catalog(ground, stock(tmp_path / "templates"))


def saved(catalog: Catalog, text: str, based_on: int, key: str = "fr.superval") -> Version:
    result = save_draft(catalog, key, text, based_on=based_on, **WHO)
    assert isinstance(result, Version)
    return result


def in_force(catalog: Catalog, *drafts: Version) -> None:
    preview = gate(catalog, [publishing(each) for each in drafts], {})
    assert isinstance(publish(catalog, preview, actor="bob", reason="looked at"), tuple)


def test_the_second_to_save_gets_both_texts(catalog: Catalog, ground: Ground) -> None:
    first = saved(catalog, SUPERVAL + "notes: a\n", 0)
    theirs = saved(catalog, SUPERVAL + "notes: b\n", first.number)
    mine = SUPERVAL + "notes: c\n"
    refused = save_draft(catalog, "fr.superval", mine, based_on=first.number, **WHO)
    assert refused == Conflict(first.text, theirs, mine)
    assert get(ground, "fr.superval", 3) is None
    assert isinstance(save_draft(catalog, "fr.superval", theirs.text, based_on=0, **WHO), Unchanged)


def test_what_is_published_is_in_force_and_says_its_version(
    catalog: Catalog, ground: Ground
) -> None:
    other = Catalog(ground, catalog.stock)
    assert other.published().retailers["fr.superval"].version == "1"
    in_force(catalog, saved(catalog, LOUD, 0))
    in_force(catalog, saved(catalog, LOUD + 'version: "7"\n', 1))
    template = other.published().retailers["fr.superval"]
    assert (template.version, "somme due" in str(template.labels)) == ("7.2", True)
    assert [(each.number, each.action, each.actor) for each in history(ground, "fr.superval")] == [
        (1, "saved", "ann"),
        (1, "published", "bob"),
        (2, "saved", "ann"),
        (2, "published", "bob"),
    ]
    back = roll_back(catalog, "fr.superval", 1, **WHO)
    assert isinstance(back, Version)
    in_force(catalog, back)
    assert other.published().retailers["fr.superval"].version == "1.3"
    states = [get(ground, "fr.superval", number) for number in (1, 2, 3)]
    assert [each.state for each in states if each] == ["retired", "retired", "published"]


def test_a_program_sees_its_own_over_the_shared(catalog: Catalog) -> None:
    in_force(catalog, saved(catalog, LOUD, 0))
    own = save_draft(catalog, "fr.superval", SUPERVAL, based_on=0, program_id="demo", **WHO)
    assert isinstance(own, Version)
    in_force(catalog, own)
    assert "somme due" not in str(catalog.published("demo").retailers["fr.superval"].labels)
    assert "somme due" in str(catalog.published("other").retailers["fr.superval"].labels)


def test_a_release_that_breaks_a_version_stops_no_running_worker(catalog: Catalog) -> None:
    in_force(catalog, saved(catalog, THIEF.replace("base.fr", "fr.halles"), 0, "fr.superval_lilas"))
    (catalog.stock / "fr/halles.yaml").unlink()
    in_force_before = set(catalog.published().retailers)
    with pytest.raises(TemplatesInvalidError, match="no such template"):
        Catalog(catalog.ground, catalog.stock).published()
    catalog._loaded[SHARED] = ((0, 0), catalog._loaded[SHARED][1])
    assert set(catalog.published().retailers) == in_force_before


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("fr.superval", "x" * (64 * 1024 + 1), "65537 bytes"),
        ("Fr Superval", SUPERVAL, "no template key"),
        ("fr.superval", "notes: \0", "characters"),
    ],
)
def test_what_cannot_be_kept_is_refused(catalog: Catalog, key: str, text: str, why: str) -> None:
    refused = save_draft(catalog, key, text, based_on=0, **WHO)
    assert isinstance(refused, Refused)
    assert why in refused.why


def test_a_text_must_name_the_template_that_it_is_saved_as(catalog: Catalog) -> None:
    preview = gate(catalog, [publishing(saved(catalog, THIEF, 0))], {})
    assert not preview.passed
    assert 'the text says "fr.superval_lilas" and is saved as fr.superval' in preview.errors[0]


def test_differences_are_told_by_line_and_by_key() -> None:
    assert "+labels:" in text_difference(SUPERVAL, LOUD, "1", "2")
    (change,) = key_differences(LOUD, LOUD.replace("somme due", "a payer"))
    assert (change.key, change.before, change.after) == ("labels.total", "somme due", "a payer")


def test_three_texts_are_put_together_by_key() -> None:
    theirs = LOUD.replace("somme due, net", "somme due, net, ttc").replace("FR", "BE")
    yours = LOUD.replace("somme due, ", "") + "notes: mine\n"
    merged = merge_texts(LOUD, theirs, yours)
    assert merged is not None
    assert merged.conflicts == ()
    changes = {each.key: (each.before, each.after) for each in key_differences(LOUD, merged.text)}
    assert changes == {
        "country": ("FR", "BE"),
        "labels.total": ("somme due", "ttc"),
        "notes": (None, "mine"),
    }
    both = merge_texts(LOUD, LOUD.replace("FR", "BE"), LOUD.replace("FR", "CH"))
    assert both is not None
    (conflict,) = both.conflicts
    assert (conflict.key, conflict.base, conflict.theirs, conflict.yours) == (
        "country",
        "FR",
        "BE",
        "CH",
    )
    assert merge_texts(LOUD, LOUD + "notes: x\n", "not: [valid") is None
