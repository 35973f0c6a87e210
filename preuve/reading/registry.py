"""Who sold, by the numbers on the paper: what earlier receipts taught of each identifier.

A registry is data that the catalog keeps and hands over, like templates; nothing here changes
it. Numbers that registers give out decide. Domains and telephone numbers decide only where
the paper prints no registered number that says otherwise, or that nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from preuve.folding import squeeze
from preuve.messages import Message, listed, say
from preuve.reading.extract.identifiers import REGISTERED, Identifier, identifiers
from preuve.reading.page import Pages
from preuve.reading.result import Candidate, Retailer, Value, is_borne_out

RULE = "registry"
"""How the rule of a value begins that the registry gave."""

CONFIRMED = 0.98
"""The confidence where an operator said whose number it is."""

_SAME_NAME = 80.0
_WEAK = 0.9
"""What is left of a confidence that rests on domains and telephone numbers alone."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whose identifier it is, and by how many receipts; `confirmed` by an operator.

    `retailer` is None where receipts contradict each other: then it speaks for nobody. `sure`
    is how sure the receipts were of the name, 0 to 1: their number adds nothing to it, because
    a till that prints a slogan where the name should be prints it on every receipt.
    """

    retailer: Retailer | None
    receipts: int
    sure: float = 0.0
    confirmed: bool = False


Registry = Mapping[Identifier, Known]


@dataclass(frozen=True, slots=True)
class _Claim:
    identifier: Identifier
    retailer: Retailer
    known: Known


def known_retailer(
    pages: Pages, registry: Registry, printed: Value[Retailer] | None
) -> Value[Retailer] | None:
    """The retailer whose identifiers the pages show, or `printed`, the name that they print:
    what an operator confirmed, else the surer of the two, where something bears the name out.

    The rule names each identifier and how many receipts it was learned from; the printed name
    is kept as the first of the rejected ones, with how sure it was.
    """
    claims = _deciding(identifiers(pages), registry) if registry else ()
    known = _value(claims)
    if known is None or printed is None:
        return known or printed
    if _alike(known.value.name, printed.value.name):
        known = replace(known, confidence=max(known.confidence, printed.confidence))
    confirmed = any(claim.known.confirmed for claim in claims)
    if not confirmed and is_borne_out(printed) and known.confidence < printed.confidence:
        return printed
    name = Candidate(printed.value.name, printed.confidence, printed.rule, printed.place)
    return replace(known, rejected=(name, *printed.rejected))


def _alike(a: str, b: str) -> bool:
    """Names that differ by no more than what engines damage."""
    return fuzz.ratio(squeeze(a), squeeze(b)) >= _SAME_NAME


def _deciding(printed: Sequence[Identifier], registry: Registry) -> Sequence[_Claim]:
    """The claims to go by: all for one retailer, or none at all."""
    claims = [
        _Claim(identifier, known.retailer, known)
        for identifier in printed
        if (known := registry.get(identifier)) and known.retailer
    ]
    confirmed = [claim for claim in claims if claim.known.confirmed]
    registered = [claim for claim in claims if claim.identifier.kind in REGISTERED]
    if deciding := _of_one(confirmed) or _of_one(registered):
        return deciding
    unknown = any(identifier.kind in REGISTERED for identifier in printed)
    if confirmed or registered or unknown:
        return ()
    return _of_one(claims)


def _of_one(claims: Sequence[_Claim]) -> Sequence[_Claim]:
    return claims if len({claim.retailer.key for claim in claims}) == 1 else ()


def _value(claims: Sequence[_Claim]) -> Value[Retailer] | None:
    if not claims:
        return None
    best = max(claims, key=lambda claim: (claim.known.confirmed, claim.known.receipts))
    told = listed(map(_told, claims), "; ")
    place = best.identifier.place
    return Value(
        best.retailer,
        _confidence(claims),
        say("registry: {told}", told=told),
        str(best.identifier),
        place,
    )


def _confidence(claims: Sequence[_Claim]) -> float:
    if any(claim.known.confirmed for claim in claims):
        return CONFIRMED
    sure = max(claim.known.sure for claim in claims)
    registered = any(claim.identifier.kind in REGISTERED for claim in claims)
    return round(sure if registered else sure * _WEAK, 3)


def _told(claim: _Claim) -> Message:
    kind, number = claim.identifier.kind, claim.identifier.number
    if claim.known.confirmed:
        return say("{what} {number} (confirmed by an operator)", what=kind, number=number)
    if claim.known.receipts == 1:
        return say("{what} {number} (1 receipt)", what=kind, number=number)
    return say("{what} {number} ({n:d} receipts)", what=kind, number=number, n=claim.known.receipts)
