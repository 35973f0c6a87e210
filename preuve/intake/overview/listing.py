"""Receipts of a program as a list: filtered, searched, newest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from preuve.intake.outcomes import Status
from preuve.intake.overview.search import matching, parse_search
from preuve.intake.stored import load_reasons
from preuve.intake.tables import ReceiptReasonRow, ReceiptRow
from preuve.loyalty.rules.facts_of import exponent_of, minor_units
from preuve.reading.result import Reason
from preuve.reasons import ReasonCode
from preuve.store import Ground

PAGE = 50
COUNTED = 10_000
"""Beyond so many a list says "more than 10,000"."""
FEW = 500
"""Receipts that a search may find to be looked up one by one."""
LARGEST = 10**15
WIDEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which receipts; what is empty or None lets all through. Both ends of a range are included.

    `retailer`: a key, or a folded name, as `Listed.retailer` has it. `reason`: a code that any
    decision on it gave. `received_*` are days of the program's calendar; `total_*` amounts of
    money in `currency`, or with two decimals where it is None. `search` is what somebody typed
    (see `search.parse_search`): any text will do.
    """

    statuses: tuple[Status, ...] = ()
    retailer: str | None = None
    template: str | None = None
    member_id: str | None = None
    reason: str | None = None
    received_from: date | None = None
    received_to: date | None = None
    purchased_from: date | None = None
    purchased_to: date | None = None
    total_from: Decimal | None = None
    total_to: Decimal | None = None
    currency: str | None = None
    points_from: int | None = None
    points_to: int | None = None
    search: str = ""

    @property
    def search_cut(self) -> bool:
        """Whether more is searched for than is looked at; the first words are taken."""
        return parse_search(self.search).cut


@dataclass(frozen=True, slots=True)
class Listed:
    """One receipt in a list. `confidence` (0 to 1) is the verdict's; None until it was read."""

    id: str
    member_id: str
    reference_id: str | None
    status: Status
    reasons: tuple[Reason, ...]
    points: int
    received_at: datetime
    finished_at: datetime | None
    retailer: str | None
    retailer_name: str | None
    purchased_on: date | None
    total: Decimal | None
    currency: str | None
    template: str | None
    confidence: float | None
    amended: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """`older` is what to pass as `after` for the next page, None at the end."""

    receipts: tuple[Listed, ...]
    older: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """`more`: there are more than `number`, and they were not counted."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, how it is shown, and how many receipts have it."""

    value: str
    name: str
    receipts: int


def list_receipts(
    ground: Ground,
    program_id: str,
    filters: Filters = Filters(),
    *,
    after: str | None = None,
    limit: int = PAGE,
) -> ListPage:
    """A page of the program's receipts, the newest first, behind the one that `after` names.

    `after` is an earlier page's `older`; one that is damaged gives the first page. Blocks on
    the database: call it off the event loop.
    """
    with ground.database.read() as session:
        found = chosen(session, program_id, filters)
        cursor = _cursor(after)
        if cursor:
            found = found.where(behind(*cursor))
        newest = found.order_by(ReceiptRow.received_at.desc(), ReceiptRow.id.desc())
        rows = session.scalars(newest.limit(limit + 1)).all()
        older = _token(rows[limit - 1]) if len(rows) > limit else None
        return ListPage(listed(rows[:limit]), older)


def count_receipts(
    ground: Ground,
    program_id: str,
    filters: Filters = Filters(),
    *,
    most: int = COUNTED,
) -> Count:
    """How many receipts `filters` let through; it stops counting behind `most`."""
    with ground.database.read() as session:
        some = chosen(session, program_id, filters).with_only_columns(ReceiptRow.id)
        bounded = some.limit(most + 1).subquery()
        number = session.scalar(select(func.count()).select_from(bounded)) or 0
    return Count(min(number, most), number > most)


