"""The console's style: what it names is on pages, and what pages name is in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from console.style import FOLDER, PARTS, SHEET

CONSOLE = Path(__file__).parent.parent / "console"
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
NAMED = {
    name
    for selector in re.findall(r"([^{}]+)\{", RULES)
    for name in re.findall(r"\.([a-z_][\w-]*)", selector)
    if not name.startswith(("q-", "cm-", "nicegui-"))
}


def test_each_file_is_a_part_of_the_sheet() -> None:
    assert sorted(PARTS) == sorted(file.stem for file in FOLDER.iterdir())


def test_what_the_style_names_is_on_pages() -> None:
    code = "".join(
        file.read_text("utf-8") for file in CONSOLE.rglob("*") if file.suffix in (".py", ".js")
    )
    words = set(re.findall(r"[\w-]+", code))
    begins = tuple(re.findall(r"\b([a-z]+-)(?:\{|' \+)", code))
    composed = {f"{one}-{tone}" for one in words for tone in ("wrong", "warns")}
    left = NAMED - words - composed
    assert [name for name in sorted(left) if not name.startswith(begins)] == []


def test_what_pages_name_is_in_the_style() -> None:
    given = {
        name
        for source in CONSOLE.rglob("*.py")
        for name in classes_in(ast.parse(source.read_text("utf-8")))
    }
    assert sorted(given - NAMED) == []


def test_there_is_one_set_of_variables_and_each_is_used() -> None:
    declared = re.findall(r"^ +(--[\w-]+):", RULES, re.MULTILINE)
    used = set(re.findall(r"var\((--[\w-]+)\)", RULES))
    # A mark's tone is declared once for each tone, NiceGUI reads its own, Python gives one.
    of_ours = [name for name in declared if name != "--tone" and "nicegui" not in name]
    assert sorted(of_ours) == sorted(set(of_ours))
    assert used - set(declared) == {"--sure"}
    assert set(of_ours) - used == set()


def classes_in(code: ast.AST) -> Iterator[str]:
    for call in ast.walk(code):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = [keyword.value for keyword in call.keywords if keyword.arg == "classes"]
        if name in ("tag", "link"):
            given += call.args[2:3]
        elif name == "classes":
            given += call.args + [keyword.value for keyword in call.keywords]
        for argument in given:
            yield from (one for one in text_of(argument).split() if not one.endswith("-"))


def text_of(value: ast.expr) -> str:
    """What is written in it; of a choice, both; nothing of what is put in."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(map(text_of, parts))
        case ast.IfExp(body=one, orelse=other):
            return f"{text_of(one)} {text_of(other)}"
    return ""
