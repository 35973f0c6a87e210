"""The scorer's rules, one by one."""

from __future__ import annotations

import pytest

from cli.scoring import Items, Score, Tally, cents, mark, same_retailer


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Café de l'Été", "CAFE DE L'ETE"),
        ("CARREFOUR CITY", "CARREFOUR CITI"),
        ("LIDL", "LIDL SNC 72 avenue Robert Schuman"),
        ("MIGROS", "Filiale Migros Bern"),
        ("SUPER U SARL DUPONT", "SUPER U SARL"),
    ],
)
def test_retailer_is_the_same(label: str, said: str) -> None:
    assert same_retailer(label, said)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("LIDL", "ALDI"),
        ("LIDL", None),
        ("LIDL", "***"),
        ("LIDL", "LIDLAND"),
        ("LIDL", "LIDL " + 30 * "long "),
        ("U", "Grande boulangerie U du centre"),
        ("BOULANGERIE PATISSERIE DU MARCHE", "DU"),
    ],
)
def test_retailer_is_another(label: str, said: str | None) -> None:
    assert not same_retailer(label, said)


@pytest.mark.parametrize(
    ("amount", "hundredths"),
    [("3.10", 310), (3.1, 310), ("-0.05", -5), ("x", None), (None, None), ("NaN", None)],
)
def test_cents(amount: object, hundredths: int | None) -> None:
    assert cents(amount) == hundredths


def test_only_labelled_fields_are_marked() -> None:
    marks = mark({"file": "a.jpg", "total": "3.10"}, {"total": "3.1", "purchased_on": "2024-01-01"})
    assert marks.right == {"total": True}
    assert marks.items is None
    assert marks.safe is True


def test_header_needs_all_three() -> None:
    label = {"retailer": "Lidl", "purchased_on": "2024-01-02", "total": "3.10"}
    right = mark(label, label)
    wrong = mark(label, {**label, "purchased_on": "2024-02-01"})
    assert right.right["header"] is True
    assert wrong.right["header"] is False
    assert (wrong.safe, wrong.whole) == (False, False)


def test_exact_retailer_is_stricter() -> None:
    marks = mark({"retailer": "Lidl"}, {"retailer": "LIDL SNC"})
    assert (marks.right["retailer"], marks.right["retailer_exact"]) == (True, False)


def item(description: str | None, amount: str) -> dict[str, str | None]:
    return {"description": description, "amount": amount}


def test_items_pair_once_by_amount_and_likeness() -> None:
    label = {"items": [item("Pain", "1.20"), item("Pain", "1.20"), item("Lait demi", "0.99")]}
    said = {"items": [item("PAIN", "1.20"), item("LAIT DEM1", "0.99"), item("Vin", "1.20")]}
    assert mark(label, said).items == Items(paired=2, labelled=3, predicted=3)


def test_item_without_labelled_description_pairs_by_amount() -> None:
    label = {"items": [{"amount": "1.20"}]}
    assert mark(label, {"items": [item("anything", "1.20")]}).items == Items(1, 1, 1)


def test_free_items_do_not_count() -> None:
    label = {"items": [item("Sauce", "0.00"), item("Frites", "3.00")]}
    said = {"items": [item("Frites", "3.00"), item("Sel", "0")]}
    assert mark(label, said).items == Items(1, 1, 1)


def test_score_adds_up() -> None:
    label = {"retailer": "Lidl", "purchased_on": "2024-01-02", "total": "3.10"}
    score = Score.of(
        [
            mark(label, {**label, "accepted": True}),
            mark(label, {**label, "total": "3.00", "accepted": True}),
            mark(label, {**label, "retailer": "Aldi", "accepted": True}),
            mark(label, {}),
        ]
    )
    assert score.receipts == 4
    assert score.fields["total"] == Tally(2, 4)
    assert score.accepted == 3
    assert score.safe == Tally(2, 3)
    assert score.whole == Tally(1, 3)


def test_accepting_what_nobody_should_counts_as_wrong() -> None:
    score = Score.of([mark({"expect": "not_accepted"}, {"accepted": True})])
    assert (score.accepted, score.safe) == (1, Tally(0, 1))


def test_acceptance_without_a_labelled_total_is_not_judged() -> None:
    score = Score.of([mark({"purchased_on": "2024-01-02"}, {"accepted": True})])
    assert (score.accepted, score.safe) == (0, Tally(0, 0))


def test_quantities_of_paired_items_are_judged_where_they_are_labelled() -> None:
    def counted(quantity: object) -> dict[str, object]:
        return {"description": "Pain", "amount": "2.40", "quantity": quantity}

    marks = [
        mark({"items": [counted(want)]}, {"items": [counted(said)]})
        for want, said in ((2, "2.00"), (2, None), (1, None), (None, "3"))
    ]
    assert [one.items and one.items.quantity for one in marks] == [
        Tally(1, 1),
        Tally(0, 1),
        Tally(1, 1),
        Tally(0, 0),
    ]


def test_items_f1() -> None:
    assert Items(2, 3, 5).f1 == pytest.approx(0.5)
    assert Items(0, 0, 5).f1 is None
