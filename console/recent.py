"""What was found out a moment ago, told again to whoever asks the same."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Recent:
    """Answers for all pages of the process. Ask it in a thread: it waits for who finds out."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[float, Any]] = {}
        self._turns: dict[Hashable, Lock] = defaultdict(Lock)

    def __call__(self, key: Hashable, seconds: float, find: Callable[[], T]) -> T:
        """What `find` gave, `seconds` ago at most; many who ask at once let one find out.

        `key` says what is asked, and of which program.
        """
        with self._turns[key]:
            at, answer = self._known.get(key, (0.0, None))
            if not at or time.monotonic() - at > seconds:
                answer = find()
                self._known[key] = (time.monotonic(), answer)
            found: T = answer
            return found
