"""Barcodes and QR codes: found on the picture, and what they say of the purchase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from preuve.reading.codes import find_codes
from preuve.reading.document import Picture
from preuve.reading.extract.codes import CodeFacts, facts_of, says_date
from preuve.reading.page import IDENTITY, Box, Code, Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from tests.paper import RECEIVED, paper, stock

TSE = (
    "V0;kasse-7;Kassenbeleg-V1;Beleg^11.40_7.05_0.00_0.00_0.00^18.45:Unbar;4711;9100;"
    "2026-11-12T17:40:02.000Z;2026-11-12T23:41:09.000Z;ecdsa-plain-SHA256;utcTime;c2ln;a2V5"
)
RKSV = "_R1-AT1_K-12_B-00815_2026-11-12T18:42:10_10,00_2,50_0,00_0,00_5,95_YWJj_4f3a_ZGVm_c2ln"
ATCUD = (
    "A:509999999*B:999999990*C:PT*D:FS*E:N*F:20261112*G:FS 01/815*H:JJ4X8T-815*I1:PT*I7:15.00"
    "*I8:3.45*N:3.45*O:18.45*Q:abcd*R:1234"
)
VERIFACTU = (
    "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR"
    "?nif=B99999999&numserie=T-815&fecha=12-11-2026&importe=18.45"
)
TICKETBAI = (
    "https://batuz.eus/QRTBAI/?id=TBAI-B99999999-121126-abcdefghijklm-042&s=T&nf=815&i=18.45&cr=042"
)
QR_BILL = "\n".join(
    [
        "SPC",
        "0200",
        "1",
        "CH5800791123000889012",
        *(["x"] * 7),
        *([""] * 7),
        "18.45",
        "CHF",
        *([""] * 7),
        "NON",
        "",
        "",
        "EPD",
        "//S1/10/815/11/261112/30/106017086",
    ]
)
DAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TSE, CodeFacts("TSE", date(2026, 11, 13), time(0, 41, 9), Decimal("18.45"), "4711")),
        (RKSV, CodeFacts("RKSV", DAY, time(18, 42, 10), Decimal("18.45"), "B-00815")),
        (ATCUD, CodeFacts("ATCUD", DAY, None, Decimal("18.45"), "FS 01/815")),
        (VERIFACTU, CodeFacts("Veri*Factu", DAY, None, Decimal("18.45"), "T-815")),
        (TICKETBAI, CodeFacts("TicketBAI", DAY, None, Decimal("18.45"), "815")),
        (QR_BILL, CodeFacts("QR-bill", DAY, None, Decimal("18.45"), "815")),
    ],
)
def test_says_what_a_public_form_holds(text: str, expected: CodeFacts) -> None:
    assert facts_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4006381333931",
        "https://example.org/?id=1",
        TSE.replace("Beleg^", "AVTraining^"),
        TSE.replace("11.40", "11,4x"),
        RKSV.replace("2026-11-12", "2026-13-12"),
        ATCUD.replace("20261112", "2026111"),
        QR_BILL.replace("18.45", ""),
        VERIFACTU.replace("18.45", "NaN"),
        VERIFACTU.replace("18.45", "1E+900"),
        VERIFACTU.replace("T-815", "815" * 40),
        TSE.replace("2026-11-12T23:41:09.000Z", "0001-01-01T00:00:00.000Z"),
        "SPC",
        "_R1-AT1",
        "A:1*H:2",
    ],
)
def test_what_is_damaged_or_something_else_says_nothing(text: str) -> None:
    assert facts_of(text) is None


@given(st.sampled_from([TSE, RKSV, ATCUD, VERIFACTU, TICKETBAI, QR_BILL]), st.data())
def test_no_code_makes_it_raise(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 6))
    put = data.draw(st.text(max_size=6) | st.text("0123456789.,;:_^*-/N", max_size=6))
    said = facts_of(text[:at] + put + text[at + gone :])
    assert said is None or said.total is None or 0 < said.total < 10**11


def test_bars_hold_a_date_as_tills_write_it() -> None:
    assert says_date(("0888318257385012111126",), date(2026, 11, 11))
    assert not says_date(("0888318257385012111126",), date(2026, 10, 11))


RECEIPT = """
    KAUFLADEN
    Milch              7,05 B
    Pfanne            11,40 A
    SUMME EUR         {total}
    EC-Karte          {total}
    {date}   18:41
