"""The documentation against the code: what one says and the other does not fails here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires
from itertools import chain
from pathlib import Path

import click
import pytest
import typer

from api.app import create
from api.problems import Problem
from cli.main import app
from preuve.access import Scope
from preuve.intake import Status
from preuve.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = ("preuve", "api", "console", "worker", "cli")
BROUGHT = {"anyio": "fastapi", "starlette": "fastapi", "kombu": "celery"}
"""Imported, and always there because the other one cannot be without it."""
NOT_IMPORTED = {
    "pdfminer.six": "named for its minimum version",
    "psycopg": "SQLAlchemy loads it by the database's address",
    "python-multipart": "Starlette loads it for forms",
}
ADDRESS = re.compile(r"(?<![\w.~/-])/(?:home|root|work|Users)/\w")
REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "docker" + ".io"]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def project() -> dict[str, list[str]]:
    """The packages that pyproject.toml names, by the part that names them."""
    read = tomllib.loads(text("pyproject.toml"))
    parts = {
        "run": read["project"]["dependencies"],
        "dev": read["project"]["optional-dependencies"]["dev"],
        "build": read["build-system"]["requires"],
    }
    return {part: [_name(line) for line in lines] for part, lines in parts.items()}


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return found[0]


def _alike(names: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def first_cells(page: str, heading: str = "") -> list[str]:
    """The names in backticks that begin a table's row, below `heading` where it is given."""
    part = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else page
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_every_dependency_has_its_line() -> None:
    setup = re.search(r"packages=\((.*?)\)", text("tools/setup"))
    assert setup
    added = re.findall(r"packages\+=\((.*?)\)", text("tools/setup"))
    debian = {name for group in (setup[1], *added) for name in group.split()}

    named = chain.from_iterable(project().values())
    assert sorted(first_cells(text("docs/dependencies.md"))) == sorted({*named, *debian})


def test_what_is_pinned_holds_every_direct_dependency() -> None:
    pinned = [_name(line) for line in text("requirements.txt").splitlines() if "==" in line]
    dev = [_name(line) for line in text("requirements-dev.txt").splitlines() if "==" in line]

    assert _alike(project()["run"]) <= _alike(pinned)
    assert _alike(project()["dev"]) <= _alike(dev)


def test_what_is_imported_is_named_and_what_is_named_is_imported() -> None:
    imported = set(chain.from_iterable(_imports(path) for path in _sources()))
    theirs = imported - set(sys.stdlib_module_names) - set(SOURCES)
    owners = packages_distributions()
    used = {_alike(owners.get(module, [module])).pop() for module in theirs}
    named = _alike(project()["run"])

    assert used - named == set(BROUGHT)
    assert named - used == _alike(list(NOT_IMPORTED))
    for package, bringer in BROUGHT.items():
        assert package in _alike([_name(line) for line in requires(bringer) or []])


def _sources() -> list[Path]:
    return [path for package in SOURCES for path in sorted((ROOT / package).rglob("*.py"))]


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def commands() -> list[str]:
    """Every subcommand in full, as `preuve templates check`."""

    def below(command: click.Command, path: str) -> list[str]:
        inner = getattr(command, "commands", None)
        if inner is None:
            return [path]
        return [leaf for name, sub in inner.items() for leaf in below(sub, f"{path} {name}")]

    return below(typer.main.get_command(app), "preuve")


def test_every_command_is_documented_and_no_other() -> None:
    operations = text("docs/operations.md")
    assert sorted(first_cells(operations, "Commands")) == sorted(commands())

    first = {command.split()[1] for command in commands()}
    for page in PAGES:
        code = re.findall(r"`([^`\n]+)`|^((?:\.venv/bin/)?preuve .*)$", page.read_text(), re.M)
        for line in chain.from_iterable(code):
            said = re.match(r"(?:\.venv/bin/)?preuve ([a-z]+)", line)
            assert said is None or said[1] in first, f"{page.name}: {line}"


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    for page in PAGES:
        for target in re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(), re.MULTILINE):
            assert target in targets, f"{page.name}: make {target}"


def variables() -> set[str]:
    """Every variable of the environment that is ours to set."""
    prefix = Settings.model_config["env_prefix"]
    fields = Settings.model_fields.items()
    settings = {str(field.validation_alias or prefix + name).upper() for name, field in fields}
    sources = chain.from_iterable(
        re.findall(r"[\"'`](PREUVE_[A-Z_]+)[\"'`]", path.read_text()) for path in _sources()
    )
    return settings | set(sources)


def test_every_setting_is_documented_and_no_other() -> None:
    assert set(first_cells(text("docs/operations.md"), "Settings")) == variables()
    for page in PAGES:
        assert set(re.findall(r"PREUVE_[A-Z_]+", page.read_text())) <= variables(), page.name


def test_the_api_page_has_every_route_status_scope_and_problem() -> None:
    page = text("docs/api.md")
    routes = [
        f"{method.upper()} {path}"
        for path, methods in create(Settings()).openapi()["paths"].items()
        for method in methods
    ]
    assert sorted(first_cells(page, "The flow")) == sorted(routes)
    assert sorted(first_cells(page, "Statuses")) == sorted(Status)
    for scope in Scope:
        assert f"`{scope}`" in page
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \|", page, re.MULTILINE)
    assert sorted(rows) == sorted((problem.code, str(problem.status)) for problem in Problem)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if not target.startswith(("http:", "https:", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_path_that_the_architecture_names_exists() -> None:
    page = text("docs/architecture.md")
    found = set(re.findall(r"`((?:[a-z_]+/)*[a-z_0-9]+\.(?:py|yaml|md)|(?:[a-z_]+/)+)`", page))
    planned = {"console/", "catalog/"}
    for name in found - planned:
        places = [ROOT, ROOT / "preuve", ROOT / "preuve" / "reading", ROOT / "preuve" / "intake"]
        assert any((place / name).exists() for place in places), name


def test_pictures_fetch_nothing() -> None:
    for picture in sorted((ROOT / "docs" / "images").glob("*.svg")):
        fetched = re.findall(r"(?:href|src)=|url\((?!#)|@import|@font-face", picture.read_text())
        assert fetched == [], picture.name


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    assert listed.returncode == 0, "the tracked files are known to git; run the tests in a checkout"
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def test_no_machine_and_no_registry_is_named() -> None:
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content[:1024]:
            continue
        lines = content.decode("utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            where = f"{path.relative_to(ROOT)}, line {number}: {line.strip()[:100]}"
            assert not ADDRESS.search(line), where
            assert not any(host in line for host in REGISTRIES), where
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(r"^\s*--|@ *(?:http|file)", text(name), re.MULTILINE), name


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/home/" + "ann/preuve", True),
        ("see /wo" + "rk/main", True),
        ("cd '/ro" + "ot/x'", True),
        ("https://example.org/work/" + "x", False),
        ("a/home/" + "page", False),
        ("Path.home()", False),
    ],
)
def test_a_machines_path_is_seen(line: str, found: bool) -> None:
    assert bool(ADDRESS.search(line)) is found
