"""Whose addresses stand on a letter: an invoice's head as blocks of words side by side.

Rows run across a letter's columns: "Bill to" and "Ship to" stand in one row, the sender's street
beside the invoice's number. Here each block is read for itself, who sends it before who gets it;
then what calls itself a company in the foot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, takewhile

from preuve.reading.extract.block import is_titles, item_block
from preuve.reading.extract.cells import cells
from preuve.reading.extract.identifiers import found_in
from preuve.reading.extract.lines import line_of
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.totals import Evidence
from preuve.reading.page import Box, Row, Word
from preuve.reading.template.model import Role

_LEADING = 0.9
"""Rows of a block are no further apart than this, in row heights."""

_ALIGNED = 1.0
"""Their left edges, right edges or middles differ by less than this, in row heights."""

_NEAR = 3.0
"""A block stands below a heading, or its sender's name, with a gap of up to so many heights."""

_MOST_ROWS = 60

_NO_LOGO = re.compile(r"[\d.:@]")
_LOGO_WORDS = 3
_SHORT = 3
"""Letters of a logo that is too short to be told from a mark."""

_NAME_WORDS = 7
"""Words of the longest company's name in a foot."""

_SMALL = 0.9
"""A sender's line above the reader's address is in type below this share of the address's."""

_SEPARATOR = re.compile(r"[|·•∙▪*/–—−-]")
_COPYRIGHT = re.compile(r"©|\(c\)", re.I)
_BANK = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}")

_SENDER = Evidence("in the sender's block", 1.5)
_SENDER_LINE = Evidence("in the sender's line", 3.0)
_SELLER = Evidence("called the seller", 3.0)
_FOOT = Evidence("company in the foot", 2.5)
_REGISTERED = Evidence("company in the foot", 5.0)
"""Beside a number of a register or a bank."""

_LOGO = Evidence("logo in the foot", 1.0)
_ADDRESSEE = Evidence("addressee", -4.0)


@dataclass(frozen=True)
class Letterhead:
    """The blocks' rows as the first `head` lines of a sheet, the foot's companies last.

    `evidence` tells of a line, by its index, whose name may stand there; `begins` are the first
    lines of the blocks.
    """

    sheet: Sheet
    head: int
    evidence: dict[int, Evidence]
    begins: frozenset[int]

    def told(self, index: int) -> tuple[Evidence, ...]:
        return (self.evidence[index],) if index in self.evidence else ()

    def together(self, index: int) -> Sequence[Line]:
        """This line and those below it in its block."""
        stop = min((at for at in self.begins if at > index), default=self.head)
        return self.sheet.lines[index:stop]


@dataclass
class _Block:
    """Cells one below the other; `evidence` is that of each cell, None where nothing is known."""

    cells: list[Line]
    evidence: list[Evidence | None] = field(default_factory=list)

    @property
    def rank(self) -> tuple[bool, bool]:
        """Senders first, addressees last."""
        told = [e.weight for e in self.evidence if e]
        return bool(told) and max(told) < 0, not told or max(told) < 0

    def told(self) -> Iterator[tuple[Line, Evidence | None]]:
        """The cells with their evidence; a shop's name stands above its address, not below."""
        named = True
        for cell, evidence in zip(self.cells, self.evidence, strict=True):
            if _is_heading(cell):
                continue
            named = named and not _is_of_an_address(cell)
            yield cell, evidence if named or evidence is not _SENDER else None


