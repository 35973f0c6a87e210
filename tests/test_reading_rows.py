"""Rows from geometry: straight, leaning and curled paper, and columns that lie apart."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.reading.ocr import Line
from preuve.reading.page import Box, Word
from preuve.reading.rows import rows_of_lines, rows_of_words

HEIGHT = 40.0
PITCH = 46.0


def _word(text: str, left: float, middle: float, width: float, height: float = HEIGHT) -> Word:
    box = Box(left, middle - height / 2, left + width, middle + height / 2)
    return Word(text, box, 0.9, "fake")


def _line(
    text: str,
    left: float,
    width: float,
    where: float | Callable[[float], float],
    height: float = HEIGHT,
) -> Line:
    """A line whose middle lies at the height `where`, or runs along it, a function from x to y."""
    place = where if callable(where) else lambda _: where
    start, end = (left, place(left)), (left + width, place(left + width))
    return Line((_word(text, left, (start[1] + end[1]) / 2, width),), start, end, height)


def _flat(_: float, y: float) -> float:
    return y


def _receipt(curve: Callable[[float, float], float], count: int = 12) -> list[Line]:
    """Labels on the left and amounts far right, row n at `curve(x, n * PITCH)`."""
    lines = []
    for n in range(count):
        y = 100 + n * PITCH
        lines.append(_line(f"label{n}", 30, 200 + 40 * (n % 4), lambda x, y=y: curve(x, y)))
        lines.append(_line(f"amount{n}", 820, 110, lambda x, y=y: curve(x, y)))
    return lines


def _texts(lines: list[Line]) -> list[str]:
    return [row.text for row in rows_of_lines(lines)]


@pytest.mark.parametrize(
    "curve",
    [
        _flat,
        lambda x, y: y + 0.05 * x,
        lambda x, y: y - 0.05 * x,
        # Keystone: the lines fan out from the top to the bottom.
        lambda x, y: y + (x - 450) * (y - 350) * 1e-4,
        # A corner curled up, more and more towards the lower right.
        lambda x, y: y - 30 * (x / 930) ** 2 * (y / 650),
    ],
    ids=["flat", "falling", "rising", "keystone", "curled"],
)
def test_label_and_far_amount_make_one_row(curve: Callable[[float, float], float]) -> None:
    expected = [f"label{n} amount{n}" for n in range(12)]

    assert _texts(_receipt(curve)) == expected
    assert _texts(_receipt(curve)[::-1]) == expected


def test_an_amount_off_by_part_of_a_line_stays_with_its_label() -> None:
    lines = [
        piece
        for n in range(6)
        for piece in (
            _line(f"label{n}", 30, 300, n * PITCH),
            _line(f"amount{n}", 820, 110, n * PITCH + 0.4 * HEIGHT),
        )
    ]

    assert _texts(lines) == [f"label{n} amount{n}" for n in range(6)]


def test_lines_above_each_other_never_share_a_row() -> None:
    lines = [_line(f"line{n}", 30, 500, n * 0.4 * HEIGHT) for n in range(4)]

    assert _texts(lines) == ["line0", "line1", "line2", "line3"]


def test_an_amount_between_two_labels_goes_to_the_nearer() -> None:
    lines = [
        _line("upper", 30, 300, 100),
        _line("lower", 30, 300, 140),
        _line("9.00", 820, 110, 112),
    ]

    assert _texts(lines) == ["upper 9.00", "lower"]


def test_a_large_total_holds_its_amount() -> None:
    lines = [
        _line("CB", 30, 100, 100),
        _line("18,50", 820, 110, 100),
        _line("TOTAL", 30, 300, 170, height=80),
        _line("18,50", 700, 230, 172, height=80),
        _line("Merci", 30, 200, 240),
    ]

    assert _texts(lines) == ["CB 18,50", "TOTAL 18,50", "Merci"]


def test_a_partner_nearby_is_level_even_where_more_would_be_matched_a_row_off() -> None:
    pitch = 43
    lines = [
        _line("24,55 L x 1,659 EUR", 68, 341, 336),
        _line("TOTAL TTC", 68, 169, 336 + pitch),
        _line("40,73 EUR", 465, 174, 336 + pitch - 4),
        _line("DONT TVA 20%", 64, 226, 336 + 2 * pitch),
        _line("6,79 EUR", 480, 159, 336 + 2 * pitch - 5),
        *(_line(f"slip {n}", 60, 300, 600 + n * pitch) for n in range(6)),
        _line("MONTANT :", 47, 174, 935),
        _line("40,73 EUR", 455, 179, 980),
    ]

    assert _texts(lines)[:3] == [
        "24,55 L x 1,659 EUR",
        "TOTAL TTC 40,73 EUR",
        "DONT TVA 20% 6,79 EUR",
    ]


def test_words_of_a_row_run_from_left_to_right() -> None:
    words = [_word(text, left, 50, 60) for text, left in (("c", 300), ("a", 10), ("b", 150))]

    (row,) = rows_of_words(words)

    assert row.text == "a b c"


def test_words_of_a_text_layer_become_rows_even_where_the_print_is_dense() -> None:
    words = [
        _word(f"{n}.{column}", 30 + 90 * column, 20 + 11.5 * n, 60, height=10)
        for n in range(40)
        for column in range(6)
    ]

    rows = rows_of_words(words[::-1])

    assert [row.text for row in rows] == [
        " ".join(f"{n}.{column}" for column in range(6)) for n in range(40)
    ]


def test_letters_that_two_lines_of_a_row_share_are_read_once() -> None:
    dated = [_line("05-05-20", 152, 143, 430), _line("2018", 276, 60, 430)]
    dated.append(_line("11:25", 350, 90, 430))

    assert _texts(dated) == ["05-05-2018 11:25"]


@pytest.mark.parametrize(("text", "left"), [("2018", 297), ("1018", 276), ("0.50", 276)])
def test_words_that_only_touch_or_end_alike_stay_two(text: str, left: float) -> None:
    assert _texts([_line("05-05-20", 152, 143, 430), _line(text, left, 60, 430)]) == [
        f"05-05-20 {text}"
    ]


def test_nothing_gives_no_rows() -> None:
    assert rows_of_lines([]) == ()
    assert rows_of_words([]) == ()
    assert rows_of_lines([Line((), (0, 0), (10, 0), 5)]) == ()


_place = st.floats(-1e4, 1e4, allow_nan=False)
_extent = st.floats(0, 2e3, allow_nan=False)


@given(st.lists(st.tuples(_place, _place, _extent, _extent, st.floats(-1.2, 1.2)), max_size=25))
def test_no_geometry_loses_a_word(
    pieces: list[tuple[float, float, float, float, float]],
) -> None:
    lines = [
        Line(
            (_word(str(n), x, y, width, height),),
            (x, y),
            (x + width * math.cos(angle), y + width * math.sin(angle)),
            height,
        )
        for n, (x, y, width, height, angle) in enumerate(pieces)
    ]

    rows = rows_of_lines(lines)

    found = sorted(int(word.text) for row in rows for word in row.words)
    assert found == list(range(len(pieces)))
    for row in rows:
        lefts = [word.box.left for word in row.words]
        assert lefts == sorted(lefts)


def test_names_and_amounts_keep_their_rows_where_the_paper_curls_between_them() -> None:
    """The names lean down, the paper rises again before the amounts: half a row's error."""
    lines = []
    for n in range(6):
        y = 440 + n * PITCH
        lines.append(_line(f"name{n}", 56, 260 - 20 * n, lambda x, y=y: y + 0.03 * (x - 56)))
        lines.append(_line(f"amount{n}", 820, 110, y - 0.25 * HEIGHT))
    assert _texts(lines) == [f"name{n} amount{n}" for n in range(6)]


