"""What members are told: every reason code has its words, in French and in English."""

from __future__ import annotations

import ast
from importlib import resources
from pathlib import Path

import pytest
import yaml

from api.languages import LANGUAGES
from preuve.intake import Status
from preuve.reasons import ReasonCode, member_text

ROOT = Path(__file__).parent.parent
ENTRIES = yaml.safe_load(resources.files("preuve").joinpath("reasons.yaml").read_text("utf-8"))


def test_codes_and_entries_are_the_same() -> None:
    assert list(ENTRIES) == [str(code) for code in ReasonCode]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_is_told_in_words(code: ReasonCode, language: str) -> None:
    text = member_text(code, language)

    assert text == ENTRIES[code][language]
    assert text.endswith((".", "!", "?"))
    assert text == " ".join(text.split())
    assert text[0].isupper()
    assert code not in text, "a member does not know our codes"


@pytest.mark.parametrize("code", ReasonCode)
def test_the_languages_say_it_each_in_its_own_way(code: ReasonCode) -> None:
    assert set(ENTRIES[code]) == set(LANGUAGES) == {"en", "fr"}
    assert member_text(code, "fr") != member_text(code, "en")


def test_another_language_gets_english() -> None:
    assert member_text(ReasonCode.TOO_DARK, "de") == ENTRIES["too_dark"]["en"]


def test_no_two_codes_say_the_same() -> None:
    for language in LANGUAGES:
        texts = [entry[language] for entry in ENTRIES.values()]
        assert len(set(texts)) == len(texts)


def given(source: str, kind: str) -> set[str]:
    """The members of the enumeration `kind` that a source gives to something.

    A set of them, or a comparison with one, only asks which it is.
    """
    tree = ast.parse(source)
    asked = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Set | ast.Compare)
        for part in ast.walk(node)
    }
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == kind
        and id(node) not in asked
    }


@pytest.mark.parametrize(
    ("kind", "members"), [("ReasonCode", ReasonCode.__members__), ("Status", Status.__members__)]
)
def test_every_code_and_status_is_given_somewhere(kind: str, members: dict[str, str]) -> None:
    paths = [path for room in ("preuve", "api") for path in (ROOT / room).rglob("*.py")]

    assert set().union(*(given(path.read_text("utf-8"), kind) for path in paths)) == set(members)


def test_a_code_that_is_only_asked_for_counts_as_dead() -> None:
    asked = "if a == ReasonCode.NO_DATE or a in {ReasonCode.NO_TEXT}: pass"

    assert given(asked, "ReasonCode") == set()
    assert given("yield Reason(ReasonCode.NO_DATE)", "ReasonCode") == {"NO_DATE"}
