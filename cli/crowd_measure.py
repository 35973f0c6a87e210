"""What a process measures of itself with many templates: loading, memory, matching."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.crowd import Retailer
from cli.crowd_papers import paper
from preuve.reading.page import Pages

MEGABYTE = 1024 * 1024
SEED = 5


@dataclass(frozen=True, slots=True)
class Loading:
    """`seconds` of one core; `memory` of the whole process afterwards and `peak`, in bytes."""

    seconds: float
    memory: int
    peak: int


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of papers: `outcomes` counts right, wrong, ambiguous and none.

    `seconds` are those of one core, one a paper. `misses` name what was wanted and found.
    """

    seconds: Sequence[float]
    outcomes: Counter[str]
    misses: Sequence[tuple[str, str]]

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return 1000 * sorted(self.seconds)[int(share * (len(self.seconds) - 1))]

    @property
    def right(self) -> float:
        return self.outcomes["right"] / max(self.outcomes.total(), 1)


def make_measured(folder: Path, cache: Path) -> Callable[..., tuple[Loading, Matching, Matching]]:
    """Loads the templates; the calls match papers. Made inside the process that is measured."""
    from preuve.reading.template.load import load_templates
    from preuve.reading.template.match import Ambiguous, Match, match

    started = time.process_time()
    templates = load_templates(folder, cache=cache)
    seconds = time.process_time() - started
    loading = Loading(seconds, _memory("VmRSS"), _memory("VmHWM"))

    def found(pages: Pages) -> tuple[float, str | None]:
        started = time.process_time()
        result = match(pages, templates)
        seconds = time.process_time() - started
        if isinstance(result, Match):
            return seconds, result.template.template
        return seconds, "ambiguous" if isinstance(result, Ambiguous) else None

    def measure(
        retailers: Sequence[Retailer], papers: int, others: Sequence[Pages]
    ) -> tuple[Loading, Matching, Matching]:
        draw = random.Random(SEED)
        wanted = [draw.choice(retailers) for _ in range(papers)]
        ours = _matching(((one.key, paper(one, draw)) for one in wanted), found)
        theirs = _matching(((None, pages) for pages in others), found)
        return loading, ours, theirs

    return measure


def _matching(
    papers: Iterable[tuple[str | None, Pages]], found: Callable[[Pages], tuple[float, str | None]]
) -> Matching:
    seconds: list[float] = []
    outcomes: Counter[str] = Counter()
    misses: list[tuple[str, str]] = []
    for wanted, pages in papers:
        spent, key = found(pages)
        seconds.append(spent)
        right = key == wanted
        outcome = "right" if right else key if key == "ambiguous" else "wrong" if key else "none"
        outcomes[outcome] += 1
        if not right:
            misses.append((wanted or "nobody", key or "none"))
    return Matching(seconds, outcomes, misses)


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024
