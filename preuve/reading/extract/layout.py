"""Which of a template's layouts a document has, by the evidence that each one names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preuve.messages import say
from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.phrases import phrases_in
from preuve.reading.page import Pages
from preuve.reading.template.codes import described, holds
from preuve.reading.template.model import LayoutEvidence
from preuve.reading.template.validate import compile_pattern


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The lexicon to read by, the layout's name (None: the template's own), and why."""

    lexicon: Lexicon
    layout: str | None = None
    evidence: tuple[str, ...] = ()


def choose_layout(pages: Pages, lexicon: Lexicon) -> LaidOut:
    """The layout with most evidence on the pages; the template itself where none is ahead."""
    layouts = lexicon.template.layouts
    if not layouts:
        return LaidOut(lexicon)
    found = {name: tuple(_evidence(pages, one.recognize)) for name, one in layouts.items()}
    most = max(map(len, found.values()))
    best = [name for name, evidence in found.items() if evidence and len(evidence) == most]
    if len(best) == 1:
        name = best[0]
        told = tuple(say("layout {name}: {told}", name=name, told=one) for one in found[name])
        return LaidOut(lexicon.layouts[name], name, told)
    why = say("none of {names} fits", names=", ".join(layouts))
    if best:
        why = say("{names} fit alike", names=" and ".join(best))
    return LaidOut(lexicon, None, (say("layouts: {why}; read by the template itself", why=why),))


def _evidence(pages: Pages, wanted: LayoutEvidence) -> Iterator[str]:
    """A line for each clue that is printed; none where a phrase of `not` is."""
    texts = [row.text for page in pages for row in page.rows]
    if any(phrases_in(text, wanted.not_words) for text in texts):
        return
    for word in wanted.words:
        row = next((n for n, text in enumerate(texts, 1) if phrases_in(text, [word])), None)
        if row:
            yield say('word "{phrase}" in row {row:d}', phrase=word, row=row)
    for pattern in wanted.patterns:
        compiled = compile_pattern(pattern)
        row = next((n for n, text in enumerate(texts, 1) if compiled.search(text)), None)
        if row:
            yield say('pattern "{phrase}" in row {row:d}', phrase=pattern, row=row)
    codes = [code for page in pages for code in page.codes]
    for kind in wanted.codes:
        held = next((code for code in codes if holds(kind, code)), None)
        if held:
            yield say('code {code}: "{text}"', code=described(kind), text=held.text)
