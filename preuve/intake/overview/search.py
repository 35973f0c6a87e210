"""Full text over what was read, the same on SQLite and PostgreSQL.

Texts are cut into words here, not by the database: letters and digits in a row, folded as
`bare` folds them. So both databases find the same, and no character of a search is an operator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, literal, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from preuve.folding import bare
from preuve.intake.tables import receipt_words

LONGEST_WORD = 40
"""Letters that a word is told by; PostgreSQL refuses words of more than 2 KB."""
MOST_WORDS = 10_000
"""Of one document; a receipt prints some hundreds."""
MOST_TERMS = 16

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand behind one another; `open`: the last one may go on."""

    words: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Search:
    """Terms that must all be found. `cut` tells that more were asked for than are looked at."""

    terms: tuple[Term, ...]
    cut: bool = False


def tokens(text: str) -> list[str]:
    """The words of `text`, as they are stored and compared: `12,50 €` is `12`, `50`."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(bare(text))]


def parse_search(text: str) -> Search:
    """What somebody typed: each word as a beginning, what stands in quotes as it is.

    Nothing is refused: signs are left out, and of very long texts the first terms are taken.
    """
    terms: list[Term] = []
    room = MOST_TERMS
    for quoted, plain in _QUOTED.findall(text):
        words = tuple(tokens(quoted or plain))
        if words:
            if room == 0:
                return Search(tuple(terms), cut=True)
            terms.append(Term(words[:room], open=not quoted))
            room -= len(terms[-1].words)
            if len(words) > len(terms[-1].words):
                return Search(tuple(terms), cut=True)
    return Search(tuple(terms))


def document_of(session: Session, words: list[str]) -> ColumnElement[Any]:
    """`words` as the column `receipt_words.words` takes them."""
    if session.get_bind().dialect.name == "postgresql":
        placed = enumerate(words[:MOST_WORDS], 1)
        return cast(" ".join(f"'{word}':{number}" for number, word in placed), TSVECTOR)
    return literal(" ".join(words[:MOST_WORDS]))


def matching(session: Session, search: Search) -> Select[int]:
    """The `rowid` of every text in which all terms stand. There must be a term."""
    words = receipt_words.c.words
    if session.get_bind().dialect.name == "postgresql":
        asked = " & ".join(_postgres(term) for term in search.terms)
        return select(receipt_words.c.rowid).where(words.op("@@")(cast(asked, TSQUERY)))
    asked = " AND ".join(_fts5(term) for term in search.terms)
    return select(receipt_words.c.rowid).where(words.op("MATCH")(asked))


def _postgres(term: Term) -> str:
    quoted = [f"'{word}'" for word in term.words]
    if term.open:
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})"


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.open else ""}'
