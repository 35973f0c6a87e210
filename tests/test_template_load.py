"""Template files: what loads, what is inherited, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.reading.template.lint import lint
from preuve.reading.template.load import (
    TemplatesInvalidError,
    check,
    load_templates,
)
from preuve.reading.template.model import Role
from preuve.reading.template.source import MAX_BYTES

BASE = """\
template: base.fr
name: French
language: fr
vocabulary: [merci, ticket]
countries:
  FR: {currency: EUR, words: [france], tax_rates: [20, 5.5]}
numbers: {decimal: [","], group: [" "]}
labels:
  total: [total, net a payer]
  card: [cb, carte]
recognize:
  not: [rue]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "base/fr.yaml", BASE)
    return tmp_path


def put(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def shop(body: str = "", key: str = "fr.shop", extends: str = "base.fr") -> str:
    return f"template: {key}\nname: Shop\nextends: {extends}\n{body}"


def errors(folder: Path) -> list[str]:
    return [str(error).removeprefix(f"{folder.name}/") for error in check(folder)]


def test_lists_add_up_mappings_merge_scalars_replace(folder: Path) -> None:
    put(
        folder,
        "fr/shop.yaml",
        shop(
            "language: co\n"
            "labels:\n  total: [montant final]\n  cash: [especes]\n"
            "countries:\n  FR: {tax_rates: [20], words: [corse]}\n"
            "numbers: {decimal: ['.', ',']}\n"
        ),
    )
    made = load_templates(folder).get("fr.shop")
    assert made is not None
    assert made.language == "co"
    assert made.labels[Role.TOTAL] == ("montant final", "total", "net a payer")
    assert made.labels[Role.CARD] == ("cb", "carte")
    assert made.labels[Role.CASH] == ("especes",)
    assert made.countries["FR"].currency == "EUR"
    assert made.countries["FR"].words == ("corse", "france")
    assert made.countries["FR"].tax_rates == (20.0,)
    assert made.numbers.decimal == (".", ",")
    assert made.numbers.group == (" ",)
    assert made.vocabulary == ("merci", "ticket")


def test_a_tilde_strikes_an_inherited_phrase(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop("labels:\n  total: [~total]\n"))
    made = load_templates(folder).get("fr.shop")
    assert made is not None
    assert made.labels[Role.TOTAL] == ("net a payer",)


def test_a_strike_of_nothing_is_told(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop("labels:\n  total: [~net à payer]\n"))
    assert errors(folder) == [
        'fr/shop.yaml:5:11: "~net à payer" strikes nothing: no such phrase is inherited; '
        'did you mean "net a payer"?'
    ]


def test_recognition_is_each_templates_own_but_for_the_negatives(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop("recognize: {names: [Alpha], not: [carte alpha]}\n"))
    put(
        folder,
        "fr/city.yaml",
        shop("recognize: {names: [Alpha City]}\n", "fr.city", "fr.shop"),
    )
    city = load_templates(folder).retailers["fr.city"]
    assert city.recognize.names == ("Alpha City",)
    assert city.recognize.not_words == ("carte alpha", "rue")


def test_a_rule_names_the_file_and_line_of_its_phrase(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop("labels:\n  total:\n    - montant final\n"))
    templates = load_templates(folder)
    own = templates.rule("fr.shop", "labels.total", "montant final")
    assert own == f'{folder.name}/fr/shop.yaml:6 labels.total "montant final"'
    inherited = templates.rule("fr.shop", "labels.total", "net a payer")
    assert inherited == f'{folder.name}/base/fr.yaml:9 labels.total "net a payer"'
    assert templates.origin("fr.shop", "numbers.decimal") == f"{folder.name}/base/fr.yaml:7"


def test_a_later_folder_replaces_a_template(folder: Path, tmp_path: Path) -> None:
    put(folder, "fr/shop.yaml", shop())
    put(tmp_path / "mine", "fr/shop.yaml", shop().replace("Shop", "My shop"))
    stock = tmp_path / "stock"
    stock.mkdir()
    (folder / "base").rename(stock / "base")
    (folder / "fr").rename(stock / "fr")
    made = load_templates(stock, tmp_path / "mine").get("fr.shop")
    assert made is not None
    assert made.name == "My shop"


def test_words_mean_themselves_without_quotes(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop("version: 1.0\nlabels:\n  other_date: [no, on, 12:30, 007]\n"))
    made = load_templates(folder).get("fr.shop")
    assert made is not None
    assert made.labels[Role.OTHER_DATE] == ("no", "on", "12:30", "007")
    assert made.version == "1.0"


def test_a_base_that_cannot_be_read_is_told_without_those_that_extend_it(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop())
    put(folder, "base/fr.yaml", "template: base.fr\n<<<<<<<\n")

    assert [error.partition(":")[0] for error in errors(folder)] == ["base/fr.yaml"]
    with pytest.raises(TemplatesInvalidError, match=r"base/fr\.yaml") as raised:
        load_templates(folder)
    assert "no such template" not in str(raised.value)


def test_every_error_comes_at_once_with_its_place(folder: Path) -> None:
    put(
        folder,
        "fr/shop.yaml",
        shop(
            "lables: {}\n"
            "labels:\n  totl: [somme]\n"
            "country: france\n"
            "zones:\n  total: {topp: 0.5, left: far}\n"
            "recognize:\n"
            "  siren:\n    - number: '451321336'\n      source: a register\n"
            "    - number: '451321335'\n"
            "  vat:\n    - {number: FR12451321335, source: a register}\n"
            "  patterns: ['(a', '(?=b)']\n"
            "row_patterns: ['{quantite} x {unit_price}']\n"
        ),
    )
    put(folder, "fr/other.yaml", shop("extends_: x\n", "fr.other", "base.fre"))
    assert errors(folder) == [
        'fr/other.yaml:3:10: extends "base.fre": no such template; did you mean "base.fr"?',
        'fr/other.yaml:4:1: unknown key "extends_"; did you mean "extends"?',
        'fr/shop.yaml:4:1: unknown key "lables"; did you mean "labels"?',
        'fr/shop.yaml:6:3: labels.totl: "totl" is not known; did you mean "total"?',
        'fr/shop.yaml:7:10: country: "france" has not the form FR: two capitals (ISO 3166-1)',
        'fr/shop.yaml:9:11: unknown key "zones.total.topp"; did you mean "top"?',
        'fr/shop.yaml:9:28: zones.total.left: must be a number, not "far"',
        "fr/shop.yaml:12:15: SIREN 451321336 fails its checksum: nine digits, the last one a "
        "Luhn check digit",
        "fr/shop.yaml:14:7: recognize.siren.1.source is missing: say where the number was read "
        "(an address or a title)",
        "fr/shop.yaml:16:16: VAT FR12451321335 fails the checksum of FR",
        'fr/shop.yaml:17:14: pattern "(a" is not understood: a ( is not closed at (a',
        'fr/shop.yaml:17:20: pattern "(?=b)" is not understood: looking ahead or behind, which is '
        "not allowed at (?=",
        "fr/shop.yaml:18:16: row_patterns: {quantite} is not a field of a row; "
        "there are {quantity}, {unit_price}, {unit}, {description}, {amount}, {vat_code}, "
        "{product_code}",
    ]
    with pytest.raises(TemplatesInvalidError) as raised:
        load_templates(folder)
    assert len(raised.value.errors) == 13


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: a template is a list of keys: start with `template: …`"),
        ("- a\n", "1:1: a template is a list of keys: start with `template: …`"),
        ("template: [\n", "2:1: something is missing here, or a bracket is one too many"),
        (
            "template: fr.a\nname: &x A\nnotes: *x\n",
            "2:7: anchors and aliases (& and *) are not allowed: write it out, or quote it",
        ),
        (
            "template: fr.a\nnotes: *x\n",
            "2:8: anchors and aliases (& and *) are not allowed: write it out, or quote it",
        ),
        (
            "template: !!python/name:os.system x\n",
            "1:11: tags (tag:yaml.org,2002:python/name:os.system) are not allowed: "
            'put the text in "quotes"',
        ),
        (
            "template: fr.a\nname: A\nname: B\n",
            '3:1: "name" stands here twice, first on line 2',
        ),
        ("template: fr.a\nname: A\n---\n", "3:1: one template a file: remove what follows `---`"),
        ("name: A\n", "1:1: template is missing: its key"),
        ("template: fr.a\n? [x]\n: y\n", "2:3: a key must be a word"),
        ("notes: " + "[" * 40 + "]" * 40, "1:23: nested more than 16 levels deep"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(folder: Path, text: str, told: str) -> None:
    put(folder, "fr/shop.yaml", text)
    assert errors(folder) == [f"fr/shop.yaml:{told}"]


def test_a_file_of_one_byte_too_many_is_refused(folder: Path) -> None:
    fitting = shop("notes: ")
    put(folder, "fr/shop.yaml", fitting + "x" * (MAX_BYTES - len(fitting)))
    assert errors(folder) == []
    put(folder, "fr/shop.yaml", fitting + "x" * (MAX_BYTES - len(fitting) + 1))
    assert errors(folder) == [
        f"fr/shop.yaml:1:1: the file has 65537 bytes, more than {MAX_BYTES}: split it"
    ]


def test_bytes_that_are_no_utf8_are_told_with_their_line(folder: Path) -> None:
    (folder / "latin.yaml").write_bytes("template: fr.a\nname: Café\n".encode("latin-1"))
    assert errors(folder) == ["latin.yaml:2:1: this line is not UTF-8: save the file as UTF-8"]


def test_a_circle_of_extends_is_told_once(folder: Path) -> None:
    put(folder, "fr/a.yaml", shop("", "fr.a", "fr.b"))
    put(folder, "fr/b.yaml", shop("", "fr.b", "fr.c"))
    put(folder, "fr/c.yaml", shop("", "fr.c", "fr.a"))
    assert errors(folder) == ["fr/c.yaml:3:10: extends runs in a circle: fr.a → fr.b → fr.c → fr.a"]


def test_two_files_of_one_key_are_told(folder: Path) -> None:
    put(folder, "fr/a.yaml", shop())
    put(folder, "fr/b.yaml", shop())
    assert errors(folder) == [
        f"fr/b.yaml:1:11: fr.shop is also in {folder.name}/fr/a.yaml: rename one"
    ]


def test_a_mistake_in_a_parent_is_told_once(folder: Path) -> None:
    put(folder, "base/fr.yaml", BASE + "oops: 1\n")
    put(folder, "fr/shop.yaml", shop("labels:\n  total: [somme]\n"))
    assert [error.split(" ")[1:3] for error in errors(folder)] == [["unknown", "key"]]


def test_no_such_folder(tmp_path: Path) -> None:
    assert [error.message for error in check(tmp_path / "none")] == ["there is no such folder"]


def test_two_templates_with_one_number_are_told_with_both_places(folder: Path) -> None:
    siren = "recognize:\n  siren: [{number: '732 829 320', source: test}]\n"
    put(folder, "fr/shop.yaml", shop(siren))
    put(folder, "fr/rival.yaml", shop(siren.replace(" 829 ", "829"), "fr.rival"))
    told = [str(w).replace(f"{folder.name}/", "") for w in lint(load_templates(folder))]
    assert [one.partition(": where")[0] for one in told] == [
        'fr/rival.yaml:5:20: siren "732829320" is also claimed by fr.shop (fr/shop.yaml:5)',
        'fr/shop.yaml:5:20: siren "732 829 320" is also claimed by fr.rival (fr/rival.yaml:5)',
    ]


def test_lint_warns_of_what_loads_and_will_not_match_well(folder: Path) -> None:
    put(folder, "fr/shop.yaml", shop("country: FR\nrecognize: {names: [Alpha, ALPHA]}\n"))
    put(
        folder,
        "fr/b.yaml",
        shop("country: FR\nrecognize: {names: [alpha]}\n", "fr.rival")
        + "labels:\n  cash: [carte]\n",
    )
    put(folder, "fr/u.yaml", shop("recognize: {names: [U]}\n", "fr.u"))
    put(folder, "fr/mute.yaml", shop("", "fr.mute"))
    told = [str(w).replace(f"{folder.name}/", "") for w in lint(load_templates(folder))]
    doubt = "where nothing else tells them apart, a person decides"
    assert told == [
        "fr/b.yaml:1:11: fr.rival is expected in a file fr/rival.yaml",
        f'fr/b.yaml:5:21: name "alpha" is also claimed by fr.shop (fr/shop.yaml:5): {doubt}',
        'fr/b.yaml:7:10: "carte" stands under cash and card',
        "fr/mute.yaml:1:1: nothing tells this retailer: add names",
        f'fr/shop.yaml:5:21: name "Alpha" is also claimed by fr.rival (fr/b.yaml:5): {doubt}',
        'fr/shop.yaml:5:28: "ALPHA" is read like "Alpha": remove one',
        f'fr/shop.yaml:5:28: name "ALPHA" is also claimed by fr.rival (fr/b.yaml:5): {doubt}',
        "fr/u.yaml:4:20: names of fewer than 4 letters match only alone at the very top: "
        "add a legal name, a number or a domain",
    ]
