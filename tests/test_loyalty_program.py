from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from preuve.loyalty import Program, ProgramsError, award, load_programs, parse_program
from preuve.reading.result import Check, Field, Retailer
from preuve.reading.template.fields import FieldType
from preuve.settings import Settings
from tests.factories import item, reading, value

HEAD = "program: spring\nname: Spring\ntimezone: Europe/Paris\n"


def of_rules(rules: str) -> Program:
    return parse_program(HEAD + "earn:\n" + rules, "spring.yaml")


def mistakes(source: str) -> list[tuple[int, str]]:
    with pytest.raises(ProgramsError) as caught:
        parse_program(source, "spring.yaml")
    return [(error.line, error.where) for error in caught.value.errors]


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
    rule = "  - {rule: a, name: A, effect: {kind: per_receipt, points: 1}}\n"
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


def test_a_point_for_each_whole_euro(program: Program) -> None:
    plain = reading(total="12.99", items=())
    assert [(line.rule, line.points) for line in award(plain, program).lines] == [("base", 12)]


@pytest.mark.parametrize("total", ["0.99", "0.00", "-5.00", None])
def test_less_than_a_euro_earns_nothing(total: str | None, program: Program) -> None:
    assert award(reading(total=total, items=()), program).points == 0


@pytest.mark.parametrize("name", ["CAFE MOULU", "Café  moulu bio 250g", "CAFÉMOULU", "Cafe-Moulu"])
def test_named_products_earn_however_they_are_printed(name: str, program: Program) -> None:
    found = award(reading(total="4.20", items=(item(name, "4.20"),)), program)
    assert found.points == 4 + 50


def test_each_named_item_earns_but_no_discount_on_it(program: Program) -> None:
    items = (
        item("CAFE MOULU", "4.20"),
        item("CAFE MOULU", "4.20"),
        item("REMISE CAFE MOULU", "-1.00", kind="discount"),
        item("THE VERT", "3.00"),
    )
    bonus = [line for line in award(reading(items=items), program).lines if line.rule != "base"]
    assert [line.points for line in bonus] == [100]


def test_a_cap_bounds_one_rule() -> None:
    capped = of_rules(
        "  - {rule: a, name: A, effect: {kind: per_amount, points: 2}, cap: {per_receipt: 5}}\n"
    )
    assert award(reading(total="12.50"), capped).points == 5


def test_a_condition_must_hold_in_all_its_parts() -> None:
    rule = of_rules(
        "  - rule: a\n    name: A\n"
        "    condition: {retailers: [fr.carrefour], min_total: 10}\n"
        "    effect: {kind: per_receipt, points: 7}\n"
    )
    known = Retailer("Carrefour", "fr.carrefour")
    assert award(reading(retailer=known, total="10.00"), rule).points == 7
    assert award(reading(retailer=known, total="9.99"), rule).points == 0
    assert award(reading(total="10.00"), rule).points == 0


def test_rules_apply_by_priority() -> None:
    rules = of_rules(
        "  - {rule: low, name: L, effect: {kind: per_receipt, points: 1}}\n"
        "  - {rule: high, name: H, priority: 5, effect: {kind: per_receipt, points: 1}}\n"
    )
    assert [line.rule for line in award(reading(), rules).lines] == ["high", "low"]


def own(name: str, content: str, type_: FieldType = "text", passed: bool | None = True) -> Field:
    return Field(name, name, type_, value=value(content), checks=(Check("checksum", passed),))


@pytest.mark.parametrize(
    ("condition", "points"),
    [
        ("{}", 9),
        ("{one_of: [Aube-300, x]}", 9),
        ("{one_of: [Aube 200]}", 0),
        ("{min: 12, max: 12.50}", 9),
        ("{min: 12.51}", 0),
        ("{min: 2026-01-01}", 0),
    ],
)
def test_a_field_earns_where_it_is_what_the_rule_wants(condition: str, points: int) -> None:
    name = "price" if "min" in condition else "model"
    rule = of_rules(
        "  - rule: a\n    name: A\n"
        f"    condition: {{kinds: [warranty_card], fields: {{{name}: {condition}}}}}\n"
        "    effect: {kind: per_receipt, points: 9}\n"
    )
    fields = (own("model", "AUBE 300"), own("price", "12.50", "amount"))
    assert award(reading(kind="warranty_card", fields=fields), rule).points == points
    assert award(reading(kind="receipt", fields=fields), rule).points == 0


def test_a_field_that_was_not_read_or_fails_a_check_earns_nothing(program: Program) -> None:
    def earned(*fields: Field) -> int:
        card = reading(kind="warranty_card", total=None, items=(), fields=fields)
        return award(card, program).points

    assert earned(own("serial_number", "QE2400817736")) == 200
    assert earned(own("serial_number", "QE2400817737", passed=False)) == 0
    assert earned(Field("serial_number", "Numéro de série", "code")) == 0
    assert earned() == 0
