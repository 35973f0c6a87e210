from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from preuve.loyalty import ProgramsError, load_programs, parse_program
from preuve.loyalty.rules.load import ProgramError
from preuve.settings import Settings
from tests.occasions import HEAD, of_rules


def errors(source: str) -> list[ProgramError]:
    with pytest.raises(ProgramsError) as caught:
        parse_program(source, "spring.yaml")
    return caught.value.errors


def mistakes(source: str) -> list[tuple[int, str]]:
    return [(error.line, error.where) for error in errors(source)]


def test_every_program_of_the_repository_loads() -> None:
    assert "demo" in load_programs(Settings().programs_dir)


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    source = (
        "program: Spring!\n"
        "name: x\n"
        "timezone: Mars/Olympus\n"
        "limits:\n"
        "  max_age_days: -1\n"
        "  currencies: [EUR, EURO]\n"
        "  colour: red\n"
        "earn:\n"
        "  - rule: base\n"
        "    name: b\n"
        "    effect: {kind: per_amount, points: 0}\n"
    )
    assert mistakes(source) == [
        (1, "program"),
        (3, "timezone"),
        (5, "limits.max_age_days"),
        (6, "limits.currencies.1"),
        (7, "limits.colour"),
        (11, "earn.0.effect.per_amount.points"),
    ]


def test_a_key_that_stands_twice_is_a_mistake() -> None:
    assert mistakes(HEAD + "name: Summer\n") == [(4, "name")]


def test_two_rules_of_one_key_are_a_mistake() -> None:
    rule = "  - {rule: a, name: A, effect: {kind: fixed, points: 1}}\n"
    assert mistakes(HEAD + "earn:\n" + rule + rule) == [(6, "earn.1.rule")]


def test_an_effect_on_items_must_say_which() -> None:
    rule = "  - {rule: a, name: A, effect: {kind: per_item, points: 1}}\n"
    assert mistakes(HEAD + "earn:\n" + rule) == [(5, "earn.0.condition")]


@pytest.mark.parametrize("source", ["", "a: [", "a: \x00", "- &x [*x]\n", "just text"])
def test_what_is_no_program_is_told_so(source: str) -> None:
    assert mistakes(source)


def test_errors_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("program: a\n")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ProgramsError) as caught:
        load_programs(tmp_path)
    assert {Path(error.file).name for error in caught.value.errors} == {"a.yaml", "b.yaml"}


def test_a_folder_without_a_program_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ProgramsError, match="holds no program"):
        load_programs(tmp_path)


def test_the_day_of_a_submission_is_the_programs_own() -> None:
    late = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
    assert of_rules("  []\n").day_of(late) == date(2026, 3, 14)


RULE = "  - rule: a\n    name: A\n"
FIXED = "    effect: {kind: fixed, points: 1}\n"
PRODUCTS = "products:\n  lindt: {name: Lindt, words: [lindt]}\n"
CAMPAIGN = "campaigns:\n  noel: {name: N, starts_on: 2026-12-01, ends_on: 2026-12-24}\n"


@pytest.mark.parametrize(
    ("rest", "where", "told"),
    [
        ("", "earn.0", "gives nothing"),
        (FIXED + "    campaign: neol\n", "earn.0.campaign", 'did you mean "noel"'),
        (
            FIXED + "    window: {starts_on: 2026-05-02, ends_on: 2026-05-01}\n",
            "earn.0.window.ends_on",
            "before it begins on 2026-05-02",
        ),
        (
            FIXED + "    campaign: noel\n    window: {ends_on: 2026-11-30}\n",
            "earn.0.window",
            "no day in common",
        ),
        (
            FIXED + "    window: {starts_on: 2026-11-23, ends_on: 2026-11-25, weekdays: [sun]}\n",
            "earn.0.window.weekdays",
            "none of them lies between",
        ),
        (FIXED + "    window: {hours: ['10:00-10:00']}\n", "earn.0.window.hours.0", "whole day"),
        (FIXED + "    window: {hours: ['10-12']}\n", "earn.0.window.hours.0", "08:30-12:00"),
        (FIXED + "    caps: [{per: day, points: 0}]\n", "earn.0.caps.0.points", "delete it"),
        (FIXED + "    caps: [{per: day}]\n", "earn.0.caps.0", "write points, or times"),
        (FIXED + "    caps: [{per: receipt, times: 1}]\n", "earn.0.caps.0", "anyway"),
        (FIXED + "    trigger: nth_receipt\n", "earn.0.trigger", "needs `nth`"),
        (FIXED + "    event: poll\n", "earn.0.event", "trigger: event"),
        (
            FIXED + "    trigger: birthday\n    condition: {min_total: 5}\n",
            "earn.0.condition.min_total",
            "no receipt",
        ),
        (
            FIXED + "    condition: {items: {lists: [lind]}}\n",
            "earn.0.condition.items.lists.0",
            'did you mean "lindt"',
        ),
        (
            FIXED + "    condition: {items: {gtins: [3046920028005]}}\n",
            "earn.0.condition.items.gtins.0",
            "4 would be right",
        ),
        (
            FIXED + "    condition: {fields: {price: {min: 5, max: 4}}}\n",
            "earn.0.condition.fields.price.max",
            "less than min",
        ),
        (
            "    effect: {kind: multiplier, times: 2}\n",
            "earn.0.effect",
            "no rule with an effect per_amount",
        ),
        ("    effect: {kind: multiplier, times: 1}\n", "earn.0.effect.multiplier.times", ""),
        (
            "    effect: {kind: per_amount, points: 1, of: items}\n",
            "earn.0.condition",
            "which items",
        ),
    ],
)
def test_what_cannot_work_is_told_with_its_place(rest: str, where: str, told: str) -> None:
    (error,) = errors(HEAD + PRODUCTS + CAMPAIGN + "earn:\n" + RULE + rest)
    assert error.where == where
    assert told in error.message
    assert error.line >= 8


def test_lists_that_are_unknown_or_include_each_other_are_mistakes() -> None:
    lists = (
        "products:\n"
        "  a: {name: A, includes: [b]}\n"
        "  b: {name: B, includes: [a]}\n"
        "  c: {name: C, includes: [d]}\n"
        "  e: {name: E}\n"
    )
    assert mistakes(HEAD + lists) == [
        (5, "products.a.includes.0"),
        (6, "products.b.includes.0"),
        (7, "products.c.includes.0"),
        (8, "products.e"),
    ]


def test_a_campaign_that_ends_before_it_begins_is_a_mistake() -> None:
    days = "campaigns:\n  noel:\n    name: N\n    starts_on: 2026-12-24\n"
    assert mistakes(HEAD + days + "    ends_on: 2026-12-01\n") == [(8, "campaigns.noel.ends_on")]


def test_a_few_aliases_do_not_fill_the_memory() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{below}, *{below}, *{below}]\n"
        for below, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert all("alias" in error.message for error in errors(bomb))


@pytest.mark.parametrize("source", ["[" * 20_000, "- " * 20_000 + "a", "a: " + "{a: " * 20_000])
def test_what_nests_without_end_is_told_so(source: str) -> None:
    assert [error.message for error in errors(source)] == ["nests too deeply"]
