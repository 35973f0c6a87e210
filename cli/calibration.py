"""The confidences' fit: `preuve bench … --fit-confidence`.

Every labelled document of one half is read as it is and from damaged words (see `damage.py`);
what its values' signs were and whether they were right gives the weights. The other half is
for the diagrams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import preuve.reading
from cli.benchmark import Labelled, Seen
from cli.damage import damaged
from cli.logistic import Sample, fit
from cli.predictions import prediction
from cli.scoring import Marks, mark, same_retailer
from preuve.reading.confidence import Accept, FieldName, Model, Weights
from preuve.reading.page import Pages
from preuve.reading.result import Context, Reading, Value
from preuve.reading.signs import AGAINST

if TYPE_CHECKING:
    from preuve.reading.template.load import Templates

MODEL = Path(preuve.reading.__path__[0]) / "confidence.yaml"
FIELDS: tuple[FieldName, ...] = ("total", "purchased_on", "template", "name")
COPIES = {False: 4, True: 2}
"""How often a document is read from damaged words: a real one, a made one."""
WEIGHTS = {(False, False): 3.0, (False, True): 0.5, (True, False): 1.0, (True, True): 0.25}
"""For how much a reading counts: made or real, damaged or not."""
WORST_ERROR = 0.005
"""Of the fitted half's undamaged receipts, accepted by total and date, so many may be wrong."""
LEAST = 0.9
"""Total and date are never trusted below this, however few were wrong in the fitted half."""
RETAILER, NAMED = 0.7, 0.5
"""Where a retailer is sure, and where it is more likely wrong than right. What other values
would cost stands in docs/benchmarks.md."""

HEAD = """\
# What each sign (signs.py) adds to a confidence, in log-odds, and from which confidences a
# receipt is trusted. Fitted by `preuve bench FOLDER… --made FOLDER --fit-confidence`; nobody
# edits it: fit again after a change of rules. docs/benchmarks.md shows what it gives.
"""


@dataclass(frozen=True)
class Tried:
    """One reading, of a document as it is (`copy` 0) or from damaged words."""

    document: Labelled
    copy: int
    reading: Reading
    marks: Marks

    @property
    def weight(self) -> float:
        return WEIGHTS[self.document.made, self.copy > 0]


def try_all(
    documents: Sequence[Labelled], seen: Sequence[Seen], templates: Templates, context: Context
) -> Iterator[Tried]:
    """The fitted half's documents, each as it is and damaged."""
    for document, one in zip(documents, seen, strict=True):
        if document.fitted_on and one.problem is None:
            first = _try(document, 0, one.pages, templates, context)
            yield first
            for copy in range(1, COPIES[document.made] + 1):
                seed = f"{document.path.name} {copy}"
                worse = damaged(one.pages, first.reading, seed)
                yield _try(document, copy, worse, templates, context)


def fit_model(tried: Sequence[Tried]) -> Model:
    """Raises ValueError where a field's values are all right or all wrong."""
    fields = {name: _fit_field(name, tried) for name in FIELDS}
    as_they_are = [one for one in tried if not one.copy]
    made = sum(one.document.made for one in as_they_are)
    told = {
        "real": len(as_they_are) - made,
        "made": made,
        "damaged": len(tried) - len(as_they_are),
    }
    least = _least(as_they_are, fields)
    accept = Accept(total_and_date=least, retailer=RETAILER, named=NAMED)
    return Model(fitted=told, accept=accept, fields=fields)


def write_model(model: Model, path: Path = MODEL) -> None:
    told = model.model_dump(mode="json")
    for weights in told["fields"].values():
        weights["constant"] = round(weights["constant"], 3)
        weights["signs"] = {name: round(at, 3) for name, at in weights["signs"].items()}
    path.write_text(HEAD + yaml.safe_dump(told, sort_keys=False), "utf-8")


def _try(
    document: Labelled, copy: int, pages: Pages, templates: Templates, context: Context
) -> Tried:
    from preuve.reading.pipeline import understand

    reading, verdict = understand(pages, templates, context)
    line = prediction(document.path.name, pages, reading, verdict)
    return Tried(document, copy, reading, mark(document.label, line))


def _fit_field(name: FieldName, tried: Sequence[Tried]) -> Weights:
    samples = [
        Sample(dict(value.signs), right, one.weight)
        for one in tried
        for value, right in _judged(name, one)
        if value.signs
    ]
    constant, signs = fit(samples, AGAINST)
    return Weights(constant=constant, signs=signs)


def _judged(name: FieldName, one: Tried) -> Iterator[tuple[Value[Any], bool]]:
    """The value that `name` is the confidence of, and whether it is right; nothing where there
    is none, or no label."""
    reading, right = one.reading, one.marks.right
    known = reading.retailer is not None and reading.retailer.value.key is not None
    if name == "name":
        printed = reading.printed_name
        if printed is not None and not known and "retailer" in right:
            yield printed, same_retailer(one.document.label["retailer"], printed.value.name)
        return
    field = "retailer" if name == "template" else name
    value = getattr(reading, field)
    if value is not None and field in right and (known or name != "template"):
        yield value, right[field]


def _least(tried: Sequence[Tried], fields: dict[FieldName, Weights]) -> float:
    """The lowest threshold above which few enough have a wrong total or date."""
    judged = [(_sure(fields, one.reading), one) for one in tried if one.marks.safe is not None]
    judged.sort(key=lambda pair: -pair[0])
    least, wrong = 1.0, 0
    for number, (sure, one) in enumerate(judged, 1):
        wrong += not one.marks.safe
        if wrong <= WORST_ERROR * number:
            least = sure
    return round(max(least, LEAST), 3)


def _sure(fields: dict[FieldName, Weights], reading: Reading) -> float:
    """That total and date are both right; a value without signs keeps its fixed confidence."""
    total, day = reading.total, reading.purchased_on
    if total is None or day is None:
        return 0.0
    return _confidence(fields["total"], total) * _confidence(fields["purchased_on"], day)


def _confidence(weights: Weights, value: Value[Any]) -> float:
    return weights.confidence(value.signs) if value.signs else value.confidence
