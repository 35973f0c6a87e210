"""The console's texts: every key that pages use, in every language, with the same values."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from console.words import Words, _texts, keys
from preuve.access import LANGUAGES

CONSOLE = Path(__file__).parent.parent / "console"
USED = re.compile(r"\b(?:t|words)\(\s*f?\"([a-z_]+(?:\.[a-z_{}.\[\]\w]+)+)\"")
TITLES = re.compile(r"\b(?:Page|Room)\(\s*\"[^\"]*\",\s*\"([a-z_.]+)\"")


def sources() -> list[Path]:
    return sorted(CONSOLE.rglob("*.py"))


def values(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_every_key_that_is_used_has_a_text() -> None:
    known = keys()
    for source in sources():
        code = source.read_text("utf-8")
        for used in [*USED.findall(code), *TITLES.findall(code)]:
            begin = used.partition("{")[0]
            assert any(key.startswith(begin) if "{" in used else key == used for key in known), (
                f"{source.name}: {used}"
            )


def test_every_general_template_has_a_name_in_each_language() -> None:
    bases = {file.stem for file in (CONSOLE.parent / "templates" / "base").glob("*.yaml")}
    assert {f"templates.general.{base}" for base in bases} <= keys()


@pytest.mark.parametrize("key", sorted(keys()))
def test_a_text_says_the_same_values_in_each_language(key: str) -> None:
    forms = {
        language: form if isinstance(form, dict) else {"": form}
        for language, form in _texts()[key].items()
    }
    said = {
        language: {name: values(text) for name, text in form.items()}
        for language, form in forms.items()
    }
    assert set(said) == set(LANGUAGES)
    assert all(text.strip() for form in forms.values() for text in form.values())
    assert len({str(form) for form in said.values()}) == 1, said


def test_numbers_money_and_counts_are_as_the_language_writes_them() -> None:
    french, english = Words("fr"), Words("en")
    assert french.money(Decimal("1234.5"), "EUR").replace("\xa0", " ") == "1\u202f234,50 €"
    assert english.money(Decimal("1234.5"), "EUR") == "€1,234.50"
    assert (french.percent(0.873), english.percent(0.873)) == ("87\u202f%", "87%")
    assert [french("receipts.found", n=n) for n in (0, 1, 2)] == ["0 reçu", "1 reçu", "2 reçus"]
    assert english("receipts.found", n=0) == "0 receipts"
    assert Words("xx").language == "fr"
