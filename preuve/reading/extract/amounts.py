"""Amounts of money in a row of text, as its template writes numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from preuve.reading.extract.text import digits_in
from preuve.reading.made import quickly_made
from preuve.reading.template.model import Numbers

_DIGIT = re.compile(r"[0-9]")
_USUAL = re.compile(r"[0-9]+[.,][0-9]{2}")
_AROUND_MARK = re.compile(r"\s?([.,])\s?")
_UNITS = ("kg", "g", "l", "km", "cl", "ml", "pcs", "pc", "stk", "uds", "szt", "h")
_AS_DIGITS = "OoDdSsLlIiBb"
"""Letters that engines read for digits."""
_ANY_DIGIT = f"[0-9{_AS_DIGITS}]"
_DAMAGED = re.compile(r"(?<![\d.,:/-])(?P<whole>\d{1,5})\s?[-–_;~' ]\s?(?P<cents>\d{2})\s?[A-Z]?$")
_TENTHS = re.compile(r"(?<![\d.,:/-])(?P<whole>\d{1,5})[.,](?P<cents>\d)(?:\s?(?:€|[A-Z]{3}))?$")


def _in_any_case(word: str) -> str:
    """A pattern of the word in small letters and in capitals. One that does not tell them apart
    as a whole is half as quick again: it never tells by the first letter what cannot match."""
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else re.escape(c) for c in word)


_MEASURES = "|".join(map(_in_any_case, _UNITS))


def _ends_a_named_row(match: re.Match[str]) -> bool:
    return match.end() == len(match.string) and any(map(str.isalpha, match.string[: match.start()]))


@quickly_made
@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be money: where it stands in the row's text, and how it was written.

    `plain`: written with the currency's usual decimals, so that it surely is an amount;
    `percent`, `measured`: followed by a percent sign, or by a unit or a multiplication sign.
    """

    value: Decimal
    start: int
    stop: int
    text: str
    plain: bool
    percent: bool = False
    measured: bool = False
    signed: bool = False


