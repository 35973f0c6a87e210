"""A template that a person has open: its text, the document beside it, what came of both.

Every change is kept at once and tried at once. Knows nothing of pages; asks the database, so
call it in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from preuve.catalog import SHARED, Catalog, Version, history, versions
from preuve.catalog.difference import template_data
from preuve.catalog.editing import Shown, at, shares_of, show, with_own_field
from preuve.catalog.samples import samples
from preuve.catalog.specimens import is_specimen, specimen
from preuve.catalog.trying import Tried, documents_for, try_on_others
from preuve.catalog.workings import (
    Working,
    begun,
    discard,
    keep,
    newest_readable,
    starting_text,
    undo,
)
from preuve.intake import Programs, stored_documents
from preuve.loyalty import Program
from preuve.reading.page import Pages
from preuve.reading.result import Context, Place
from preuve.reading.template.drafting.pointing import Pointed, Unclear
from preuve.reading.template.model import Template
from preuve.reading.template.source import TemplateError
from preuve.reading.template.trying import Desk, Trial
from preuve.reading.template.writing import with_value

Keys: TypeAlias = tuple[str, ...]

ZONES = {"retailer": "retailer", "purchased_on": "date", "total": "total", "items": "items"}
"""The zone of each value that has one, beside those of fields of the template's own."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that the template still lacks on this document: a text's key, and what for.

    `field` is what may be pointed at to mend it (None: pointing does not help); `detail` a name.
    """

    key: str
    field: str | None = None
    detail: str = ""


@dataclass
class Editing:
    """One template in one layer (`SHARED`, or the program's own), as one author has it."""

    catalog: Catalog
    programs: Programs
    program: Program
    layer: str
    key: str
    author: str
    receipt_id: str | None
    text: str
    based_on: int
    tell: Callable[[str], str] = str
    """How comments in the text are said in the author's language."""
    steps: int = 0
    pages: Pages | None = None
    context: Context = field(default_factory=Context)
    template: Template | None = None
    errors: tuple[TemplateError, ...] = ()
    warnings: tuple[TemplateError, ...] = ()
    trial: Trial | None = None
    receipts: tuple[str, ...] = ()
    """The documents to look at it with: its samples, and those that it read."""
    saved: tuple[Version, ...] = ()
    shared: tuple[Version, ...] = ()
    """The versions for all programs, where this is one program's."""
    stock: str = ""
    reasons: dict[int, str] = field(default_factory=dict)
    """Why each version is in the state that it is in."""
    desk: Desk = field(init=False)
    _read: tuple[str, dict[str, Any] | None] | None = field(default=None, init=False, repr=False)
    _readable: dict[str, Any] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        ground, program = self.catalog.ground, self.program.program
        self.saved = tuple(versions(ground, self.key, self.layer))
        if self.layer != SHARED:
            self.shared = tuple(versions(ground, self.key, SHARED))
        events = history(ground, self.key, self.layer)
        self.reasons = {event.number: event.reason for event in events}
        self.stock = self.catalog.stock_text(self.key) or ""
        others = [self.receipt_id] if self.receipt_id else []
        self.receipts = documents_for(ground, program, self.key, self.layer, others)
        self.look_at(self.receipt_id or next(iter(self.receipts), None))

    @classmethod
    def open(
        cls,
        catalog: Catalog,
        programs: Programs,
        program: Program,
        layer: str,
        key: str,
        author: str,
        receipt_id: str | None = None,
        tell: Callable[[str], str] = str,
    ) -> Editing | None:
        """What the author has begun, else what is there; None where there is no such template."""
        working = begun(catalog.ground, key, author, layer)
        start = (working.text, working.based_on) if working else starting_text(catalog, key, layer)
        if start is None:
            return None
        shown = receipt_id or (working.receipt_id if working else None)
        made = cls(catalog, programs, program, layer, key, author, shown, *start, tell)
        made.steps = working.steps if working else 0
        if made.data is None:
            made._readable = newest_readable(catalog, key, author, layer)
        return made

    @property
    def data(self) -> dict[str, Any] | None:
        """What stands in the text, to look at only; None where it cannot be read.

        A page asks for each of its hundred values: read once a text.
        """
        text, read = self.text, self._read
        if read is None or read[0] != text:
            self._read = read = text, template_data(text)
            self._readable = read[1] if read[1] is not None else self._readable
        return read[1]

    @property
    def is_begun(self) -> bool:
        """Whether there is something that is not saved as a version."""
        return begun(self.catalog.ground, self.key, self.author, self.layer) is not None

    @property
    def is_new(self) -> bool:
        """Whether no version of it was ever saved."""
        return not self.saved and not self.stock

    def value(self, *route: str) -> Any:
        """What stands there; where the text cannot be read, in the newest that could."""
        return at(self._readable if self.data is None else self.data, route)

    def inherited(self, *route: str) -> Any:
        """What the template it extends has there."""
        parent = self.value("extends")
        known = parent in self.desk.templates.parents
        return at(self.desk.inherited(parent), route) if known else None

    def look_at(self, receipt_id: str | None) -> None:
        """Puts another document beside it; none where it has no words or is not the program's."""
        self.receipt_id, self.pages = receipt_id, None
        if receipt_id:
            self._lay_beside(receipt_id)
        self.try_it()

    def _lay_beside(self, document_id: str) -> None:
        ground, program = self.catalog.ground, self.program
        if is_specimen(document_id):
            shown = specimen(ground, program.program, document_id)
            self.pages = shown.pages if shown else None
            self.context = Context(program.day_of(ground.now()))
            return
        found = next(stored_documents(ground, {program.program: program}, [document_id]), None)
        if found is not None:
            self.pages, self.context = found.pages(), found.context

    def try_it(self) -> None:
        """Reads the document with the text as it stands, valid or not."""
        self.desk = desk = Desk(self.catalog.published(self.program.program))
        made = desk.compile(self.text, self.key)
        self.warnings = ()
        if isinstance(made, Template):
            self.template, self.errors = made, ()
            self.warnings = desk.weaknesses(self.text, made)
            self.trial = desk.try_on(self.pages, made, self.context) if self.pages else None
        else:
            self.template, self.errors = None, made

    def catch_up(self) -> bool:
        """Takes what the same person changed meanwhile in another window; whether they did."""
        newest = begun(self.catalog.ground, self.key, self.author, self.layer)
        now = (newest.text, newest.based_on) if newest else None
        if now is None and self.steps:  # saved there, or discarded
            now = starting_text(self.catalog, self.key, self.layer)
        if now is None or now[0] == self.text:
            return False
        self.text, self.based_on = now
        self.steps = newest.steps if newest else 0
        self.try_it()
        return True

    def write(self, text: str, change: str) -> None:
        """Another text: kept, and tried."""
        if text == self.text:
            return
        if not self.steps and not self.is_begun:
            self._keep("begun")
        self.text = text
        self.steps = self._keep(change).steps
        self.try_it()

    def put(self, route: Keys, value: Any) -> bool:
        """Sets one key; None or nothing takes it away. False where the text cannot be read."""
        self.catch_up()
        try:
            text = with_value(self.text, route, value or None)
        except ValueError:
            return False
        self.write(text, ".".join(route))
        return True

    def point(self, field: str, places: Sequence[Place]) -> Pointed | Unclear | None:
        """The words at these places are the value of that field."""
        self.catch_up()
        if not self.pages:
            return None
        shown = show(self.desk, self.text, self.pages, field, places, self.context, self.tell)
        if not isinstance(shown, Shown):
            return shown
        self.write(shown.text, f"pointed.{field}")
        return shown.learned

    def add_field(self, title: str, places: Sequence[Place]) -> Pointed | Unclear | None:
        """A field of its own, named so, whose value the words are; one step."""
        self.catch_up()
        if not self.pages or self.data is None:
            return None
        text, name = with_own_field(self.desk, self.text, title, self.pages, places)
        if not places:
            self.write(text, f"fields.{name}")
            return None
        shown = show(self.desk, text, self.pages, f"fields.{name}", places, self.context, self.tell)
        self.write(shown.text if isinstance(shown, Shown) else text, f"fields.{name}")
        return shown.learned if isinstance(shown, Shown) else shown

    def limit(self, field: str, place: Place) -> bool:
        """Looks for the field in this frame alone. False where the text cannot be read."""
        if not self.pages:
            return False
        route = ("zones", ZONES[field]) if field in ZONES else (*field.split(".", 1), "zone")
        return self.put(route, shares_of(self.pages, place))

    def zones(self) -> dict[str, tuple[Place, ...]]:
        """Where the template's zones lie on the document, by field as `limit` has it."""
        if not self.pages or not self.template:
            return {}
        names = {zone: field for field, zone in ZONES.items()}
        found = self.desk.zones(self.pages, self.template)
        return {names.get(zone, zone): places for zone, places in found.items()}

    def undo(self) -> bool:
        """Takes the last step back. False where there is none."""
        before = undo(self.catalog.ground, self.key, self.author, self.layer)
        if before is None or before.text == self.text:
            return False
        self.text, self.steps = before.text, before.steps
        if not self.steps and not self.is_new:
            discard(self.catalog.ground, self.key, self.author, self.layer)
        self.try_it()
        return True

    def needs(self) -> list[Need]:
        """What keeps the document from being read without doubt, the gravest first."""
        return list(_needs(self))

    def try_on_others(self) -> list[Tried]:
        """The other documents with what is in force and with this."""
        if self.template is None:
            return []
        kept = {one.receipt_id for one in samples(self.catalog.ground, self.key, self.layer)}
        mine = {self.program.program: self.program}
        return list(
            try_on_others(
                self.catalog.ground, mine, self.desk, self.template, self.receipts,
                frozenset(kept),
            )
        )  # fmt: skip

    def _keep(self, change: str) -> Working:
        return keep(
            self.catalog.ground,
            self.key,
            self.text,
            author=self.author,
            change=change,
            based_on=self.based_on,
            receipt_id=self.receipt_id,
            program_id=self.layer,
        )


def _needs(editing: Editing) -> Iterator[Need]:
    trial = editing.trial
    if trial is None:
        return
    reading, told = trial.reading, trial.explanation
    if told.outcome != "taken":
        yield Need(f"match.{told.outcome}", "retailer")
    if editing.template and reading.language != editing.template.language:
        yield Need("language", detail=reading.language)
    for reason in trial.verdict.reasons:
        yield Need(f"reason.{reason.code}", reason.field, reason.detail)