def retailer_choices(ground: Ground, program_id: str, most: int = 200) -> tuple[Choice, ...]:
    """The retailers of the program's receipts, those with most receipts first."""
    number, newest = func.count().label("number"), aliased(ReceiptRow)
    busiest = (
        select(ReceiptRow.retailer, number)
        .where(ReceiptRow.program_id == program_id, ReceiptRow.retailer.is_not(None))
        .group_by(ReceiptRow.retailer)
        .order_by(number.desc(), ReceiptRow.retailer)
        .limit(most)
        .subquery()
    )
    name = (
        select(newest.retailer_name)
        .where(newest.program_id == program_id, newest.retailer == busiest.c.retailer)
        .order_by(newest.received_at.desc(), newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = select(busiest.c.retailer, name, busiest.c.number)
    return _choices(ground, found.order_by(busiest.c.number.desc(), busiest.c.retailer))


def template_choices(ground: Ground, program_id: str, most: int = 200) -> tuple[Choice, ...]:
    """The templates that the program's receipts were read by, the busiest first."""
    number = func.count()
    found = (
        select(ReceiptRow.template, ReceiptRow.template, number)
        .where(ReceiptRow.program_id == program_id, ReceiptRow.template.is_not(None))
        .group_by(ReceiptRow.template)
    )
    return _choices(ground, found.order_by(number.desc(), ReceiptRow.template).limit(most))


def chosen(session: Session, program_id: str, filters: Filters) -> Select[ReceiptRow]:
    """The rows that `filters` let through, in no order."""
    row, search = ReceiptRow, parse_search(filters.search)
    found, of_program = select(row), row.program_id == program_id
    if search.terms:
        saying = matching(session, search)
        few = session.scalars(saying.limit(FEW + 1)).all()
        found = found.where(row.words_id.in_(saying if len(few) > FEW else few))
        if len(few) <= FEW:
            # Else SQLite goes through the whole program, because that is the order of lists.
            of_program = row.program_id.concat("") == program_id
    found = found.where(of_program)
    if filters.statuses:
        found = found.where(row.status.in_([status.value for status in filters.statuses]))
    for column, wanted in (
        (row.retailer, filters.retailer),
        (row.template, filters.template),
        (row.member_id, filters.member_id),
        (row.currency, filters.currency),
    ):
        if wanted:
            found = found.where(column == wanted if wanted.isprintable() else false())
    low, high = (
        _minor(amount, filters.currency) for amount in (filters.total_from, filters.total_to)
    )
    # A day of any calendar on earth lies within these: the index leads there.
    if filters.received_from and filters.received_from.year > 1:
        found = found.where(row.received_at >= _midnight(filters.received_from) - WIDEST_ZONE)
    if filters.received_to and filters.received_to.year < 9999:
        found = found.where(
            row.received_at < _midnight(filters.received_to) + timedelta(days=1) + WIDEST_ZONE
        )
    for ranged, start, end in (
        (row.received_on, filters.received_from, filters.received_to),
        (row.purchased_on, filters.purchased_from, filters.purchased_to),
        (row.total_minor, low, high),
        (row.points, filters.points_from, filters.points_to),
    ):
        if start is not None:
            found = found.where(ranged >= _stored(start))
        if end is not None:
            found = found.where(ranged <= _stored(end))
    if filters.reason:
        reasons = select(ReceiptReasonRow.receipt_id).filter_by(program_id=program_id)
        known = filters.reason in set(ReasonCode)
        mine = reasons.filter_by(code=filters.reason) if known else reasons.where(false())
        found = found.where(row.id.in_(mine))
    return found


def behind(at: datetime, receipt_id: str) -> ColumnElement[bool]:
    """Older than the receipt that came in `at`, in the order of lists."""
    same_time = and_(ReceiptRow.received_at == at, ReceiptRow.id < receipt_id)
    # The first half alone leads into the index.
    return and_(ReceiptRow.received_at <= at, or_(ReceiptRow.received_at < at, same_time))


def listed(rows: Sequence[ReceiptRow]) -> tuple[Listed, ...]:
    return tuple(
        Listed(
            id=row.id,
            member_id=row.member_id,
            reference_id=row.reference_id,
            status=Status(row.status),
            reasons=load_reasons(row.reasons),
            points=row.points,
            received_at=row.received_at,
            finished_at=row.finished_at,
            retailer=row.retailer,
            retailer_name=row.retailer_name,
            purchased_on=row.purchased_on,
            total=_major(row.total_minor, row.currency),
            currency=row.currency,
            template=row.template,
            confidence=row.confidence,
            amended=row.amendment is not None,
        )
        for row in rows
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _minor(amount: Decimal | None, currency: str | None) -> int | None:
    if amount is None:
        return None
    if amount.is_nan():
        return LARGEST
    bounded = min(max(amount, Decimal(-LARGEST)), Decimal(LARGEST))
    return minor_units(bounded, exponent_of(currency))


def _major(minor: int | None, currency: str | None) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-exponent_of(currency))


def _stored(value: date | int) -> date | int:
    """The nearest that a column can hold."""
    return value if isinstance(value, date) else min(max(value, -LARGEST), LARGEST)


def _choices(ground: Ground, found: Select[str | None, str | None, int]) -> tuple[Choice, ...]:
    with ground.database.read() as session:
        rows = session.execute(found).all()
    return tuple(Choice(value, name or value, number) for value, name, number in rows if value)


def _token(row: ReceiptRow) -> str:
    return f"{row.received_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{row.id}"


def _cursor(token: str | None) -> tuple[datetime, str] | None:
    at, _, receipt_id = (token or "").partition("-")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), receipt_id
    except ValueError:
        return None