class AmountReader:
    """Finds amounts; `signs` are the printed signs of currencies, `numbers` the way to write."""

    def __init__(self, numbers: Numbers, signs: tuple[str, ...]) -> None:
        self._numbers = numbers
        known = sorted({*signs, "$", "€", "£"}, key=len, reverse=True)
        sign = "|".join(map(_in_any_case, known))
        marks = sorted({*numbers.decimal, ".", ","})
        decimal = "".join(map(re.escape, marks))
        group = "".join(re.escape(c) for c in set(numbers.group) | {"'", "’"})
        # Behind a colon the other mark may be a time's: "Heure:14.32".
        usual = re.escape(numbers.decimal[0] if numbers.decimal else ".")
        grouped = rf"[0-9]{{1,3}}(?:[{group}][0-9]{{3}})+"
        whole = rf"(?:{grouped}|[0-9](?:{_ANY_DIGIT}{{0,6}}[0-9])?|{_ANY_DIGIT}(?=[.,][0-9]))"
        cents = rf"\s?[{decimal}·]\s?{_ANY_DIGIT}{{2}}"
        # A colon is a misread decimal mark only where a currency says that this is money.
        euros = r"[0-9]{1,4}€[0-9]{2}"
        beside_sign = rf"[0-9]{{1,4}}[:;][0-9]{{2}}(?=\s?(?:{sign})(?![A-Za-z]))"
        rate = rf"[0-9]{{1,2}}[{decimal}][0-9](?=\s?%)"
        thousandths = rf"{whole}[{decimal}][0-9]{{3}}"
        # Most of a pattern's time goes into what does not match. So it first looks for the kind
        # of its first letter; passes over a word that begins with none of the signs, nor as a
        # digit misread; and seeks no decimals where no mark follows the digits.
        first = "".join(re.escape(c) for c in ("-–−~+(", *marks, *{one[0] for one in known}))
        first += "".join({"E", *(one[0].swapcase() for one in known if one[0].isalpha())})
        # A sign for dollars may be read as S, one for euros as E.
        misread = r"[sSE](?=[0-9]+[.,][0-9]{2})"
        between = "".join(re.escape(c) for c in {*numbers.group, "'", "’"} - set(marks))
        marked = rf"(?=[0-9{_AS_DIGITS}\s{between}]*+[{decimal}·€:;])"
        self._pattern = re.compile(
            rf"(?=[0-9{_AS_DIGITS}\s{first}])(?:(?<![\w{decimal}/:#-])|(?=[0-9])(?:(?<=\.\.)"
            rf"|(?<=[^\W\d]:|[\s%]:)(?=[0-9]+{usual}[0-9]{{2}}(?![0-9]))"
            rf"|(?<=[xX])(?:(?<=\b.)|(?<=[0-9] .)|(?<=[0-9].))))"
            rf"(?=[^A-Za-z\s]|^\s|{sign}|[{_AS_DIGITS}][.,]?[0-9]|E[0-9])"
            rf"(?P<open>[-–−~+(]|^\s*[-–−]\s)?"
            rf"(?P<sign>(?![0-9])(?:{sign}):?\s?|{misread})?(?P<minus>[-–−]\s?)?"
            rf"(?P<number>{marked}(?:{whole}{cents}(?![0-9])|{euros}|{beside_sign}|{rate}"
            rf"|{thousandths})|{whole}|[{decimal}][0-9]{{2}})"
            rf"(?![0-9]|[{decimal}:/][0-9])"
            rf"(?P<after>\s?(?=[^\s0-9])(?:%|\)|(?:{sign})(?:\s?[-–−](?=\s|$)|(?![A-Za-z]|\s?[0-9]))"
            rf"|[-–−](?=\s|$|[A-Za-z]\b|(?:{sign}))|(?:{_MEASURES})\b|[xX×@](?=[\s0-9]|$)"
            rf"|\*(?=\s|$)))?"
        )

    def find(self, text: str) -> tuple[Amount, ...]:
        if not _DIGIT.search(text):
            return ()
        found = [self._amount(match) for match in self._pattern.finditer(text)]
        return tuple([amount for amount in found if amount])

    def find_damaged(self, text: str) -> tuple[Amount, ...]:
        """The amount that ends a row whose decimal mark was read as something else, "78-10", or
        that is printed without its last zero: "12,5"."""
        if self._numbers.decimals != 2:
            return ()
        match = _DAMAGED.search(text) or _TENTHS.search(text)
        if match is None:
            return ()
        value = Decimal(f"{match['whole']}.{match['cents']:0<2}")
        return (Amount(value, match.start("whole"), match.end("cents"), match.group(), True),)

    def _amount(self, match: re.Match[str]) -> Amount | None:
        opening, sign, minus, raw, after = match.groups()
        value, plain = self.value(raw)
        if value is None:
            return None
        if not (opening or minus or after):
            start, stop = match.span()
            text = match.group().strip()
            return Amount(value, start, stop, text, plain, False, False, bool(sign))
        after, opening = (after or "").strip(), (opening or "").strip()
        if after in ("x", "X", "*") and plain and _ends_a_named_row(match):
            after = ""  # a code of taxes, as American tills print it, or a mark: "3,95 *"
        negative = (
            opening in ("-", "–", "−", "~")
            or bool(minus)
            or after[-1:] in ("-", "–", "−")
            or (opening == "(" and after == ")")
        )
        # Behind a minus a star is a mark: nobody buys -0,25 of something.
        times = after in ("x", "×", "@", "X") or (after == "*" and not negative)
        measured = after.lower() in _UNITS or times
        signed = bool(sign) or (not measured and after not in "%-–−)")
        return Amount(
            value=-value if negative else value,
            start=match.start(),
            stop=match.end(),
            text=match.group().strip(),
            plain=plain,
            percent=after == "%",
            measured=measured,
            signed=signed,
        )

    def value(self, raw: str) -> tuple[Decimal | None, bool]:
        """The number meant by `raw`, and whether it has a currency's usual decimals."""
        if _USUAL.fullmatch(raw):
            return Decimal(raw.replace(",", ".")), True
        if raw.isdecimal():
            return Decimal(raw), False
        text = (
            raw.replace("€", ".")
            .replace("·", ".")
            .replace(":", ".")
            .replace(";", ".")
            .replace("’", "'")
        )
        text = _AROUND_MARK.sub(r"\1", text)
        if not text.replace(".", "").replace(",", "").replace("'", "").replace(" ", "").isdigit():
            text = text.translate(str.maketrans("OoDSlIB", "0005118"))
        if text[:1] in ".,":
            text = "0" + text
        marks = [c for c in text if not c.isdigit()]
        try:
            if not marks:
                return Decimal(text), False
            head, _, tail = text.rpartition(marks[-1])
            if len(tail) == 3 and self._numbers.decimals == 0:
                return Decimal(digits_in(text)), True
            if len(tail) == 2 and marks[-1] in ".,":
                grouped = all(len(part) == 3 for part in re.split(r"[ .,']", head)[1:])
                if marks[:-1] and (not grouped or marks[-1] in marks[:-1]):
                    return None, False
                return Decimal(f"{digits_in(head) or '0'}.{tail}"), True
            if all(len(part) == 3 for part in re.split(r"[ .,']", text)[1:]):
                if len(marks) > 1 or marks[-1] in " '" or marks[-1] in self._numbers.group:
                    return Decimal(digits_in(text)), False
                return Decimal(f"{digits_in(head)}.{tail}"), False
            return Decimal(f"{digits_in(head) or '0'}.{tail}"), False
        except InvalidOperation:
            return None, False
