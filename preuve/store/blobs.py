"""Files that members sent, on disk, named by the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from preuve.store.folders import make_private


class Blobs:
    """A folder of immutable files. The same bytes are kept once; only their owner reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Stores `data` and gives its name, once it would survive a power cut.

        Raises OSError where the disk refuses (full, read-only).
        """
        name = hashlib.sha256(data).hexdigest()
        place = self.path(name)
        if place.exists():
            return name
        if not place.parent.exists():
            make_private(place.parent)
            _sync_folder(self.folder)
        # mkstemp makes the file 0600, and in the same folder the rename is atomic.
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".coming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(place.parent)
        return name

    def get(self, sha256: str) -> bytes:
        """The bytes of a stored file. Raises FileNotFoundError for an unknown name."""
        return self.path(sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        """Takes a file away; one that is not there is no fault."""
        self.path(sha256).unlink(missing_ok=True)


def files_name(files: Sequence[str]) -> str:
    """One name for several stored files in their order."""
    return hashlib.sha256(",".join(files).encode()).hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
