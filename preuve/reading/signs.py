"""What speaks for a value and against it, as numbers from 0 to 1: what confidences are made of.

Few, and each one means something by itself. Those in `AGAINST` may only lower a confidence and
the others only raise it; the fit (`cli/calibration.py`) holds the weights to that, so that no
accident of the data can turn a confirmation into a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from preuve.reading.extract import Extract
from preuve.reading.extract.name_evidence import IN_THE_FOOT
from preuve.reading.extract.purchase import DateCandidate
from preuve.reading.extract.retailer import NameCandidate
from preuve.reading.extract.sheet import Line
from preuve.reading.extract.text import compact
from preuve.reading.extract.totals import Evidence, TotalCandidate
from preuve.reading.result import BORNE_OUT, Check
from preuve.reading.template.match import Match

Signs = Mapping[str, float]

AGAINST = frozenset(
    {
        "items_differ",
        "taxes_differ",
        "payment_differs",
        "second_reading",
        "unsure_letters",
        "order_by_country",
        "order_by_language",
        "loose_form",
        "spoken_against",
    }
)


def total_signs(found: Extract, checks: Iterable[Check]) -> Signs:
    """Of the best total, which `checks` are of. Raises IndexError where there is no candidate."""
    best, *rivals = found.totals
    evidence = _by_name(best.evidence)
    alone = best.confirmed_by.difference(*(r.confirmed_by for r in rivals if r.figure.labels))
    amount = best.figure.amount
    failed = {check.code for check in checks if check.passed is False}
    return {
        "label": _share(evidence.get("label", 0.0), 4.0),
        "lead": _share(_lead(best, rivals), 6.0),
        "confirmed": float(len(alone) >= 1),
        "confirmed_twice": float(len(alone) >= 2),
        "confirmed_as_rivals": float(bool(best.confirmed_by - alone)),
        "printed_again": float("printed again" in evidence),
        "items_differ": float("items" in failed),
        "taxes_differ": float("taxes" in failed),
        "payment_differs": float("payment" in failed),
        "second_reading": float("second reading" in evidence),
        "unsure_letters": _unsure(best.figure.line, amount.start, amount.stop),
    }


def date_signs(found: Extract) -> Signs:
    """Of the best date. Raises IndexError where there is no candidate."""
    best, *rivals = found.dates
    evidence = _by_name(best.evidence)
    printed = best.printed
    open_order = bool(printed.others) and "order as another date here" not in evidence
    return {
        "clear_form": float(printed.form in ("same", "named")),
        "label": _share(evidence.get("label", 0.0) + evidence.get("label above", 0.0), 2.0),
        "time": _share(
            evidence.get("time beside it", 0.0) + evidence.get("time on the next row", 0.0), 2.5
        ),
        "lead": _share(_lead(best, rivals), 4.0) if rivals else 1.0,
        "printed_again": float("printed again" in evidence),
        "code": float("code" in evidence or "barcode" in evidence),
        "order_by_country": float(open_order and found.country is not None),
        "order_by_language": float(open_order and found.country is None),
        "loose_form": float(printed.form in ("loose", "solid")),
        "spoken_against": _spoken_against(best.evidence, printed.form),
        "unsure_letters": _unsure(best.line, printed.start, printed.stop),
    }


def name_signs(found: Extract) -> Signs:
    """Of the best name in the head. Raises IndexError where there is none."""
    best, *others = found.names
    own = compact(best.name)
    rival = next((one for one in others if compact(one.name) != own), None)
    evidence = _by_name(best.evidence)
    return {
        "first_row": _share(evidence.get("place in the head", 0.0), 2.0)
        if not evidence.keys() & IN_THE_FOOT
        else 1.0,
        "large_letters": _share(evidence.get("large letters", 0.0), 1.8),
        "company_as_usual": float("legal form as usual" in evidence),
        "begins_as_above": float("begins with the name above" in evidence),
        "web_address": float(any(name.endswith("as the web address") for name in evidence)),
        "printed_again": float("printed again" in evidence),
        "kind_of_shop": float("kind of shop" in evidence),
        "letterhead": float(
            bool(
                evidence.keys()
                & {
                    "above the address",
                    "above its kind of shop",
                    "alone in the head",
                    "the sign at the foot",
                }
            )
        ),
        BORNE_OUT: float(best.confirmed),
        "lead": _share(best.score - rival.score, 4.0) if rival else 1.0,
        "spoken_against": _spoken_against(best.evidence),
        "unsure_letters": _unsure(best.line),
    }


def match_signs(match: Match, company: NameCandidate | None) -> Signs:
    """Of a template's retailer; `company` is the row that its name is taken from, letter by
    letter."""
    nearest = max((c.score for c in match.nearest), default=0.0)
    return {
        "score": match.score,
        "lead": max(0.0, match.score - nearest),
        "unsure_letters": _unsure(company.line) if company else 0.0,
    }


def _by_name(evidence: Iterable[Evidence]) -> dict[str, float]:
    return {e.name: e.weight for e in evidence}


def _lead(
    best: TotalCandidate | DateCandidate | NameCandidate,
    rivals: Sequence[TotalCandidate | DateCandidate | NameCandidate],
) -> float:
    return best.score - (rivals[0].score if rivals else 0.0)


def _spoken_against(evidence: Iterable[Evidence], form: str = "") -> float:
    return _share(-sum(min(0.0, e.weight) for e in evidence if e.name != f"{form} form"), 3.0)


def _unsure(line: Line, start: int = 0, stop: int | None = None) -> float:
    return _share(1.0 - line.confidence(start, stop), 0.4)


def _share(value: float, whole: float) -> float:
    return min(1.0, max(0.0, value / whole))
