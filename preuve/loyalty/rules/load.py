"""Reads programs from YAML, and tells every mistake at once with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from preuve.loyalty.rules.checking import mistakes
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.written import FORMS
from preuve.messages import Message, of_pydantic, say
from preuve.reading.template.source import what_yaml_says

LARGEST_FILE = 256_000
ALIAS = say("is repeated by an alias (*): write it out, or name a list under `products`")


@dataclass(frozen=True, slots=True)
class ProgramError:
    """One mistake: the file, its line (from 1), the key in question and what to do."""

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        where = f" {self.where}:" if self.where else ""
        return f"{self.file}:{self.line}:{where} {self.message}"


class ProgramsError(Exception):
    """The programs cannot be used as they are; `errors` has every mistake."""

    remedy = say("Correct the lines named; the repository's programs/demo.yaml is a good one.")

    def __init__(self, errors: list[ProgramError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


def load_programs(folder: Path) -> dict[str, Program]:
    """The programs of a folder by key. Raises ProgramsError, also where there is none."""
    programs: dict[str, Program] = {}
    errors: list[ProgramError] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            program = parse_program(path.read_text("utf-8"), str(path))
        except UnicodeDecodeError:
            errors.append(
                ProgramError(str(path), 1, "", say("is not UTF-8 text; save it as UTF-8"))
            )
        except ProgramsError as found:
            errors.extend(found.errors)
        else:
            if program.program in programs:
                told = say(
                    'another file already has the program "{name}"; rename one',
                    name=program.program,
                )
                errors.append(ProgramError(str(path), 1, "program", told))
            programs[program.program] = program
    if not programs and not errors:
        told = say("holds no program; put one there, as programs/demo.yaml")
        errors.append(ProgramError(str(folder), 0, "", told))
    if errors:
        raise ProgramsError(errors)
    return programs


def parse_program(source: str, file: str) -> Program:
    """One program from YAML text; `file` is named in errors. Raises ProgramsError."""
    if len(source) > LARGEST_FILE:
        told = say("is longer than {most} bytes", most=LARGEST_FILE)
        raise ProgramsError([ProgramError(file, 1, "", told)])
    try:
        loader = yaml.SafeLoader(source)
        tree = loader.get_single_node()
    except (yaml.YAMLError, ValueError) as broken:
        raise ProgramsError([_not_yaml(broken, file)]) from broken
    except RecursionError:
        raise ProgramsError([ProgramError(file, 1, "", say("nests too deeply"))]) from None
    if tree is None:
        raise ProgramsError([ProgramError(file, 1, "", say("is empty"))])
    errors = [ProgramError(file, line, key, told) for key, line, told in _repeated(tree)]
    if any(error.message == ALIAS for error in errors):
        raise ProgramsError(errors)
    try:
        program = Program.model_validate(loader.construct_document(tree))
    except ValidationError as invalid:
        for mistake in invalid.errors():
            where = ".".join(str(part) for part in mistake["loc"])
            told = _told(mistake)
            errors.append(ProgramError(file, _line(tree, mistake["loc"]), where, told))
    except (yaml.YAMLError, ValueError) as broken:
        errors.append(_not_yaml(broken, file))
    else:
        for place, told in mistakes(program):
            where = ".".join(str(part) for part in place)
            errors.append(ProgramError(file, _line(tree, place), where, told))
    if errors:
        raise ProgramsError(sorted(errors, key=lambda error: error.line))
    return program


def _told(mistake: Any) -> Message:
    if mistake["type"] == "string_pattern_mismatch":
        pattern = mistake["ctx"]["pattern"]
        form = FORMS.get(pattern, pattern)
        return say('"{got}" has not the form {form}', got=mistake["input"], form=form)
    return of_pydantic(mistake)


def _not_yaml(error: Exception, file: str) -> ProgramError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    told = what_yaml_says(getattr(error, "problem", None) or str(error))
    return ProgramError(file, line, "", told)


def _line(node: yaml.Node, path: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `path` that the file has."""
    line = node.start_mark.line + 1
    for part in path:
        below: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    below, line = value, key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            below = node.value[part] if part < len(node.value) else None
            line = below.start_mark.line + 1 if below else line
        # A union's tag is part of pydantic's path and of no file: it leads nowhere below.
        node = below or node
    return line


def _repeated(top: yaml.Node) -> Iterator[tuple[str, int, Message]]:
    """Keys that a mapping has twice, and aliases, with their lines.

    YAML itself keeps the last of two keys in silence, and a few aliases of aliases fill any
    memory.
    """
    nodes, met = [top], {id(top)}
    while nodes:
        node = nodes.pop()
        below = []
        if isinstance(node, yaml.MappingNode):
            below = [value for _, value in node.value]
            names = [key.value for key, _ in node.value]
            for index, (key, _) in enumerate(node.value):
                if key.value in names[:index]:
                    yield key.value, key.start_mark.line + 1, say("stands twice")
        elif isinstance(node, yaml.SequenceNode):
            below = node.value
        for new in below:
            if id(new) in met:
                yield "", new.start_mark.line + 1, ALIAS
            else:
                met.add(id(new))
                nodes.append(new)
