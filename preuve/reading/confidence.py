"""From signs to a confidence: logistic weights that were fitted on labelled receipts.

The weights are data, `confidence.yaml`: `preuve bench … --fit-confidence` writes them, and
`docs/benchmarks.md` shows how often values of each confidence are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from math import exp
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from preuve.reading.signs import Signs

FieldName = Literal["total", "purchased_on", "template", "name"]
"""What has a confidence of its own: a retailer is either a template's or a printed name."""


class Weights(BaseModel):
    """Log-odds: the constant, and what each sign adds when it is fully there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    constant: float
    signs: Mapping[str, float]

    def confidence(self, signs: Signs) -> float:
        """0 to 1. A sign that the fit has not seen counts for nothing."""
        z = self.constant + sum(self.signs.get(name, 0.0) * at for name, at in signs.items())
        return 1 / (1 + exp(-z))


class Accept(BaseModel):
    """How sure a receipt must be to be trusted: that total and date are both right, and that the
    retailer is. A retailer below `named` is a guess: a trusted receipt goes without it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    total_and_date: float = Field(ge=0, le=1)
    retailer: float = Field(ge=0, le=1)
    named: float = Field(ge=0, le=1)


class Model(BaseModel):
    """The file. `fitted` counts the readings that it was fitted on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fitted: Mapping[str, int]
    accept: Accept
    fields: Mapping[FieldName, Weights]


@cache
def model() -> Model:
    """The model that comes with Preuve."""
    source = resources.files("preuve.reading").joinpath("confidence.yaml").read_text("utf-8")
    return Model.model_validate(yaml.safe_load(source))


def confidence(field: FieldName, signs: Signs) -> float:
    """How sure a value with these signs is right: 0 to 1."""
    return model().fields[field].confidence(signs)
