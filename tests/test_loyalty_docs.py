"""docs/programs.md against the language: every example loads, every key is explained."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from typer.testing import CliRunner

from cli.main import app
from preuve.loyalty import Past, ProgramsError, award, parse_program
from preuve.loyalty.rules.effects import Cap, Effect, Gift, Voucher
from preuve.loyalty.rules.expressions import FUNCTIONS, HISTORY, LOOPS, METHODS, NAMES
from preuve.loyalty.rules.products import ItemCondition, ProductList
from preuve.loyalty.rules.program import Campaign, Limits, Program, Retailers
from preuve.loyalty.rules.rule import Condition, EarnRule, FieldCondition, Nth, Window
from tests.occasions import HEAD, happening, receipt
from tests.paper import ROOT

PAGE = (ROOT / "docs" / "programs.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
MODELS = (
    *(Program, Limits, Retailers, EarnRule, Nth, Window, Condition, FieldCondition),
    *(ProductList, ItemCondition, Campaign, Cap, Gift, Voucher),
    *get_args(get_args(Effect)[0]),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_loads_and_judges(example: str) -> None:
    whole = example if example.startswith("program:") else HEAD + example
    program = parse_program(whole, "example.yaml")
    occasions = (receipt(), happening("sign_up"), happening("birthday"))
    assert all(award(occasion, program, Past()).errors == () for occasion in occasions)


BITS = (
    *"[]{}:'\"\n\0é",
    *("-1", "null", "~", "!!python/object", "&a", "*a", "1e400", ".nan", "2026-13-01", "- ", "? "),
    *("<<: ", "0x1F", "99999999999999999999", "2026-11-22T10:00:00Z", "[[1]]"),
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(EXAMPLES), st.floats(0, 1), st.sampled_from(BITS), st.integers(0, 6))
def test_whatever_is_done_to_an_example_it_loads_or_is_refused(
    example: str, at: float, bit: str, cut: int
) -> None:
    place = int(at * len(example))
    damaged = HEAD + example[:place] + bit + example[place + cut :]
    try:
        program = parse_program(damaged, "example.yaml")
    except ProgramsError:
        return
    award(receipt(), program, Past())


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    for name in model.model_fields:
        assert re.search(rf"`{name}\b", PAGE), f"{model.__name__}.{name}"


def test_every_name_of_expressions_is_explained() -> None:
    part = PAGE.partition("### Expressions")[2]
    for root, names in NAMES.items():
        (row,) = re.findall(rf"^\| `{root}` \| (.*) \|$", part, re.MULTILINE)
        for name in names:
            assert re.search(rf"\b{name}\b", row), f"{root}.{name}"
    for name in (*HISTORY, *FUNCTIONS, *METHODS, *LOOPS):
        assert re.search(rf"`(?:history\.)?{name}[`(]", PAGE), name


def test_the_committed_schema_is_current() -> None:
    printed = CliRunner().invoke(app, ["programs", "schema"])
    assert printed.exit_code == 0
    committed = (ROOT / "docs" / "program.schema.json").read_text("utf-8")
    told = "make it anew: preuve programs schema > docs/program.schema.json"
    assert committed == printed.stdout, told
    assert set(json.loads(committed)["properties"]) == set(Program.model_fields)