@pytest.mark.parametrize("way", [1, -1], ids=["falling", "rising"])
def test_amounts_keep_their_names_where_the_lean_grows_past_a_row_down_the_page(way: int) -> None:
    """The names are flat, the paper turns behind them: no lean at the top, 1.3 rows at the end."""
    count = 24
    lines = []
    for n in range(count):
        y = 100 + n * PITCH
        lines.append(_line(f"name{n}", 30, 180 + 40 * (n % 4), y))
        lines.append(_line(f"amount{n}", 820, 110, y + way * 1.3 * PITCH * n / (count - 1)))

    assert _texts(lines) == [f"name{n} amount{n}" for n in range(count)]
    assert _texts(lines[::-1]) == [f"name{n} amount{n}" for n in range(count)]


def test_a_note_does_not_draw_the_amount_of_the_name_below_where_the_page_leans() -> None:
    """Each amount lies as near to the note above it as to its name; names without notes tell."""
    lines, expected = [], []
    y = 100.0
    for n in range(10):
        if n % 3 == 2:
            lines.append(_line(f"note{n}", 60, 220, y))
            expected.append(f"note{n}")
            y += PITCH
        lines.append(_line(f"name{n}", 30, 200 + 30 * (n % 3), y))
        lines.append(_line(f"amount{n}", 820, 110, y - 0.55 * PITCH))
        expected.append(f"name{n} amount{n}")
        y += PITCH

    assert _texts(lines) == expected


