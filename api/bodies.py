"""What the API takes and answers with, as the OpenAPI page shows it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from preuve.intake import Status
from preuve.loyalty.ledger.redemption import State
from preuve.reading.result import ItemKind, TenderKind
from preuve.reading.template.fields import FieldType
from preuve.reading.template.kinds import DocumentKind

T = TypeVar("T")
Confidence = Annotated[float, Field(ge=0, le=1)]
MEMBER_ID = r"^[A-Za-z0-9_.:@+-]{1,100}$"
# The database would refuse NUL, and nobody types the other control characters.
REFERENCE_ID = r"^[^\x00-\x1f\x7f-\x9f]{1,200}$"
SHORT_TEXT = r"^[^\x00-\x1f\x7f-\x9f]{0,200}$"
MOST_POINTS = 1_000_000_000
RECEIPT_ID = r"^[A-Za-z0-9_]{1,100}$"


class SubmissionForm(BaseModel):
    """The text fields of a submission."""

    model_config = ConfigDict(extra="ignore")

    member_id: Annotated[str, Field(pattern=MEMBER_ID)] = Field(
        description="Your own id of the member."
    )
    reference_id: Annotated[str, Field(pattern=REFERENCE_ID)] | None = Field(
        default=None, description="Your own id of this submission, given back as it came."
    )


class Links(BaseModel):
    self: str
    events: str
    balance: str


class SubmittedBody(BaseModel):
    """The document is safe on disk and will be read."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "rcp_5b0c9f2e7d3a4186b1f0e4c27a98d635",
                "status": "received",
                "received_at": "2026-05-04T09:12:33.120000Z",
                "links": {
                    "self": "/v1/receipts/rcp_5b0c9f2e7d3a4186b1f0e4c27a98d635",
                    "events": "/v1/receipts/rcp_5b0c9f2e7d3a4186b1f0e4c27a98d635/events",
                    "balance": "/v1/members/m-1042/balance",
                },
            }
        }
    )

    id: str
    status: Literal[Status.RECEIVED] = Status.RECEIVED
    received_at: datetime
    links: Links


class PlaceBody(BaseModel):
    """Where a value stands: the page (from 1) and four corners on the picture as it was sent,
    turned as its EXIF says, in pixels (of a PDF: in points), clockwise from the top left."""

    page: int
    corners: list[tuple[float, float]] = Field(min_length=4, max_length=4)


class PageBody(BaseModel):
    """The size that `corners` refer to."""

    number: int
    width: float
    height: float


class ValueBody(BaseModel, Generic[T]):
    value: T
    confidence: Confidence
    raw_text: str = Field(description="The words on the paper.")
    rule: str = Field(description="The line of the template that found it.")
    place: PlaceBody | None


class RetailerBody(BaseModel):
    key: str | None = Field(description="Null where no template knows the retailer.")
    name: str


class TextValue(ValueBody[str]): ...


class DateValue(ValueBody[date]): ...


class TimeValue(ValueBody[time]): ...


class AmountValue(ValueBody[Decimal]): ...


class CountValue(ValueBody[int]): ...


class RetailerValue(ValueBody[RetailerBody]): ...


class ItemBody(BaseModel):
    """One printed row with its printed amount; a discount on its own row is negative."""

    description: str
    kind: ItemKind
    amount: Decimal
    quantity: Decimal | None
    unit_of_measure: str | None
    unit_price: Decimal | None
    vat_code: str | None
    product_code: str | None
    raw_text: str
    note: str = Field(description="Says where arithmetic chose another reading than the first.")
    confidence: Confidence
    place: PlaceBody | None


class CheckBody(BaseModel):
    code: str
    passed: bool | None = Field(description="Null where the paper does not print what it needs.")
    detail: str


class FieldBody(BaseModel):
    """A value of the document template's own, as a serial number on a warranty card."""

    name: str
    title: str = Field(description="What people are shown.")
    type: FieldType
    required: bool = Field(description="Without it the document is not trusted.")
    value: TextValue | None = Field(
        description="As text: a number as 12.50, a date as 2026-11-30, yes or no as yes, no."
    )
    valid: bool = Field(description="It was read, and none of its checks fails.")
    checks: list[CheckBody]


class TaxLineBody(BaseModel):
    rate: Decimal | None = Field(description="In percent.")
    net: Decimal | None = Field(description="Null where the tax is printed without its sums.")
    tax: Decimal
    gross: Decimal | None


class TenderBody(BaseModel):
    kind: TenderKind
    label: str
    amount: Decimal = Field(description="The total, where the paper only names what was paid with.")


class TemplateBody(BaseModel):
    key: str
    version: str
    score: float
    layout: str | None = Field(description="Which of the template's layouts, where it has any.")


