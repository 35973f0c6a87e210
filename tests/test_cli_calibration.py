"""The fit of the confidences: damaged words, signed weights, one half for fitting."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from cli import calibration
from cli.benchmark import Labelled, Seen
from cli.calibration import fit_model, try_all, write_model
from cli.damage import damaged
from cli.logistic import Sample, fit
from preuve.reading.confidence import Model
from preuve.reading.page import Pages
from preuve.reading.result import Context
from tests.paper import paper, stock, understood

RECEIPT = """
# BOULANGERIE DES ARCADES
12 RUE HAUTE 99100 VALTRIAC
PAIN AUX NOIX             3,10
CROISSANT                 1,20
TOTAL                     4,30
ESPECES                   5,00
RENDU                     0,70
DATE 14/11/2026 08:31
"""


def printed(pages: Pages) -> str:
    return "\n".join(row.text for page in pages for row in page.rows)


def test_the_same_seed_does_the_same_damage() -> None:
    reading, _ = understood(RECEIPT)
    pages = paper(RECEIPT)
    again = [printed(damaged(pages, reading, "a 1")) for _ in range(2)]
    others = {printed(damaged(pages, reading, f"a {number}")) for number in range(20)}
    assert again[0] == again[1]
    assert len(others) > 10
    assert pages == paper(RECEIPT)


def test_a_wrong_digit_is_less_sure_and_half_of_them_keep_the_right_one() -> None:
    reading, _ = understood(RECEIPT)
    before = {word for page in paper(RECEIPT) for row in page.rows for word in row.words}
    changed = [
        word
        for number in range(200)
        for page in damaged(paper(RECEIPT), reading, str(number))
        for row in page.rows
        for word in row.words
        if word not in before
    ]
    with_second = [word for word in changed if word.alternatives]
    assert 0.4 < len(with_second) / len(changed) < 0.6
    originals = {word.text for word in before}
    assert all(word.alternatives[0].text in originals for word in with_second)
    assert max(word.confidence for word in changed) <= 0.98


def test_weights_come_back_from_what_they_made() -> None:
    draw = Random(1)
    samples = []
    for _ in range(3000):
        signs = {"for": float(draw.random() < 0.5), "odd": draw.random()}
        share = 1 / (1 + 2.718281828 ** -(0.5 + 2.0 * signs["for"] - 1.5 * signs["odd"]))
        samples.append(Sample(signs, draw.random() < share, 1.0))
    constant, weights = fit(samples, frozenset({"odd"}))
    assert constant == pytest.approx(0.5, abs=0.3)
    assert weights["for"] == pytest.approx(2.0, abs=0.3)
    assert weights["odd"] == pytest.approx(-1.5, abs=0.4)


def test_no_accident_of_the_data_turns_a_sign_around() -> None:
    samples = [Sample({"for": float(right)}, not right, 1.0) for right in (True, False)] * 50
    assert fit(samples, frozenset())[1]["for"] == 0.0
    with pytest.raises(ValueError, match="nothing can be fitted"):
        fit(samples[::2], frozenset())


def half(fitted: bool, count: int) -> list[str]:
    names = (f"{number}.jpg" for number in range(10_000))
    found = (n for n in names if Labelled("made", Path(n), {}).fitted_on is fitted)
    return [next(found) for _ in range(count)]


def test_only_one_half_is_fitted_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    label = {"retailer": "BOULANGERIE DES ARCADES", "purchased_on": "2026-11-14", "total": "4.30"}
    wrong = {"retailer": "LE PALAIS", "purchased_on": "2026-11-15", "total": "4.20"}
    documents = [
        Labelled("made", Path(name), wrong if number == 0 else label, made=True)
        for number, name in enumerate([*half(True, 12), *half(False, 5)])
    ]
    seen = [Seen(paper(RECEIPT)) for _ in documents]
    tried = list(try_all(documents, seen, stock(), Context()))
    assert len(tried) == 12 * 3
    assert all(one.document in documents[:12] for one in tried)

    # No template knows the bakery, so that there is nothing to fit for templates.
    monkeypatch.setattr(calibration, "FIELDS", ("total", "purchased_on", "name"))
    model = fit_model(tried)
    write_model(model, tmp_path / "confidence.yaml")
    text = (tmp_path / "confidence.yaml").read_text()
    assert text.startswith("#")
    assert json.loads(model.model_dump_json())["fitted"] == {"real": 0, "made": 12, "damaged": 24}
    assert isinstance(model, Model)
    assert model.fields["total"].signs["confirmed"] >= 0