def test_a_flat_page_of_columns_notes_and_lone_lines_stays_as_it_is() -> None:
    rows = [
        (("SHOP", 350, 200),),
        (("street", 330, 260),),
        (("item", 70, 200), ("each", 600, 80), ("sum", 850, 80)),
        *(
            row
            for n in range(8)
            for row in (
                (
                    (f"{n}", 30, 20),
                    (f"name{n}", 70, 150 + 60 * (n % 3)),
                    (f"each{n}", 600, 80),
                    (f"sum{n}", 820, 110),
                ),
                ((f"note{n}", 70, 240),),
            )[: 1 + n % 2]
        ),
        (("TOTAL", 30, 160), ("99.00", 820, 110)),
        (("cash", 30, 100), ("100.00", 800, 130)),
        (("VAT", 30, 90), ("8.1%", 300, 90), ("7.42", 840, 90)),
        (("thanks", 340, 240),),
    ]
    lines = [
        _line(text, left, width, 100 + n * PITCH + (-1) ** n * 2)
        for n, row in enumerate(rows)
        for text, left, width in row
    ]

    assert _texts(lines) == [" ".join(text for text, *_ in row) for row in rows]


@pytest.mark.parametrize("bulge", [0.7, -0.7], ids=["valley", "ridge"])
def test_names_keep_their_amounts_over_a_ridge_and_a_valley(bulge: float) -> None:
    """Names and amounts lean against each other, by more than a row; centered lines above and
    below, which may pass for names, are level."""

    def curve(y: float) -> Callable[[float], float]:
        return lambda x: y - bulge * PITCH * (1 - ((x - 480) / 450) ** 2)

    rows = [(("SHOP", 380, 200),), (("street", 330, 300),)]
    rows += [((f"name{n}", 30, 300), (f"amount{n}", 820, 110)) for n in range(6)]
    rows += [(("thanks", 330, 300),)]
    lines = [
        _line(text, left, width, curve(100 + n * PITCH))
        for n, row in enumerate(rows)
        for text, left, width in row
    ]

    assert _texts(lines) == [" ".join(text for text, *_ in row) for row in rows]


def test_what_stands_in_the_middle_does_not_draw_each_amount_a_row_up() -> None:
    rows = (
        (("Merchant Copy", 360, 260),),
        (("Server: Dave", 30, 240), ("DOB: 11/12/2010", 610, 320)),
        (("4:36 PM", 30, 150), ("11/12/2010", 710, 220)),
        (("Table 31/1", 30, 200), ("4/40012", 780, 150)),
        (("SALE", 30, 100),),
        (("Visa", 30, 100), ("5555021", 780, 150)),
        (("Card 1234", 30, 440), ("Exp XXXX", 760, 170)),
        (("Magnetic card present", 30, 660),),
        (("Approval: 04512C", 30, 330),),
        (("Amount:", 30, 150), ("31.14", 780, 150)),
        (("+ Tip:", 30, 130),),
        (("= Total:", 30, 170),),
        (("I agree to pay the above", 30, 480),),
    )
    lines = [
        _line(text, left, width, lambda x, n=n: 100 + n * PITCH - 0.004 * x, 1.2 * PITCH)
        for n, row in enumerate(rows)
        for text, left, width in row
    ]

    assert _texts(lines) == [" ".join(text for text, _, _ in row) for row in rows]


def test_cells_of_a_table_tell_how_the_paper_falls_where_name_and_amount_lie_a_row_off() -> None:
    """From a name to its amount the paper falls by nearly a row, from cell to cell by a part."""
    cells = (
        ("name", 49, 214, 450, 443),
        ("price", 577, 250, 430, 436),
        ("rate", 854, 86, 446, 453),
        ("net", 974, 99, 472, 480),
        ("amount", 1107, 93, 496, 506),
    )
    rows = range(-1, 5)
    lines = [
        _line(
            f"{text}{n}",
            left,
            width,
            lambda x, left=left, width=width, top=n * PITCH + begin, fall=end - begin: (
                top + fall * (x - left) / width
            ),
            54,
        )
        for n in rows
        for text, left, width, begin, end in cells
    ]

    assert _texts(lines) == [" ".join(f"{text}{n}" for text, *_ in cells) for n in rows]


