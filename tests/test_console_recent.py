"""What one page found out serves the others for a moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

from console.recent import Recent


def test_who_asks_the_same_within_the_time_gets_the_same() -> None:
    recent, numbers = Recent(), count()

    def find() -> int:
        return next(numbers)

    assert [recent("board", 60.0, find) for _ in range(3)] == [0, 0, 0]
    assert recent("choices", 60.0, find) == 1
    assert recent("board", 0.0, find) == 2


def test_many_who_ask_at_once_let_one_find_out() -> None:
    recent, numbers, start = Recent(), count(), Barrier(8)

    def ask() -> int:
        start.wait()
        return recent("board", 60.0, lambda: next(numbers))

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        assert {each.result() for each in asked} == {0}


def test_a_fault_is_nobodys_answer() -> None:
    recent: Recent = Recent()
    with ThreadPoolExecutor(1) as pool:
        assert isinstance(
            pool.submit(recent, "board", 60.0, lambda: 1 // 0).exception(), ZeroDivisionError
        )
    assert recent("board", 60.0, lambda: 7) == 7
