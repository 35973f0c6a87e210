"""Chance with words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Draw:
    """Draws from one seeded generator, so that a run can be repeated."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one(self, choices: Sequence[T]) -> T:
        return choices[int(self.rng.integers(len(choices)))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """`count` different choices at most, in any order."""
        order = self.rng.permutation(len(choices))
        return [choices[int(index)] for index in order[:count]]

    def weighted(self, weights: Mapping[T, float]) -> T:
        keys, shares = list(weights), np.array(list(weights.values()), float)
        return keys[int(self.rng.choice(len(keys), p=shares / shares.sum()))]

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def spread(self, most: float) -> float:
        """Around zero, mostly small, never beyond `most`."""
        return float(np.clip(self.rng.normal(0, most / 2.2), -most, most))

    def whole(self, low: int, high: int) -> int:
        """Both ends included."""
        return int(self.rng.integers(low, high + 1))

    def digits(self, count: int) -> str:
        return "".join(str(digit) for digit in self.rng.integers(0, 10, count))
