"""Accounts and sessions: who gets in, for how long, and how often one may guess."""

from __future__ import annotations

from datetime import timedelta

import pytest

from preuve.access import (
    AccountFault,
    Change,
    Lasting,
    Person,
    Right,
    Role,
    SignedIn,
    TooManyFailures,
    WrongPassword,
    add_user,
    change_user,
    forget_ended,
    hash_of,
    list_users,
    person_of,
    set_password,
    sign_in,
    sign_out,
)
from preuve.access.guessing import counted, place_of
from preuve.store import Ground
from tests.conftest import Clock

LASTING = Lasting(idle=timedelta(hours=2), length=timedelta(hours=12))
PASSWORD = "correct horse battery"


@pytest.fixture
def ana(ground: Ground) -> Person:
    made = add_user(ground, " Ana@Example.com", PASSWORD, role=Role.ADMIN, programs=["demo"])
    assert isinstance(made, Person)
    return made


def token(ground: Ground, password: str = PASSWORD) -> str:
    done = sign_in(ground, "ANA@example.com ", password)
    assert isinstance(done, SignedIn)
    return done.token


def test_one_who_signs_in_is_known_until_they_sign_out(ground: Ground, ana: Person) -> None:
    first, second = token(ground), token(ground)
    assert person_of(ground, first, LASTING) == ana
    assert ana.login == "ana@example.com"

    sign_out(ground, first)
    assert person_of(ground, first, LASTING) is None
    assert person_of(ground, second, LASTING) == ana
    assert person_of(ground, "no token", LASTING) is None


def test_a_session_ends_when_nothing_is_done_and_in_any_case(
    ground: Ground, clock: Clock, ana: Person
) -> None:
    held = token(ground)
    clock.advance(minutes=119)
    assert person_of(ground, held, LASTING, seen=False) == ana
    clock.advance(minutes=2)
    assert person_of(ground, held, LASTING) is None, "looking on does not make it last"

    held = token(ground)
    for _ in range(7):
        clock.advance(minutes=100)
        assert person_of(ground, held, LASTING) == ana
    clock.advance(minutes=30)
    assert person_of(ground, held, LASTING) is None
    forget_ended(ground, LASTING)
    assert [account.seen_at for account in list_users(ground)] == [None]


def test_login_and_password_are_wrong_in_the_same_way(ground: Ground, ana: Person) -> None:
    assert sign_in(ground, ana.login, "not this one") == WrongPassword()
    assert sign_in(ground, "nobody", PASSWORD) == WrongPassword()
    assert sign_in(ground, ana.login, "x" * 100_000) == WrongPassword()


def test_guessing_gets_slower_and_a_right_password_ends_that(
    ground: Ground, clock: Clock, ana: Person
) -> None:
    for login in ("nobody", ana.login):
        for _ in range(5):
            assert sign_in(ground, login, "not this one") == WrongPassword()
        waits = []
        for _ in range(12):
            told = sign_in(ground, login, PASSWORD)
            assert isinstance(told, TooManyFailures)
            waits.append(told.wait.total_seconds())
            clock.advance(seconds=waits[-1])
            assert sign_in(ground, login, "not this one") == WrongPassword()
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]

    assert isinstance(sign_in(ground, ana.login, PASSWORD), TooManyFailures)
    clock.advance(minutes=5)
    token(ground)
    assert sign_in(ground, ana.login, "not this one") == WrongPassword()
    token(ground)


