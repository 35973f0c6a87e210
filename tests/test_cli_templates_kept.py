"""`preuve templates`: what operators keep, from a file to publication and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.catalog import Catalog, get, newest, published_version
from preuve.intake import Programs
from preuve.loyalty import load_programs
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.conftest import Wakes
from tests.databases import migrated
from tests.stockroom import SUPERVAL, THIEF, receipt, stock

LOUD = SUPERVAL + "labels:\n  ignore: [mes bulles]\n"


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PREUVE_TEMPLATES_DIR", str(stock(tmp_path / "templates")))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = open_ground(migrated("", tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def catalog(ground: Ground) -> Catalog:
    return Catalog(ground, Settings().templates_dir)


@pytest.fixture
def programs() -> Programs:
    return load_programs(Settings().programs_dir)


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(
        app, ["templates", *map(str, arguments)], env={"COLUMNS": "200"}, catch_exceptions=False
    )


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"fr/{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def pushed(folder: Path, author: str = "ann", *more: str) -> Any:
    return run("push", folder, "--author", author, "--reason", "measured at the till", *more)


def test_from_a_file_to_publication_and_back(
    catalog: Catalog, ground: Ground, programs: Programs, tmp_path: Path, wakes: Wakes
) -> None:
    mine = receipt(ground, programs["demo"], wakes, catalog, "SUPERVAL LILAS", 3)
    folder = tmp_path / "work"
    write(folder, "superval_lilas", THIEF)
    write(folder, "superval", SUPERVAL)
    assert "fr.superval_lilas: saved as version 1, a draft" in pushed(folder).stdout
    assert newest(ground, "fr.superval") is None
    looked = run("publish", "fr.superval_lilas", "--reason", "-", "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert f"{mine}\n  template: fr.superval → fr.superval_lilas" in looked.stdout
    assert "1 of 1 stored documents would be read otherwise" in looked.stdout
    assert catalog.published().get("fr.superval_lilas") is None
    done = run("publish", "fr.superval_lilas", "--reason", "new", "--author", "bob", "--yes")
    assert "fr.superval_lilas version 1 is published" in done.stdout
    assert catalog.published().get("fr.superval_lilas") is not None
    told = run("history", "fr.superval_lilas").stdout
    assert "saved      ann" in told
    assert "published  bob" in told
    retired = run("retire", "fr.superval_lilas", "--reason", "closed", "--yes")
    assert "1 from fr.superval_lilas to fr.superval" in retired.stdout
    assert catalog.published().get("fr.superval_lilas") is None


@pytest.mark.usefixtures("ground")
def test_pull_and_push_bring_the_same_text_back(tmp_path: Path) -> None:
    write(tmp_path / "a", "superval", LOUD)
    assert pushed(tmp_path / "a", "ann", "--publish", "--yes").exit_code == 0
    pulled = run("pull", tmp_path / "b")
    assert "1 files written" in pulled.stdout
    assert (tmp_path / "b/fr/superval.yaml").read_text() == LOUD
    assert "nothing to save" in pushed(tmp_path / "b").stdout
    write(tmp_path / "b", "superval", LOUD + "notes: mine\n")
    assert run("pull", tmp_path / "b").exit_code == 1
    assert "notes: mine" in (tmp_path / "b/fr/superval.yaml").read_text()


def test_of_two_who_push_the_second_hears_of_the_first(ground: Ground, tmp_path: Path) -> None:
    write(tmp_path / "a", "superval", SUPERVAL)
    pushed(write(tmp_path / "a", "superval", LOUD).parent.parent)
    for who in ("b", "c"):
        assert run("pull", tmp_path / who, "--drafts").exit_code == 0
    write(tmp_path / "b", "superval", LOUD.replace("mes bulles", "mes bulles, gagne"))
    write(tmp_path / "c", "superval", LOUD.replace("name: Superval", "name: Super Val"))
    assert pushed(tmp_path / "b", "bob").exit_code == 0
    second = pushed(tmp_path / "c", "cleo")
    assert second.exit_code == 1
    assert "bob saved version 2 meanwhile" in second.stdout
    assert "do not touch each other" in second.stdout
    assert pushed(tmp_path / "c", "cleo", "--merge").exit_code == 0
    merged = newest(ground, "fr.superval")
    assert merged is not None
    assert "Super Val" in merged.text
    assert "gagne" in merged.text
    write(tmp_path / "b", "superval", LOUD.replace("name: Superval", "name: Superbe"))
    third = pushed(tmp_path / "b", "bob", "--merge")
    assert third.exit_code == 1
    assert "name: was Superval; theirs Super Val; yours Superbe" in third.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("notes: " + "x" * (64 * 1024 - 7) + "\n", "65537 bytes, more than 65536"),
        ("template: &a fr.x\nname: *a\n", "fr/superval.yaml:1:11: anchors and aliases"),
        ("name: x\n", "template is missing"),
        (LOUD + "lables: {}\n", 'unknown key "lables"; did you mean "labels"?'),
        (LOUD.replace("[Superval]", '[S]\n  patterns: ["(?=a)"]'), "is not understood"),
        (SUPERVAL.replace("base.fr", "fr.superval"), "extends runs in a circle"),
        (SUPERVAL.replace("base.fr", "base.fe"), 'did you mean "base.fr"?'),
    ],
    ids=["64 KB and 1", "bomb", "no key", "unknown key", "pattern", "circle", "no parent"],
)
@pytest.mark.usefixtures("ground")
def test_what_is_wrong_is_told_and_not_published(text: str, told: str, tmp_path: Path) -> None:
    write(tmp_path / "a", "superval", text)
    result = pushed(tmp_path / "a", "ann", "--publish", "--yes")
    assert result.exit_code == 1
    assert told in result.stdout
    assert (tmp_path / "a/fr/superval.yaml").read_text() == text


def test_an_older_text_is_published_again(ground: Ground, tmp_path: Path) -> None:
    for text in (LOUD, LOUD + "notes: x\n"):
        write(tmp_path / "a", "superval", text)
        assert pushed(tmp_path / "a", "ann", "--publish", "--yes").exit_code == 0
    differing = run("diff", "fr.superval", "1", "2").stdout
    assert "+notes: x" in differing
    assert "notes: None → x" in differing
    assert run("rollback", "fr.superval", "1", "--reason", "worse", "--yes").exit_code == 0
    third = get(ground, "fr.superval", 3)
    assert third is not None
    assert (third.text, third.state) == (LOUD, "published")


def test_a_release_that_changes_the_stock_is_merged(ground: Ground, tmp_path: Path) -> None:
    write(tmp_path / "a", "superval", LOUD)
    assert pushed(tmp_path / "a", "ann", "--publish", "--yes").exit_code == 0
    released = SUPERVAL.replace("[Superval]", "[Superval, Super-Val]")
    write(Settings().templates_dir, "superval", released)
    assert "the stock has changed since version 1" in run("check").stdout
    merged = run("merge", "fr.superval", "--reason", "release")
    assert "saved as version 2" in merged.stdout
    saved = newest(ground, "fr.superval")
    assert saved is not None
    assert "Super-Val" in saved.text
    assert "mes bulles" in saved.text
    assert run("publish", "fr.superval", "--reason", "-", "--yes").exit_code == 0
    assert "has changed" not in run("check").stdout


def test_a_draft_with_errors_is_kept_and_told(ground: Ground, tmp_path: Path) -> None:
    wrong = "template: fr.superval\nname: Superval\nextends: base.fr\nlabls: {total: [a payer]}\n"
    write(tmp_path / "a", "superval", wrong)
    result = pushed(tmp_path / "a", "ann", "--publish", "--yes")
    assert result.exit_code == 1
    assert 'superval.yaml:4:1: unknown key "labls"; did you mean "labels"?' in result.stdout
    assert "kept as drafts" in result.stdout
    assert newest(ground, "fr.superval") is not None
    assert published_version(ground, "fr.superval") is None


def test_a_sample_guards_its_template(
    catalog: Catalog, ground: Ground, programs: Programs, tmp_path: Path, wakes: Wakes
) -> None:
    mine = receipt(ground, programs["demo"], wakes, catalog, "SUPERVAL", 3)
    kept = run("sample", "fr.superval", mine)
    assert "retailer: fr.superval" in kept.stdout
    write(tmp_path / "a", "superval", SUPERVAL.replace("[Superval]", "[Autre Nom]"))
    refused = pushed(tmp_path / "a", "ann", "--publish", "--yes")
    assert refused.exit_code == 1
    assert f"sample {mine} of fr.superval fails" in refused.stdout
    assert "dropped" in run("sample", "fr.superval", mine, "--drop").stdout
    assert run("publish", "fr.superval", "--reason", "-", "--yes").exit_code == 0
