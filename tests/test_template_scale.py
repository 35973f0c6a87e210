"""Thousands of templates: whose receipt it is, and a start that reads only what was edited."""

from __future__ import annotations

import logging
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from cli.crowd import Retailer, crowd, write_crowd
from cli.crowd_papers import paper
from preuve.reading.template import folder as reading
from preuve.reading.template.load import Templates, TemplatesInvalidError, load_templates
from preuve.reading.template.match import Ambiguous, Match, match
from preuve.reading.template.model import Role
from tests.typed import pages

BASES = Path(__file__).parent.parent / "templates" / "base"


@pytest.fixture(scope="module")
def retailers() -> list[Retailer]:
    return crowd(2000)


@pytest.fixture(scope="module")
def folder(retailers: list[Retailer], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("crowd")
    shutil.copytree(BASES, made / "base")
    write_crowd(retailers, made)
    return made


@pytest.fixture(scope="module")
def templates(folder: Path) -> Templates:
    return load_templates(folder)


def test_damaged_receipts_find_their_retailer_among_thousands(
    retailers: list[Retailer], templates: Templates
) -> None:
    draw = random.Random(3)
    outcomes: Counter[str] = Counter()
    for retailer in draw.sample(retailers, 300):
        found = match(paper(retailer, draw), templates)
        if isinstance(found, Match):
            right = found.template.template == retailer.key
            outcomes["right" if right else "wrong"] += 1
        else:
            outcomes[type(found).__name__] += 1
    assert outcomes["right"] >= 294, outcomes
    assert outcomes["wrong"] <= 1, outcomes


def test_two_good_matches_among_thousands_are_ambiguous(
    retailers: list[Retailer], templates: Templates
) -> None:
    draw = random.Random(4)
    long = [r for r in retailers if r.country == "FR" and len(r.name) > 8 and not r.negatives]
    for first, second in (draw.sample(long, 2) for _ in range(20)):
        if first.name.split()[0] == second.name.split()[0]:
            continue
        found = match(pages(first.name, second.name, "12 chemin vert", "total 4,50"), templates)
        assert isinstance(found, Ambiguous), (first.name, second.name)
        assert {first.key, second.key} <= {c.template for c in found.candidates}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    shutil.copytree(BASES, made / "base")
    write_crowd(crowd(30), made)
    return made


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are parsed from now on."""
    names: list[str] = []
    real = reading.parse_source

    def noted(content: bytes, shown_as: str) -> object:
        names.append(shown_as.partition("/")[2])
        return real(content, shown_as)

    monkeypatch.setattr(reading, "parse_source", noted)
    return names


def same(one: Templates, other: Templates) -> bool:
    return (
        dict(one.retailers) == dict(other.retailers)
        and dict(one.bases) == dict(other.bases)
        and one.index.known == other.index.known
    )


def test_what_is_kept_is_what_was_loaded(small: Path, tmp_path: Path) -> None:
    cold = load_templates(small, cache=tmp_path / "cache")
    warm = load_templates(small, cache=tmp_path / "cache")
    assert same(cold, warm)
    key = next(iter(warm.retailers))
    assert warm.origin(key, "recognize.names") == cold.origin(key, "recognize.names")


def test_only_what_was_edited_is_parsed_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    load_templates(small, cache=cache)
    names = parsed(monkeypatch)
    edited = next((small / "fr").glob("*.yaml"))
    edited.write_text(edited.read_text("utf-8") + "notes: edited\n", "utf-8")
    loaded = load_templates(small, cache=cache)
    assert names == [f"fr/{edited.name}"]
    assert loaded.retailers[f"fr.{edited.stem}"].notes == "edited"
    names.clear()
    load_templates(small, cache=cache)
    assert names == []


def test_a_changed_base_changes_what_extends_it(small: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load_templates(small, cache=cache)
    base = small / "base" / "fr.yaml"
    text = base.read_text("utf-8").replace("total: [", "total: [somme unique, ")
    base.write_text(text.replace("not: [", "not: [zone unique, "), "utf-8")
    loaded = load_templates(small, cache=cache)
    shop = next(t for key, t in loaded.retailers.items() if key.startswith("fr."))
    assert shop.labels[Role.TOTAL][0] == "somme unique"
    assert "zone unique" in loaded.index.known[shop.template].negatives


def test_a_changed_base_is_checked_against_what_extends_it(small: Path, tmp_path: Path) -> None:
    shop = small / "fr" / "zebre.yaml"
    shop.write_text(
        "template: fr.zebre\nname: Zèbre\nextends: base.fr\nrecognize: {names: [Zebrissimo]}\n"
        "vocabulary: [~bonjour]\n",
        "utf-8",
    )
    cache = tmp_path / "cache"
    load_templates(small, cache=cache)
    base = small / "base" / "fr.yaml"
    base.write_text(base.read_text("utf-8").replace("bonjour, ", ""), "utf-8")
    with pytest.raises(TemplatesInvalidError, match=r"zebre\.yaml:5:\d+: .*strikes nothing"):
        load_templates(small, cache=cache)


def test_a_template_that_is_gone_is_gone(small: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load_templates(small, cache=cache)
    gone = next((small / "fr").glob("*.yaml"))
    gone.unlink()
    assert f"fr.{gone.stem}" not in load_templates(small, cache=cache).retailers


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"recognize", b"recognixe", 1),
        lambda content: b"\x80\x04" + content,
        lambda _: b"",
    ],
)
def test_a_damaged_cache_is_told_and_not_used(
    damage: object, small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = tmp_path / "cache"
    cold = load_templates(small, cache=cache)
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    assert callable(damage)
    kept.write_bytes(damage(whole))
    with caplog.at_level(logging.INFO):
        assert same(cold, load_templates(small, cache=cache))
    assert f"{kept} is not used" in caplog.text
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_only_costs_time(
    small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    loaded = load_templates(small, cache=tmp_path / "cache")
    assert loaded.retailers
    assert "is not written" in caplog.text
