"""Whose receipt is it? Drawn-up rows against a few invented and a few real banners."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preuve.reading.page import Row
from preuve.reading.template.index import Index
from preuve.reading.template.load import Templates, load_templates
from preuve.reading.template.match import Ambiguous, Match, NoMatch, match
from preuve.reading.template.near import allowed_errors
from tests.typed import pages

FRENCH = ["merci de votre visite", "ticket caisse bienvenue", "total 12,50"]
GERMAN = ["vielen dank und auf wiedersehen", "kasse bon beleg uhr", "summe 12,50"]

BASES = {
    "base/fr.yaml": "template: base.fr\nname: French\nlanguage: fr\n"
    "vocabulary: [merci, de, votre, visite, ticket, caisse, bienvenue]\n"
    "countries:\n  FR: {currency: EUR, words: [france, siret]}\n"
    "  CH: {currency: CHF, words: [suisse], patterns: ['CHE-[0-9]']}\n",
    "base/de.yaml": "template: base.de\nname: German\nlanguage: de\n"
    "vocabulary: [vielen, dank, und, auf, wiedersehen, kasse, bon, beleg, uhr]\n"
    "countries:\n  DE: {currency: EUR, words: [deutschland]}\n",
}

SHOPS = {
    "fr.carrefour": "names: [Carrefour], domains: [carrefour.fr], "
    "siren: [{number: '451321335', source: test}], "
    "not: [rue, centre commercial, carte carrefour]",
    "fr.carrefour_market": "names: [Carrefour Market]",
    "fr.leclerc": "names: [E.Leclerc, Leclerc], not: [general leclerc, avenue]",
    "fr.leroy_merlin": "names: [Leroy Merlin], vat: [{number: FR49384560942, source: test}]",
    "fr.intermarche": "names: [Intermarché], legal: [ITM Alimentaire]",
    "fr.super_u": "names: [Super U]",
    "fr.fnac": "names: [Fnac]",
    "fr.hm": "names: [H&M]",
    "fr.aldi": "names: [Aldi]",
    "de.aldi": "names: [Aldi], patterns: ['FILIALE [0-9]{4}']",
    "fr.brico": "names: [Brico Dépôt]",
    "fr.tickex": "names: [Tickex]",
}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    folder = tmp_path_factory.mktemp("templates")
    for name, text in BASES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    for key, recognize in SHOPS.items():
        country, _, shop = key.partition(".")
        path = folder / country / f"{shop}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"template: {key}\nname: {shop}\nextends: base.{country}\n"
            f"country: {country.upper()}\nrecognize: {{{recognize}}}\n",
            "utf-8",
        )
    return load_templates(folder)


def key(templates: Templates, *rows: str) -> str | None:
    found = match(pages(*rows), templates)
    return found.template.template if isinstance(found, Match) else None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("LEROY MERLIN 197", "fr.leroy_merlin"),
        ("LEROYMERLIN", "fr.leroy_merlin"),
        ("LER0Y MERL1N", "fr.leroy_merlin"),
        ("LEROY MERLON", "fr.leroy_merlin"),
        ("INTERMARCHÉ", "fr.intermarche"),
        ("Intermarche SUPER", "fr.intermarche"),
        ("INTFRMARCHE", "fr.intermarche"),
        ("E.LECLERC", "fr.leclerc"),
        ("E LECLERC DRIVE", "fr.leclerc"),
        ("CARREFOUR", "fr.carrefour"),
        ("CARREFOUR MAISON ROUGE", "fr.carrefour"),
        ("Carrefour Market", "fr.carrefour_market"),
        ("CARREFOURMARKET PARIS", "fr.carrefour_market"),
        ("FNAC", "fr.fnac"),
        ("Fnac Ternes", "fr.fnac"),
        ("SUPER U", "fr.super_u"),
        ("H&M", "fr.hm"),
    ],
)
def test_a_name_at_the_top_is_known(templates: Templates, head: str, expected: str) -> None:
    assert key(templates, head, "12 chemin vert", *FRENCH) == expected


@pytest.mark.parametrize(
    "head",
    [
        "Avenue du Général Leclerc",
        "12 avenue Leclerc",
        "RUE DU CARREFOUR",
        "CENTRE COMMERCIAL CARREFOUR",
        "VOTRE CARTE CARREFOUR",
        "LA BOUTIQUE DE MERLIN",
        "FINAC",
        "FNACK",
        "NOUS SOMMES ICI CHEZ NOUS A LA FNAC",
        "8 H 30 M",
        "CARRIERE",
        "TICKET",
        "BARREFOUR",
        "LEROY MERLIN 12,50",
        "www.leclerc-voyages.example",
    ],
)
def test_what_only_resembles_a_name_is_not_one(templates: Templates, head: str) -> None:
    assert key(templates, "CHEZ PAULETTE", head, *FRENCH) is None


def test_a_name_among_the_items_is_a_product(templates: Templates) -> None:
    rows = ["CHEZ PAULETTE", *[f"article {n} 2,50" for n in range(8)], "CARREFOUR", "LEROY MERLIN"]
    found = match(pages(*rows, *FRENCH), templates)
    assert isinstance(found, NoMatch)
    assert {near.template for near in found.nearest} == {"fr.carrefour", "fr.leroy_merlin"}
    assert 'name "Carrefour" in row 10: "CARREFOUR"' in found.nearest[0].evidence


def test_big_letters_count_as_the_top(templates: Templates) -> None:
    head = [f"slogan numero {n}" for n in range(8)]
    rows = [*head, "LEROY MERLIN", *FRENCH]
    small = match(pages(*rows), templates)
    big = match(pages(*rows, heights={8: 40.0}), templates)
    assert isinstance(small, Match)
    assert isinstance(big, Match)
    assert big.score > small.score


def test_a_logo_over_two_rows_is_read_as_one_name(templates: Templates) -> None:
    assert key(templates, "BRICO", "DEPOT", *FRENCH) == "fr.brico"
    assert key(templates, "Carrefour", "market", *FRENCH) == "fr.carrefour_market"


@pytest.mark.parametrize(
    "row",
    [
        "SIRET 451 321 335 00023",
        "SIRET:45132133500023 APE 4711F",
        "Siret n° 451321335 00O23",
        "SlREN 45I 32I 335",
        "RCS Evry B 451 321 335",
        "TVA FR 90 451321335",
        "N°TVA intracom : FR90451321335",
    ],
)
def test_a_register_number_is_known_however_it_is_printed(templates: Templates, row: str) -> None:
    found = match(pages("SAS ELBA", "ROUTE VERTE", *FRENCH, row), templates)
    assert isinstance(found, Match)
    assert found.template.template == "fr.carrefour"
    assert found.score >= 0.9


@pytest.mark.parametrize(
    "row", ["SIRET 451 321 345 00023", "TEL 04 51 32 13 35", "0451321335 1", "9451321335"]
)
def test_other_numbers_are_not_taken_for_a_register_number(templates: Templates, row: str) -> None:
    assert key(templates, "SAS ELBA", *FRENCH, row) is None


def test_a_vat_number_is_known_with_its_key_misread(templates: Templates) -> None:
    assert key(templates, "X", *FRENCH, "TVA FR49 384 560 942") == "fr.leroy_merlin"
    assert key(templates, "X", *FRENCH, "TVA FR49 3B4 S60 942") == "fr.leroy_merlin"


def test_a_domain_supports_but_does_not_decide(templates: Templates) -> None:
    alone = match(pages("CHEZ PAULETTE", *FRENCH, "www.carrefour.fr"), templates)
    assert isinstance(alone, NoMatch)
    assert alone.nearest[0].template == "fr.carrefour"
    with_name = match(pages("CARREFOUR", *FRENCH, "www. carrefour .fr"), templates)
    assert isinstance(with_name, Match)
    assert with_name.score > 0.85


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("ITM Alimentaire au capital de 40 000 euros - RCS Evry 123 456 789", "fr.intermarche"),
        ("Livré par ITM Alimentaire, RCS Evry 123 456 789", None),
        ("ITM Alimentaire", None),
        ("ITM Alimentaire lot de 4 a 12,50", None),
    ],
    ids=["imprint", "someone else's", "alone", "an article"],
)
def test_a_company_with_its_number_at_the_foot_is_who_sold(
    templates: Templates, row: str, expected: str | None
) -> None:
    head = ["FACTURE", *[f"ligne numero {n}" for n in range(12)]]
    assert key(templates, *head, *FRENCH, row) == expected


def test_two_retailers_at_the_top_are_ambiguous(templates: Templates) -> None:
    found = match(pages("FNAC", "LEROY MERLIN", *FRENCH), templates)
    assert isinstance(found, Ambiguous)
    assert {c.template for c in found.candidates} == {"fr.fnac", "fr.leroy_merlin"}


def test_a_register_number_beats_another_name(templates: Templates) -> None:
    rows = ["CARREFOUR", "LEROY MERLIN", *FRENCH, "SIRET 45132133500023"]
    found = match(pages(*rows), templates)
    assert isinstance(found, Match)
    assert found.template.template == "fr.carrefour"
    assert [near.template for near in found.nearest] == ["fr.leroy_merlin"]


def test_the_longer_name_wins_though_the_shorter_one_is_printed_too(templates: Templates) -> None:
    rows = ["Carrefour Market", *FRENCH, "www.carrefour.fr", "carte de fidélité Carrefour"]
    assert key(templates, *rows) == "fr.carrefour_market"


def test_a_number_of_the_shorter_name_makes_the_longer_one_doubtful(templates: Templates) -> None:
    rows = ["Carrefour Market", *FRENCH, "SIREN 451321335"]
    assert isinstance(match(pages(*rows), templates), Ambiguous)


def test_one_banner_in_two_countries_goes_by_the_paper(templates: Templates) -> None:
    assert key(templates, "ALDI", *GERMAN) == "de.aldi"
    assert key(templates, "ALDI", *FRENCH) == "fr.aldi"


def test_one_banner_in_two_countries_and_a_silent_paper(templates: Templates) -> None:
    silent = pages("ALDI", "12,50", "3,20")
    assert isinstance(match(silent, templates), Ambiguous)
    found = match(silent, templates, country="DE")
    assert isinstance(found, Match)
    assert found.template.template == "de.aldi"


def test_a_paper_in_another_language_is_not_the_banners_of_this_country(
    templates: Templates,
) -> None:
    found = match(pages("LEROY MERLIN", *GERMAN), templates)
    assert isinstance(found, NoMatch)
    assert found.nearest[0].evidence[-1] == "against it: the paper reads like base.de"


def test_patterns_add_evidence(templates: Templates) -> None:
    with_pattern = match(pages("ALDI", *GERMAN, "FILIALE 1234"), templates)
    without = match(pages("ALDI", *GERMAN, "FILIALE 12"), templates)
    assert isinstance(with_pattern, Match)
    assert isinstance(without, Match)
    assert with_pattern.score > without.score


def test_a_match_says_where_and_why(templates: Templates) -> None:
    found = match(pages("bienvenue", "LEROY MERLUN", *FRENCH), templates)
    assert isinstance(found, Match)
    assert found.evidence == ('name "Leroy Merlin" (1 letters differ) in row 2: "LEROY MERLUN"',)
    assert found.place.page == 1
    assert found.place.box.top == 30.0


def test_a_name_too_damaged_is_named_as_near(templates: Templates) -> None:
    found = match(pages("CARRFOR", *FRENCH), templates)
    assert isinstance(found, NoMatch)
    assert "Carrefour" in found.nearest[0].evidence[0]
    assert found.nearest[0].score == 0


def test_no_rows_no_match(templates: Templates) -> None:
    assert match(pages(), templates) == NoMatch()
    assert match((), templates) == NoMatch()


@pytest.mark.parametrize("name", ["leroymerlin", "intermarche", "carrefour", "carrefourmarket"])
def test_every_allowed_damage_is_found(name: str, templates: Templates) -> None:
    """Each single deletion, insertion and substitution, and pairs of them in long names; but no
    other letter for the first."""
    index: Index = templates.index
    form = name.replace("i", "l")
    assert form in index.phrases
    singles = {form[:n] + form[n + 1 :] for n in range(len(form))}
    singles |= {form[:n] + "x" + form[n:] for n in range(len(form) + 1)}
    singles |= {form[:n] + "x" + form[n + 1 :] for n in range(len(form))}
    if allowed_errors(len(form)) == 2:
        singles |= {one[:n] + "y" + one[n + 1 :] for one in set(singles) for n in range(len(one))}
    begin_alike = {one for one in singles if form[0] in one[:2] or one[0] == form[1]}
    assert len(begin_alike) > 0.8 * len(singles)
    for damaged in begin_alike:
        accepted = {near.clue.form for near in index.similar(damaged) if near.accepted}
        assert form in accepted, damaged


def test_a_name_read_without_a_doubt_is_no_damaged_one(templates: Templates) -> None:
    (page,) = pages("LEROY MERLON", *FRENCH)
    rows = [Row(tuple(replace(w, confidence=0.99) for w in row.words)) for row in page.rows]
    sure = replace(page, rows=tuple(rows))

    assert isinstance(match((page,), templates), Match)
    assert isinstance(match((sure,), templates), NoMatch)
