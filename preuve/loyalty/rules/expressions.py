"""CEL in `when`: what an expression may say, and whether it holds.

An expression decides, and computes nothing that is given. It is bounded before it is compiled:
its length, its depth, no loop in a loop, plain texts and whole numbers; each name in it is known
or refused. Amounts are minor units (cents).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import cel

from preuve.loyalty.rules.complaints import syntax, what_cel_says
from preuve.loyalty.rules.written import nearest
from preuve.messages import Message, say

LONGEST = 500
DEEPEST = 10
LONGEST_DAYS = 731

NAMES: Mapping[str, tuple[str, ...]] = {
    "receipt": (
        "kind", "retailer", "retailer_name", "country", "currency", "total", "discounts", "day",
        "weekday", "hour",
    ),
    "items": (
        "kind", "description", "amount", "pieces", "unit_price", "gtin", "code", "vat_code",
        "lists",
    ),
    "member": ("segments", "attributes", "days", "age"),
    "event": ("name", "properties"),
    "fields": (),
    "history": (),
}  # fmt: skip
"""What expressions may name, and what each of it has."""
FREE = ("fields", "member.attributes", "event.properties")
"""Below these stands whatever a template or a partner put there."""
HISTORY = {
    "spent": False,
    "receipts": False,
    "spent_on": True,
    "bought": True,
    "receipts_at": True,
}
"""`history.spent(30)`; those with True are asked of a list or retailer, too:
`history.bought("lindt", 30)`."""
LOOPS = ("exists", "all", "exists_one", "filter", "map")
METHODS = ("contains", "startsWith", "endsWith", "size")
FUNCTIONS = ("size", "has", "int", "string")
CONSTANTS = ("true", "false", "in")

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<number>(?:0x[0-9a-fA-F]+|\d[\w.]*))
    |(?P<name>[A-Za-z_]\w*)
    |(?P<mark>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Uses:
    """What expressions look at: dotted names, as `items.amount`, and days of history.

    `asked` are the names below FREE without which an expression is not asked at all; those that
    it tests by `has()` are not among them. `lists` are the product lists that it names.
    """

    names: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    days: int = 0
    lists: frozenset[str] = frozenset()

    @property
    def roots(self) -> frozenset[str]:
        return frozenset(name.partition(".")[0] for name in self.names)

    def below(self, root: str) -> frozenset[str]:
        """What is named of a root, without it."""
        return _below(self.names, root)

    def __or__(self, other: Uses) -> Uses:
        return Uses(
            self.names | other.names,
            self.asked | other.asked,
            max(self.days, other.days),
            self.lists | other.lists,
        )


@lru_cache(1000)
def _below(names: frozenset[str], root: str) -> frozenset[str]:
    start = f"{root}."
    return frozenset(name.removeprefix(start) for name in names if name.startswith(start))


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; `roots` is what of NAMES it needs."""

    source: str
    uses: Uses
    roots: frozenset[str]
    compiled: cel.Program = field(repr=False, compare=False)

    def holds(self, context: cel.Context) -> bool:
        """Raises RuleFault where it cannot be computed, or says neither yes nor no."""
        try:
            found = self.compiled.execute(context)
        except ZeroDivisionError:
            raise RuleFault(say("divides by zero")) from None
        except OverflowError:
            raise RuleFault(say("computes a number that is too large")) from None
        except TypeError as wrong:
            raise RuleFault(
                say("mixes kinds of values: {why}", why=what_cel_says(str(wrong)))
            ) from None
        except IndexError:
            raise RuleFault(say("asks for an item that is not there")) from None
        except KeyError as missing:
            raise RuleFault(
                say("asks for {name}, which is not there", name=missing.args[0])
            ) from None
        except (RuntimeError, ValueError) as wrong:
            why = what_cel_says(str(wrong))
            raise RuleFault(say("cannot be computed: {why}", why=why)) from None
        if not isinstance(found, bool):
            raise RuleFault(say("gives {found!r}, and not true or false", found=found))
        return found


