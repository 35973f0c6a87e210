"""Papers that one template could read: documents of one retailer, put together.

Documents join the cluster with which they share enough: a register number, a web address, a
name at the top, or many smaller things. What a trait says depends on how many different names
it stands under: a telephone number under one name tells the shop, "TAX INVOICE" under a hundred
tells nothing. Each document is looked up in an index of traits, so that time grows with the
number of documents and not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from preuve.reading.judge import header_sure
from preuve.reading.page import Pages
from preuve.reading.result import Reading
from preuve.reading.template.fold import shape, words
from preuve.reading.template.load import Templates
from preuve.reading.template.traits import Trait, TraitKind, traits

ENOUGH = 3.0
"""What two documents must share to be one retailer's, in the weights below. Set by hand: a name
at the top with the same labels suffices, or a number; an address or a slogan alone does not,
nor do labels."""

WEIGHTS: Mapping[TraitKind, float] = {
    "retailer": 2.6,
    "number": 3.0,
    "phone": 2.5,
    "domain": 3.0,
    "name": 1.6,
    "head": 1.0,
    "word": 0.35,
    "foot": 0.4,
    "label": 0.2,
}
CAPS: Mapping[TraitKind, float] = {"head": 1.4, "word": 0.7, "foot": 1.2, "label": 0.8}
"""The most that all traits of one weak kind add up to."""

SURE = frozenset({"retailer", "number", "phone", "domain"})
"""Kinds that say as much where only one of a retailer's shops prints them."""

SCATTERED = 0.05
"""Traits whose documents stand under so many names that no name has this share say nothing."""

TOLD = 8
"""How many traits a cluster names as its evidence."""

Key = tuple[TraitKind, str]


@dataclass(frozen=True, slots=True)
class Shared:
    """A trait of a cluster: its kind, how it is printed, and how many members print it."""

    kind: TraitKind
    text: str
    members: int

    def __str__(self) -> str:
        return f'{self.kind} "{self.text}" on {self.members}'


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents that one template could read, the most typical first.

    `waiting` are those that no template knows now, or that a person has to look at: what a
    draft would unlock.
    """

    name: str
    members: tuple[str, ...]
    waiting: tuple[str, ...]
    evidence: tuple[Shared, ...]

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class _Paper:
    key: str
    traits: dict[Key, Trait]
    name: str
    waits: bool


@dataclass
class _Group:
    papers: list[_Paper] = field(default_factory=list)
    counts: Counter[Key] = field(default_factory=Counter)

    def add(self, paper: _Paper) -> None:
        self.papers.append(paper)
        self.counts.update(paper.traits.keys())

    def share(self, key: Key) -> float:
        return self.counts[key] / len(self.papers)


def cluster(
    documents: Iterable[tuple[str, Pages, Reading | None]], templates: Templates | None = None
) -> tuple[Cluster, ...]:
    """The documents in clusters, those that would unlock most documents first.

    A document is its key, its pages and, where it was read, its reading. `templates` tell which
    words every receipt of a language prints. Every document is in one cluster, if alone.
    """
    ordinary = _ordinary(templates)
    papers = [_paper(*document, ordinary) for document in documents]
    weights = _weights(papers)
    groups = _gather(papers, weights)
    return tuple(
        sorted(
            (_told(group, weights) for group in _merged(groups, weights)),
            key=lambda found: (-len(found.waiting), -found.size, found.name, found.members),
        )
    )


def waits(reading: Reading | None) -> bool:
    """Whether no retailer's template read the document, or a person has to look at it."""
    if reading is None or not reading.match.score or reading.match.ambiguous:
        return True
    return not header_sure(reading)


def _ordinary(templates: Templates | None) -> frozenset[str]:
    if templates is None:
        return frozenset()
    phrases = (
        phrase
        for base in templates.bases.values()
        for group in (base.vocabulary, *base.labels.values())
        for phrase in group
    )
    return frozenset(shape(word) for phrase in phrases for word in words(phrase))


def _paper(key: str, pages: Pages, reading: Reading | None, ordinary: frozenset[str]) -> _Paper:
    found = {(t.kind, t.form): t for t in traits(pages, reading) if not _says_nothing(t, ordinary)}
    top = next((t.form for t in found.values() if t.kind == "name"), "")
    known = reading.retailer.value.key if reading and reading.retailer else None
    return _Paper(key, found, known or top, waits(reading))


