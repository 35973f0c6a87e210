"""Where on the pages the clues of templates are printed, and how much each place says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from preuve.messages import say
from preuve.reading.page import Pages
from preuve.reading.template.fold import alike, joined, words
from preuve.reading.template.index import MAX_RUN, OPENING, Clue, Index, Near
from preuve.reading.template.marks import codes, domains, numbers, patterns
from preuve.reading.template.printed import AMOUNT, Hit, PrintedRow, printed_rows

LONG = 12
"""Letters of a name that is hardly another's with a letter changed."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A clue that is printed and does not count, and why."""

    hit: Hit
    why: str


def find_hits(pages: Pages, index: Index, dropped: list[Dropped] | None = None) -> list[Hit]:
    """Every clue on the pages that no negative evidence and no longer name takes away.

    Those that were taken away are added to `dropped`, where it is given.
    """
    gone: list[Dropped] = [] if dropped is None else dropped
    hits: list[Hit] = []
    named: list[Hit] = []
    for number, page in enumerate(pages):
        lines = printed_rows(page, number)
        for line in lines:
            if index.numbers and line.telephone:
                hits += numbers(line, index)
            if index.domains and "." in line.text:
                hits += domains(line, index)
            if index.patterns:
                hits += patterns(line, index)
            if found := _names(line, index, gone):
                named += _best_prints(found)
        named += _two_row_names(lines, index)
        hits += codes(page, number, index)
    return hits + list(_longest(named, gone))


def _names(line: PrintedRow, index: Index, gone: list[Dropped]) -> list[Hit]:
    phrases, openings, shapes = index.phrases, index.openings, line.shapes
    count, longest = len(shapes), index.longest
    # Hardly a row has letters that are read as one: most need not look for them in every run.
    together = "".join(shapes)
    run = alike if alike(together) != together else str
    damaged = line.head and not line.sure
    as_printed = run is str and not damaged
    hits: list[Hit] = []
    at = 0
    for start, shape in enumerate(shapes):
        first = at
        at += len(shape)
        # A glance that spares most runs of words. Only a short word begins a shorter phrase.
        if (
            as_printed
            and together[first : first + OPENING] not in openings
            and (len(shape) >= OPENING or not index.may_be_short(together, first))
        ):
            continue
        letters = ""
        for end in range(start + 1, min(start + MAX_RUN, count) + 1):
            letters += shapes[end - 1]
            if len(letters) > longest:
                break
            form = run(letters)
            if found := phrases.get(form):
                everyday = end - start == 1 and form in index.everyday
                for clue in found:
                    if everyday and len(words(clue.phrase)) > 1:
                        continue  # "points" is not "Point S" without its space
                    hit = _named(line, clue, start, end, 0)
                    if denied := _denied(line, end, clue, index):
                        gone.append(Dropped(hit, say('"{phrase}" stands before it', phrase=denied)))
                    else:
                        hits.append(hit)
            elif not damaged:
                if index.is_other(form):
                    break
            elif len(form) >= 5 and (near := index.similar(form)):
                hits += _damaged(line, near, start, end, index, gone)
    return hits


def _best_prints(found: list[Hit]) -> list[Hit]:
    """One row's hits without the damaged readings of a name that stands there whole."""
    fewest: dict[Clue, int] = {}
    for hit in found:
        fewest[hit.clue] = min(hit.errors, fewest.get(hit.clue, hit.errors))
    return [hit for hit in found if hit.errors == fewest[hit.clue]]


def _damaged(
    line: PrintedRow, near: list[Near], start: int, end: int, index: Index, gone: list[Dropped]
) -> Iterator[Hit]:
    for one in near:
        if one.accepted:
            hit = _named(line, one.clue, start, end, one.errors)
            if denied := _denied(line, end, one.clue, index):
                gone.append(Dropped(hit, say('"{phrase}" stands before it', phrase=denied)))
            else:
                yield hit
        elif one.clue.kind == "name" and not line.others(start, end):
            cover = line.cover(start, end)
            yield Hit(one.clue, 0.0, "aside", cover, line.text, one.errors)


