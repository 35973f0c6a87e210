"""A template's own fields, directions, zones and layouts, read from typed papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from preuve.reading.page import Box, Code, Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Field, Reading, Verdict
from preuve.reading.template.load import Templates, check, load_templates
from preuve.reasons import ReasonCode
from tests.paper import RECEIVED, ROOT, paper

CARD = """\
template: fr.orvelle
name: Orvelle
extends: base.fr
country: FR
kind: warranty_card
recognize:
  names: [Orvelle Electro]
labels:
  date: [acheté le]
fields:
  serial_number:
    title: Numéro de série
    type: code
    labels: [N° de série]
    codes: [{format: Code128, pattern: "^OE"}]
    pattern: "OE[0-9]{10}"
    checks: {checksum: luhn}
    required: yes
    unique: yes
  model: {labels: [Modèle], direction: below, checks: {one_of: [LV-450, LV-600]}}
  ends_on: {type: date, labels: [Garantie jusqu'au], checks: {min: 2026-01-01}}
  power: {type: number, labels: [Puissance], direction: right, checks: {max: 3000}}
  extended: {type: yes_no, labels: [Extension], yes: [oui], no: [non]}
  place: {zone: {below: [Votre magasin], above: [Conditions]}}
"""

PRINTED = """
# ORVELLE ELECTRO
 CERTIFICAT DE GARANTIE
 Modele              Couleur
 LV-450              Blanc
 No serie  OE24 0081 7738
 N de serie : 0E24 0081 7736
 Achete le 12/11/2026 a 10:30
 Garantie jusqu'au 12/11/2028
 Puissance : 1850 W      prix 129,00
 Extension NON
 Votre magasin
 ORMELUNE CENTRE
 Conditions au dos
"""


def loaded(folder: Path, *templates: str) -> Templates:
    (folder / "base").mkdir(exist_ok=True)
    (folder / "base/fr.yaml").write_text((ROOT / "templates/base/fr.yaml").read_text("utf-8"))
    for number, text in enumerate(templates):
        (folder / f"{number}.yaml").write_text(text, "utf-8")
    return load_templates(folder)


def read(pages: Pages, templates: Templates) -> tuple[Reading, Verdict]:
    reading, verdict = understand(pages, templates, Context(received_on=RECEIVED))
    stored = TypeAdapter(Reading)
    assert stored.validate_json(stored.dump_json(reading)) == reading
    assert understand(pages, templates, Context(received_on=RECEIVED)) == (reading, verdict)
    return reading, verdict


def field(reading: Reading, name: str) -> Field:
    return next(one for one in reading.fields if one.name == name)


def values(reading: Reading) -> dict[str, Any]:
    return {one.name: one.value.value if one.value else None for one in reading.fields}


def with_code(pages: Pages, format_: str, text: str) -> Pages:
    return (replace(pages[0], codes=(Code(format_, text, Box(10, 300, 200, 340)),)),)


def test_a_warranty_card_is_read_checked_and_trusted(tmp_path: Path) -> None:
    reading, verdict = read(paper(PRINTED), loaded(tmp_path, CARD))
    assert values(reading) == {
        "serial_number": "OE2400817736",
        "model": "LV-450",
        "ends_on": "2028-11-12",
        "power": "1850",
        "extended": "no",
        "place": "ORMELUNE CENTRE",
    }
    assert reading.kind == "warranty_card"
    assert reading.purchased_on is not None
    assert reading.purchased_on.value.isoformat() == "2026-11-12"
    assert (reading.total, reading.items, reading.tenders) == (None, (), ())
    assert all(one.valid for one in reading.fields)
    assert verdict.status == "trusted", verdict.reasons
    serial = field(reading, "serial_number").value
    assert serial is not None
    assert serial.rule == 'fr.orvelle: fields.serial_number.labels "N° de série" right'
    assert serial.raw_text == "0E24 0081 7736"
    assert serial.place is not None
    assert serial.place.box.top == 5 * 30


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("N de serie : 0E24 0081 7736", "", ReasonCode.FIELD_MISSING),
        ("0081 7736", "0081 7734", ReasonCode.FIELD_INVALID),
        ("Achete le 12/11/2026 a 10:30", "", ReasonCode.DATE_UNCERTAIN),
    ],
)
def test_what_the_card_must_have_and_has_not_is_told(
    tmp_path: Path, before: str, after: str, code: ReasonCode
) -> None:
    assert before in PRINTED
    _, verdict = read(paper(PRINTED.replace(before, after)), loaded(tmp_path, CARD))
    assert verdict.status == "doubtful"
    assert code in [reason.code for reason in verdict.reasons]


def test_a_value_beyond_its_limits_is_told_and_not_exchanged_for_its_neighbor(
    tmp_path: Path,
) -> None:
    pages = paper(PRINTED.replace("1850 W ", "12 450 W"))
    power = field(read(pages, loaded(tmp_path, CARD))[0], "power")
    assert power.value is not None
    assert (power.value.value, power.valid) == ("12450", False)
    assert power.checks[0].detail == "12450 against 3000"


def test_a_barcode_goes_before_the_print_and_keeps_it_as_rejected(tmp_path: Path) -> None:
    pages = with_code(paper(PRINTED), "Code128", "OE2400817744")
    serial = field(read(pages, loaded(tmp_path, CARD))[0], "serial_number").value
    assert serial is not None
    assert serial.value == "OE2400817744"
    assert serial.rule == "fr.orvelle: fields.serial_number.codes Code128"
    assert [other.text for other in serial.rejected] == ["OE2400817736"]


def test_a_barcode_that_agrees_makes_the_print_surer(tmp_path: Path) -> None:
    templates = loaded(tmp_path, CARD)
    alone = field(read(paper(PRINTED), templates)[0], "serial_number").value
    pages = with_code(paper(PRINTED), "Code128", "OE2400817736")
    both = field(read(pages, templates)[0], "serial_number").value
    assert alone is not None
    assert both is not None
    assert alone.confidence < both.confidence


def test_a_code_alone_tells_whose_packet_it_is(tmp_path: Path) -> None:
    packet = """\
template: fr.brisel
name: Brisel
extends: base.fr
kind: packaging
recognize:
  codes: [{format: EAN13, pattern: "^2101"}]
fields:
  gtin: {type: code, codes: [{format: EAN13}], checks: {checksum: gtin}, required: yes}
"""
    templates = loaded(tmp_path, packet)
    printed = paper("Biscuits\nA consommer avant le 12/03/2027\nPoids net 250 g")
    reading, verdict = read(with_code(printed, "EAN13", "2101234567890"), templates)
    assert reading.match.template == "fr.brisel"
    assert values(reading) == {"gtin": "2101234567890"}
    assert reading.purchased_on is None
    assert verdict.status == "trusted", verdict.reasons
    other, _ = read(with_code(printed, "EAN8", "21012346"), templates)
    assert other.match.template == "base.fr"


def test_the_template_says_on_which_side_of_its_label_a_value_stands(tmp_path: Path) -> None:
    boxes = """
#  LE COIN DES BOITES
 COMMANDE DU        A PAYER          DEJA PAYE
 12/11/2026         61,50            20,00
 N COMMANDE  88121
 Livraison 14/11/2026
 CB                                  61,50
"""
    shop = """\
template: fr.boites
name: Le coin des boîtes
extends: base.fr
recognize: {names: [Le coin des boîtes]}
labels: {date: [commande du], total: [à payer], other_tender: [déjà payé], cash: [~versé]}
directions: {total: below, date: below, receipt_number: right}
"""
    reading, _ = read(paper(boxes), loaded(tmp_path, shop))
    assert reading.total is not None
    assert reading.purchased_on is not None
    assert reading.receipt_number is not None
    assert str(reading.total.value) == "61.50"
    assert reading.purchased_on.value.isoformat() == "2026-11-12"
    assert reading.receipt_number.value == "88121"


def test_zones_relative_to_phrases_and_labels_bound_the_items(tmp_path: Path) -> None:
    printed = """
#  LE COIN DES BOITES
 12/11/2026 10:30
 ANCIENNE BOITE 4,00
 VOS ACHATS
 BOITE RONDE                 21,50
 BOITE CARREE                40,00
 FIN DES ACHATS
 BOITE OFFERTE                2,00
 TOTAL                       61,50
 CB                          61,50
"""
    shop = """\
template: fr.boites
name: Le coin des boîtes
extends: base.fr
recognize: {names: [Le coin des boîtes]}
"""
    plain, _ = read(paper(printed), loaded(tmp_path, shop))
    assert len(plain.items) > 2
    for bounds in (
        "zones: {items: {below: [vos achats], above: [fin des achats]}}\n",
        "labels: {items_start: [vos achats], items_end: [fin des achats]}\n",
    ):
        bounded, _ = read(paper(printed), loaded(tmp_path, shop + bounds))
        assert [item.description for item in bounded.items] == ["BOITE RONDE", "BOITE CARREE"]


LAYOUTS = """\
template: fr.boites
name: Le coin des boîtes
extends: base.fr
recognize: {names: [Le coin des boîtes]}
layouts:
  web:
    recognize: {words: [commande en ligne], not: [caisse]}
    kind: order_confirmation
    labels: {total: [à régler, ~total]}
    fields: {order: {type: code, labels: [Référence], required: yes}}
  till:
    recognize: {words: [caisse]}
"""


def test_the_layout_with_most_evidence_is_read_by(tmp_path: Path) -> None:
    printed = """
#  LE COIN DES BOITES
 Commande en ligne du 12/11/2026
 Reference WB-2201
 BOITE RONDE                 21,50
 TOTAL                       21,50
 A regler                    25,40
"""
    templates = loaded(tmp_path, LAYOUTS)
    reading, _ = read(paper(printed), templates)
    assert reading.match.layout == "web"
    assert 'layout web: word "commande en ligne" in row 2' in reading.match.evidence
    assert reading.kind == "order_confirmation"
    assert values(reading) == {"order": "WB-2201"}
    assert reading.total is not None
    assert str(reading.total.value) == "25.40"
    for row, told in (("Caisse 2", "till"), ("Comptoir", None)):
        text = printed.replace("Commande en ligne", row)
        other, _ = read(paper(text), templates)
        assert (other.match.layout, other.kind) == (told, "receipt")
    assert "none of web, till fits" in other.match.evidence[-1]


def test_mistakes_in_the_new_keys_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(
        "template: fr.wrong\n"
        "name: Wrong\n"
        "kind: garantie\n"
        "requires: [totl]\n"
        "recognize: {codes: [{format: EAN_13}]}\n"
        "fields:\n"
        "  Serial: {labels: [x]}\n"
        "  serial: {labls: [x], type: cod, pattern: '(a', checks: {checksum: mod11}}\n"
        "  lost: {type: text}\n"
        "  ends: {type: date, labels: [x], direction: beneath, checks: {min: tomorrow}}\n"
        "  both: {type: yes_no, labels: [x]}\n"
        "  side: {direction: below, pattern: x}\n"
        "layouts:\n"
        "  web: {labels: {total: [~somme]}, row_patterns: ['{price}']}\n"
        "samples:\n"
        "  - {file: x.jpg, expect: {serail: 1}}\n",
        "utf-8",
    )
    told = [str(error).partition("wrong.yaml:")[2] for error in check(tmp_path)]
    assert told == WRONG


WRONG = [
    '3:7: kind: "garantie" is not known; did you mean "warranty_card"?',
    '4:12: requires.0: "totl" is not known; did you mean "total"?',
    '5:30: recognize.codes.0.format: "EAN_13" is not known; did you mean "EAN13"?',
    '7:3: fields.Serial: "Serial" has not the form serial_number: small letters, '
    "digits and _, a letter first",
    '8:12: unknown key "fields.serial.labls"; did you mean "labels"?',
    '8:30: fields.serial.type: "cod" is not known; did you mean "code"?',
    '8:44: pattern "(a" is not understood: a ( is not closed at (a',
    '8:69: fields.serial.checks.checksum: "mod11" is not known; use one of '
    "gtin, luhn, siren, siret, iban, imei, isbn",
    "9:3: fields.lost says not where the value stands: give it labels, codes or a zone",
    '10:46: fields.ends.direction: "beneath" is not known; use one of right, below, left, above',
    '10:64: fields.ends.checks.min: "tomorrow" is no date; write it as 2026-11-30',
    "11:3: fields.both is of type yes_no: list the words that mean yes, as yes: [oui]",
    "12:10: fields.side.direction needs labels to start from",
    "14:8: layouts.web.recognize is missing",
    '14:26: "~somme" strikes nothing: no such phrase is inherited',
    "14:51: row_patterns: {price} is not a field of a row; there are {quantity}, "
    "{unit_price}, {unit}, {description}, {amount}, {vat_code}, {product_code}",
    '16:28: samples.0.expect: nothing is read as "serail"; did you mean "serial"?',
]
