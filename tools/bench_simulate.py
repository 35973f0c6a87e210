"""How long simulating 20 rules over many past receipts takes. `make bench-simulate` runs it.

    python tools/bench_simulate.py FOLDER --receipts 100000

The folder keeps the database for another run. Receipts are invented: 2,000 products with a brand
and a size in their names, 3 to 14 lines each, of 5,000 members over a year.
"""

from __future__ import annotations

import argparse
import random
import sys
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from rich.progress import Progress
from sqlalchemy import func, insert, select

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from preuve.loyalty import parse_program  # noqa: E402
from preuve.loyalty.occasions.kept import dump_member, dump_purchase  # noqa: E402
from preuve.loyalty.occasions.tables import GivenRow, OccasionRow  # noqa: E402
from preuve.loyalty.programs.simulate import simulate  # noqa: E402
from preuve.loyalty.rules.facts import LineFacts, MemberFacts, PurchaseFacts  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, migrate, open_ground  # noqa: E402

BEGINS = datetime(2025, 11, 1, 8, tzinfo=UTC)
DAYS, MEMBERS, PRODUCTS, BATCH = 365, 5000, 2000, 1000
BRANDS = ("LINDT", "BARILLA", "EVIAN", "DANONE", "LAVAZZA", "BONNE MAMAN", "PRESIDENT", "HARIBO")
THINGS = ("CHOCOLAT NOIR", "SPAGHETTI", "EAU", "YAOURT NATURE", "CAFE MOULU", "CONFITURE")
RETAILERS = tuple(f"fr.shop_{number}" for number in range(12))

