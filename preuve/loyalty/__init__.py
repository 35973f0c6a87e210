"""What a receipt earns: programs, earn rules, the ledger. Knows nothing of intake."""

from preuve.loyalty.award import Award, AwardLine, Grant, RuleError, award
from preuve.loyalty.history import Given, History, Past
from preuve.loyalty.in_force import ProgramsInForce
from preuve.loyalty.ledger import (
    Balance,
    EntryView,
    Origin,
    balance,
    entries,
    post_award,
    receipt_points,
)
from preuve.loyalty.load import ProgramError, ProgramsError, load_programs, parse_program
from preuve.loyalty.policy import PointsPolicy
from preuve.loyalty.program import Program

__all__ = [
    "Award",
    "AwardLine",
    "Balance",
    "EntryView",
    "Given",
    "Grant",
    "History",
    "Origin",
    "Past",
    "PointsPolicy",
    "Program",
    "ProgramError",
    "ProgramsError",
    "ProgramsInForce",
    "RuleError",
    "award",
    "balance",
    "entries",
    "load_programs",
    "parse_program",
    "post_award",
    "receipt_points",
]
