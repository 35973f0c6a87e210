"""Logistic regression for few data: weights of known sign, drawn to what one would guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GUESS = 1.0
"""What a sign counts for, in log-odds, where the data say nothing."""
PULL = 2.0
"""How strongly weights are drawn to the guess: as much as so many doubtful samples."""
STEPS = 8000

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A value's signs, whether it was right, and for how much it counts."""

    signs: dict[str, float]
    right: bool
    weight: float


def fit(samples: Sequence[Sample], against: frozenset[str]) -> tuple[float, dict[str, float]]:
    """The constant and each sign's weight, by projected gradient descent.

    Weights of signs in `against` are never above 0, the others never below. Raises ValueError
    where the samples are all right or all wrong: then there is nothing to learn.
    """
    if len({one.right for one in samples}) < 2:
        raise ValueError("the values are all right, or all wrong: nothing can be fitted")
    names = list(samples[0].signs)
    sense = np.array([-1.0 if name in against else 1.0 for name in names])
    values = np.array([[one.signs[name] for name in names] for one in samples]) * sense
    right = np.array([one.right for one in samples], dtype=np.float64)
    counts = np.array([one.weight for one in samples])
    constant, weights = _descend(values, right, counts)
    return constant, dict(zip(names, (weights * sense).tolist(), strict=True))


def _descend(values: Array, right: Array, counts: Array) -> tuple[float, Array]:
    padded = np.column_stack([np.ones(len(values)), values])
    steepest = 0.25 * float(np.linalg.eigvalsh((padded.T * counts) @ padded).max()) + PULL
    constant, weights = 0.0, np.full(values.shape[1], GUESS)
    for _ in range(STEPS):
        wrong = counts * (1 / (1 + np.exp(-(constant + values @ weights))) - right)
        constant -= float(wrong.sum()) / steepest
        slope = values.T @ wrong + PULL * (weights - GUESS)
        weights = np.maximum(0.0, weights - slope / steepest)
    return constant, weights
