"""The template files of folders: which there are, and what stands in those that are new."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from preuve.reading.template.kept import Checked, digest_of
from preuve.reading.template.resolve import TemplateFile
from preuve.reading.template.source import Mark, TemplateError, parse_source, read_content


def find_files(
    folders: Sequence[Path], kept: Mapping[str, Checked]
) -> tuple[dict[str, TemplateFile], list[TemplateError]]:
    """All `*.yaml` below the folders by template key, and what keeps others from being used.

    A later folder's template replaces the one of the same key in an earlier folder.
    """
    files: dict[str, TemplateFile] = {}
    errors: list[TemplateError] = []
    for folder in folders:
        found, faults = _of_folder(folder, kept)
        files |= found
        errors += faults
    return files, errors


def find_texts(
    texts: Mapping[str, str], kept: Mapping[str, Checked]
) -> tuple[dict[str, TemplateFile], list[TemplateError]]:
    """The same for templates that stand in no file, by how each is shown."""
    files: dict[str, TemplateFile] = {}
    errors: list[TemplateError] = []
    for shown_as, text in texts.items():
        content = text.encode()
        entry = _entry("", shown_as, content, kept)
        if isinstance(entry, TemplateError):
            errors.append(entry)
        else:
            files[entry[0]] = replace(entry[1], content=content)
    return files, errors


def _of_folder(
    folder: Path, kept: Mapping[str, Checked]
) -> tuple[dict[str, TemplateFile], list[TemplateError]]:
    files: dict[str, TemplateFile] = {}
    errors: list[TemplateError] = []
    if not folder.is_dir():
        return {}, [TemplateError(Mark(str(folder), 1, 1), "there is no such folder")]
    for path, shown_as in _paths(folder):
        if not path.endswith(".yaml"):
            errors.append(TemplateError(Mark(shown_as, 1, 1), "name the file .yaml"))
            continue
        content = read_content(path, shown_as)
        if isinstance(content, TemplateError):
            errors.append(content)
            continue
        entry = _entry(path, shown_as, content, kept)
        if isinstance(entry, TemplateError):
            errors.append(entry)
            continue
        key, file = entry
        if key in files:
            errors.append(_twice(key, content, file, files[key]))
        else:
            files[key] = file
    return files, errors


def _paths(folder: Path) -> Iterator[tuple[str, str]]:
    """Each `*.yaml` and `*.yml` below the folder, in order: its path, and how it is shown."""
    top, name = str(folder), folder.resolve().name
    found = [
        os.path.join(place, file)  # noqa: PTH118 (a Path each for thousands of files is slow)
        for place, _, files in os.walk(top)
        for file in files
        if file.endswith((".yaml", ".yml"))
    ]
    for path in sorted(found):
        yield path, f"{name}{path[len(top) :]}".replace(os.sep, "/")


def _entry(
    path: str, shown_as: str, content: bytes, kept: Mapping[str, Checked]
) -> tuple[str, TemplateFile] | TemplateError:
    digest = digest_of(content)
    if known := kept.get(digest):
        return known.key, TemplateFile(path, shown_as, digest)
    source = parse_source(content, shown_as)
    if isinstance(source, TemplateError):
        return source
    key = source.data.get("template")
    if not isinstance(key, str):
        return TemplateError(Mark(shown_as, 1, 1), "template is missing: its key")
    return key, TemplateFile(path, shown_as, digest, source)


def _twice(key: str, content: bytes, file: TemplateFile, first: TemplateFile) -> TemplateError:
    source = parse_source(content, file.shown_as)
    mark = (
        Mark(file.shown_as, 1, 1)
        if isinstance(source, TemplateError)
        else source.mark(("template",))
    )
    return TemplateError(mark, f"{key} is also in {first.shown_as}: rename one")
