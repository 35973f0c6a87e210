"""A receipt's points as members are told of them, with the rule and the lines behind each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from console.html import link, tag
from console.picture import Mark
from console.read_values import mark_button
from console.rule_sentences import rule_names
from console.template_names import template_name, version_address
from console.visit import Visit
from preuve.intake.explanation import Because, Evidence, Explanation
from preuve.reading.result import Place


def marks_of_evidence(explanation: Explanation, marks: Sequence[Mark]) -> Iterator[Mark]:
    """A box for each line that no box of `marks` stands on: it was judged by an earlier reading."""
    taken = {mark.place for mark in marks}
    for because, evidence in _evidence(explanation):
        if evidence.place and evidence.place not in taken:
            taken.add(evidence.place)
            yield Mark(_own_key(because, evidence), evidence.place, evidence.text, "item")


def draw_explanation(
    visit: Visit, explanation: Explanation, marks: Sequence[Mark], currency: str | None
) -> None:
    """`marks` are the boxes on the picture, those of `marks_of_evidence` among them."""
    keys = {mark.place: mark.key for mark in reversed(marks)}
    with tag("ul", classes="explained"):
        for sentence in explanation.sentences:
            with tag("li"):
                tag("p", sentence.text)
                for because in sentence.because:
                    _because(visit, because, explanation.receipt_id)
                    for evidence in because.evidence:
                        _line(visit, evidence, keys, currency)
        for grant in explanation.grants:
            tag("li", grant)


def _because(visit: Visit, because: Because, receipt_id: str) -> None:
    """The rule and the versions; an entry without them says what the ledger says of it."""
    t, version = visit.t, because.program_version
    with tag("p", classes="because quiet small"):
        tag("span", rule_names(visit.program).get(because.rule, because.rule))
        if version is None:
            tag("span", t.told(because.why))
        else:
            of, told = {}, t("receipt.program_installed")
            if version.isdecimal():
                of = {"view": "versions", "of": version}
                told = t("receipt.program_version", version=version)
            link(told, visit.link("/programs", **of))
        if because.template:
            version = because.template_version
            target = version_address(visit, because.template, version, receipt_id)
            name = template_name(t, because.template, because.template)
            link(f"{name} {t('receipt.version', version=version)}", target)


def _line(visit: Visit, evidence: Evidence, keys: dict[Place, str], currency: str | None) -> None:
    t = visit.t
    text = t("receipt.value.total") if evidence.line is None else evidence.text
    with tag("div", classes="because"):
        key = keys.get(evidence.place, "") if evidence.place else ""
        mark_button(text, key, evidence.place)
        tag("span", t.money(Decimal(evidence.amount), currency), "quiet")


def _evidence(explanation: Explanation) -> Iterator[tuple[Because, Evidence]]:
    for sentence in explanation.sentences:
        for because in sentence.because:
            for evidence in because.evidence:
                yield because, evidence


def _own_key(because: Because, evidence: Evidence) -> str:
    return f"entry-{because.entry_id}-{'total' if evidence.line is None else evidence.line}"
