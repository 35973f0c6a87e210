"""A till that prints the receipts of one shop, and whose layout can be changed."""

from __future__ import annotations

from decimal import Decimal
from random import Random

ARTICLES = ("PAIN DE MIE", "EPINARDS", "SAUMON FUME", "TARTE CITRON", "GLACE VANILLE", "RIZ")
ALIKE = {"0": "O", "1": "l", "5": "S", "E": "F", "A": "4", "M": "N", "T": "I", "R": "P"}

AS_USUAL = "  TOTAL A PAYER         {total} EUR"
ABOVE = "  TOTAL A PAYER\n                        {total}"
RENAMED = "  REGLEMENT DU JOUR     {total} EUR"


def receipt(random: Random, total: str = AS_USUAL, noise: float = 0.01) -> str:
    """One receipt of one to seven articles; each letter is misread with probability `noise`."""
    rows, due = [], Decimal(0)
    for _ in range(random.randint(1, 7)):
        price = Decimal(random.randint(99, 1999)) / 100
        due += price
        rows.append(f"  {random.choice(ARTICLES):20}  {_printed(price)}")
    net = (due / Decimal("1.055")).quantize(Decimal("0.01"))
    paid = random.choice(("  CARTE BANCAIRE        {}", "  ESPECES               {}"))
    day, hour, minute = random.randint(1, 20), random.randint(9, 19), random.randint(0, 59)
    number = random.randint(1000, 9999)
    lines = [
        "# PICARD",
        "  12 RUE DES HALLES",
        "  67000 STRASBOURG",
        *rows,
        total.format(total=_printed(due)),
        paid.format(_printed(due)),
        "  TVA 5,50%   HT        TVA      TTC",
        f"  5,50%    {_printed(net)}   {_printed(due - net)}   {_printed(due)}",
        f"  {day:02}/11/2026 {hour:02}:{minute:02}   TICKET {number}",
        "  MERCI DE VOTRE VISITE",
    ]
    return "\n".join(lines[:1] + [_misread(line, random, noise) for line in lines[1:]])


def _printed(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _misread(line: str, random: Random, noise: float) -> str:
    return "".join(ALIKE.get(c, c) if random.random() < noise else c for c in line)
