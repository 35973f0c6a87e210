"""How long lists, searches and figures of one program take, in processor time.

    python tools/many_receipts.py FOLDER --receipts 100000
    python tools/bench_lists.py FOLDER [--database URL]

Processor time of this process: on SQLite, which runs within it, that is the whole work.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT)]

from preuve.intake import (  # noqa: E402
    Filters,
    Status,
    count_receipts,
    list_receipts,
    retailer_choices,
    template_choices,
)
from preuve.intake.overview.statistics import Period, figures, queue  # noqa: E402
from preuve.intake.overview.unusual import unusual  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import open_ground  # noqa: E402

TIMES = 5
PROGRAM = "demo"
ZONE = ZoneInfo("Europe/Paris")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the database was made")
    parser.add_argument("--database", default="", help="PostgreSQL's address; SQLite if none")
    chosen = parser.parse_args()
    ground = open_ground(Settings(data_dir=chosen.folder, database_url=chosen.database))
    retailers = retailer_choices(ground, PROGRAM)
    some = list_receipts(ground, PROGRAM).receipts[0]
    for name, filters in {
        "no filter": Filters(),
        "two statuses": Filters(statuses=(Status.REJECTED, Status.INCOMPLETE)),
        "a retailer": Filters(retailer=retailers[0].value),
        "a rare retailer": Filters(retailer=retailers[-1].value),
        "a member": Filters(member_id=some.member_id),
        "a reason": Filters(reason="payment_differs"),
        "a day of purchase": Filters(
            purchased_from=some.purchased_on, purchased_to=some.purchased_on
        ),
        "a total that nobody paid": Filters(total_from=Decimal(5000)),
        "a word on most receipts": Filters(search="total"),
        "a phrase": Filters(search='"total ttc"'),
        "a word on none": Filters(search="introuvable"),
        "one letter": Filters(search="t"),
    }.items():
        tell(f"list: {name}", partial(list_receipts, ground, PROGRAM, filters))
        tell(f"count: {name}", partial(count_receipts, ground, PROGRAM, filters))
    tell("retailers to choose from", lambda: retailer_choices(ground, PROGRAM))
    tell("templates to choose from", lambda: template_choices(ground, PROGRAM))
    now = ground.now().replace(minute=0, second=0, microsecond=0)
    for days in (1, 7, 30, 60):
        period = Period(now - timedelta(days=days), now)
        tell(f"figures of {days} days", partial(figures, ground, PROGRAM, period, ZONE))
    tell("queue", lambda: queue(ground, PROGRAM))
    tell("what is unusual", lambda: unusual(ground, PROGRAM))


def tell(name: str, work: Callable[[], object]) -> None:
    took = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        took.append((time.process_time() - begun) * 1000)
    print(f"{name:36} {median(took):7.1f} ms, at most {max(took):7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
