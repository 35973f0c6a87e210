"""All templates that a program is read with, as a list shows them: state, volume, fit, alarms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from preuve.catalog.difference import template_data
from preuve.catalog.drift import Alarm, Volume, alarms, volumes
from preuve.catalog.effective import Catalog
from preuve.catalog.versions import SHARED, State, Version, all_newest, published_versions
from preuve.catalog.workings import Working, workings
from preuve.folding import bare

DAYS = 30
"""The days over which receipts are counted."""

Origin = Literal["stock", "shared", "own", "none"]
"""Whose text is in force: the stock's file, the operators' for all programs, or for this one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One template. `version` is the operators' published one; `draft` is newer than that.

    `begun` are those who are writing on it. `volume` counts the receipts of the last `DAYS`.
    """

    key: str
    name: str
    country: str | None
    origin: Origin
    version: Version | None
    draft: Version | None
    begun: tuple[Working, ...]
    volume: Volume
    alarms: tuple[Alarm, ...]

    @property
    def is_base(self) -> bool:
        return self.key.startswith("base.")


def overview(catalog: Catalog, program_id: str) -> list[Row]:
    """The templates in force, and those that are only drafts: what needs a look first, then by
    volume and name."""
    ground = catalog.ground
    templates = catalog.published(program_id)
    layers = (SHARED, program_id)
    published = {layer: {v.key: v for v in published_versions(ground, layer)} for layer in layers}
    newest = {layer: {v.key: v for v in all_newest(ground, layer)} for layer in layers}
    begun = _by_key(one for layer in layers for one in workings(ground, layer))
    counted = volumes(ground, program_id, ground.now() - timedelta(days=DAYS))
    standing: dict[str, list[Alarm]] = defaultdict(list)
    for alarm in alarms(ground):
        if alarm.program_id == program_id:
            standing[alarm.template].append(alarm)
    rows = []
    drafts = {key for layer in layers for key, v in newest[layer].items() if v.state is State.DRAFT}
    for key in {*templates.parents, *drafts, *begun}:
        template = templates.get(key)
        own, shared = published[program_id].get(key), published[SHARED].get(key)
        last = newest[program_id].get(key) or newest[SHARED].get(key)
        draft = last if last and last.state is State.DRAFT else None
        rows.append(
            Row(
                key=key,
                name=template.name if template else _name(key, draft, begun.get(key, [])),
                country=template.country if template else None,
                origin="own" if own else "shared" if shared else "stock" if template else "none",
                version=own or shared,
                draft=draft,
                begun=tuple(begun.get(key, ())),
                volume=counted.get(key, Volume(0, 0, 0)),
                alarms=tuple(standing.get(key, ())),
            )
        )
    return sorted(rows, key=_rank)


def search(rows: list[Row], text: str) -> list[Row]:
    """The rows whose name or key holds every word of the text, accents and capitals aside."""
    wanted = bare(text).split()
    return [row for row in rows if all(word in bare(f"{row.name} {row.key}") for word in wanted)]


def _rank(row: Row) -> tuple[object, ...]:
    return not row.alarms, not (row.draft or row.begun), -row.volume.receipts, row.is_base, row.name


def _name(key: str, draft: Version | None, begun: Iterable[Working]) -> str:
    """What a template that is not in force yet is to be called."""
    text = next((one.text for one in begun), draft.text if draft else "")
    return str((template_data(text) or {}).get("name") or key)


def _by_key(found: Iterable[Working]) -> Mapping[str, list[Working]]:
    grouped: dict[str, list[Working]] = defaultdict(list)
    for one in found:
        grouped[one.key].append(one)
    return grouped