def _named(line: PrintedRow, clue: Clue, start: int, end: int, errors: int) -> Hit:
    weight, group = _weight(line, clue, start, end, errors)
    return Hit(clue, weight, group, line.cover(start, end), line.text, errors)


def _weight(line: PrintedRow, clue: Clue, start: int, end: int, errors: int) -> tuple[float, str]:
    """How sure the place makes a name. Set by hand: a name alone at the top suffices, one that
    could be an address, a product or a slogan does not."""
    if clue.kind == "word":
        return 0.15, "word"
    if clue.kind == "legal":
        if not line.head:
            return (0.62 if not errors and _is_imprint(line, start, end) else 0.4), "legal"
        return 0.55 if errors else 0.7, "legal"
    if not line.head:
        return 0.2, "aside"
    others = line.others(start, end)
    letters = len(clue.form)
    if letters < 4:
        alone = line.top and not others and not line.telephone
        return (0.62, "name") if alone else (0.2, "aside")
    if letters < 6:
        few = start == 0 and others <= 3
        return ((0.75 if not others else 0.62 if few else 0.35) if line.top else 0.35), "name"
    if errors:
        first = line.top and start == 0 and errors == 1 and letters >= LONG
        return (0.65 if not others else 0.62 if first else 0.5), "name"
    if line.top:
        return 0.7 if others else 0.78, "name"
    return 0.5 if start and others else 0.62, "name"


def _is_imprint(line: PrintedRow, start: int, end: int) -> bool:
    """Whether a company of several words begins a row that goes on with its address or its number
    in a register, as the foot of a letter does."""
    numbered = any(map(str.isdigit, line.text)) and not AMOUNT.search(line.text)
    return start == 0 and end > 1 and line.others(start, end) > 1 and numbered


def _denied(line: PrintedRow, end: int, clue: Clue, index: Index) -> str | None:
    """The `not` phrase that stands before the name in its row, or over it."""
    for phrase, shapes in index.negatives(clue.template):
        size = len(shapes)
        for first in range(min(end, len(line.shapes) - size + 1)):
            if line.shapes[first] == shapes[0] and line.shapes[first : first + size] == shapes:
                return phrase
    return None


def _two_row_names(lines: list[PrintedRow], index: Index) -> Iterator[Hit]:
    """Names set over two rows, as logos are: both rows hold little else."""
    for upper, lower in pairwise(lines):
        if not (lower.head and 0 < len(upper.shapes) <= 3 and 0 < len(lower.shapes) <= 3):
            continue
        form = joined(upper.shapes + lower.shapes)
        found = [(clue, 0, 0.78) for clue in index.phrases.get(form, ()) if len(clue.form) >= 4]
        if not found and upper.top and len(form) >= LONG and not (upper.sure and lower.sure):
            found = [
                (near.clue, near.errors, 0.65) for near in index.similar(form) if near.accepted
            ]
        for clue, errors, weight in found:
            if clue.kind in ("name", "legal"):
                cover = upper.cover(0, len(upper.shapes)) | lower.cover(0, len(lower.shapes))
                text = f"{upper.text} / {lower.text}"
                yield Hit(clue, weight, clue.kind, cover, text, errors)


def _longest(hits: list[Hit], gone: list[Dropped]) -> Iterator[Hit]:
    """Hits that no other template's longer hit covers: `Carrefour Market` takes `Carrefour`."""
    for hit in hits:
        taker = next((other for other in hits if _takes(other, hit)), None)
        if taker is None:
            yield hit
        else:
            phrase, template = taker.clue.phrase, taker.clue.template
            why = say('it is part of "{phrase}" of {template}', phrase=phrase, template=template)
            gone.append(Dropped(hit, why))


def _takes(other: Hit, hit: Hit) -> bool:
    return (
        other.cover > hit.cover
        and other.clue.template != hit.clue.template
        and other.weight >= hit.weight > 0
        and (not other.errors or len(other.clue.form) >= len(hit.clue.form) + 3)
    )
