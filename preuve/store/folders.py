"""Folders that only their owner can open."""

from __future__ import annotations

from pathlib import Path


def make_private(folder: Path) -> None:
    """Makes `folder` and every missing folder above it with mode 0700; others stay as they are.

    `mkdir(parents=True)` would give its mode to the last one only.
    """
    for each in reversed([folder, *folder.parents]):
        each.mkdir(mode=0o700, exist_ok=True)
