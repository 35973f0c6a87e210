"""What a new release's stock means for templates that operators changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preuve.catalog.effective import Catalog
from preuve.catalog.merging import Merged, merge_texts
from preuve.catalog.versions import SHARED, Version, published_versions


@dataclass(frozen=True, slots=True)
class Outdated:
    """A published version of a template whose stock has changed since it was written.

    `stock_text` is what the stock says now; `merged` both changes together, None where a text
    is not valid YAML.
    """

    version: Version
    stock_text: str
    merged: Merged | None


def outdated(catalog: Catalog, program_id: str = SHARED) -> Iterator[Outdated]:
    """The published versions that a release has left behind; they stay in force."""
    for version in published_versions(catalog.ground, program_id):
        now = catalog.stock_text(version.key)
        if now is not None and now not in (version.stock_text, version.text):
            merged = merge_texts(version.stock_text, now, version.text)
            yield Outdated(version, now, merged)