def test_what_stands_between_two_cells_is_not_passed_over() -> None:
    lines = [
        _line("Bananen", 8, 119, 216),
        _line("0,19 A", 546, 107, 216),
        _line("Bulgur", 7, 225, 291),
        _line("0,89 x", 344, 108, 290.5),
        _line("2", 458, 57, lambda x: 290.6 + 0.004 * (x - 458)),
        _line("1,78 A", 546, 120, 290.5),
        _line("Salat", 8, 209, 329),
        _line("0,99 A", 546, 107, 329),
    ]

    assert _texts(lines) == ["Bananen 0,19 A", "Bulgur 0,89 x 2 1,78 A", "Salat 0,99 A"]


def test_a_box_over_two_rows_does_not_hide_where_they_begin() -> None:
    """The engine found the counts of two rows as one high `1`."""
    names = ["MENU", "SUP. MAGRET", "CAFE", "KIR PECHE", "TARTE CITRON", "VERRE SAUMUR"]
    lines = []
    for n, name in enumerate(names):
        y = 433 + n * 34
        lines.append(_line(name, 126, 170 + 10 * n, lambda x, y=y: y - 0.03 * (x - 126)))
        lines.append(_line(f"{n},00", 690, 90, y + 19))
    lines.append(_line("1", 59, 40, 433 + 3.5 * 34, 78))

    assert [text.removeprefix("1 ") for text in _texts(lines)] == [
        f"{name} {n},00" for n, name in enumerate(names)
    ]


def test_few_lines_do_not_tell_that_the_page_leans_by_a_row() -> None:
    lines = [
        _line("Items:", 57, 101, 456),
        _line("Ext. Price", 537, 173, 465),
        _line("1 Candy [21113]", 75, 338, lambda x: 494 + 0.015 * (x - 75)),
        _line("$0.10", 613, 99, 502),
        _line("Total:", 55, 101, 569),
        _line("SubTotal", 428, 180, lambda x: 616 + 0.018 * (x - 428)),
        _line("$0.10", 620, 92, 621),
        _line("Sales Tax", 414, 190, 655),
        _line("$0.01", 620, 92, 660),
        _line("Payments:", 45, 151, 761),
        _line("Cash $0.11", 486, 229, lambda x: 812 + 0.05 * (x - 486)),
    ]

    assert _texts(lines) == [
        "Items: Ext. Price",
        "1 Candy [21113] $0.10",
        "Total:",
        "SubTotal $0.10",
        "Sales Tax $0.01",
        "Payments:",
        "Cash $0.11",
    ]


def test_lines_across_a_ridge_tell_which_of_two_rows_an_amount_ends() -> None:
    """Names rise to the fold and the paper falls behind it, where boxes as short as amounts are
    level: by the slopes of both alone each amount stands in the row above."""

    def fold(y: float) -> Callable[[float], float]:
        return lambda x: y + 0.08 * min(x, 450) - 0.1 * max(x - 450, 0)

    names = ["1,250 kg x 8,00", "APPLES", "0,500 kg x 9,00", "PEARS", "2,000 kg x 1,50", "LEEKS"]
    rows = [[("A name that runs across the whole of it", 60, 860)]]
    rows += [[(name, 30, 300)] for name in names]
    rows += [[("A sum that runs across the whole of it", 30, 900)]]
    for at, amount in ((2, "10,00"), (4, "4,50"), (6, "3,00")):
        rows[at].append((amount, 820, 110))
    lines = []
    for n, row in enumerate(rows):
        place = fold(100 + n * PITCH)
        for text, left, width in row:
            level = place(left + width / 2)
            short = left > 450
            lines.append(_line(text, left, width, level if short else place))

    assert _texts(lines) == [" ".join(text for text, *_ in row) for row in rows]


def test_a_letter_stays_in_its_row_though_the_box_before_it_reaches_into_its_own() -> None:
    rows = [
        (("MUSTARD", 46, 236), ("1,42", 604, 90), ("1", 682, 30)),
        (("PIZZA", 46, 280), ("3,29", 604, 75), ("1", 682, 28)),
    ]
    lines = [
        _line(text, left, width, 100 + n * PITCH)
        for n, row in enumerate(rows)
        for text, left, width in row
    ]

    assert _texts(lines) == ["MUSTARD 1,42 1", "PIZZA 3,29 1"]