"""


def _read(code: str, total: str = "18,45", day: str = "13.11.2026") -> tuple[Pages, Context]:
    (page,) = paper(RECEIPT.format(total=total, date=day))
    coded = replace(page, codes=(Code("QRCode", code, Box(0, 200, 90, 290)),))
    return (coded,), Context(received_on=RECEIVED)


def test_a_code_confirms_what_nothing_else_does() -> None:
    rows = [row for row in RECEIPT.splitlines() if not row.strip().startswith(("EC", "M", "P"))]
    (page,) = paper("\n".join(rows).format(total="18,45", date="13.11.2026"))
    context = Context(received_on=RECEIVED)
    coded = replace(page, codes=(Code("QRCode", TSE, Box(0, 200, 90, 290)),))
    _, doubted = understand((page,), stock(), context)
    reading, verdict = understand((coded,), stock(), context)
    assert (doubted.status, verdict.status) == ("doubtful", "trusted")
    assert reading.total is not None
    assert "code +5.0" in reading.total.rule
    assert reading.receipt_number is not None
    assert reading.receipt_number.value == "4711"


def test_a_code_replaces_what_was_misread() -> None:
    pages, context = _read(TSE, total="13,45", day="13.11.2025")
    reading, _ = understand(pages, stock(), context)
    assert reading.total
    assert reading.total.value == Decimal("18.45")
    assert reading.purchased_on
    assert reading.purchased_on.value == date(2026, 11, 13)
    assert reading.purchased_on.rule == "code: TSE"
    assert reading.purchased_on.rejected


def test_codes_of_two_purchases_decide_nothing() -> None:
    pages, context = _read(TSE, total="13,45")
    other = Code("QRCode", TSE.replace("4711", "4712"), Box(300, 200, 390, 290))
    both = (replace(pages[0], codes=(*pages[0].codes, other)),)
    reading, _ = understand(both, stock(), context)
    assert reading.total
    assert reading.total.value == Decimal("13.45")


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_finds_a_code_however_the_paper_lies(turned: int) -> None:
    sheet = np.full((900, 600), 250, np.uint8)
    _put(sheet, "4006381333931", zxingcpp.BarcodeFormat.EAN13, 60, 500)
    _put(sheet, TSE, zxingcpp.BarcodeFormat.QRCode, 60, 40)
    # `turned` is clockwise, as seen in the picture; np.rot90 turns the other way.
    picture = np.repeat(np.rot90(sheet, -turned // 90)[..., None], 3, axis=2)
    height, width = picture.shape[:2]
    back = {
        0: IDENTITY,
        90: (0, -1, width, 1, 0, 0, 0, 0, 1),
        180: (-1, 0, width, 0, -1, height, 0, 0, 1),
        270: (0, 1, 0, -1, 0, height, 0, 0, 1),
    }[turned]
    found = find_codes(
        Picture(np.ascontiguousarray(picture), width, height),
        turned,
        tuple(map(float, back)),  # type: ignore[arg-type]
    )
    assert [(code.format, code.text) for code in found] == [
        ("QRCode", TSE),
        ("EAN13", "4006381333931"),
    ]
    square, bars = found
    assert abs(square.box.left - 60) < 25
    assert abs(square.box.top - 40) < 25
    assert 480 < bars.box.top < bars.box.bottom < 720


@pytest.mark.parametrize("any_way", [True, False])
def test_bars_that_stand_are_found_where_no_text_tells_the_way(any_way: bool) -> None:
    sheet = np.full((700, 600), 250, np.uint8)
    _put(sheet, "4006381333931", zxingcpp.BarcodeFormat.EAN13, 60, 300)
    standing = np.ascontiguousarray(np.repeat(np.rot90(sheet)[..., None], 3, axis=2))
    found = find_codes(Picture(standing, 700, 600), 0, IDENTITY, any_way=any_way)
    assert [code.text for code in found] == (["4006381333931"] if any_way else [])


def _put(sheet: NDArray[np.uint8], text: str, kind: zxingcpp.BarcodeFormat, x: int, y: int) -> None:
    drawn = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=4))
    sheet[y : y + drawn.shape[0], x : x + drawn.shape[1]] = drawn
