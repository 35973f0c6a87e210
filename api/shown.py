"""Intake's receipts as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from api.bodies import AwardBody, Links, ReadingBody, ReasonBody, ReceiptBody
from api.languages import LANGUAGES, preferred
from api.problems import Problem, ProblemError
from preuve.intake import ReceiptView
from preuve.loyalty import AwardLine
from preuve.reading.page import Box, Page, Pages
from preuve.reading.result import Reading, Reason
from preuve.reasons import member_text


def links(receipt_id: str, member_id: str) -> Links:
    """Paths only: behind a proxy the host is not ours to know."""
    receipt = f"/v1/receipts/{receipt_id}"
    return Links(
        self=receipt, events=f"{receipt}/events", balance=f"/v1/members/{member_id}/balance"
    )


def receipt_body(
    receipt: ReceiptView,
    pages: Pages,
    awards: Sequence[AwardLine],
    accept_language: str | None,
) -> ReceiptBody:
    """`pages` are the stored words of the reading, `awards` what the ledger says it earned."""
    language = preferred(accept_language)
    verdict = receipt.verdict
    return ReceiptBody(
        id=receipt.id,
        status=receipt.status,
        final=receipt.status.final,
        accepted=None if verdict is None else verdict.status == "trusted",
        confidence=None if verdict is None else verdict.confidence,
        points=receipt.points,
        awards=[AwardBody(**asdict(line)) for line in awards],
        reasons=[_reason(reason, language) for reason in receipt.reasons],
        member_id=receipt.member_id,
        reference_id=receipt.reference_id,
        received_at=receipt.received_at,
        finished_at=receipt.finished_at,
        revision=receipt.revision,
        amended=receipt.amended,
        reading=None if receipt.reading is None else _reading(receipt.reading, pages),
        links=links(receipt.id, receipt.member_id),
    )


def unknown_receipt(receipt_id: str) -> ProblemError:
    return ProblemError(Problem.RECEIPT_NOT_FOUND, f"The id was {receipt_id[:100]!r}.")


def _reason(reason: Reason, language: str) -> ReasonBody:
    texts = {each: member_text(reason.code, each) for each in LANGUAGES}
    return ReasonBody(code=reason.code, field=reason.field, text=texts[language], texts=texts)


def _reading(reading: Reading, pages: Pages) -> ReadingBody:
    shown: dict[str, Any] = {
        **asdict(reading),
        "template": {
            "key": reading.match.template,
            "version": reading.match.version,
            "score": reading.match.score,
            "layout": reading.match.layout,
        },
        "fields": [{**asdict(field), "valid": field.valid} for field in reading.fields],
        "pages": [
            {"number": page.number, "width": page.original_width, "height": page.original_height}
            for page in pages
        ],
    }
    by_number = {page.number: page for page in pages}
    return ReadingBody.model_validate(with_corners(shown, by_number))


def with_corners(value: Any, pages: Mapping[int, Page]) -> Any:
    """Turns each `place`, a box on the upright page, into corners on the original picture."""
    if isinstance(value, dict):
        return {
            key: _place(inner, pages) if key == "place" else with_corners(inner, pages)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [with_corners(inner, pages) for inner in value]
    return value


def _place(place: dict[str, Any] | None, pages: Mapping[int, Page]) -> dict[str, Any] | None:
    page = pages.get(place["page"]) if place else None
    if place is None or page is None:
        return None
    corners = page.outline(Box(**place["box"]))
    return {"page": page.number, "corners": [(round(x, 1), round(y, 1)) for x, y in corners]}
