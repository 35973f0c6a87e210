"""What a receipt earns: programs, earn rules, the ledger. Knows nothing of intake."""

from preuve.loyalty.ledger.balances import Balance, EntryView, Expiring, balance, entries
from preuve.loyalty.ledger.credit import Origin
from preuve.loyalty.ledger.posting import post_award, receipt_points
from preuve.loyalty.occasions.crediting import (
    Credited,
    Judged,
    JudgedAgain,
    credit_occasion,
    judge,
    judge_purchase,
    take_credit_turn,
    withdraw,
)
from preuve.loyalty.programs.in_force import ProgramsInForce
from preuve.loyalty.rules.award import Award, AwardLine, Grant, RuleError, award
from preuve.loyalty.rules.history import Given, History, Past
from preuve.loyalty.rules.load import ProgramError, ProgramsError, load_programs, parse_program
from preuve.loyalty.rules.policy import PointsPolicy
from preuve.loyalty.rules.program import Program

__all__ = [
    "Award",
    "AwardLine",
    "Balance",
    "Credited",
    "EntryView",
    "Expiring",
    "Given",
    "Grant",
    "History",
    "Judged",
    "JudgedAgain",
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
    "credit_occasion",
    "entries",
    "judge",
    "judge_purchase",
    "load_programs",
    "parse_program",
    "post_award",
    "receipt_points",
    "take_credit_turn",
    "withdraw",
]
