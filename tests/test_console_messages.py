"""What the rooms tell of mistakes, said in French: nothing missing, nothing left over."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml

from console.words import Words
from preuve.loyalty.programs.versions import Refused, checked
from preuve.messages import FORMS, say
from preuve.reading.extract.identifiers import IdentifierKind
from preuve.reading.template.fields import Direction
from preuve.reading.template.index import Kind
from preuve.reading.template.model import Template
from preuve.reading.template.trying import Desk
from tests.paper import stock

ROOT = Path(__file__).parent.parent
FRENCH = yaml.safe_load((ROOT / "console/messages/fr.yaml").read_text("utf-8"))
ENGLISH = re.compile(
    r"\b(the|is|are|must|not|of|here|write|with|give|known|missing|this|that|did|you|and|or|than)\b"
)
T = Words("fr")

HEAD = "template: fr.shop\nname: Shop\nextends: base.fr\n"
TEMPLATES = (
    "lables: {total: [net]}",
    "labels: {totl: [net]}",
    "country: france",
    "zones: {total: {left: far, topp: 1}}",
    "zones: {total: {left: 2}}",
    "labels: {total: net}",
    "recognize: {siren: [{number: 451321336, source: x}], vat: [{number: FR12451321335}]}",
    "recognize: {patterns: ['(a', '(?=b)', '*a', 'a**', '[a']}",
    "row_patterns: ['{price}', '{amount} {amount}', '{quantity}', '{quantity} {unit_price} {unit}"
    " {description}']",
    "dates: {forms: ['{day}']}",
    "labels: {total: [~inconnu]}",
    "fields: {serial: {type: cod}}",
    "fields: {Serial: {labels: [x]}}",
    "fields: {a: {type: yes_no}, b: {direction: below, pattern: x}, c: {type: date, labels: [x],"
    " checks: {min: demain}}, d: {labels: [x], checks: {min: 3, not_in_future: yes}}}",
    "samples: [{file: a.jpg, expect: {serail: 1}}]",
    "labels: {total: [a]\nname: twice",
    "labels:\n\t- a",
    "name: twice",
    "labels: &a {total: [x]}",
    "labels: !!set {}",
    "notes: a: b",
    'notes: "a',
    "labels: [a, b",
    "labels: [",
    'name: "a\\q"',
    "notes: - a",
    "notes: |x",
    "a: [b]]",
    "a: & b",
    "a:\n\tb: c",
    "a: 'b\nc: d",
    "notes\n",
    "  indented: x",
    "extends_: {a: 1}",
)
PROGRAMS = (
    "",
    "a: b: c",
    "earn: 3",
    "erne: []",
    "timezone: Paris",
    "earn:\n  - {rule: A B, name: X, effect: {kind: fixed, points: 1}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixd, points: 1}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: -1}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: two}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: per_item, points: 1}}",
    "earn:\n  - {rule: a, name: X}\n  - {rule: a, name: Y, trigger: nth_receipt, nth: {number: 0}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: 1}, campaign: noel,"
    " window: {starts_on: 2026-05-02, ends_on: 2026-05-01, hours: ['10-12']}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: 1}, condition:"
    " {when: recept.total > 1, items: {lists: [lindt]}}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: 1}, condition:"
    " {when: receipt.total >}}",
    "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: 1}, condition:"
    " {when: receipt.total / 0 > 1}}",
    *(
        "earn:\n  - {rule: a, name: X, effect: {kind: fixed, points: 1}, condition: {when: "
        f'"{condition}"' + "}}"
        for condition in (
            "receipt.total > 3 and true",
            "receipt.total > 3)",
            "(receipt.total > 3",
            "if receipt.total > 3",
            "receipt.total > 99999999999999999999",
            "receipt.total > 'a'",
            "receipt.retailer.startsWith(3)",
            "receipt.total",
        )
    ),
    "products: {a: {}, b: {gtins: [3046920028005], words: ['!']}}",
)


def forms() -> set[str]:
    """Every form that the code says."""
    found = {*FORMS.values(), *get_args(Kind), *get_args(IdentifierKind), *get_args(Direction)}
    for path in (*(ROOT / "preuve").rglob("*.py"), ROOT / "worker/tasks.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            said = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if said == "say":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
            if said in ("say", "Evidence", "About") and isinstance(
                getattr(node.args[0], "value", 0), str
            ):
                found.add(node.args[0].value)
    return found


def names(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


def test_each_form_has_its_french_and_no_french_is_left_over() -> None:
    assert set(FRENCH) == forms()
    assert [form for form, french in FRENCH.items() if not names(french) <= names(form)] == []


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_mistake_in_a_template_is_told_in_french(text: str) -> None:
    wrong = Desk(stock()).compile(HEAD + text, "fr.shop")
    assert not isinstance(wrong, Template)
    for error in wrong:
        in_french(error.message)


@pytest.mark.parametrize("rest", PROGRAMS)
def test_a_mistake_in_a_program_is_told_in_french(rest: str) -> None:
    zone = "" if "timezone" in rest else "timezone: Europe/Paris\n"
    wrong = checked("club", f"program: club\nname: Club\n{zone}{rest}\n" if rest else "", 1)
    assert isinstance(wrong, Refused)
    for told in (wrong.why, wrong.remedy, *(error.message for error in wrong.errors)):
        in_french(told)


def in_french(message: str) -> None:
    told = T.told(message)
    assert told != message
    # What the author wrote stands in quotes; keys of the language are words of English.
    own = re.sub(r"« [^»]* »|`[^`]*`|\{[^}]*\}|\[[^\]]*\]", "", told)
    assert not ENGLISH.search(own), told


@pytest.mark.parametrize("odd", ["", "'\"(", "a; b", "2026-99-99"])
def test_a_text_out_of_a_table_is_told_whatever_stands_in_it(odd: str) -> None:
    for form in FRENCH:
        values = dict.fromkeys(names(form), odd)
        text = re.sub(r"\{(\w+)[^}]*\}", "{\\1}", form).format(**values)
        assert isinstance(T.told(text), str)


def test_a_message_is_its_english_text_and_survives_a_process() -> None:
    inner = say('; did you mean "{word}"?', word="total")
    message = say('unknown key "{name}"{hint}', name="{totl}", hint=inner)
    assert message == 'unknown key "{totl}"; did you mean "total"?'
    again = pickle.loads(pickle.dumps(message))
    assert again == message
    assert T.told(again) == "clé inconnue « {totl} » ; vouliez-vous dire « total » ?"
    assert T.told("no message") == "no message"
