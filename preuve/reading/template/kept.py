"""Checked templates kept in one file, so that the next start neither parses nor checks them.

A template is found again by its *lineage*: a digest of its own file's bytes and of its parent's
lineage. So whatever was edited, in the file or in what it extends, is read and checked anew, and
nothing else is. The file is JSON, never code; it belongs to one state of Preuve's own program,
and one that is damaged, cut short or of another state counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from preuve.reading.template.index import Clue, Known

_FORMAT = b"preuve templates 1"
_log = logging.getLogger(__name__)


class Checked(NamedTuple):
    """A template without error, small: its own data as JSON text, and what it is known by."""

    digest: str
    """Of the file's bytes."""
    lineage: str
    key: str
    parent: str | None
    data: bytes
    known: Known

    def own(self) -> dict[str, Any]:
        """What its file says, as `Source.data`."""
        data: dict[str, Any] = json.loads(self.data)
        return data


def digest_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def lineage_of(digest: str, parent: str | None) -> str:
    """`parent` is the parent's lineage, None where nothing is extended."""
    return digest_of(f"{parent} {digest}".encode())


def kept_file(folder: Path, sources: Iterable[Path]) -> Path:
    """Where the templates of these folders are kept in the cache's folder."""
    name = digest_of("\n".join(str(path.resolve()) for path in sources).encode())
    return folder / f"templates-{name[:12]}.kept"


def read_kept(path: Path) -> dict[str, Checked]:
    """The kept templates by the digest of their file; none where the file cannot be used."""
    try:
        header, separator, body = path.read_bytes().partition(b"\n")
        if not separator or header != _header(body):
            _log.info("%s is not used: it is damaged or of another version", path)
            return {}
        heads, *data = body.split(b"\n")
        listed, negatives = json.loads(heads)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as failure:
        _log.warning("%s is not used: %s", path, failure)
        return {}
    phrases = [tuple(each) for each in negatives]
    found = {}
    for (digest, lineage, key, parent, clues, number), own in zip(listed, data, strict=True):
        known = Known(key, tuple([Clue(key, *clue) for clue in clues]), phrases[number])
        found[digest] = Checked(digest, lineage, key, parent, own, known)
    return found


def keep(path: Path, templates: Mapping[str, Checked]) -> None:
    """Write the templates; where the folder takes no file, the next start is a slow one."""
    negatives: dict[tuple[str, ...], int] = {}
    heads = [
        (
            *(one.digest, one.lineage, one.key, one.parent),
            [clue[1:] for clue in one.known.clues],
            negatives.setdefault(one.known.negatives, len(negatives)),
        )
        for one in templates.values()
    ]
    index = json.dumps([heads, list(negatives)], ensure_ascii=False).encode()
    body = b"\n".join([index, *(one.data for one in templates.values())])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_header(body) + b"\n" + body)
            Path(unfinished).replace(path)
        finally:
            Path(unfinished).unlink(missing_ok=True)
    except OSError as failure:
        _log.warning("%s is not written, the next start is a slow one: %s", path, failure)


def _header(body: bytes) -> bytes:
    """What the file begins with: its format, the program that made it, the digest of the rest."""
    return b" ".join((_FORMAT, _program().encode(), digest_of(body).encode()))


@cache
def _program() -> str:
    """Changes with the code that checks templates: what passed the old one may not pass it."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    return digest_of(b"".join(path.read_bytes() for path in code))