def read_letterhead(sheet: Sheet) -> Letterhead | None:
    """The head of a letter whose words came with the file; None for photos and till receipts."""
    if not sheet.is_letter:
        return None
    items = item_block(sheet)
    first = items[0].index if items else len(sheet.lines) // 2
    above = list(takewhile(_is_of_the_head, sheet.lines[: max(first, 3)]))[:_MOST_ROWS]
    blocks = _blocks(sheet, above)
    for block in blocks:
        _judge(sheet, block)
    for block in blocks:
        _judge_near(block, blocks)
    blocks.sort(key=lambda block: block.rank)
    told = [pair for block in blocks for pair in block.told()]
    below = sheet.lines[items[-1].index + 1 if items else len(above) :]
    begins = frozenset(accumulate((len(list(x.told())) for x in blocks), initial=0))
    told += _companies(sheet, below)
    begins |= frozenset(range(max(begins), len(told)))
    lines = [line for line, _ in told] + list(sheet.lines[len(above) :])
    again = tuple(replace(line, index=at) for at, line in enumerate(lines))
    evidence = {at: one for at, (_, one) in enumerate(told) if one}
    return Letterhead(Sheet(again, sheet.lexicon, sheet.pages), len(told), evidence, begins)


def _is_of_the_head(line: Line) -> bool:
    return line.page == 1 and not is_titles(line)


