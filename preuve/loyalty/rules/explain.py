"""What becomes of every rule of a program on one occasion, and why."""

from __future__ import annotations

from dataclasses import dataclass

from preuve.loyalty.rules.award import Award, award
from preuve.loyalty.rules.compiled import compiled
from preuve.loyalty.rules.conditions import blocked_by
from preuve.loyalty.rules.expressions import RuleFault
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.history import History
from preuve.loyalty.rules.program import Program


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule. `told`: how its points come about, or the part of it that does not hold."""

    rule: str
    name: str
    points: int
    told: str


def explain(
    occasion: Occasion, program: Program, history: History
) -> tuple[Award, tuple[Explained, ...]]:
    """The award, and each rule in the order of the file."""
    found = award(occasion, program, history)
    given = {line.rule: line for line in found.lines}
    granted: dict[str, list[str]] = {}
    for grant in found.grants:
        granted.setdefault(grant.rule, []).append(grant.name)
    ready = compiled(program)
    scene = ready.scene(occasion, history)
    rules = {one.rule.rule: one for one in ready.rules}
    told = []
    for rule in program.earn:
        points = 0
        try:
            against = blocked_by(rules[rule.rule], scene)
            why = f"`{against}` does not hold" if against else "applies, and gives nothing"
        except RuleFault as fault:
            why = f"rule error: {fault.told}"
        if rule.rule in given:
            points, why = given[rule.rule].points, given[rule.rule].why
        if rule.rule in granted:
            gives = f"gives {', '.join(granted[rule.rule])}"
            why = f"{why}; {gives}" if points else gives
        told.append(Explained(rule.rule, rule.name, points, why))
    return found, tuple(told)
