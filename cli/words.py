"""Pages of words kept on disk, so that a change of rules is scored without reading again."""

from __future__ import annotations

import ast
import hashlib
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import TypeAdapter

import preuve.reading
from preuve.reading.page import Pages

PAGES: TypeAdapter[Pages] = TypeAdapter(Pages)
LIBRARIES = (
    "rapidocr",
    "openvino",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "pdfplumber",
)
UNDERSTANDING = (
    "extract",
    "template",
    "confidence.py",
    "judge.py",
    "pipeline.py",
    "registry.py",
    "result.py",
    "signs.py",
)
"""What of the reading room works on words alone: a change there leaves the words as they are."""


@dataclass(frozen=True)
class Words:
    """A folder of pages, by what made them and by the file's bytes.

    With `old`, pages that other versions of the code made will do too, the newest first.
    """

    folder: Path
    engine: str
    old: bool = False

    def get(self, data: bytes) -> Pages | None:
        path = self._path(data)
        if self.old and not path.is_file():
            others = self.folder.glob(f"{self.engine}-*/{path.name}")
            path = max(others, key=lambda other: other.stat().st_mtime, default=path)
        return PAGES.validate_json(path.read_bytes()) if path.is_file() else None

    def put(self, data: bytes, pages: Pages) -> None:
        path = self._path(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(PAGES.dump_json(pages))
        unfinished.replace(path)

    def _path(self, data: bytes) -> Path:
        maker = f"{self.engine}-{settings_version(self.engine)}"
        return self.folder / maker / f"{hashlib.sha256(data).hexdigest()}.json"


@cache
def settings_version(engine: str) -> str:
    """Changes whenever the same file might give other words: with the code that sees, or with
    the libraries and programs that it calls. Comments and layout of the code do not count."""
    digest = hashlib.sha256()
    room = Path(preuve.reading.__path__[0])
    for path in sorted(room.rglob("*.py")):
        if path.relative_to(room).parts[0] not in UNDERSTANDING:
            digest.update(ast.dump(ast.parse(path.read_bytes())).encode())
    for library in LIBRARIES:
        digest.update(_version(library).encode())
    if engine == "tesseract":
        said = subprocess.run(["tesseract", "--version"], capture_output=True, check=True)
        digest.update(said.stdout)
    return digest.hexdigest()[:12]


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} missing"
