from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from preuve.loyalty import ProgramsError, ProgramsInForce
from preuve.loyalty.programs.versions import (
    Conflict,
    Refused,
    State,
    Unchanged,
    Version,
    get,
    history,
    newest,
    publish,
    published_version,
    retire,
    roll_back,
    save_draft,
    versions,
)
from preuve.store import Ground

TEXT = """\
program: spring
name: Spring
timezone: Europe/Paris
earn:
  - {rule: base, name: Base, effect: {kind: fixed, points: %d}}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "spring.yaml").write_text(TEXT % 1)
    return tmp_path


def saved(ground: Ground, points: int, based_on: int | None = None) -> Version:
    made = save_draft(
        ground, "spring", TEXT % points, based_on=based_on, author="ana", reason=f"{points} points"
    )
    assert isinstance(made, Version)
    return made


def put_in_force(ground: Ground, version: Version) -> None:
    done = publish(ground, "spring", version.number, actor="bo", reason="agreed")
    assert isinstance(done, Version), done


def points(programs: ProgramsInForce) -> int:
    return int(programs["spring"].earn[0].effect.model_dump()["points"])


def test_a_published_version_lies_over_the_file_until_it_is_retired(
    ground: Ground, files: Path
) -> None:
    programs = ProgramsInForce(ground, files)
    draft = saved(ground, 2)
    assert points(programs) == 1
    put_in_force(ground, draft)
    assert points(programs) == 2
    put_in_force(ground, saved(ground, 3))
    assert points(programs) == 3
    assert [one.state for one in versions(ground, "spring")] == [State.RETIRED, State.PUBLISHED]
    retire(ground, "spring", actor="bo", reason="over")
    assert points(programs) == 1
    assert programs.file_text("spring") == TEXT % 1
    assert programs.file_text("autumn") is None


def test_everything_that_was_done_is_told(ground: Ground) -> None:
    put_in_force(ground, saved(ground, 2))
    again = roll_back(ground, "spring", 1, author="cy", reason="again")
    assert isinstance(again, Unchanged)
    put_in_force(ground, saved(ground, 3))
    back = roll_back(ground, "spring", 1, author="cy", reason="too dear")
    assert isinstance(back, Version)
    assert (back.number, back.state, back.text, back.based_on) == (3, State.DRAFT, TEXT % 2, 2)
    told = [(one.number, one.action, one.actor, one.reason) for one in history(ground, "spring")]
    assert told == [
        (1, "saved", "ana", "2 points"),
        (1, "published", "bo", "agreed"),
        (2, "saved", "ana", "3 points"),
        (2, "published", "bo", "agreed"),
        (3, "saved", "cy", "too dear"),
    ]
    current, last = published_version(ground, "spring"), newest(ground, "spring")
    assert current is not None
    assert current.number == 2
    assert last is not None
    assert last.number == 3
    assert history(ground, "autumn") == []
    assert get(ground, "autumn", 1) is None


def test_of_two_who_change_a_program_the_second_hears_of_the_first(ground: Ground) -> None:
    saved(ground, 2, based_on=0)
    late = save_draft(ground, "spring", TEXT % 9, based_on=0, author="bo", reason="mine")
    assert isinstance(late, Conflict)
    assert (late.theirs.number, late.theirs.author) == (1, "ana")
    same = save_draft(ground, "spring", TEXT % 2, based_on=0, author="bo", reason="mine")
    assert isinstance(same, Unchanged)


def test_only_a_draft_without_mistakes_is_published(ground: Ground, files: Path) -> None:
    wrong = (TEXT % 2).replace("fixed", "moon").replace("Paris", "Ouville")
    made = save_draft(ground, "spring", wrong, based_on=None, author="ana", reason="try")
    assert isinstance(made, Version)
    refused = publish(ground, "spring", 1, actor="ana", reason="try")
    assert isinstance(refused, Refused)
    assert [error.line for error in refused.errors] == [3, 5]
    other = save_draft(
        ground,
        "spring",
        TEXT.replace("program: spring", "program: autumn") % 2,
        based_on=None,
        author="ana",
        reason="try",
    )
    assert isinstance(other, Version)
    misnamed = publish(ground, "spring", 2, actor="ana", reason="try")
    assert isinstance(misnamed, Refused)
    assert "autumn" in misnamed.why
    assert isinstance(publish(ground, "spring", 7, actor="ana", reason="try"), Refused)
    assert isinstance(retire(ground, "spring", actor="ana", reason="try"), Refused)
    assert points(ProgramsInForce(ground, files)) == 1


@pytest.mark.parametrize(("author", "reason"), [("", "why"), ("ana", " ")])
def test_nothing_changes_without_a_name_and_a_reason(
    ground: Ground, author: str, reason: str
) -> None:
    refused = save_draft(ground, "spring", TEXT % 2, based_on=0, author=author, reason=reason)
    assert isinstance(refused, Refused)
    saved(ground, 2)
    assert isinstance(publish(ground, "spring", 1, actor=author, reason=reason), Refused)
    assert versions(ground, "spring")[0].state is State.DRAFT


def test_a_program_may_be_published_that_no_file_has(ground: Ground, tmp_path: Path) -> None:
    programs = ProgramsInForce(ground, tmp_path)
    with pytest.raises(ProgramsError, match="holds no program"):
        programs.now()
    put_in_force(ground, saved(ground, 2))
    assert list(programs) == ["spring"]
    assert len(programs) == 1


def test_a_text_that_a_release_refuses_stops_a_start_but_no_running_process(
    ground: Ground, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = ProgramsInForce(ground, files)
    put_in_force(ground, saved(ground, 2))
    assert points(running) == 2
    refuses = Refused("a key that is no more", "correct it")
    monkeypatch.setattr("preuve.loyalty.programs.in_force.checked", lambda *_: refuses)
    with pytest.raises(ProgramsError):
        ProgramsInForce(ground, files).now()
    put_in_force(ground, saved(ground, 3))
    assert points(running) == 2


def test_two_who_publish_at_once_leave_one_version_in_force(ground: Ground) -> None:
    for number in (2, 3, 4, 5):
        saved(ground, number)
    threads = [
        Thread(
            target=publish, args=(ground, "spring", number), kwargs={"actor": "a", "reason": "b"}
        )
        for number in (1, 2, 3, 4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [one.state for one in versions(ground, "spring")]
    assert sorted(states) == [State.PUBLISHED, State.RETIRED, State.RETIRED, State.RETIRED]
