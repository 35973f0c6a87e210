"""`preuve programs bench`: how many receipts a second are judged by many rules."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from time import process_time
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from preuve.lasting import set_apart_what_lasts
from preuve.loyalty import Past, award, parse_program
from preuve.loyalty.rules.facts import LineFacts, MemberFacts, Occasion, PurchaseFacts
from preuve.loyalty.rules.history import Gave

HEAD = "program: bench\nname: Bench\ntimezone: Europe/Paris\n"
BRANDS = 200
RETAILERS = 50
PRODUCTS = 5_000
FIRST = date(2026, 1, 1)
KINDS = (
    "condition: {{retailers: [fr.shop_{retailer}], min_total: {least}}}\n"
    "    effect: {{kind: per_amount, points: 1, amount: 2}}",
    "condition: {{items: {{lists: [{brand}]}}}}\n    effect: {{kind: per_item, points: 5}}",
    "condition: {{items: {{lists: [{brand}]}}}}\n"
    "    effect: {{kind: per_amount, points: 2, of: items}}",
    "condition: {{when: 'receipt.total >= {cents} && receipt.weekday == \"sat\"'}}\n"
    "    effect: {{kind: fixed, points: 10}}",
    "condition: {{when: 'items.exists(i, \"{brand}\" in i.lists && i.amount > {cents})'}}\n"
    "    effect: {{kind: fixed, points: 10}}",
    "condition: {{when: 'history.spent_on(\"{brand}\", 30) > {cents}'}}\n"
    "    caps: [{{per: month, times: 1}}]\n    effect: {{kind: fixed, points: 25}}",
    "window: {{starts_on: 2026-03-01, weekdays: [mon, tue]}}\n"
    "    caps: [{{per: week, points: 100}}]\n    effect: {{kind: fixed, points: 2}}",
    "condition: {{segments: [gold]}}\n    effect: {{kind: multiplier, times: 1.5}}",
)
"""Rules as programs have them, in turn."""


def bench(
    rules: Annotated[int, typer.Option(min=1, max=1000, help="Rules in the program.")] = 500,
    receipts: Annotated[int, typer.Option(min=1, help="Receipts to be judged.")] = 2000,
) -> None:
    """Judge invented receipts by invented rules on one core, and print how long it took.

    No database: members' histories are in memory, each with ten receipts.
    """
    chance = random.Random(20261122)
    began = process_time()
    program = parse_program(program_text(rules), "bench")
    loaded = process_time() - began
    names = _names(chance)
    occasions = list(islice(_occasions(chance, names), receipts))
    histories = [_history(chance, names) for _ in range(50)]
    award(occasions[0], program, histories[0])
    set_apart_what_lasts()
    began = process_time()
    lines = errors = 0
    for number, occasion in enumerate(occasions):
        found = award(occasion, program, histories[number % len(histories)])
        lines, errors = lines + len(found.lines), errors + len(found.errors)
    took = process_time() - began
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("rules", str(rules))
    table.add_row("receipts", f"{receipts}, {lines / receipts:.1f} rules gave points to each")
    table.add_row("loading the program", f"{loaded:.2f} s")
    table.add_row("judging", f"{took:.2f} s, {1000 * took / receipts:.2f} ms a receipt")
    table.add_row("receipts a second", f"{receipts / took:.0f}")
    table.add_row("100,000 receipts", f"{100_000 * took / receipts:.0f} s")
    Console(highlight=False).print(table)
    if errors:
        raise typer.Exit(1)


def program_text(rules: int) -> str:
    """A program of so many rules over 200 brands."""
    brands = (f"  brand-{n}: {{name: Brand {n}, words: [{_word(n)}]}}\n" for n in range(BRANDS))
    written = (
        f"  - rule: r{n}\n    name: Rule {n}\n    "
        + KINDS[n % len(KINDS)].format(
            retailer=n % RETAILERS,
            least=5 + n % 40,
            brand=f"brand-{n % BRANDS}",
            cents=500 + 50 * (n % 40),
        )
        for n in range(rules)
    )
    base = "  - {rule: base, name: Base, effect: {kind: per_amount, points: 1}}\n"
    return HEAD + "products:\n" + "".join(brands) + "earn:\n" + base + "\n".join(written) + "\n"


def _word(number: int) -> str:
    """A word of nine letters that is like no other."""
    syllables = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo")
    found = ""
    for _ in range(3):
        number, rest = divmod(number * 7 + 3, len(syllables))
        found += syllables[rest] + "xyzw"[rest % 4]
    return found


def _names(chance: random.Random) -> list[str]:
    """What tills print: a brand on every fifth row, and a number that tells them apart."""
    return [
        f"{'PRODUIT' if n % 5 else _word(n % BRANDS).upper()} {chance.randrange(10_000)} {n}G"
        for n in range(PRODUCTS)
    ]


def _purchase(chance: random.Random, names: list[str], number: int) -> PurchaseFacts:
    day = FIRST + timedelta(days=chance.randrange(300))
    amounts = [chance.randrange(50, 3000) for _ in range(chance.randrange(4, 17))]
    return PurchaseFacts(
        receipt_id=f"r-{number}",
        member_id="m",
        received_at=datetime.combine(day, time(20), UTC),
        kind="receipt",
        retailer_key=f"fr.shop_{chance.randrange(RETAILERS)}",
        retailer_name="Shop",
        country="FR",
        currency="EUR",
        exponent=2,
        total=sum(amounts),
        purchased_on=day,
        purchased_at=time(chance.randrange(8, 20)),
        lines=tuple(
            LineFacts(line, "product", chance.choice(names), amount)
            for line, amount in enumerate(amounts)
        ),
    )


def _occasions(chance: random.Random, names: list[str]) -> Iterator[Occasion]:
    gold = MemberFacts("m", segments=frozenset({"gold"}))
    number = 0
    while True:
        number += 1
        bought = _purchase(chance, names, number)
        who = gold if number % 4 == 0 else MemberFacts("m")
        yield Occasion("receipt", bought.receipt_id, bought.received_at, who, bought)


def _history(chance: random.Random, names: list[str]) -> Past:
    bought = [_purchase(chance, names, -n) for n in range(10)]
    days = [(one.purchased_on or FIRST, one) for one in bought]
    return Past(tuple(days), tuple(Gave(f"r{n}", day, 2) for n, (day, _) in enumerate(days)))
