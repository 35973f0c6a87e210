"""Samples: stored receipts kept with a template, and what must be read from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from preuve.catalog.effective import Catalog
from preuve.catalog.preview import Change, SampleResult
from preuve.catalog.tables import TemplateSampleRow
from preuve.catalog.versions import SHARED, Refused
from preuve.intake import FieldChange, Programs, field_texts, stored_documents, view
from preuve.messages import say
from preuve.reading.pipeline import understand
from preuve.reading.template.load import Templates
from preuve.store import Ground

ALWAYS = ("template", "retailer", "purchased_on", "currency", "total")
"""What a sample expects where nobody says more: what its receipt was read as."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A receipt, and the texts that its fields must have; None: the field must not be found."""

    key: str
    receipt_id: str
    expected: Mapping[str, str | None]


def keep_sample(
    ground: Ground,
    key: str,
    receipt_id: str,
    *,
    receipt_program: str,
    author: str,
    expected: Mapping[str, str | None] | None = None,
    program_id: str = SHARED,
) -> Sample | Refused:
    """Keeps a receipt as a sample; without `expected`, as it reads now with all amendments."""
    seen = view(ground, receipt_program, receipt_id)
    if seen is None or seen.reading is None:
        return Refused(
            say("{receipt} has not been read", receipt=receipt_id),
            say("Name a receipt that was read."),
        )
    texts = field_texts(seen.reading)
    if unknown := sorted(set(expected or {}) - set(texts)):
        return Refused(f"no field {', '.join(unknown)}", f"Fields are {', '.join(texts)}.")
    wanted = dict(expected or {name: texts[name] for name in ALWAYS})
    row = TemplateSampleRow(
        program_id=program_id,
        key=key,
        receipt_id=receipt_id,
        expected=wanted,
        author=author,
        created_at=ground.now(),
    )
    with ground.database.write() as session:
        session.merge(row)
    return Sample(key, receipt_id, wanted)


def drop_sample(ground: Ground, key: str, receipt_id: str, program_id: str = SHARED) -> bool:
    """Whether there was one."""
    mine = delete(TemplateSampleRow).filter_by(
        program_id=program_id, key=key, receipt_id=receipt_id
    )
    with ground.database.write() as session:
        gone = session.execute(mine.returning(TemplateSampleRow.receipt_id))
        return gone.first() is not None


def samples(ground: Ground, key: str, program_id: str = SHARED) -> list[Sample]:
    """A template's samples, by receipt."""
    found = select(TemplateSampleRow).filter_by(program_id=program_id, key=key)
    with ground.database.read() as session:
        return [
            Sample(row.key, row.receipt_id, row.expected)
            for row in session.scalars(found.order_by(TemplateSampleRow.receipt_id))
        ]


def run_samples(
    catalog: Catalog, change: Change, programs: Programs, templates: Mapping[str, Templates]
) -> Iterator[SampleResult]:
    """Reads a changed template's samples with the new `templates` of each receipt's program."""
    kept = samples(catalog.ground, change.key, change.program_id)
    wanted = [sample.receipt_id for sample in kept]
    documents = {
        each.receipt_id: each for each in stored_documents(catalog.ground, programs, wanted)
    }
    for sample in kept:
        document = documents.get(sample.receipt_id)
        if document is None:
            gone = say(
                "the receipt or its words are gone: take another, and drop this one with "
                "`preuve templates sample {key} {receipt} --drop`",
                key=change.key,
                receipt=sample.receipt_id,
            )
            yield SampleResult(change.key, sample.receipt_id, problem=gone)
        elif document.program_id in templates:
            new = templates[document.program_id]
            texts = field_texts(understand(document.pages(), new, document.context)[0])
            wrong = tuple(
                FieldChange(name, text, texts.get(name))
                for name, text in sample.expected.items()
                if texts.get(name) != text
            )
            yield SampleResult(change.key, sample.receipt_id, wrong)
