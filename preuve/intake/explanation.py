"""Why a receipt earned what it earned: sentences, and where on the picture it stands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from preuve.intake.stored import load_reading
from preuve.intake.tables import ReadingRow, ReceiptRow
from preuve.loyalty.occasions.grants import grants_of
from preuve.loyalty.occasions.provenance import (
    Provenance,
    entries_of_readings,
    standing_provenance,
)
from preuve.loyalty.rules.sentences import tell, tell_grant
from preuve.reading.result import Place, Reading
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Evidence:
    """What on the paper a rule looked at. `line` is the item's number; None: the total."""

    line: int | None
    text: str
    amount: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Because:
    """One entry of the ledger: the rule of a program's version, judged on a reading by a
    template's version."""

    entry_id: int
    rule: str
    points: int
    why: str
    program_version: str | None
    template: str
    template_version: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a member reads, and the entries that it is about."""

    text: str
    points: int
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`points` are all that the receipt is worth; `grants` what it brought besides."""

    receipt_id: str
    points: int
    sentences: tuple[Sentence, ...]
    grants: tuple[str, ...]


def explain(ground: Ground, program_id: str, receipt_id: str, language: str) -> Explanation | None:
    """In French ("fr") or English; None where the program has no such receipt."""
    with ground.database.read() as session:
        known = select(ReceiptRow.id).filter_by(id=receipt_id, program_id=program_id)
        if session.scalar(known) is None:
            return None
    found = standing_provenance(ground, program_id, receipt_id)
    readings = _readings(ground, receipt_id, {one.reading for one in found})
    by_rule = {one.line.rule: _because(one, readings.get(one.reading or 0)) for one in found}
    told = tell([one.line for one in found], language)
    return Explanation(
        receipt_id=receipt_id,
        points=sum(one.line.points for one in found),
        sentences=tuple(
            Sentence(one.text, one.points, tuple(by_rule[rule] for rule in one.rules))
            for one in told
        ),
        grants=tuple(
            tell_grant(grant.grant, language)
            for grant in reversed(grants_of(ground, program_id, occasion=receipt_id))
            if grant.withdrawn_at is None
        ),
    )


def entries_by_template(
    ground: Ground, program_id: str, template: str, version: str
) -> tuple[Provenance, ...]:
    """The entries that came of readings by this version of a template, of the newest thousand."""
    found = select(ReadingRow.receipt_id, ReadingRow.revision).filter_by(
        program_id=program_id, template=template, template_version=version
    )
    found = found.order_by(ReadingRow.created_at.desc()).limit(1000)
    with ground.database.read() as session:
        readings = [(receipt_id, revision) for receipt_id, revision in session.execute(found)]
    return entries_of_readings(ground, program_id, readings)


def entries_on_line(explanation: Explanation, line: int) -> tuple[int, ...]:
    """The entries that one line item brought points to."""
    return tuple(
        because.entry_id
        for sentence in explanation.sentences
        for because in sentence.because
        if any(evidence.line == line for evidence in because.evidence)
    )


def _readings(ground: Ground, receipt_id: str, revisions: set[int | None]) -> dict[int, Reading]:
    found = select(ReadingRow).where(
        ReadingRow.receipt_id == receipt_id,
        ReadingRow.revision.in_({revision for revision in revisions if revision is not None}),
    )
    with ground.database.read() as session:
        return {row.revision: load_reading(row.reading) for row in session.scalars(found)}


def _because(one: Provenance, reading: Reading | None) -> Because:
    return Because(
        entry_id=one.entry_id,
        rule=one.line.rule,
        points=one.line.points,
        why=one.line.why,
        program_version=one.program_version,
        template=reading.match.template if reading else "",
        template_version=reading.match.version if reading else "",
        evidence=_evidence(one, reading) if reading else (),
    )


def _evidence(one: Provenance, reading: Reading) -> tuple[Evidence, ...]:
    items = tuple(
        Evidence(number, item.description, str(item.amount), item.place)
        for number, item in enumerate(reading.items)
        if number in one.lines
    )
    total = reading.total
    if items or one.line.detail.get("kind") != "per_amount" or total is None:
        return items
    return (Evidence(None, total.raw_text, str(total.value), total.place),)
