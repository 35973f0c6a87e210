"""Warnings about templates that load: what will match badly or contradict itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from preuve.messages import Message, say
from preuve.reading.template.codes import described
from preuve.reading.template.fold import number_shape, words
from preuve.reading.template.load import Templates
from preuve.reading.template.model import Recognize, Role, Template
from preuve.reading.template.source import Route, Source, TemplateError

SHORTEST_NAME = 4

RIVALS = (
    frozenset(
        {
            Role.TOTAL,
            Role.WEAK_TOTAL,
            Role.SUBTOTAL,
            Role.NET_TOTAL,
            Role.TAX,
            Role.ROUNDING,
            Role.DISCOUNT,
            Role.DEPOSIT,
            Role.REFUND,
            Role.FEE,
            Role.CASH,
            Role.CARD,
            Role.MEAL_VOUCHER,
            Role.GIFT_CARD,
            Role.CHECK,
            Role.OTHER_TENDER,
            Role.CHANGE,
            Role.ITEM_COUNT,
            Role.SAVINGS,
            Role.IGNORE,
        }
    ),
    frozenset({Role.DATE, Role.OTHER_DATE}),
)
"""Roles that cannot both be right for one value: a phrase may stand under one of each group."""


def lint(templates: Templates) -> list[TemplateError]:
    """Every warning, by file and line. A warning keeps no template from being used."""
    warnings: list[TemplateError] = []
    for key, source in templates.sources.items():
        template = templates.get(key)
        if template is None:
            continue
        warnings += [
            TemplateError(source.mark(route), message) for route, message in _file_name(key, source)
        ]
        warnings += weaknesses(template, source, retailer=key in templates.retailers)
    return sorted(warnings + list(_shared(templates)))


def weaknesses(template: Template, source: Source, *, retailer: bool) -> list[TemplateError]:
    """The warnings about one template that can be seen without the others."""
    found = [*_two_roles(template, source), *_uncoded(template), *_never_chosen(template)]
    if retailer:
        found += [*_weak_names(template.recognize), *_twice(template.recognize)]
    return [TemplateError(source.mark(route), message) for route, message in found]


def _file_name(key: str, source: Source) -> Iterator[tuple[Route, Message]]:
    expected = key.replace(".", "/") + ".yaml"
    if not source.file.endswith("/" + expected):
        yield ("template",), say("{key} is expected in a file {file}", key=key, file=expected)


def _never_chosen(template: Template) -> Iterator[tuple[Route, Message]]:
    for name, layout in template.layouts.items():
        known_by = layout.recognize
        if not (known_by.words or known_by.patterns or known_by.codes):
            yield (
                ("layouts", name),
                say("nothing tells the layout {name}: give it words that it prints", name=name),
            )


def _uncoded(template: Template) -> Iterator[tuple[Route, Message]]:
    fields = template.fields.values()
    if template.kind == "packaging" and not any(f.codes and f.required for f in fields):
        yield (
            ("kind",),
            say("a packet is told from another by its code: add a required field with codes"),
        )


def _weak_names(recognize: Recognize) -> Iterator[tuple[Route, Message]]:
    others = (recognize.siren, recognize.vat, recognize.domains, recognize.legal)
    if any(others) or recognize.patterns or recognize.words or recognize.codes:
        return
    if not recognize.names:
        yield ("recognize",), say("nothing tells this retailer: add names")
    elif all(len("".join(words(name))) < SHORTEST_NAME for name in recognize.names):
        route: Route = ("recognize", "names")
        yield (
            route,
            say(
                "names of fewer than {n} letters match only alone at the very top: "
                "add a legal name, a number or a domain",
                n=SHORTEST_NAME,
            ),
        )


def _twice(recognize: Recognize) -> Iterator[tuple[Route, Message]]:
    seen: dict[str, str] = {}
    for kind in ("names", "legal"):
        for number, phrase in enumerate(getattr(recognize, kind)):
            form = "".join(words(phrase))
            if form in seen:
                told = say(
                    '"{phrase}" is read like "{other}": remove one', phrase=phrase, other=seen[form]
                )
                yield ("recognize", kind, number), told
            seen[form] = phrase


def _two_roles(template: Template, source: Source) -> Iterator[tuple[Route, Message]]:
    """Phrases that this file puts under one role while a rival role has them too."""
    own = {role: listed for role in template.labels if (listed := _own_phrases(source, role))}
    if not own:
        return
    roles: dict[str, set[Role]] = defaultdict(set)
    for role, phrases in template.labels.items():
        for phrase in phrases:
            roles[" ".join(words(phrase))].add(role)
    told: set[str] = set()
    for role, listed in own.items():
        for number, phrase in enumerate(listed):
            form = " ".join(words(phrase))
            for group in RIVALS:
                rivals = sorted(roles[form] & group - {role}) if role in group else []
                if rivals and form not in told:
                    told.add(form)
                    message = say(
                        '"{phrase}" stands under {role} and {rivals}',
                        phrase=phrase,
                        role=role,
                        rivals=", ".join(rivals),
                    )
                    yield ("labels", role, number), message


def _own_phrases(source: Source, role: Role) -> list[str]:
    labels = source.data.get("labels")
    phrases = labels.get(role) if isinstance(labels, dict) else None
    return phrases if isinstance(phrases, list) else []


def _shared(templates: Templates) -> Iterator[TemplateError]:
    """What two retailers both claim: every match by it alone would be ambiguous."""
    claims: dict[tuple[str, ...], list[tuple[str, Route, str]]] = defaultdict(list)
    for key, template in templates.retailers.items():
        for claim, route, phrase in _claims(template):
            claims[claim].append((key, route, phrase))
    for claim, claimants in claims.items():
        for key, route, phrase in claimants:
            others = [
                f"{other} ({mark.file}:{mark.line})"
                for other, place, _ in claimants
                if other != key and (mark := templates.sources[other].mark(place))
            ]
            if others:
                mark = templates.sources[key].mark(route)
                message = say(
                    '{kind} "{phrase}" is also claimed by {others}: '
                    "where nothing else tells them apart, a person decides",
                    kind=claim[0],
                    phrase=phrase,
                    others=", ".join(sorted(set(others))),
                )
                yield TemplateError(mark, message)


def _claims(template: Template) -> Iterator[tuple[tuple[str, ...], Route, str]]:
    recognize = template.recognize
    country = template.country or ""
    for number, name in enumerate(recognize.names):
        yield ("name", country, "".join(words(name))), ("recognize", "names", number), name
    for number, domain in enumerate(recognize.domains):
        yield ("domain", domain.lower()), ("recognize", "domains", number), domain
    for number, code in enumerate(recognize.codes):
        yield ("code", described(code)), ("recognize", "codes", number), described(code)
    for register in ("siren", "vat"):
        for number, identifier in enumerate(getattr(recognize, register)):
            route: Route = ("recognize", register, number, "number")
            yield (register, number_shape(identifier.number)), route, identifier.number
