"""`preuve users`: the accounts of the console."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from cli.ground import opened_ground
from cli.reprocess import UnknownProgramError
from preuve.access import (
    LANGUAGES,
    Account,
    AccountFault,
    Change,
    Person,
    Role,
    add_user,
    change_user,
    list_users,
    set_password,
    user_of,
)
from preuve.loyalty import load_programs
from preuve.settings import Settings
from preuve.store import Ground

users = typer.Typer(help="Who may use the console.", no_args_is_help=True)

say = Console(stderr=True, highlight=False)

Login = Annotated[str, typer.Argument(help="What they sign in with, as an e-mail address.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the standard input.")
]
FAULTS = {
    AccountFault.LOGIN_TAKEN: "There is an account with this login already.",
    AccountFault.LOGIN_INVALID: "A login has 1 to 100 characters and no space.",
    AccountFault.PASSWORD_LENGTH: "A password has 10 to 200 characters.",
    AccountFault.UNKNOWN: "There is no such account.",
    AccountFault.LAST_ADMIN: "This is the last account of an admin; make another one first.",
}


class AccountError(Exception):
    remedy = "`preuve users list` shows every account."


@users.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="As the pages show it; the login if not said.")] = "",
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OPERATOR,
    program: Annotated[
        list[str] | None,
        typer.Option(help="A program that they see; may be repeated. All if none."),
    ] = None,
    language: Annotated[str, typer.Option(help="fr or en.")] = LANGUAGES[0],
    password_stdin: FromInput = False,
) -> None:
    """Make an account; asks for its password."""
    settings = Settings()
    programs = load_programs(settings.programs_dir)
    for key in program or ():
        if key not in programs:
            raise UnknownProgramError(f"No program {key!r}; there are {', '.join(programs)}.")
    if language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r}: say {' or '.join(LANGUAGES)}")
    password = _password(password_stdin)
    with opened_ground(settings) as ground:
        done = add_user(
            ground,
            login,
            password,
            name=name,
            role=role,
            programs=program or programs,
            language=language,
        )
    say.print(f"{_made(done).login} may sign in, as {role}.")


@users.command("list")
def list_() -> None:
    """Every account: its login, name, role, programs and days."""
    with opened_ground(Settings()) as ground:
        found = list_users(ground)
    for account in found:
        typer.echo(_line(account))
    if not found:
        say.print("There is no account yet. `preuve users add LOGIN --role admin` makes one.")


@users.command()
def passwd(login: Login, password_stdin: FromInput = False) -> None:
    """Set a password, and end what sessions there are; asks for it."""
    with opened_ground(Settings()) as ground:
        person = _known(ground, login)
        _made(set_password(ground, person.user_id, _password(password_stdin)))
    say.print(f"{person.login} has a new password and is signed out everywhere.")


@users.command()
def disable(login: Login) -> None:
    """Close an account and end its sessions. What was done with it stays."""
    with opened_ground(Settings()) as ground:
        _made(change_user(ground, _known(ground, login).user_id, Change(disabled=True)))
    say.print(f"{login} can no longer sign in.")


@users.command()
def enable(login: Login) -> None:
    """Open an account again that was closed."""
    with opened_ground(Settings()) as ground:
        _made(change_user(ground, _known(ground, login).user_id, Change(disabled=False)))
    say.print(f"{login} may sign in again.")


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


def _known(ground: Ground, login: str) -> Person:
    return _made(user_of(ground, login) or AccountFault.UNKNOWN)


def _made(done: Person | AccountFault) -> Person:
    if isinstance(done, AccountFault):
        raise AccountError(FAULTS[done])
    return done


def _line(account: Account) -> str:
    person = account.person
    days = f"made {account.created_at:%Y-%m-%d}"
    if account.disabled_at:
        days += f", disabled {account.disabled_at:%Y-%m-%d}"
    programs = ",".join(person.programs) or "no program"
    return f"{person.login}  {person.name}  {person.role}  {programs}  {days}"
