"""Documents that no template reads: which of them are one retailer's, and a draft for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from preuve.catalog.effective import Catalog
from preuve.intake import Past, Programs, read_by, rehearse
from preuve.intake.amendment import RULE as AMENDED
from preuve.reading.result import Verdict
from preuve.reading.template.cluster import Cluster, cluster
from preuve.reading.template.draft import Draft, draft
from preuve.reading.template.drafting.values import Example, Values
from preuve.reading.template.match import Match, match
from preuve.store import Ground

LOOKED_AT = 2000
"""Receipts that are clustered: the newest of a program that no template read."""

EXAMPLES = 8
REHEARSED = 20
OTHERS = 60
"""Papers of other clusters that a draft's evidence must not be printed on."""


@dataclass(frozen=True)
class Unmatched:
    """Documents of one retailer, as it seems, the most typical first.

    `confirmed` of them hold values that an operator set: a draft is made from these first.
    """

    cluster: Cluster
    documents: tuple[Past, ...]
    confirmed: int


def unmatched(
    catalog: Catalog, program_id: str, documents: Iterable[Past] | None = None
) -> tuple[Unmatched, ...]:
    """The program's documents without a template, by retailer: first what would unlock most.

    `documents` are else `without_template` of the program.
    """
    templates = catalog.published(program_id)
    found = without_template(catalog, program_id) if documents is None else documents
    papers = {past.receipt_id: past for past in found}
    clusters = cluster(((key, past.pages, past.reading) for key, past in papers.items()), templates)
    return tuple(
        Unmatched(one, members, sum(past.amended for past in members))
        for one in clusters
        if (members := tuple(papers[key] for key in one.members))
    )


def without_template(catalog: Catalog, program_id: str) -> Iterable[Past]:
    """The newest receipts that no retailer's template read and none would read today."""
    templates = catalog.published(program_id)
    for past in read_by(catalog.ground, program_id, "base.", LOOKED_AT):
        printed = any(page.rows for page in past.pages)
        if printed and not isinstance(match(past.pages, templates), Match):
            yield past


def points_waiting(ground: Ground, programs: Programs, group: Unmatched) -> int:
    """What the documents would earn as they are read, were nobody to doubt them.

    Of a large group only `REHEARSED` are worked out, the rest as those are on average.
    """
    sample = group.documents[:REHEARSED]
    sure = Verdict("trusted", 1.0)
    earned = 0
    for past in sample:
        program = programs[past.program_id]
        outcomes = rehearse(ground, program, past.receipt_id, ((past.reading, sure),))
        earned += outcomes[0].points if outcomes else 0
    return round(earned * len(group.documents) / max(1, len(sample)))


def draft_for(
    catalog: Catalog,
    program_id: str,
    groups: Sequence[Unmatched],
    chosen: Unmatched,
    tell: Callable[[str], str] = str,
) -> Draft:
    """A template for the chosen documents: to be looked over, tried at the gate, published.

    It is made from what operators set, then from what was trusted; from the others only where
    there is neither. The other groups' papers tell what is no evidence. `tell` says the comments
    in another language.
    """
    sure = [past for past in chosen.documents if past.amended] + [
        past for past in chosen.documents if past.trusted and not past.amended
    ]
    examples = (sure or list(chosen.documents))[:EXAMPLES]
    said = [past.reading.retailer for past in examples if past.reading.retailer]
    by_hand = [value.value for value in said if value.rule == AMENDED]
    name = _commonest(one.name for one in by_hand or [value.value for value in said])
    others = (past.pages for group in groups if group is not chosen for past in group.documents)
    return draft(
        [
            # All are of one retailer: what one of them was corrected to holds for the others.
            Example(past.receipt_id, past.pages, replace(Values.of(past.reading), retailer=name))
            for past in examples
        ],
        catalog.published(program_id),
        name=name,
        key=_commonest(one.key for one in by_hand if one.key),
        others=list(islice(others, OTHERS)),
        tell=tell,
    )


def _commonest(texts: Iterable[str]) -> str | None:
    counts = Counter(texts)
    return min(counts, key=lambda text: (-counts[text], text)) if counts else None