class ReadingBody(BaseModel):
    """Everything that was read. Amounts are decimal strings in the receipt's currency."""

    kind: DocumentKind
    language: str
    country: str | None
    template: TemplateBody
    retailer: RetailerValue | None
    purchased_on: DateValue | None
    purchased_at: TimeValue | None
    total: AmountValue | None
    currency: TextValue | None
    subtotal: AmountValue | None
    rounding: AmountValue | None
    change: AmountValue | None
    item_count: CountValue | None
    receipt_number: TextValue | None
    fields: list[FieldBody] = Field(description="Values of the document template's own.")
    items: list[ItemBody]
    taxes: list[TaxLineBody]
    tenders: list[TenderBody]
    checks: list[CheckBody]
    pages: list[PageBody]


class AwardBody(BaseModel):
    """One line of what the receipt earned."""

    rule: str
    points: int
    why: str = Field(examples=["Un point par euro entier: 40 x 1 for 40.03"])


class ReasonBody(BaseModel):
    """Why a receipt is not simply credited, and what the member may be told."""

    code: str = Field(examples=["too_blurred"])
    field: str | None
    text: str = Field(description="In the language of Accept-Language, French or English.")
    texts: dict[str, str] = Field(description="The same in every language.")


class ReceiptBody(BaseModel):
    id: str
    status: str = Field(examples=["valid"])
    final: bool = Field(description="Nothing more happens by itself.")
    accepted: bool | None = Field(
        description="The values are trusted with no human; null until the document is read."
    )
    confidence: Confidence | None
    points: int = Field(description="What the receipt is worth to the member.")
    awards: list[AwardBody] = Field(description="The rules that gave the points.")
    reasons: list[ReasonBody]
    member_id: str
    reference_id: str | None
    received_at: datetime
    finished_at: datetime | None
    revision: int = Field(description="Counts decisions; 0 until the first.")
    amended: bool = Field(description="An operator corrected values.")
    reading: ReadingBody | None
    links: Links


class StatusEvent(BaseModel):
    """One change of a receipt. The stream ends after the event whose `final` is true."""

    status: str
    final: bool
    points: int
    reasons: list[str] = Field(description="Reason codes.")


class ExpiringBody(BaseModel):
    at: datetime = Field(description="From this moment on they cannot be spent.")
    points: int


class BalanceBody(BaseModel):
    member_id: str
    available: int = Field(description="Points that can be spent.")
    pending: int = Field(description="Points that become available later.")
    reserved: int = Field(description="Points of redemptions that wait to be confirmed.")
    owed: int = Field(
        description="Points that were spent and then taken back: they come off the next ones."
    )
    lifetime: int = Field(description="Points ever earned, less those that were taken back.")
    next_expiry: ExpiringBody | None = Field(description="The points that expire first, if any.")


class EntryBody(BaseModel):
    """One line of the ledger. Nothing in it ever changes; a correction is a new entry."""

    id: int
    kind: str
    points: int = Field(
        description="What it changes of available and pending together: positive is the member's "
        "gain, 0 where points only go from one of the member's accounts to another."
    )
    moved: int = Field(description="How many points go from `source` to `target`.")
    source: str = Field(
        description="An account: the member's `available`, `pending`, `reserved`, `owed`, or the "
        "program's `issued`, `redeemed`, `breakage`, `forgiven`, `adjusted`."
    )
    target: str
    why: str
    rule: str | None
    receipt_id: str | None
    created_at: datetime
    available_at: datetime | None
    expires_at: datetime | None


class EntriesBody(BaseModel):
    entries: list[EntryBody]
    next: str | None = Field(description="The link to the older ones, or null.")


class RedemptionForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    points: Annotated[int, Field(ge=1, le=MOST_POINTS, strict=True)]
    what: Annotated[str, Field(pattern=SHORT_TEXT)] = Field(
        default="", description="What they are spent on, in your own words."
    )


class RedemptionBody(BaseModel):
    """Points that a member spends: `reserved`, then `confirmed`, `released` or `expired`."""

    id: str
    member_id: str
    points: int
    what: str
    state: State
    created_at: datetime
    expires_at: datetime = Field(description="Until then it can be confirmed.")
    settled_at: datetime | None


class AdjustmentForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    points: Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS, strict=True)] = Field(
        description="Above zero they are given, below zero taken."
    )
    person: Annotated[str, Field(pattern=SHORT_TEXT, min_length=1)] = Field(
        description="Who decided it."
    )
    reason: Annotated[str, Field(pattern=SHORT_TEXT, min_length=1)]

    @field_validator("points")
    @classmethod
    def _some(cls, points: int) -> int:
        if not points:
            raise ValueError("0 points change nothing")
        return points


class AdjustmentBody(BaseModel):
    entry_id: int = Field(description="The entry of the ledger.")
    member_id: str
    points: int
    person: str
    reason: str


class HealthBody(BaseModel):
    """`degraded`: uploads are taken and kept, but nobody is told to read them."""

    status: Literal["ok", "degraded", "down"]
    database: Literal["ok", "down"]
    queue: Literal["ok", "down"]
    version: str
