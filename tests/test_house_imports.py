"""Who may import whom (docs/architecture.md), read from the sources and from real processes."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOORS = {"api", "cli", "console", "worker"}
PACKAGES = ("preuve", *sorted(DOORS))
GROUND = {"folding", "lasting", "logs", "messages", "reasons", "settings", "sheets"}
"""Modules that import nothing of ours."""
MAY_IMPORT: dict[str, set[str]] = {
    **{module: set() for module in GROUND},
    "reading": {"folding", "messages", "reasons"},
    "store": {"messages", "settings"},
    "access": {"store"},
    "loyalty": {"reading", "store", "folding", "messages", "reasons", "sheets"},
    "intake": {"loyalty", "reading", "store", "folding", "messages", "reasons", "sheets"},
    "catalog": {"intake", "reading", "store", "folding", "messages", "reasons"},
}
for door in DOORS:
    MAY_IMPORT[door] = set(MAY_IMPORT) - DOORS
FOREIGN = {
    "reading": {
        "alembic",
        "celery",
        "fastapi",
        "httpx",
        "kombu",
        "redis",
        "sqlalchemy",
        "starlette",
    },
    "store": {"celery", "fastapi", "httpx", "kombu", "redis", "starlette"},
    "loyalty": {"celery", "cv2", "fastapi", "httpx", "kombu", "redis", "starlette"},
    "intake": {"cv2", "fastapi", "httpx", "starlette"},
    "api": {"cv2", "numpy", "onnxruntime", "openvino", "pytesseract", "rapidocr"},
    "console": {"cv2", "numpy", "onnxruntime", "openvino", "pytesseract", "rapidocr"},
}
"""Packages of others that a room has no business with."""
ENGINES = ("cv2", "onnxruntime", "openvino", "rapidocr")


@dataclass(frozen=True)
class Arrow:
    """One import: the module that says it, the line, and the module that it names."""

    source: str
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.source}, line {self.line}: imports {self.target}"


def arrows(source: str, module: str, *, is_package: bool = False) -> Iterator[Arrow]:
    """Every import of a file, also those inside functions and for the type checker alone."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Arrow(module, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - max(node.level - 1, 0)]
            base = ".".join([*above, *([node.module] if node.module else [])])
            base = base if node.level else node.module or ""
            # `from preuve import reading` names a room by what it imports.
            yield from (Arrow(module, node.lineno, f"{base}.{alias.name}") for alias in node.names)


def room(module: str) -> str | None:
    """The room or door of a module of ours; None for other people's."""
    first, *rest = module.split(".")
    if first in DOORS:
        return first
    return rest[0] if first == "preuve" and rest else None


def goes_up(arrow: Arrow) -> bool:
    ours, theirs = room(arrow.source), room(arrow.target)
    if ours is None or theirs in (None, ours):
        return arrow.target.split(".")[0] in FOREIGN.get(ours or "", set())
    return theirs not in MAY_IMPORT[ours]


def opens_a_drawer(arrow: Arrow) -> bool:
    """Whether it reaches for the tables of a room that is not its own."""
    parts = arrow.target.split(".")
    drawers = any(part.endswith("tables") for part in parts[2:])
    return parts[:1] == ["preuve"] and drawers and room(arrow.source) != parts[1]


def house() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def all_arrows() -> list[Arrow]:
    return [
        arrow
        for module, path in house()
        for arrow in arrows(path.read_text(), module, is_package=path.stem == "__init__")
    ]


def test_no_arrow_runs_up() -> None:
    assert [str(arrow) for arrow in all_arrows() if goes_up(arrow)] == []


def test_tables_are_a_rooms_own() -> None:
    assert [str(arrow) for arrow in all_arrows() if opens_a_drawer(arrow)] == []


def test_every_room_has_its_rule() -> None:
    modules = {room(module) for module, _ in house()} - {None}

    assert modules <= set(MAY_IMPORT), "a new room: give it a rule here and in the docs"
    assert {"reading", "intake", "loyalty", "store", "api", "worker", "cli"} <= modules


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("preuve.reading.judge", "from preuve.store import Ground"),
        ("preuve.reading.judge", "from preuve import intake"),
        ("preuve.reading.judge", "from preuve.logs import configure"),
        ("preuve.reading.judge", "from .. import settings"),
        ("preuve.reading.judge", "def f():\n    import sqlalchemy.orm"),
        ("preuve.store.blobs", "import preuve.loyalty.ledger.posting"),
        ("preuve.loyalty.ledger.posting", "from preuve.intake import view"),
        ("preuve.intake.work", "if TYPE_CHECKING:\n    from worker.app import app"),
        ("preuve.settings", "from preuve.store import Ground"),
        ("api.app", "from worker.tasks import read_receipt"),
        ("api.app", "import cv2"),
        ("cli.send", "from api.bodies import Links"),
        ("worker.tasks", "import cli.serve"),
    ],
)
def test_an_arrow_that_runs_up_is_seen(module: str, source: str) -> None:
    assert any(goes_up(arrow) for arrow in arrows(source, module))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("preuve.reading.judge", "from preuve.reasons import ReasonCode"),
        ("preuve.reading.judge", "from preuve.reading import page\nfrom .page import Box"),
        ("preuve.intake.settle", "from preuve.loyalty import post_award"),
        ("worker.tasks", "from preuve.intake import claim\nfrom worker.app import app"),
        ("cli.main", "import typer"),
    ],
)
def test_an_arrow_that_runs_down_is_let_be(module: str, source: str) -> None:
    assert not any(goes_up(arrow) for arrow in arrows(source, module))


def test_a_hand_in_anothers_drawer_is_seen() -> None:
    (theirs,) = arrows("from preuve.intake.tables import JobRow", "preuve.loyalty.ledger.posting")
    (own,) = arrows("from preuve.intake.tables import JobRow", "preuve.intake.work")

    assert opens_a_drawer(theirs)
    assert not opens_a_drawer(own)


def test_only_the_ground_has_a_clock() -> None:
    """A replay next year decides the same: no room asks what day it is."""
    asked = [
        f"{module}, line {node.lineno}"
        for module, path in house()
        if module.startswith("preuve.") and module != "preuve.store"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("date", "datetime")
    ]
    assert asked == []


@pytest.mark.parametrize(
    "modules",
    [
        "api.app, api.__main__",
        "console.app, console.__main__",
        "worker.app, worker.tasks, worker.child, worker.sweeper",
        "cli.main",
    ],
)
def test_no_engine_is_loaded_before_it_is_needed(modules: str) -> None:
    """The API never needs one; a node's main process forks; a command's help comes at once."""
    script = f"import sys, {modules}; print(*[m for m in {ENGINES!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []


def test_values_are_found_without_opencv() -> None:
    """Previews and replays run `understand` in processes that never load an engine."""
    script = (
        "import sys\n"
        "from preuve.reading.pipeline import understand\n"
        "from preuve.reading.result import Context\n"
        "from preuve.reading.template.load import load_templates\n"
        "from preuve.settings import Settings\n"
        "understand((), load_templates(Settings().templates_dir), Context())\n"
        f"print(*[m for m in {ENGINES!r} if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
