"""A template that is being written, tried on stored documents: what of their readings differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preuve.catalog.drift import receipts_of
from preuve.catalog.samples import samples
from preuve.intake import FieldChange, Programs, StoredDocument, differences, stored_documents
from preuve.reading.pipeline import understand
from preuve.reading.template.load import Templates
from preuve.reading.template.model import Template
from preuve.reading.template.trying import Desk
from preuve.store import Ground

MOST = 30
"""Documents that a template is tried on: the newest that it read."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One document with the templates in force and with the one that is being written.

    `taken`: it would be read by that one. `sample`: it is kept with the template.
    """

    receipt_id: str
    sample: bool
    taken: bool
    trusted_before: bool
    trusted_after: bool
    fields: tuple[FieldChange, ...]


def documents_for(
    ground: Ground, program_id: str, key: str, layer: str, others: Sequence[str] = ()
) -> tuple[str, ...]:
    """Receipts to try a template on: its samples, `others`, and the newest that it read."""
    kept = [sample.receipt_id for sample in samples(ground, key, layer)]
    read = receipts_of(ground, program_id, key, MOST)
    return tuple(dict.fromkeys((*kept, *others, *read)))[: MOST + len(kept)]


def try_on_others(
    ground: Ground,
    programs: Programs,
    desk: Desk,
    template: Template,
    receipt_ids: Sequence[str],
    kept: frozenset[str] = frozenset(),
) -> Iterator[Tried]:
    """Each document that has words, in this order. `kept` are the samples among them."""
    new = desk.with_template(template)
    for document in stored_documents(ground, programs, receipt_ids):
        yield _tried(document, desk, new, template.template, document.receipt_id in kept)


def _tried(document: StoredDocument, desk: Desk, new: Templates, key: str, sample: bool) -> Tried:
    pages, context = document.pages(), document.context
    before, standing = understand(pages, desk.templates, context)
    after, verdict = understand(pages, new, context)
    return Tried(
        document.receipt_id,
        sample,
        after.match.score > 0 and after.match.template == key,
        standing.status == "trusted",
        verdict.status == "trusted",
        differences(before, after),
    )