RULES = """\
program: bench
name: Bench
timezone: Europe/Paris
limits: {max_age_days: 60}
products:
  chocolate: {name: chocolate, words: [lindt chocolat noir]}
  coffee: {name: coffee, words: [lavazza cafe moulu]}
  jam: {name: jam, words: [bonne maman confiture]}
campaigns:
  autumn: {name: Autumn, budget: 200000, starts_on: 2025-11-01, ends_on: 2026-03-31}
earn:
  - {rule: base, name: Base, effect: {kind: per_amount, points: 1, amount: 1}}
  - rule: weekend
    name: Weekend
    window: {weekdays: [sat, sun]}
    effect: {kind: multiplier, times: 2}
  - rule: evening
    name: Evening
    window: {hours: ["18:00-20:00"]}
    effect: {kind: multiplier, times: 1.5}
  - {rule: first, name: First, trigger: first_receipt, effect: {kind: fixed, points: 100}}
  - rule: fifth
    name: Fifth of the month
    trigger: nth_receipt
    nth: {number: 5, per: month}
    effect: {kind: fixed, points: 80}
  - rule: chocolate
    name: Chocolate
    condition: {items: {lists: [chocolate]}}
    effect: {kind: per_item, points: 20}
    caps: [{per: day, points: 60}]
  - rule: coffee
    name: Coffee
    campaign: autumn
    condition: {items: {lists: [coffee]}}
    effect: {kind: per_item, points: 30}
  - rule: jam
    name: Jam
    condition: {items: {lists: [jam]}}
    effect: {kind: per_amount, points: 2, amount: 1, of: items}
  - rule: faithful
    name: Faithful to chocolate
    condition: {when: "history.spent_on('chocolate', 30) >= 2000"}
    effect: {kind: fixed, points: 50}
    caps: [{per: month, times: 1}]
  - rule: regular
    name: Regular
    condition: {when: "history.receipts(30) >= 3"}
    effect: {kind: fixed, points: 10}
  - rule: big
    name: Big basket
    condition: {min_total: 60}
    effect: {kind: fixed, points: 40}
    caps: [{per: week, points: 100}]
  - rule: many
    name: Many lines
    condition: {when: "items.size() >= 10"}
    effect: {kind: fixed, points: 5}
  - rule: dear
    name: Something dear
    condition: {when: "items.exists(i, i.amount > 1500)"}
    effect: {kind: fixed, points: 5}
  - rule: gold
    name: Gold
    condition: {segments: [gold]}
    effect: {kind: fixed, points: 3}
  - rule: drive
    name: One shop
    condition: {retailers: [fr.shop_3]}
    effect: {kind: fixed, points: 7}
  - rule: rush
    name: The first of the day
    effect: {kind: fixed, points: 25}
    caps: [{per: day, times: 50, of: all}]
  - rule: gift
    name: Gift
    condition: {min_total: 100}
    grants: [{kind: gift, key: bag, name: A bag}]
    caps: [{per: campaign, times: 1}]
  - rule: voucher
    name: Voucher
    trigger: nth_receipt
    nth: {number: 10, every: true}
    grants: [{kind: voucher, key: five, name: Five euros, value: 5, currency: EUR}]
  - rule: plain
    name: Long names
    condition: {when: "receipt.retailer_name.size() > 3 && receipt.total > 2000"}
    effect: {kind: fixed, points: 2}
  - rule: young
    name: New members
    condition: {when: "member.days >= 0 && member.days < 60"}
    effect: {kind: fixed, points: 15}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--receipts", type=int, default=100_000)
    chosen = parser.parse_args()
    settings = Settings(data_dir=chosen.folder, database_url="")
    migrate(settings)
    ground = open_ground(settings)
    _fill(ground, chosen.receipts)
    program = parse_program(RULES, "bench.yaml")
    with Progress() as bar:
        task = bar.add_task("judging", total=None)
        began, used = clock.monotonic(), clock.process_time()
        found = simulate(
            ground,
            program,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
        took, used = clock.monotonic() - began, clock.process_time() - used
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{found.occasions} receipts, {len(program.earn)} rules: {took:.1f} s ({used:.1f} s of "
        f"processor), {found.occasions / took:.0f} a second, {memory:.0f} MB at most"
    )
    held = sum(rule.held_back for rule in found.rules)
    print(f"{found.points} points to {found.members} members, {held} held back")
    ground.close()


def _fill(ground: Ground, receipts: int) -> None:
    with ground.database.read() as session:
        there = session.scalar(select(func.count()).select_from(OccasionRow)) or 0
    if there >= receipts:
        return
    chance = random.Random(1)
    names = [_name(chance) for _ in range(PRODUCTS)]
    rows: list[dict[str, Any]] = []
    for number in range(there, receipts):
        rows.append(_occasion(chance, names, number, receipts))
        if len(rows) == BATCH or number == receipts - 1:
            with ground.database.write() as session:
                session.execute(insert(OccasionRow), rows)
                session.execute(insert(GivenRow), list(map(_given, rows)))
            rows = []


def _name(chance: random.Random) -> str:
    return f"{chance.choice(BRANDS)} {chance.choice(THINGS)} {chance.randrange(50, 1000)}G"


def _occasion(
    chance: random.Random, names: list[str], number: int, receipts: int
) -> dict[str, Any]:
    at = BEGINS + timedelta(seconds=number * DAYS * 86_400 // receipts)
    member = f"m{chance.randrange(MEMBERS)}"
    lines = tuple(_lines(chance, names))
    purchase = PurchaseFacts(
        receipt_id=f"rcp_{number:08}",
        member_id=member,
        received_at=at,
        kind="receipt",
        retailer_key=chance.choice(RETAILERS),
        retailer_name="Superval",
        country="FR",
        currency="EUR",
        exponent=2,
        total=sum(line.amount for line in lines),
        purchased_on=at.date(),
        purchased_at=time(chance.randrange(8, 21), chance.randrange(60)),
        lines=lines,
    )
    segments = frozenset({"gold"}) if int(member[1:]) % 5 == 0 else frozenset()
    facts = MemberFacts(member, date(2025, 10, 1), segments=segments)
    return {
        "program_id": "bench",
        "key": purchase.receipt_id,
        "trigger": "receipt",
        "member_id": member,
        "occurred_at": at,
        "counted_on": at.date(),
        "credited": True,
        "asked": False,
        "program": "",
        "member": dump_member(facts),
        "purchase": dump_purchase(purchase),
        "reading": 1,
        "event": "",
        "properties": {},
        "errors": [],
        "judged": 1,
        "sent_sha256": None,
        "judged_at": at,
    }


def _lines(chance: random.Random, names: list[str]) -> Iterator[LineFacts]:
    for number in range(chance.randrange(3, 15)):
        yield LineFacts(number, "product", chance.choice(names), chance.randrange(80, 2000))


def _given(row: dict[str, Any]) -> dict[str, Any]:
    same = ("program_id", "member_id", "occurred_at", "counted_on")
    points = {"occasion": row["key"], "rule": "base", "points": 40, "campaign": None}
    return {name: row[name] for name in same} | points


if __name__ == "__main__":
    main()