def test_many_wrong_guesses_from_one_address_wait_whatever_their_login(
    ground: Ground, clock: Clock, ana: Person
) -> None:
    nothing, minute = timedelta(0), timedelta(minutes=1)
    for number in range(30):
        assert counted(ground, f"login {number}", "203.0.113.7") == nothing
    assert sign_in(ground, ana.login, PASSWORD, "203.0.113.7") == TooManyFailures(minute)
    assert counted(ground, "another", "::ffff:203.0.113.7") == minute
    assert counted(ground, "another", "203.0.113.8") == nothing
    assert counted(ground, "another", None) == nothing

    clock.advance(minutes=1)
    for _ in range(3):
        # The right one is given back.
        assert isinstance(sign_in(ground, ana.login, PASSWORD, "203.0.113.7"), SignedIn)
    assert counted(ground, "login 30", "203.0.113.7") == nothing
    assert counted(ground, "login 31", "203.0.113.7") == minute
    clock.advance(days=1)
    forget_ended(ground, LASTING)
    assert counted(ground, "login 32", "203.0.113.7") == nothing


def test_an_address_of_ipv6_counts_with_its_network() -> None:
    assert place_of("2001:db8::1") == place_of("2001:db8::ffff:2") == "2001:db8::/64"
    assert place_of("2001:db8:0:1::1") != place_of("2001:db8::1")
    assert place_of("no address") is None


def test_a_closed_account_is_out_at_once(ground: Ground, ana: Person) -> None:
    held = token(ground)
    assert change_user(ground, ana.user_id, Change(disabled=True)) == AccountFault.LAST_ADMIN
    add_user(ground, "bob", PASSWORD, role=Role.ADMIN)

    assert change_user(ground, ana.user_id, Change(disabled=True)) == ana
    assert person_of(ground, held, LASTING) is None
    assert sign_in(ground, ana.login, PASSWORD) == WrongPassword()
    change_user(ground, ana.user_id, Change(disabled=False))
    token(ground)


def test_a_new_password_ends_the_other_sessions(ground: Ground, ana: Person) -> None:
    mine, other = token(ground), token(ground)
    assert set_password(ground, ana.user_id, "short") == AccountFault.PASSWORD_LENGTH
    assert set_password(ground, ana.user_id, "another long one", keep=hash_of(mine)) == ana

    assert person_of(ground, mine, LASTING) == ana
    assert person_of(ground, other, LASTING) is None
    assert sign_in(ground, ana.login, PASSWORD) == WrongPassword()
    token(ground, "another long one")


def test_an_account_changes_as_told_and_a_session_sees_it(ground: Ground, ana: Person) -> None:
    add_user(ground, "bob", PASSWORD, role=Role.ADMIN)
    held = token(ground)
    change_user(ground, ana.user_id, Change(role=Role.OPERATOR, programs=("b", "a"), name="Ana"))
    seen = person_of(ground, held, LASTING)

    assert seen is not None
    assert (seen.name, seen.role, seen.programs) == ("Ana", Role.OPERATOR, ("a", "b"))
    assert change_user(ground, 999, Change()) == AccountFault.UNKNOWN


@pytest.mark.parametrize(
    ("login", "password", "fault"),
    [
        ("ANA@example.com", PASSWORD, AccountFault.LOGIN_TAKEN),
        ("", PASSWORD, AccountFault.LOGIN_INVALID),
        ("a b", PASSWORD, AccountFault.LOGIN_INVALID),
        ("x" * 101, PASSWORD, AccountFault.LOGIN_INVALID),
        ("bob", "123456789", AccountFault.PASSWORD_LENGTH),
        ("bob", "x" * 201, AccountFault.PASSWORD_LENGTH),
    ],
)
def test_an_account_that_cannot_be_is_told(
    ground: Ground, ana: Person, login: str, password: str, fault: AccountFault
) -> None:
    assert add_user(ground, login, password) == fault
    assert [account.person for account in list_users(ground)] == [ana]


def test_a_role_may_what_the_one_before_it_may(ana: Person) -> None:
    def may(role: Role) -> set[Right]:
        person = Person(1, "a", "A", role, ("demo",), "fr")
        return {right for right in Right if person.may(right, "demo")}

    assert may(Role.OPERATOR) == {Right.REVIEW}
    assert may(Role.EDITOR) == {Right.REVIEW, Right.EDIT}
    assert may(Role.ADMIN) == set(Right)
    assert not any(ana.may(right, "another") for right in Right)
