"""A template's text that nobody published yet: checked as the others are, and tried on documents.

Quick enough to be asked at every change: nothing but the text itself is read anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from preuve.reading.extract.zones import Region
from preuve.reading.page import Box, Pages
from preuve.reading.pipeline import understand_as
from preuve.reading.result import Context, Place, Reading, Verdict
from preuve.reading.template.drafting.trial import beside, seen_as
from preuve.reading.template.explain import Explanation, explain
from preuve.reading.template.fields import Zone
from preuve.reading.template.inherit import inheritable, merge
from preuve.reading.template.lint import weaknesses
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Match, match
from preuve.reading.template.model import Template
from preuve.reading.template.resolve import no_such_parent, other_key
from preuve.reading.template.source import TemplateError, parse_source
from preuve.reading.template.validate import validate

_NOWHERE = Place(1, Box(0, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class Trial:
    """What a template makes of one document: whether it would be taken for it, and what it reads
    there, taken or not."""

    explanation: Explanation
    reading: Reading
    verdict: Verdict

    @property
    def taken(self) -> bool:
        return self.explanation.outcome == "taken"


@dataclass
class Desk:
    """The templates in force, and beside them one text at a time that is being written."""

    templates: Templates
    _inherited: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    def compile(self, text: str, key: str) -> Template | tuple[TemplateError, ...]:
        """The template that the text is, with all that it inherits; or all that is wrong."""
        source = parse_source(text.encode(errors="replace"), key)
        if isinstance(source, TemplateError):
            return (source,)
        parent = source.data.get("extends")
        if parent is not None and (parent == key or not self._known(parent)):
            message = no_such_parent(str(parent), self.templates.parents)
            return (TemplateError(source.mark(("extends",)), message),)
        errors = validate(source, self.inherited(parent))
        if source.data.get("template") != key and not errors:
            message = other_key(str(source.data.get("template")), key)
            errors = [TemplateError(source.mark(("template",)), message)]
        if errors:
            return tuple(errors)
        return Template.model_validate(merge(self.inherited(parent), source.data))

    def weaknesses(self, text: str, template: Template) -> tuple[TemplateError, ...]:
        """What will match badly or contradict itself in a text that compiles to this template."""
        source = parse_source(text.encode(errors="replace"), template.template)
        if isinstance(source, TemplateError):
            return ()
        retailer = template.template not in self.templates.bases
        return tuple(weaknesses(template, source, retailer=retailer))

    def inherited(self, parent: str | None) -> dict[str, Any]:
        """The data that a template which extends `parent` starts from; none without one."""
        if parent is None:
            return {}
        known = self._inherited.get(parent)
        if known is None:
            own = self.templates.sources[parent].data
            known = inheritable(merge(self.inherited(own.get("extends")), own))
            self._inherited[parent] = known
        return known

    def parent(self, data: dict[str, Any]) -> Template | None:
        """The template that a text's data extends; None without one that there is."""
        key = data.get("extends")
        return self.templates.get(key) if isinstance(key, str) and self._known(key) else None

    def with_template(self, template: Template) -> Templates:
        """The templates as they would be with this one published."""
        return beside(self.templates, template)

    def try_on(self, pages: Pages, template: Template, context: Context) -> Trial:
        templates = self.with_template(template)
        told = explain(pages, templates, template.template, context.country)
        found = match(pages, templates, context.country)
        if not isinstance(found, Match) or found.template.template != template.template:
            found = Match(template, 1.0, (), _NOWHERE)
        return Trial(told, *understand_as(pages, found, templates, context))

    def zones(self, pages: Pages, template: Template) -> dict[str, tuple[Place, ...]]:
        """Where a template's zones lie on a document, by the field: `total`, `fields.serial`."""
        zones: dict[str, Zone] = {str(name): zone for name, zone in template.zones.items()}
        own = template.fields.items()
        zones |= {f"fields.{name}": field.zone for name, field in own if field.zone}
        if not zones:
            return {}
        lines = seen_as(pages, template).lines
        return {name: Region(lines, pages, zone).places() for name, zone in zones.items()}

    def _known(self, key: object) -> bool:
        return isinstance(key, str) and key in self.templates.parents
