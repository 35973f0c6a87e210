"""What members are told: every reason code has its words, in French and in English."""

from __future__ import annotations

from importlib import resources

import pytest
import yaml

from api.languages import LANGUAGES
from preuve.reasons import ReasonCode, member_text

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
