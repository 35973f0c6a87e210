"""People of the console: what each role may do, and in which programs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is, each role with all that the one before it may do."""

    OPERATOR = "operator"
    EDITOR = "editor"
    ADMIN = "admin"


class Right(StrEnum):
    """What a person may do in a program of theirs. Looking needs no right of its own."""

    REVIEW = "review"
    """Amend, accept, reject and read again receipts."""
    EDIT = "edit"
    """Write and publish the program's own templates and rules."""
    PUBLISH_SHARED = "publish_shared"
    """Publish a template that every program reads by."""
    MANAGE_ACCOUNTS = "manage_accounts"
    ERASE = "erase"
    """Erase a member with all that is known of them."""


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: frozenset({Right.REVIEW}),
    Role.EDITOR: frozenset({Right.REVIEW, Right.EDIT}),
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking. `programs` are the keys of those that they see, in order."""

    user_id: int
    login: str
    name: str
    role: Role
    programs: tuple[str, ...]
    language: str

    def may(self, right: Right, program_id: str | None = None) -> bool:
        """Whether the role has `right`, and the program, where one is named, is theirs."""
        return right in RIGHTS[self.role] and (program_id is None or program_id in self.programs)
