"""Why a template was taken or not: each clue found, dropped, damaged or missed, and in the CLI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from cli.main import app
from cli.words import PAGES
from preuve.reading.template.explain import Evidence, Explanation, explain, explain_nearest
from preuve.reading.template.load import Templates, load_templates
from tests.typed import pages

FILES = {
    "base/fr.yaml": "template: base.fr\nname: French\nlanguage: fr\n"
    "vocabulary: [merci, visite]\ncountries:\n  FR: {currency: EUR}\n"
    "labels: {total: [total], card: [carte bancaire]}\n"
    'row_patterns: ["{quantity} x {unit_price}"]\n',
    "fr/carrefour.yaml": "template: fr.carrefour\nname: Carrefour\nextends: base.fr\ncountry: FR\n"
    "recognize:\n  names: [Carrefour]\n  legal: [Carrefour Hypermarchés]\n"
    "  siren: [{number: '451321335', source: test}]\n  domains: [carrefour.fr]\n  not: [rue]\n"
    "zones: {total: {top: 0.5}}\n",
    "fr/carrefour_market.yaml": "template: fr.carrefour_market\nname: Carrefour Market\n"
    "extends: base.fr\ncountry: FR\nrecognize: {names: [Carrefour Market]}\n",
    "fr/leroy_merlin.yaml": "template: fr.leroy_merlin\nname: Leroy Merlin\nextends: base.fr\n"
    "country: FR\nrecognize: {names: [Leroy Merlin]}\n",
}
TAIL = ("2 x 3,00 pain 6,00", "TOTAL 6,00", "merci de votre visite")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("templates")
    for name, text in FILES.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text, "utf-8")
    return made


@pytest.fixture(scope="module")
def templates(folder: Path) -> Templates:
    return load_templates(folder)


def only(told: Explanation, status: str) -> list[Evidence]:
    return [one for one in told.evidence if one.status == status]


def test_what_is_found_has_its_place_and_weight(templates: Templates) -> None:
    told = explain(pages("CARREFOUR", *TAIL, "www.carrefour.fr"), templates, "fr.carrefour")
    assert (told.outcome, told.threshold) == ("taken", 0.6)
    name, domain = only(told, "found")
    assert (name.kind, name.row, name.weight, name.text) == ("name", 1, 0.78, "CARREFOUR")
    assert name.place is not None
    assert name.place.box.top == 0
    assert (domain.kind, domain.row) == ("domain", 5)
    assert {one.kind for one in only(told, "missed")} == {"legal", "siren"}


def test_damaged_letters_are_named(templates: Templates) -> None:
    told = explain(pages("LEROY MERXLN", *TAIL), templates, "fr.leroy_merlin")
    (name,) = only(told, "found")
    assert name.damage == "x for l"
    assert told.outcome == "taken"


def test_what_is_too_damaged_is_near(templates: Templates) -> None:
    told = explain(pages("CARRFOR", *TAIL, "SIRET 451 321 835"), templates, "fr.carrefour")
    near = {one.kind: one for one in only(told, "near")}
    assert near["name"].damage == "e lost, u lost"
    assert near["siren"].damage == "8 for 3"
    assert near["siren"].row == 5
    assert (told.outcome, told.score) == ("too_little", 0)
    assert "0.60" in told.why


def test_a_name_behind_a_negative_word_is_dropped_with_the_word(templates: Templates) -> None:
    told = explain(pages("CHEZ ODILE", "12 RUE CARREFOUR", *TAIL), templates, "fr.carrefour")
    dropped = only(told, "dropped")[0]
    assert (dropped.phrase, dropped.why) == ("Carrefour", '"rue" stands before it')


def test_the_shorter_name_is_told_who_took_it(templates: Templates) -> None:
    told = explain(pages("CARREFOUR MARKET", *TAIL), templates, "fr.carrefour")
    dropped = only(told, "dropped")[0]
    assert dropped.why == 'it is part of "Carrefour Market" of fr.carrefour_market'
    assert told.outcome == "too_little"


def test_one_of_two_good_ones_is_told_the_other(templates: Templates) -> None:
    told = explain(pages("CARREFOUR", "LEROY MERLIN", *TAIL), templates, "fr.carrefour")
    assert told.outcome == "ambiguous"
    assert told.why.startswith("fr.leroy_merlin fits about as well")


def test_a_good_one_that_is_behind_is_told_by_how_much(templates: Templates) -> None:
    paper = pages("CARREFOUR", "LEROY MERLIN", *TAIL, "SIREN 451 321 335")
    told = explain(paper, templates, "fr.leroy_merlin")
    assert (told.outcome, told.why) == ("beaten", "fr.carrefour is clearly ahead with 0.98")


def test_where_none_matches_the_nearest_are_told(templates: Templates) -> None:
    told = explain_nearest(pages("LEROX MARTIN", *TAIL), templates)
    assert told[0].template == "fr.leroy_merlin"
    assert told[0].outcome == "too_little"
    assert len(told) == 3
    assert explain_nearest((), templates) == ()


def test_keys_for_reading_say_what_they_do(templates: Templates) -> None:
    told = explain(pages("CARREFOUR", *TAIL), templates, "fr.carrefour")
    keys = {use.key: use for use in told.keys}
    assert keys["labels.total"].told == '"total" in row 3'
    assert keys["labels.card"].rows == 0
    assert keys['row_patterns "{quantity} x {unit_price}"'].told == "rows 2"
    assert keys["zones.total"].told == "rows 3 to 4 lie in it"


def test_a_name_sought_in_two_forms_is_missed_once(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text.replace("Leroy Merlin", "Lidl"), "utf-8")
    told = explain(pages("CHEZ ODILE", *TAIL), load_templates(tmp_path), "fr.leroy_merlin")
    assert [(one.status, one.phrase) for one in told.evidence] == [("missed", "Lidl")]
    told = explain(pages("LIDL", *TAIL), load_templates(tmp_path), "fr.leroy_merlin")
    assert [(one.status, one.phrase) for one in told.evidence] == [("found", "Lidl")]


def test_no_such_template(templates: Templates) -> None:
    with pytest.raises(KeyError):
        explain((), templates, "fr.nobody")


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "till.json"
    path.write_bytes(PAGES.dump_json(pages("LEROY MERLUN", *TAIL)))
    return path


def run(*arguments: object, data: Path) -> tuple[int, str, str]:
    asked = ["templates", "explain", *map(str, arguments)]
    result = CliRunner().invoke(app, asked, env={"PREUVE_DATA_DIR": str(data)})
    return result.exit_code, result.stdout, result.stderr


def test_the_command_explains_and_draws(words: Path, folder: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn"
    code, out, _ = run(words, "--templates", folder, "--overlay", drawn, data=tmp_path / "data")
    assert code == 0
    assert "fr.leroy_merlin" in out
    assert "u for l" in out
    picture = drawn / "till-fr.leroy_merlin.jpg"
    assert picture.is_file()
    with Image.open(picture) as image:
        assert image.width > 600


def test_the_command_gives_json(words: Path, folder: Path, tmp_path: Path) -> None:
    code, out, _ = run(
        words,
        *("--templates", folder, "--json"),
        *("--template", "fr.carrefour", "--template", "fr.leroy_merlin"),
        data=tmp_path / "data",
    )
    assert code == 0
    told = json.loads(out)
    assert [one["template"] for one in told] == ["fr.carrefour", "fr.leroy_merlin"]
    assert told[1]["evidence"][0]["place"]["box"]["top"] == 0


def test_the_command_says_what_it_cannot_explain(words: Path, folder: Path, tmp_path: Path) -> None:
    code, _, err = run(words, "--templates", folder, "--template", "fr.no", data=tmp_path / "data")
    assert code == 2
    assert "no template 'fr.no'" in err
    broken = tmp_path / "broken.json"
    broken.write_text("{}", "utf-8")
    code, _, err = run(broken, "--templates", folder, data=tmp_path / "data")
    assert code == 2
    assert "holds no words" in err