class RuleFault(Exception):
    """A rule cannot be judged on an occasion; `told` says why. An award turns it into a value."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


class ExpressionsInvalid(ValueError):
    """An expression is refused; `mistakes` has each with its place."""

    def __init__(self, mistakes: list[Message]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def compile_expression(source: str) -> Expression:
    """Raises ExpressionsInvalid with every mistake that can be seen without an occasion."""
    if len(source) > LONGEST:
        told = say("is longer than {most} characters: make two rules of it", most=LONGEST)
        raise ExpressionsInvalid([told])
    walk = _Walk(source)
    walk.check_bounds()
    try:
        compiled = cel.compile(source)
    except Exception as broken:
        at, _, why = syntax(broken).partition(": ")
        told = say("is no CEL: {at}: {why}", at=at, why=what_cel_says(why))
        raise ExpressionsInvalid([told]) from None
    walk.check_names()
    uses = walk.uses()
    return Expression(source, uses, uses.roots, compiled)


class _Walk:
    """One pass over an expression's tokens."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = [t for t in _tokens(source) if t.kind != "space"]
        self.mistakes: list[Message] = []
        self.names: set[str] = set()
        self.tested: set[str] = set()
        self.lists: set[str] = set()
        self.days = 0

    def check_bounds(self) -> None:
        depth = 0
        for index, token in enumerate(self.tokens):
            depth += (token.text in "([") - (token.text in ")]") if token.kind == "mark" else 0
            if depth > DEEPEST:
                self.refuse(token, say("nests deeper than {most} levels", most=DEEPEST))
                break
            before, after = self.text(index - 1), self.text(index + 1)
            if token.kind == "other" or token.text == after == "/":
                told = say("{sign!r} is not part of the language here", sign=token.text)
                self.refuse(token, told)
            elif token.text == "." and not re.search(r"[\w)\]\"']$", before if index else ""):
                self.refuse(token, say("nothing stands before the dot"))
            elif token.kind == "number" and (before == "." or not token.text.isdecimal()):
                told = say("only whole numbers: amounts are in minor units, 14.80 € is 1480")
                self.refuse(token, told)
            elif token.text in "/%" and after.strip("0") == "":
                self.refuse(token, say("divides by zero"))
        self.stop()

    def check_names(self) -> None:
        opened: list[tuple[str, bool] | None] = []
        """For each bracket that is open: the variable of a loop, and whether over items."""
        for index, token in enumerate(self.tokens):
            before, after = self.text(index - 1), self.text(index + 1)
            if token.kind == "mark" and token.text in "([":
                loop = self.loop(index)
                if loop and any(opened):
                    told = say("a loop in a loop: put the inner one into a product list")
                    self.refuse(token, told)
                opened.append(loop if token.text == "(" else None)
                if token.text == "[" and before in NAMES and before != "items":
                    self.refuse(token, say("write {name}.name, without brackets", name=before))
            elif token.kind == "mark" and token.text in ")]":
                opened.pop()
            elif token.kind == "text" and after == "in" and self.text(index + 4) == "lists":
                self.lists.add(token.text[1:-1])
            elif token.kind == "name" and before != ".":
                variables = dict(loop for loop in opened if loop)
                if after == "(":
                    self.known(token, FUNCTIONS, say("function"))
                elif token.text in variables:
                    self.variable(index, over_items=variables[token.text])
                elif token.text not in CONSTANTS:
                    self.root(index)
            elif token.kind == "name" and after == "(":
                if self.text(index - 2) == "history":
                    self.asked_of_history(index)
                else:
                    self.known(token, (*METHODS, *LOOPS), say("function"))
            elif token.kind == "name" and self.text(index - 2) in (")", "]"):
                self.known(token, NAMES["items"], say("name"))
                self.names.add(f"items.{token.text}")
        self.stop()

    def uses(self) -> Uses:
        free = {name for name in self.names if name.startswith(tuple(f"{one}." for one in FREE))}
        asked = frozenset(free - self.tested)
        return Uses(frozenset(self.names), asked, self.days, frozenset(self.lists))

    def loop(self, index: int) -> tuple[str, bool] | None:
        """The variable of the loop that this bracket opens, and whether it goes over items."""
        if self.text(index - 2) != "." or self.text(index - 1) not in LOOPS:
            return None
        variable = self.tokens[index + 1]
        if variable.text in NAMES:
            told = say("{name} has its meaning: take another letter", name=variable.text)
            self.refuse(variable, told)
        return variable.text, self.text(index - 3) in ("items", ")")

    def path(self, index: int) -> list[str]:
        """The names after a name, as far as they are no call."""
        found = []
        while self.text(index + 1) == "." and self.text(index + 3) != "(":
            found.append(self.text(index + 2))
            index += 2
        return found

    def variable(self, index: int, *, over_items: bool) -> None:
        path = self.path(index)
        if over_items and path:
            self.known(self.tokens[index + 2], NAMES["items"], say("name"))
            self.names.add(f"items.{path[0]}")

    def root(self, index: int) -> None:
        token, path = self.tokens[index], self.path(index)
        if token.text not in NAMES:
            hint = nearest(token.text, NAMES)
            self.refuse(token, say("{name} is unknown{hint}", name=token.text, hint=hint))
            return
        full = ".".join((token.text, *path))
        free = next((one for one in FREE if f"{full}.".startswith(f"{one}.")), None)
        if free and len(path) != free.count(".") + 1:
            self.refuse(token, say("write one name after {place}, as {place}.name", place=free))
        elif token.text == "history" and (path or self.text(index + 3) != "("):
            self.refuse(token, say("write what of history, as history.spent(30)"))
        elif len(path) > 1 and not free:
            name = f"{token.text}.{path[0]}"
            self.refuse(token, say("{name} has nothing below it", name=name))
        elif path and not free:
            self.known(self.tokens[index + 2], NAMES[token.text], say("name"))
        elif not path and token.text not in ("items", "history"):
            self.refuse(token, say("say what of {name}, as {name}.name", name=token.text))
        self.names.add(full)
        if self.text(index - 1) == "(" and self.text(index - 2) == "has":
            self.tested.add(full)

    def asked_of_history(self, index: int) -> None:
        token = self.tokens[index]
        if not self.known(token, HISTORY, say("function")):
            return
        given = [self.text(index + n) for n in range(2, 5 if HISTORY[token.text] else 3)]
        days = given[-1]
        named = HISTORY[token.text]
        right = days.isdecimal() and self.text(index + 2 + len(given)) == ")"
        if not right or not 1 <= int(days) <= LONGEST_DAYS or (named and given[1] != ","):
            form = f'{token.text}("name", 30)' if named else f"{token.text}(30)"
            told = say("write history.{form}, from 1 to {most} days", form=form, most=LONGEST_DAYS)
            self.refuse(token, told)
            return
        self.names.add(f"history.{token.text}")
        self.days = max(self.days, int(days))
        if named and token.text != "receipts_at":
            self.lists.add(given[0][1:-1])

    def known(
        self, token: _Token, names: tuple[str, ...] | Mapping[str, bool], what: Message
    ) -> bool:
        if token.text in names:
            return True
        hint = nearest(token.text, names)
        told = say("{name} is no {what} here{hint}", name=token.text, what=what, hint=hint)
        self.refuse(token, told)
        return False

    def text(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) else "end"

    def refuse(self, token: _Token, told: Message) -> None:
        rest = self.source[token.at :][:20]
        place = say("{told} (at character {at}: {rest})", told=told, at=token.at + 1, rest=rest)
        self.mistakes.append(place)

    def stop(self) -> None:
        if self.mistakes:
            raise ExpressionsInvalid(self.mistakes)


def _tokens(source: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(source):
        yield _Token(str(found.lastgroup), found[0], found.start())
