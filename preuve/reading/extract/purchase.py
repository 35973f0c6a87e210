"""When the purchase was made: every printed date is a candidate, few are the purchase's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from preuve.messages import say
from preuve.reading.extract.broken_dates import broken_dates
from preuve.reading.extract.codes import says_date
from preuve.reading.extract.date_labels import ORDERED, is_in_one_column, labelled
from preuve.reading.extract.dates import PrintedDate, PrintedTime, find_times
from preuve.reading.extract.second_readings import dates_held_second, other_dates
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.totals import Evidence, why
from preuve.reading.made import quickly_made
from preuve.reading.result import Candidate, Value

_YEAR_CUT = re.compile(r"[:;.,'][0-9](?![0-9])")
"""What follows a year of four digits that was read as two: `25/10/20:7`."""

_USUAL_DAYS = frozenset({7, 14, 15, 28, 30, 60, 90})
"""After so many days goods can no longer be returned, points expire, bills are due."""

_FORM_NAME = {
    "same": say("same form"),
    "named": say("named form"),
    "damaged": say("damaged form"),
    "mixed": say("mixed form"),
    "loose": say("loose form"),
    "solid": say("solid form"),
}
_FORM_WEIGHT = {
    "same": 2.0,
    "named": 2.2,
    "damaged": 1.0,
    "mixed": 0.0,
    "loose": -2.0,
    "solid": -1.5,
}


SECOND_READING = Evidence("second reading", -2.0)


@quickly_made
@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date that may be the purchase's, with the evidence; `time` stands on the same row."""

    value: date
    line: Line
    printed: PrintedDate
    evidence: tuple[Evidence, ...]
    time: PrintedTime | None
    time_line: Line | None = None

    @property
    def score(self) -> float:
        return sum(e.weight for e in self.evidence)

    @property
    def labelled(self) -> bool:
        return any(e.name == "label" or e.name.startswith("label, ") for e in self.evidence)

    @property
    def coded(self) -> bool:
        """Whether a barcode or QR code says the same."""
        return any(e.name in ("code", "barcode") for e in self.evidence)

    @property
    def read_second(self) -> bool:
        """Whether an engine held it second, in the place of a date that it read first."""
        return any(e.name == SECOND_READING.name for e in self.evidence)

    @property
    def why(self) -> str:
        return why(self.evidence)


def rank_dates(
    sheet: Sheet, country: str | None, received_on: date | None
) -> tuple[DateCandidate, ...]:
    """All candidates, the best first; equal dates support each other."""
    template = sheet.lexicon.template
    known = template.countries.get(country or "")
    order = (known.date_order if known else None) or template.dates.order
    orders = {template.dates.order, *(c.date_order for c in template.countries.values())}
    lines, dates_in = sheet.lines_in("date"), sheet.lexicon.dates.find
    found = [
        (line, printed)
        for line in lines
        for printed in dates_in(line.text, order)
        if not sheet.is_letter or is_in_one_column(line, printed.start, printed.stop)
    ]
    found += (
        (line, printed)
        for line, printed in broken_dates(sheet, order)
        if sheet.in_zone("date", line)
    )
    told: tuple[Evidence, ...] = ()
    if not found:
        found, told = list(dates_held_second(sheet, lines, order)), (SECOND_READING,)
    if "mdy" not in orders:
        found = [(line, _day_first(printed)) for line, printed in found]
    sure = {p.value for _, p in found if not p.others and p.form != "loose"}
    candidates = [
        _candidate(sheet, line, printed, sure, received_on, len(found), told)
        for line, printed in found
    ]
    ranked = list(_without_deadlines(candidates))
    ranked.sort(key=lambda c: (-c.score, c.line.index, c.printed.start))
    dates = tuple(_support(ranked))
    return *dates, *_read_second(sheet, dates, order, received_on)


def _read_second(
    sheet: Sheet, dates: Sequence[DateCandidate], order: str, received_on: date | None
) -> Iterator[DateCandidate]:
    """The best date as it may be read otherwise, unless another row says the same."""
    known = {one.value for one in dates}
    for best in dates[:1]:
        if any(e.name == "printed again" for e in best.evidence):
            return
        for printed in other_dates(sheet, best.line, best.printed, order):
            told = (SECOND_READING,)
            one = _candidate(sheet, best.line, printed, known, received_on, len(dates), told)
            if one.value not in known:
                known.add(one.value)
                yield one


def _candidate(
    sheet: Sheet,
    line: Line,
    printed: PrintedDate,
    sure: set[date],
    received_on: date | None,
    count: int,
    told: tuple[Evidence, ...] = (),
) -> DateCandidate:
    value, order_evidence = _in_best_order(printed, sure, received_on)
    beside = _time_beside(line, printed)
    evidence = [
        Evidence(_FORM_NAME[printed.form], _FORM_WEIGHT[printed.form], printed.text.strip()),
        *order_evidence,
        *labelled(sheet, line, printed),
        *_plausible(value, received_on),
        *_coded(sheet, value),
        *told,
    ]
    if beside is not None:
        evidence.append(Evidence("time beside it", 2.5, beside.text))
    elif any(find_times(x.text) for x in _around(sheet, line)):
        evidence.append(Evidence("time on the next row", 0.8))
    if count == 1:
        # An order was paid on its day, where the paper tells no other.
        evidence = [Evidence("label", 2.0, e.detail) if e.name == ORDERED else e for e in evidence]
        evidence.append(Evidence("only date", 1.0))
    if _YEAR_CUT.match(line.text, printed.stop) and printed.text.strip()[-3:-2] in "/.-":
        evidence.append(Evidence("its year is cut short", -2.0))
    if len(printed.text.strip()) >= 10:
        evidence.append(Evidence("four-digit year", 0.4))
    return DateCandidate(value, line, printed, tuple(evidence), beside)


