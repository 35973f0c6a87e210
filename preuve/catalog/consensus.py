"""Whose identifier is it, when several receipts printed it? Pure: claims in, an answer out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from rapidfuzz import fuzz

from preuve.folding import bare, squeeze
from preuve.reading.registry import Known
from preuve.reading.result import Retailer

AGREEING = 2
"""Receipts of different members and pictures that must agree before a name is used."""

TOLERATED = 0.1
"""The share of contradicting receipts that a name outlives: engines damage names."""

_ALIKE = 80.0
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class Claim:
    """What one receipt says of an identifier: the retailer that it names.

    `witness` tells independent receipts apart: claims of one witness count once. `sure` is the
    confidence of the name, 0 to 1; `confirmed` claims come from operators.
    """

    retailer: Retailer
    witness: str
    sure: float = 1.0
    confirmed: bool = False


def consensus(claims: Iterable[Claim], *, registered: bool = True) -> Known | None:
    """What the registry says by these claims; None while too few receipts agree.

    An operator who corrected a receipt outweighs any number of printed names, but not receipts
    that other retailers' templates read: then the number is a card terminal's or a bank's.
    Receipts or operators that contradict each other leave an identifier that speaks for nobody.
    For what no register gives out, a corrected receipt is one receipt among others: whose
    receipt it is says little about whose telephone is printed there.
    """
    said = list(claims) if registered else [replace(c, confirmed=False) for c in claims]
    confirmed = _groups([claim for claim in said if claim.confirmed])
    if confirmed:
        right = confirmed[0]
        known = Known(_called(right), _witnesses(right), 1.0, confirmed=True)
        others = [
            claim
            for claim in said
            if claim.retailer.key and not same_retailer(claim.retailer, right[0].retailer)
        ]
        silent = len(confirmed) > 1 or _witnesses(others) > TOLERATED * known.receipts
        return Known(None, known.receipts) if silent else known
    groups = _groups(said)
    agreeing, against = (sum(map(_witnesses, part)) for part in (groups[:1], groups[1:]))
    if agreeing + against < AGREEING:
        return None
    if against > TOLERATED * agreeing:
        return Known(None, agreeing)
    sure = round(fmean(claim.sure for claim in groups[0]), 3)
    return Known(_called(groups[0]), agreeing, sure)


def same_retailer(a: Retailer, b: Retailer) -> bool:
    """By key where both have one; else by names that differ by what engines damage."""
    if a.key and b.key:
        return a.key == b.key
    first, second = squeeze(a.name), squeeze(b.name)
    return first == second or fuzz.ratio(first, second) >= _ALIKE


def slug(name: str) -> str:
    """The key of a retailer that is known by its printed name only: `known.maison_naegel`."""
    plain = re.sub(r"[^a-z0-9]+", "_", bare(name)).strip("_")
    return f"known.{plain[:_LONGEST_SLUG].strip('_') or 'unnamed'}"


def _groups(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims that name the same retailer together, the largest group first."""
    groups: list[list[Claim]] = []
    common = Counter((claim.retailer.key or "", claim.retailer.name) for claim in claims)
    ranked = sorted(
        claims, key=lambda c: (-common[c.retailer.key or "", c.retailer.name], c.retailer.name)
    )
    for claim in ranked:
        for group in groups:
            if same_retailer(claim.retailer, group[0].retailer):
                group.append(claim)
                break
        else:
            groups.append([claim])
    return sorted(groups, key=_witnesses, reverse=True)


def _witnesses(group: Sequence[Claim]) -> int:
    return len({claim.witness for claim in group})


def _called(group: Sequence[Claim]) -> Retailer:
    """The spelling that most receipts print, under a key that operators or templates gave."""
    names = Counter(claim.retailer.name for claim in group)
    name = min(names, key=lambda name: (-names[name], _oddities(name), name))
    keys = Counter(claim.retailer.key for claim in group if claim.retailer.key)
    key = min(keys, key=lambda key: (-keys[key], key)) if keys else slug(name)
    return Retailer(name, key)


def _oddities(name: str) -> int:
    """Characters that stand in few names and in many that were misread."""
    return sum(not (c.isalnum() or c in " &.'-") for c in name)
