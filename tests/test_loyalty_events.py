"""Sign-ups, birthdays and events of a partner's own: each credited once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from preuve.loyalty import balance
from preuve.loyalty.ledger.book import member_number
from preuve.loyalty.occasions.birthdays import AT_ONCE, celebrate
from preuve.loyalty.occasions.events import (
    EventReused,
    Happened,
    Misdated,
    Outcome,
    forget_member,
    outcome,
    take_event,
    take_member,
)
from preuve.loyalty.occasions.held import dismiss, held, how_many_are_held, judge_again
from preuve.loyalty.occasions.members import member
from preuve.loyalty.rules.facts import MemberFacts
from preuve.store import Ground
from tests.conftest import Clock
from tests.occasions import of_rules

PROGRAM = of_rules(
    "  - {rule: hello, name: Hello, trigger: sign_up, effect: {kind: fixed, points: 50}}\n"
    "  - {rule: cake, name: Cake, trigger: birthday, effect: {kind: fixed, points: 30}}\n"
    "  - rule: survey\n    name: Survey\n    trigger: event\n    event: survey\n"
    '    condition: {when: "event.properties.stars >= 0"}\n'
    "    effect: {kind: fixed, points: 9}\n"
    "    grants: [{kind: badge, key: voice, name: Voice}]\n"
    "    caps: [{per: day, times: 2}]\n"
)
BORN = date(1990, 3, 14)


def survey(number: int = 1, at: datetime | None = None, **properties: int) -> Happened:
    return Happened(f"e{number}", "ann", "survey", at, properties or {"stars": 5})


def points(ground: Ground, member_id: str = "ann") -> int:
    return balance(ground, "spring", member_id).lifetime


def test_an_event_is_credited_once_however_often_it_is_told(ground: Ground) -> None:
    first, again = (take_event(ground, PROGRAM, survey()) for _ in range(2))
    assert isinstance(first, Outcome)
    assert isinstance(again, Outcome)
    assert (first.points, first.repeated, again.repeated) == (9, False, True)
    assert [(one.rule, one.points) for one in again.lines] == [("survey", 9)]
    assert [one.key for one in again.grants] == ["voice"]
    assert points(ground) == 9
    assert take_event(ground, PROGRAM, survey(stars=4)) == EventReused("e1")
    assert take_event(ground, PROGRAM, survey(at=ground.now())) == EventReused("e1")


def test_an_event_told_at_once_by_many_is_credited_once(ground: Ground) -> None:
    threads = [Thread(target=take_event, args=(ground, PROGRAM, survey())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert points(ground) == 9


def test_an_event_from_the_future_is_refused_with_its_place(ground: Ground) -> None:
    soon = ground.now() + timedelta(minutes=6)
    refused = take_event(ground, PROGRAM, survey(at=soon))
    assert isinstance(refused, Misdated)
    assert refused.where == "occurred_at"
    assert "in the future" in refused.why
    assert isinstance(take_event(ground, PROGRAM, survey(at=ground.now())), Outcome)


def test_an_event_that_comes_in_late_counts_on_its_day(ground: Ground) -> None:
    """Two a day count: the earliest by their time, whatever order they are told in."""
    told = [survey(hour, ground.now() - timedelta(hours=hour)) for hour in (1, 2, 3)]
    for one in told:
        take_event(ground, PROGRAM, one)
    found = [take_event(ground, PROGRAM, one) for one in told]
    assert [one.points for one in found if isinstance(one, Outcome)] == [0, 9, 9]
    assert points(ground) == 18


def failing(ground: Ground, number: int = 1) -> str:
    """Takes an event on which the rule fails; its key."""
    told = Happened(f"e{number}", "ann", "survey", None, {"stars": "five"})
    found = take_event(ground, PROGRAM, told)
    assert isinstance(found, Outcome)
    assert (found.points, [error.rule for error in found.errors]) == (0, ["survey"])
    return found.key


def test_an_event_whose_rule_fails_waits_for_a_person(ground: Ground) -> None:
    key = failing(ground)
    (waiting,) = held(ground, "spring")
    assert (waiting.key, waiting.event, waiting.member_id) == (key, "survey", "ann")
    assert waiting.errors[0].rule == "survey"
    assert held(ground, "other") == ()
    assert [one.key for one in judge_again(ground, PROGRAM, [key])] == [key]
    corrected = of_rules(
        "  - {rule: survey, name: S, trigger: event, event: survey,"
        " effect: {kind: fixed, points: 4}}\n"
    )
    assert judge_again(ground, corrected, [key, "event:e9"]) == ()
    assert (points(ground), held(ground, "spring")) == (4, ())
    assert judge_again(ground, PROGRAM, [key]) == ()
    assert points(ground) == 4


def test_what_a_person_dismissed_earns_nothing_and_waits_no_more(ground: Ground) -> None:
    one, other = failing(ground, 1), failing(ground, 2)
    assert dismiss(ground, "spring", one, person="eve", reason="a test of ours")
    assert not dismiss(ground, "spring", one, person="eve", reason="again")
    assert not dismiss(ground, "other", other, person="eve", reason="not theirs")
    assert [waiting.key for waiting in held(ground, "spring")] == [other]
    assert how_many_are_held(ground, "spring") == 1
    assert judge_again(ground, PROGRAM, [one]) == ()
    found = outcome(ground, "spring", one)
    assert found is not None
    assert (found.points, found.errors) == (0, ())


def test_signing_up_is_credited_once_and_not_for_members_taken_over(ground: Ground) -> None:
    brought = take_member(ground, PROGRAM, MemberFacts("ann"))
    assert isinstance(brought, Outcome)
    assert brought.points == 50
    take_member(ground, PROGRAM, MemberFacts("ann", segments=frozenset({"gold"})))
    forget_member(ground, "spring", "ann")
    take_member(ground, PROGRAM, MemberFacts("ann"))
    assert points(ground) == 50
    assert take_member(ground, PROGRAM, MemberFacts("bob", date(2026, 1, 1))) is None
    assert points(ground, "bob") == 0


def test_what_is_told_of_a_member_replaces_what_was_told(ground: Ground) -> None:
    full = MemberFacts("ann", date(2026, 3, 1), BORN, frozenset({"gold"}), {"city": "Lyon"})
    take_member(ground, PROGRAM, full)
    seen = member(ground, "spring", "ann")
    assert seen is not None
    assert seen.facts == full
    take_member(ground, PROGRAM, MemberFacts("ann"))
    seen = member(ground, "spring", "ann")
    assert seen is not None
    assert seen.facts == MemberFacts("ann")
    assert member(ground, "other", "ann") is None
    assert forget_member(ground, "spring", "ann")
    assert member(ground, "spring", "ann") is None


@pytest.mark.parametrize(
    ("told", "where"),
    [
        (MemberFacts("ann", joined_on=date(2026, 3, 15)), "joined_on"),
        (MemberFacts("ann", birthday=date(2030, 1, 1)), "birthday"),
        (MemberFacts("ann", birthday=date(1890, 1, 1)), "birthday"),
    ],
)
def test_days_that_cannot_be_are_refused(ground: Ground, told: MemberFacts, where: str) -> None:
    refused = take_member(ground, PROGRAM, told)
    assert isinstance(refused, Misdated)
    assert refused.where == where
    assert member(ground, "spring", "ann") is None


def born(ground: Ground, member_id: str, day: date) -> None:
    take_member(ground, PROGRAM, MemberFacts(member_id, date(2020, 1, 1), day))


def test_a_birthday_is_credited_once_a_year(ground: Ground, clock: Clock) -> None:
    born(ground, "ann", date(1990, 3, 20))
    assert celebrate(ground, PROGRAM) == 0
    clock.advance(days=6)
    assert celebrate(ground, PROGRAM) == 1
    assert celebrate(ground, PROGRAM) == 0
    assert points(ground) == 30
    clock.advance(days=365)
    assert celebrate(ground, PROGRAM) == 1
    assert points(ground) == 60


def test_birthdays_that_fell_into_an_outage_are_made_up_for(ground: Ground, clock: Clock) -> None:
    born(ground, "ann", date(1990, 3, 20))
    born(ground, "leap", date(2000, 2, 29))
    celebrate(ground, PROGRAM)
    clock.now = datetime(2027, 3, 1, 12, tzinfo=UTC)
    born(ground, "new", date(1990, 2, 27))
    assert celebrate(ground, PROGRAM) == 2
    with ground.database.read() as session:
        number = member_number(session, "spring", "leap", ground.now())
    found = outcome(ground, "spring", f"birthday:{number}:2027")
    assert found is not None
    assert found.occurred_at == datetime(2027, 2, 27, 23, tzinfo=UTC)
    assert (points(ground), points(ground, "leap"), points(ground, "new")) == (30, 30, 0)


def test_a_member_told_of_on_their_birthday_has_it_at_once(ground: Ground) -> None:
    celebrate(ground, PROGRAM)
    born(ground, "ann", BORN)
    born(ground, "ann", BORN)
    assert points(ground) == 30
    assert celebrate(ground, PROGRAM) == 0


def test_many_birthdays_take_several_rounds(ground: Ground, clock: Clock) -> None:
    for number in range(AT_ONCE + 3):
        born(ground, f"m{number:03}", date(1990, 3, 15))
    celebrate(ground, PROGRAM)
    clock.advance(days=1)
    assert [celebrate(ground, PROGRAM) for _ in range(3)] == [AT_ONCE, 3, 0]


def test_programs_celebrate_their_own_members_alone(ground: Ground, clock: Clock) -> None:
    other = PROGRAM.model_copy(update={"program": "other"})
    born(ground, "ann", date(1990, 3, 15))
    clock.advance(days=1)
    assert celebrate(ground, other) == 0
    assert celebrate(ground, PROGRAM) == 1