def _day_first(printed: PrintedDate) -> PrintedDate:
    """The date without the one it would be with day and month exchanged."""
    day = printed.value
    swapped = (day.year, day.day, day.month)
    others = tuple(o for o in printed.others if (o.year, o.month, o.day) != swapped)
    return replace(printed, others=others) if others != printed.others else printed


def _in_best_order(
    printed: PrintedDate, sure: set[date], received_on: date | None
) -> tuple[date, list[Evidence]]:
    """Day or month first: another date on the paper decides, then what cannot be."""
    if not printed.others:
        return printed.value, []
    options = (printed.value, *printed.others)
    for option in options:
        if option in sure:
            return option, [Evidence("order as another date here", 0.8)]
    if received_on:
        possible = [o for o in options if o <= received_on + timedelta(days=1)]
        if possible and printed.value not in possible:
            return possible[0], [Evidence("the usual order lies in the future", -0.5)]
    return printed.value, []


def _plausible(value: date, received_on: date | None) -> Iterator[Evidence]:
    if value.year < 2000:
        yield Evidence("before 2000", -3.0)
    if received_on is None:
        return
    if value > received_on + timedelta(days=1):
        yield Evidence("in the future", -4.0)
    elif value > received_on - timedelta(days=400):
        yield Evidence("recent", 0.5)


def _coded(sheet: Sheet, value: date) -> Iterator[Evidence]:
    code = sheet.code
    if code is not None and code.purchased_on == value:
        yield Evidence("code", 4.0, f"the {code.scheme} code says so")
    elif code is None and says_date(sheet.code_digits, value):
        yield Evidence("barcode", 2.5, "the barcode holds its digits")


def _around(sheet: Sheet, line: Line) -> Sequence[Line]:
    return [sheet.lines[i] for i in (line.index - 1, line.index + 1) if 0 <= i < len(sheet.lines)]


def _time_beside(line: Line, printed: PrintedDate) -> PrintedTime | None:
    """A time on the date's row, the date itself (22.10.16) left out."""
    text = line.text
    rest = text[: printed.start] + " " * (printed.stop - printed.start) + text[printed.stop :]
    times = find_times(rest)
    return min(times, key=lambda t: abs(t.start - printed.stop), default=None)


def _without_deadlines(candidates: Sequence[DateCandidate]) -> Iterator[DateCandidate]:
    """A date without a label or a time that is a round time after another one is a deadline."""
    clear = [c for c in candidates if c.printed.form in ("same", "named")]
    plain = {c.value for c in clear if min(e.weight for e in c.evidence) >= 0}
    for one in candidates:
        bare = not one.labelled and not one.time
        if bare and any(_is_round_time(day, one.value) for day in plain):
            after = Evidence("a round time after another date", -2.0)
            one = replace(one, evidence=(*one.evidence, after))
        yield one


def _is_round_time(first: date, last: date) -> bool:
    """Whether whole months or one of the usual numbers of days lie between two dates."""
    if first >= last:
        return False
    return first.day == last.day or (last - first).days in _USUAL_DAYS


def _support(ranked: list[DateCandidate]) -> Iterator[DateCandidate]:
    """One candidate a date, the best printed; every further row that says it adds a little."""
    rows: dict[date, set[int]] = {}
    for candidate in ranked:
        rows.setdefault(candidate.value, set()).add(candidate.line.index)
    supported = []
    for value, indexes in rows.items():
        best = next(c for c in ranked if c.value == value)
        evidence = best.evidence
        if len(indexes) > 1 and best.score > 0:
            evidence = (*evidence, Evidence("printed again", 1.0))
        timed = [c for c in ranked if c.value == value and c.time and c.score > 0]
        first = min(timed, key=lambda c: c.line.index, default=best)
        supported.append(
            DateCandidate(value, best.line, best.printed, evidence, first.time, first.line)
        )
    supported.sort(key=lambda c: (-c.score, c.line.index, c.printed.start))
    return iter(supported)


def read_time(sheet: Sheet, chosen: DateCandidate | None) -> Value[time] | None:
    """The time beside the purchase's date; else the only time on the neighbouring rows; else
    the code's."""
    code = sheet.code
    coded = code.value(code.purchased_at) if code and code.purchased_at else None
    if chosen is None:
        return coded
    if chosen.time is not None:
        t, line = chosen.time, chosen.time_line or chosen.line
        return Value(
            t.value, 0.95, say("time beside the date"), t.text, line.place(t.start, t.stop)
        )
    for line in _around(sheet, chosen.line):
        times = find_times(line.text)
        if times and not sheet.lexicon.dates.find(line.text):
            t = times[0]
            return Value(
                t.value, 0.8, say("time next to the date"), t.text, line.place(t.start, t.stop)
            )
    return coded


def date_candidates(ranked: Sequence[DateCandidate]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            c.value.isoformat(),
            round(c.score, 2),
            c.why,
            c.line.place(c.printed.start, c.printed.stop),
        )
        for c in ranked
    )