def _says_nothing(trait: Trait, ordinary: frozenset[str]) -> bool:
    if trait.kind not in ("retailer", "name", "head", "word"):
        return False
    return all(
        shape(word) in ordinary for word in words(trait.text) if not any(map(str.isdigit, word))
    )


def _weights(papers: Sequence[_Paper]) -> dict[Key, float]:
    """What each trait says: its kind's weight, less where it stands under many names."""
    names: dict[Key, Counter[str]] = defaultdict(Counter)
    for paper in papers:
        for key in paper.traits:
            names[key][paper.name] += 1
    weights: dict[Key, float] = {}
    for key, under in names.items():
        documents = under.total()
        if documents < 2:
            continue
        most = max(under.values()) / documents
        if most >= SCATTERED:
            alike = sum(count * count for count in under.values()) / documents**2
            weights[key] = WEIGHTS[key[0]] * min(1.0, 2 * alike)
    return weights


def _gather(papers: Sequence[_Paper], weights: Mapping[Key, float]) -> list[_Group]:
    """Each paper into the group that it shares most with, or into one of its own."""
    groups: list[_Group] = []
    index: dict[Key, set[int]] = defaultdict(set)
    for paper in papers:
        best = _best(paper.traits, groups, index, weights)
        if best is None:
            best = len(groups)
            groups.append(_Group())
        groups[best].add(paper)
        for key in paper.traits:
            if key in weights:
                index[key].add(best)
    return groups


def _best(
    keys: Iterable[Key],
    groups: Sequence[_Group],
    index: Mapping[Key, set[int]],
    weights: Mapping[Key, float],
) -> int | None:
    """The number of the group with most in common, where that is enough."""
    shared: dict[int, dict[TraitKind, float]] = defaultdict(lambda: defaultdict(float))
    for key in keys:
        if key in weights:
            for number in index.get(key, ()):
                usual = 1.0 if key[0] in SURE else groups[number].share(key) ** 0.5
                shared[number][key[0]] += weights[key] * usual
    sums = {number: _sum(by_kind) for number, by_kind in shared.items()}
    best = max(sums, key=lambda number: (sums[number], -number), default=None)
    return best if best is not None and sums[best] >= ENOUGH else None


def _sum(by_kind: Mapping[TraitKind, float]) -> float:
    return sum(min(amount, CAPS.get(kind, amount)) for kind, amount in by_kind.items())


def _merged(groups: Sequence[_Group], weights: Mapping[Key, float]) -> list[_Group]:
    """Groups that began apart, because their first papers shared little, put together."""
    kept: list[_Group] = []
    index: dict[Key, set[int]] = defaultdict(set)
    for group in sorted(groups, key=lambda group: -len(group.papers)):
        usual = [key for key in group.counts if group.share(key) >= 0.5]
        best = _best(usual, kept, index, weights)
        if best is None:
            best = len(kept)
            kept.append(_Group())
        for paper in group.papers:
            kept[best].add(paper)
        for key in usual:
            if key in weights:
                index[key].add(best)
    return kept


def _told(group: _Group, weights: Mapping[Key, float]) -> Cluster:
    prints: dict[Key, Counter[str]] = defaultdict(Counter)
    for paper in group.papers:
        for key, trait in paper.traits.items():
            prints[key][trait.text] += 1
    common = [key for key in weights if group.counts[key] >= 2 and group.share(key) >= 0.5]
    common.sort(key=lambda key: (-weights[key] * group.counts[key], key))
    evidence = tuple(
        Shared(key[0], prints[key].most_common(1)[0][0], group.counts[key]) for key in common[:TOLD]
    )

    def typical(paper: _Paper) -> float:
        return sum(weights.get(key, 0.0) * group.share(key) for key in paper.traits)

    members = sorted(group.papers, key=lambda paper: (-typical(paper), paper.key))
    return Cluster(
        _name(members, evidence),
        tuple(paper.key for paper in members),
        tuple(paper.key for paper in members if paper.waits),
        evidence,
    )


def _name(members: Sequence[_Paper], evidence: Sequence[Shared]) -> str:
    """What most members print at the top; else what the most typical one does."""
    named = next((e.text for e in evidence if e.kind in ("retailer", "name")), None)
    first = next(
        (t.text for t in members[0].traits.values() if t.kind in ("retailer", "name", "head")), None
    )
    return named or first or next((e.text for e in evidence), members[0].key)
