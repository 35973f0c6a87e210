"""The retailers' templates that come with Preuve."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from stdnum.fr import siren as french

from preuve.reading.template.lint import lint
from preuve.reading.template.load import Templates, check, load_templates
from preuve.reading.template.match import Match, match
from preuve.reading.template.model import Model, Role, Template
from preuve.reading.template.row_pattern import _FIELDS as ROW_FIELDS
from tests.typed import pages

ROOT = Path(__file__).parent.parent
LARGE_FRENCH = [
    "carrefour",
    "carrefour_market",
    "leclerc",
    "intermarche",
    "auchan",
    "systeme_u",
    "lidl",
    "aldi",
    "monoprix",
    "franprix",
    "casino",
    "picard",
    "leroy_merlin",
    "castorama",
    "brico_depot",
    "decathlon",
    "fnac",
    "darty",
    "boulanger",
    "action",
]


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load_templates(ROOT / "templates")


def test_all_templates_load() -> None:
    assert check(ROOT / "templates") == []


def test_retailers_have_no_warning(templates: Templates) -> None:
    told = [w for w in lint(templates) if not w.mark.file.startswith("templates/base/")]
    assert told == []


@pytest.mark.parametrize("slug", LARGE_FRENCH)
def test_large_french_banners_extend_french(templates: Templates, slug: str) -> None:
    template = templates.retailers[f"fr.{slug}"]
    assert template.extends == "base.fr"
    assert template.country == "FR"
    assert template.labels == templates.bases["base.fr"].labels


def test_at_least_ten_french_banners_have_a_sourced_number(templates: Templates) -> None:
    numbered = [
        key
        for key, template in templates.retailers.items()
        if key.startswith("fr.") and template.recognize.siren
    ]
    assert len(numbered) >= 10


def test_sources_can_be_looked_up(templates: Templates) -> None:
    for template in templates.retailers.values():
        for identifier in (*template.recognize.siren, *template.recognize.vat):
            assert re.search(r"https://[a-z0-9.-]+/\S+", identifier.source), template.template


def test_no_number_stands_in_two_templates(templates: Templates) -> None:
    numbers = [
        french.compact(identifier.number)
        for template in templates.retailers.values()
        for identifier in template.recognize.siren
    ]
    assert len(numbers) == len(set(numbers))


def test_each_banner_is_known_by_each_of_its_names(templates: Templates) -> None:
    """Alone at the top of a paper with nothing else on it, in its own country."""
    for key, template in templates.retailers.items():
        for name in template.recognize.names:
            found = match(pages(name.upper(), "12,50"), templates, template.country)
            assert isinstance(found, Match), (key, name, found)
            assert found.template.template == key, name


def test_each_number_is_known(templates: Templates) -> None:
    for key, template in templates.retailers.items():
        for identifier in template.recognize.siren:
            row = f"SIRET {identifier.number}00017"
            found = match(pages("MAGASIN", "12,50", row), templates)
            assert isinstance(found, Match), key
            assert found.template.template == key


def _models() -> list[type[Model]]:
    return [Template, *(kind for kind in Model.__subclasses__() if kind is not Template)]


def test_a_short_logo_may_lose_a_thin_stroke_where_it_stands_alone(templates: Templates) -> None:
    address = ("Warburger Straße 130", "33100 Paderborn", "Vielen Dank für Ihren Einkauf")
    found = match(pages("LDL", *address), templates)
    assert isinstance(found, Match)
    assert found.template.template == "de.lidl"
    assert not isinstance(match(pages("LDL Markt Nord", *address), templates), Match)


def test_every_key_of_the_language_is_documented() -> None:
    text = (ROOT / "docs/templates.md").read_text("utf-8")
    for model in _models():
        for name, field in model.model_fields.items():
            assert f"`{field.alias or name}`" in text, f"{model.__name__}.{name}"


def test_every_role_and_row_field_is_documented() -> None:
    text = (ROOT / "docs/templates.md").read_text("utf-8")
    for role in Role:
        assert f"`{role}`" in text, role
    for name in ROW_FIELDS:
        assert f"`{{{name}}}`" in text, name


def test_the_examples_of_the_documentation_load(tmp_path: Path) -> None:
    text = (ROOT / "docs/templates.md").read_text("utf-8")
    examples = re.findall(r"^```yaml\n(template: .+?)^```", text, re.MULTILINE | re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(example, "utf-8")
    assert check(ROOT / "templates", tmp_path) == []
