"""What a member reads: sentences in French and in English, from real awards."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from preuve.loyalty import AwardLine, Past, award
from preuve.loyalty.rules.history import Gave
from preuve.loyalty.rules.sentences import LANGUAGES, _texts, tell, tell_grant
from tests.occasions import SUNDAY, happening, line, of_rules, one_rule, receipt

LINDT = (
    "products:\n  lindt: {name: Lindt, words: [lindt]}\n  amora: {name: Amora, words: [amora]}\n"
    "campaigns: {noel: {name: N, member_cap: 90}}\n"
)
BASKET = (
    line("CHOC LAIT LINDT", "14.80", quantity="2"),
    line("MOUTARDE AMORA", "2.00"),
    line("BON AMORA", "-0.50", kind="discount"),
)


def told(rest: str, language: str, history: Past | None = None) -> str:
    (one,) = award(receipt("20.00", BASKET), one_rule(rest, LINDT), history or Past()).lines
    (sentence,) = tell([one], language)
    assert sentence.points == one.points
    return sentence.text.replace("\u202f", " ").replace("\u00a0", " ")


SPENT = "condition: {items: {lists: [%s]}}\neffect: {kind: per_amount, points: 2, of: items}"
PIECE = "condition: {items: {%s}}\neffect: {kind: per_item, points: 10}"


@pytest.mark.parametrize(
    ("rest", "english", "french"),
    [
        (
            SPENT % "lindt",
            "28 points: 2 for each euro on €14.80 of Lindt",
            "28 points : 2 par euro sur 14,80 € de Lindt",
        ),
        (
            SPENT % "amora",
            "2 points: 2 for each euro on €1.50 of Amora, discounts taken off",
            "2 points : 2 par euro sur 1,50 € d'Amora, remises déduites",
        ),
        (
            "effect: {kind: per_amount, points: 1000, amount: 10}",
            "2,000 points: 1,000 for every €10 on €20.00",
            "2 000 points : 1 000 par tranche de 10 € sur 20,00 €",
        ),
        (
            "effect: {kind: per_amount, points: 1, amount: 0.5}",
            "40 points: 1 for every €0.50 on €20.00",
            "40 points : 1 par tranche de 0,50 € sur 20,00 €",
        ),
        (
            (SPENT % "lindt").replace("items}", "items, rounding: up}"),
            "30 points: 2 for each euro on €14.80 of Lindt, counted as €15",
            "30 points : 2 par euro sur 14,80 € de Lindt, arrondis à 15 €",
        ),
        (
            PIECE % "lists: [lindt]",
            "20 points: 10 for each of 2 items of Lindt",
            "20 points : 10 pour chacun des 2 articles de Lindt",
        ),
        (
            PIECE % "words: [moutarde]",
            "10 points: 10 for 1 item (MOUTARDE AMORA)",
            "10 points : 10 pour 1 article (MOUTARDE AMORA)",
        ),
        (
            "window: {ends_on: 2027-01-01}\neffect: {kind: fixed, points: 1}",
            "1 point: A, until Friday 1 January 2027",
            "1 point : A, jusqu'au vendredi 1er janvier 2027",
        ),
        (
            "campaign: noel\neffect: {kind: fixed, points: 500}",
            "90 points: A, at most 90 points in the whole campaign",
            "90 points : A, dans la limite de 90 points pour toute l'opération",
        ),
        (
            "trigger: first_receipt\neffect: {kind: fixed, points: 50}",
            "50 points for your first receipt: A",
            "50 points pour votre premier ticket : A",
        ),
    ],
)
def test_a_line_is_told_in_both_languages(rest: str, english: str, french: str) -> None:
    assert told(rest, "en") == english
    assert told(rest, "fr") == french
    assert told(rest, "de") == english


@pytest.mark.parametrize(
    ("cap", "english", "french"),
    [
        ("receipt", "at most 5 points for a receipt", "dans la limite de 5 points par ticket"),
        ("week", "at most 5 points a week", "dans la limite de 5 points par semaine"),
        ("campaign", "at most 5 points in all", "dans la limite de 5 points en tout"),
    ],
)
def test_what_a_cap_holds_is_told(cap: str, english: str, french: str) -> None:
    rest = f"caps: [{{per: {cap}, points: 5}}]\neffect: {{kind: fixed, points: 7}}"
    assert told(rest, "en") == f"5 points: A, {english}"
    assert told(rest, "fr") == f"5 points : A, {french}"


def test_what_a_budget_holds_is_told() -> None:
    rules = of_rules(
        "  - {rule: a, name: A, campaign: noel, effect: {kind: fixed, points: 9}}\n",
        "campaigns:\n  noel: {name: Noël, budget: 10}\n",
    )
    lines = award(receipt(), rules, Past(gave=(Gave("a", SUNDAY, 6, "noel"),))).lines
    assert tell(lines, "en")[0].text == "4 points: A, all that the campaign had left"
    assert tell(lines, "fr")[0].text.endswith(", selon ce qu'il restait à l'opération")


@pytest.mark.parametrize(
    ("names", "english", "french"),
    [
        (["Lindt", "Amora"], "Lindt and Amora", "de Lindt et d'Amora"),
        (["Amora", "Évian", "Lindt"], "Amora, Évian, and Lindt", "d'Amora, d'Évian et de Lindt"),
        (["yaourts", "Yves Rocher"], "yaourts and Yves Rocher", "de yaourts et d'Yves Rocher"),
        (["huile d'olive", "haricots"], "huile d'olive and haricots",
         "d'huile d'olive et de haricots"),
        (["œufs", "Häagen-Dazs"], "œufs and Häagen-Dazs", "d'œufs et de Häagen-Dazs"),
    ],
)  # fmt: skip
def test_each_name_of_a_list_stands_after_its_own_of(
    names: list[str], english: str, french: str
) -> None:
    lists = "".join(
        f'  list-{n}: {{name: "{name}", words: [lindt]}}\n' for n, name in enumerate(names)
    )
    of = ", ".join(f"list-{n}" for n in range(len(names)))
    rule = one_rule(SPENT % of, f"products:\n{lists}")
    lines = award(receipt("20.00", BASKET), rule, Past()).lines
    assert tell(lines, "en")[0].text == f"28 points: 2 for each euro on €14.80 of {english}"
    assert tell(lines, "fr")[0].text.replace("\u00a0", " ") == (
        f"28 points : 2 par euro sur 14,80 € {french}"
    )


DOUBLE = (
    "  - rule: lindt\n    name: L\n    condition: {items: {lists: [lindt]}}\n"
    "    effect: {kind: per_amount, points: 1, of: items}\n"
    "  - {rule: double, name: D, window: {ends_on: 2026-11-29},"
    " effect: {kind: multiplier, times: %s}}\n"
)


@pytest.mark.parametrize(
    ("times", "points", "english", "french"),
    [
        ("2", 28, "doubled", "doublés"),
        ("3", 42, "tripled", "triplés"),
        ("1.5", 21, "multiplied by 1.5", "multipliés par 1,5"),
    ],
)
def test_points_and_their_multiplier_are_one_sentence(
    times: str, points: int, english: str, french: str
) -> None:
    lines = award(receipt("20.00", BASKET), of_rules(DOUBLE % times, LINDT), Past()).lines
    (en,), (fr,) = tell(lines, "en"), tell(lines, "fr")
    assert en.text == (
        f"{points} points: 1 for each euro on €14.80 of Lindt, {english} until Sunday 29 November"
    )
    assert fr.text.replace("\u00a0", " ") == (
        f"{points} points : 1 par euro sur 14,80 € de Lindt, {french} jusqu'au dimanche 29 novembre"
    )
    assert en.rules == ("lindt", "double")
    assert en.points == points == sum(line.points for line in lines)


def test_a_multiplier_of_several_rules_has_a_sentence_of_its_own() -> None:
    base = "  - {rule: base, name: B, effect: {kind: per_amount, points: 1}}\n"
    lines = award(receipt("20.00", BASKET), of_rules(base + DOUBLE % "2", LINDT), Past()).lines
    texts = [one.text for one in tell(lines, "en")]
    assert texts[2] == "34 points more: points for spending doubled until Sunday 29 November"
    assert [one.points for one in tell(lines, "fr")] == [20, 14, 34]


def test_what_is_no_receipt_is_told() -> None:
    rule = one_rule("trigger: birthday\neffect: {kind: fixed, points: 50}")
    (one,) = tell(award(happening("birthday"), rule, Past()).lines, "fr")
    assert one.text == "50 points pour votre anniversaire\u00a0: A"


def test_a_line_that_tells_nothing_of_itself_is_told_as_it_is() -> None:
    (one,) = tell([AwardLine("base", 1, "Base: 1 x 1 for 1.00")], "fr")
    assert one.text == "1 point\u00a0: Base: 1 x 1 for 1.00"


def test_what_is_no_points_is_told() -> None:
    rule = one_rule("grants: [{kind: voucher, key: v, name: Noël, value: 5, currency: EUR}]")
    (grant,) = award(receipt(), rule, Past()).grants
    assert tell_grant(grant, "en") == "A voucher of €5.00: Noël"
    assert tell_grant(grant, "fr") == "Un bon d'achat de 5,00\u00a0€\u00a0: Noël"


def test_a_sum_without_a_currency_is_a_number() -> None:
    rule = one_rule("effect: {kind: per_amount, points: 1}")
    lines = award(receipt("20.00", currency=None), rule, Past()).lines
    assert tell(lines, "en")[0].text == "20 points: 1 for every 1 on 20"


def test_the_languages_have_the_same_sentences() -> None:
    def shape(texts: object) -> object:
        return {k: shape(v) for k, v in texts.items()} if isinstance(texts, dict) else None

    texts = yaml.safe_load(yaml.safe_dump(_texts()))
    for own in ("of_vowel", "mute_h"):
        texts["fr"].pop(own)
    assert set(texts) == set(LANGUAGES)
    assert shape(texts["fr"]) == shape(texts["en"])


def test_every_year_end_names_its_year() -> None:
    rule = one_rule("window: {ends_on: 2026-12-31}\neffect: {kind: fixed, points: 1}")
    (one,) = award(receipt(purchased_on=date(2025, 12, 31)), rule, Past()).lines
    assert tell([one], "en")[0].text.endswith("Thursday 31 December 2026")