def _blocks(sheet: Sheet, rows: Sequence[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    for line in rows:
        for row in cells(line.row):
            cell = line_of(line.index, line.page, row, sheet.lexicon)
            block = next((x for x in blocks if _continues(x.cells[-1].row.box, row.box)), None)
            if block is None:
                blocks.append(_Block([cell]))
            else:
                block.cells.append(cell)
    return blocks


def _continues(above: Box, below: Box) -> bool:
    height = min(above.height, below.height)
    apart = below.top - above.bottom
    off = (
        abs(above.left - below.left),
        abs(above.right - below.right),
        abs(above.center[0] - below.center[0]),
    )
    return -height / 2 < apart < _LEADING * height and min(off) < _ALIGNED * height


def _judge(sheet: Sheet, block: _Block) -> None:
    """Whose block it is, by its headings; else by numbers and addresses that only shops print."""
    called: Evidence | None = None
    for at, cell in enumerate(block.cells):
        heading = _heading(sheet, cell)
        if heading is not None:
            called, rest = heading
            block.cells[at] = cell = rest
        elif sender := _sender_line(sheet, cell):
            block.cells[at] = sender
            block.evidence.append(_SENDER_LINE)
            smaller = [x.row.box.height for x in block.cells[at + 1 :]]
            called = _ADDRESSEE if smaller and cell.row.box.height < _SMALL * max(smaller) else None
            continue
        block.evidence.append(called)
    if not any(block.evidence) and any(map(_is_shops, block.cells)):
        block.evidence = [_SENDER] * len(block.cells)


def _judge_near(block: _Block, blocks: Sequence[_Block]) -> None:
    """A heading, or a sender's small line, with a gap below it tells of the next block; the
    numbers of a shop of the block above them."""
    here = block.cells[0].row.box
    if len(block.cells) == 1 and block.evidence[0] not in (None, _SENDER):
        below = next((x for x in blocks if _gap(here, x) is not None), None)
        if below and not any(below.evidence):
            told = block.evidence[0]
            small = here.height < _SMALL * below.cells[0].row.box.height
            called = told if told is not _SENDER_LINE else _ADDRESSEE if small else None
            below.evidence = [called] * len(below.cells)
    if all(one is _SENDER for one in block.evidence):
        above = [x for x in blocks if not any(x.evidence) and _gap(x.cells[-1].row.box, block)]
        for other in above[-1:]:
            other.evidence = [_SENDER] * len(other.cells)


def _gap(above: Box, below: _Block) -> float | None:
    """How far below this a block begins in the same column; None if nowhere near."""
    box = below.cells[0].row.box
    apart = box.top - above.bottom
    near = 0 < apart < _NEAR * above.height and abs(box.left - above.left) < above.height
    return apart if near else None


def _heading(sheet: Sheet, cell: Line) -> tuple[Evidence, Line] | None:
    """What a heading says of the rows below it, and the name behind it in its own row."""
    for label in cell.labels:
        told = {Role.ADDRESSEE: _ADDRESSEE, Role.SELLER: _SELLER}.get(label.role)
        if told is None or label.start > 0 or not label.exact:
            continue
        stop = cell.spans[label.stop - 1][1]
        alone = label.stop == len(cell.words)
        colon = ":" in cell.text[stop - 1 : stop + 2]
        if alone or (told is _ADDRESSEE and (colon or label.length > 1)):
            return told, cell
        if told is _SELLER and colon:
            return told, _part(sheet, cell, stop + 1, len(cell.text))
    return None


def _is_heading(cell: Line) -> bool:
    """Whether a cell is such a heading and nothing else."""
    headings = (x for x in cell.labels if x.role in (Role.ADDRESSEE, Role.SELLER))
    return any(x.length == len(cell.words) for x in headings)


def _sender_line(sheet: Sheet, cell: Line) -> Line | None:
    """The name in "Name · Street 1 · 12345 Town", in one row."""
    marks = [at for at, word in enumerate(cell.row.words) if _SEPARATOR.fullmatch(word.text)]
    if not marks or not 0 < marks[0] <= _NAME_WORDS:
        return None
    rest = "".join(word.text for word in cell.row.words[marks[0] + 1 :])
    name = cell.row.words[: marks[0]]
    told = sum(map(str.isdigit, rest)) >= 3 and letters_in(rest) > 3
    if not told or any(map(str.isdigit, "".join(word.text for word in name))):
        return None
    return _of_words(sheet, cell, name)


def _companies(sheet: Sheet, rows: Sequence[Line]) -> Iterator[tuple[Line, Evidence]]:
    """Names with a legal form in the foot, and words of pictures there."""
    shops = [*map(_is_shops, rows)]
    for at, line in enumerate(rows):
        if line.money:
            continue
        registered = any(shops[max(0, at - 2) : at + 3])
        for row in cells(line.row):
            cell = line_of(line.index, line.page, row, sheet.lexicon)
            yield from ((x, _REGISTERED if registered else _FOOT) for x in _company(sheet, cell))
            if row.was_recognized and _is_logo(cell):
                yield cell, _LOGO


def _company(sheet: Sheet, cell: Line) -> Iterator[Line]:
    forms = [x for x in cell.labels if x.role is Role.COMPANY and x.start > 0]
    if not forms:
        return
    stop = cell.spans[forms[0].stop - 1][1]
    words = list(_starting_in(cell, 0, stop))
    cut = [n for n, word in enumerate(words[:-1], 1) if _ends_a_part(word)]
    name = words[cut[-1] if cut else 0 :]
    if 0 < len(name) <= _NAME_WORDS:
        yield _of_words(sheet, cell, name)


def _ends_a_part(word: Word) -> bool:
    mark = _SEPARATOR.fullmatch(word.text) or _COPYRIGHT.fullmatch(word.text)
    return bool(mark) or word.text.endswith((":", ";")) or word.text.isdigit()


def _is_logo(cell: Line) -> bool:
    plain = cell.roles <= {Role.TRADE} and len(cell.words) <= _LOGO_WORDS
    return plain and letters_in(cell.text) > _SHORT and not _NO_LOGO.search(cell.text)


def _is_of_an_address(cell: Line) -> bool:
    return cell.begins(Role.NOT_RETAILER) or any(map(str.isdigit, cell.text))


def _is_shops(cell: Line) -> bool:
    return bool(_BANK.search(cell.text)) or any(found_in(cell.row))


def _part(sheet: Sheet, cell: Line, start: int, stop: int) -> Line:
    words = _starting_in(cell, start, stop)
    said = [x for x in words if letters_in(x.text) or any(map(str.isdigit, x.text))]
    return _of_words(sheet, cell, said)


def _starting_in(cell: Line, start: int, stop: int) -> Iterator[Word]:
    """The words that begin among these characters of the text."""
    at = 0
    for word in cell.row.words:
        if start <= at < stop:
            yield word
        at += len(word.text) + 1


def _of_words(sheet: Sheet, cell: Line, words: Sequence[Word]) -> Line:
    return line_of(cell.index, cell.page, Row(tuple(words)), sheet.lexicon)
