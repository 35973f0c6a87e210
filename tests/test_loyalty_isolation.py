"""Two programs in one installation: nothing of one is visible to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

import pytest

from preuve.access import Scope, create_key
from preuve.intake import explain
from preuve.intake.explanation import entries_by_template
from preuve.loyalty import parse_program
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.events import forget_member, outcome
from preuve.loyalty.occasions.grants import grants_of
from preuve.loyalty.occasions.held import held
from preuve.loyalty.occasions.members import member
from preuve.loyalty.occasions.provenance import entries_of_rule, provenance, rule_as_it_was
from preuve.loyalty.programs.simulate import simulate
from preuve.loyalty.programs.versions import (
    Refused,
    get,
    history,
    newest,
    publish,
    published_version,
    save_draft,
    versions,
)
from tests.house import House, open_house, reading, trusted

TEXT = """\
program: {key}
name: P
timezone: Europe/Paris
limits: {{retailers: {{unknown: true}}}}
campaigns:
  easter: {{name: Easter, budget: 1000}}
earn:
  - {{rule: base, name: Base, campaign: easter, effect: {{kind: per_amount, points: 1, amount: 1}}}}
  - rule: survey
    name: Survey
    trigger: event
    event: survey
    effect: {{kind: fixed, points: 9}}
    grants: [{{kind: gift, key: mug, name: A mug}}]
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two programs; the member ann of demo has sent a receipt and told an event."""
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        for key in ("demo", "other"):
            text = TEXT.format(key=key)
            save_draft(opened.ground, key, text, based_on=0, author="a", reason="b")
            publish(opened.ground, key, 1, actor="a", reason="b")
        opened.program = parse_program(TEXT.format(key="demo"), "demo")
        sent = opened.send(member="ann").json()["id"]
        opened.read(sent, reading("40.03", on=date(2026, 11, 12)), trusted())
        told = {"id": "e1", "member_id": "ann", "event": "survey"}
        opened.client.post("/v1/events", headers=opened.headers, json=told)
        profile = {"segments": ["gold"], "birthday": "1990-05-01"}
        opened.client.put("/v1/members/ann", headers=opened.headers, json=profile)
        yield opened


@pytest.fixture(scope="module")
def receipt(house: House) -> str:
    entries = house.get("/v1/members/ann/entries").json()["entries"]
    return next(str(entry["receipt_id"]) for entry in entries if entry["receipt_id"])


def test_no_route_of_the_api_shows_another_programs_member_or_receipt(
    house: House, receipt: str
) -> None:
    """Every route that takes an id is asked with the ids of the other program."""
    key = create_key(house.ground, "other", "stranger", Scope)
    headers = {"Authorization": f"Bearer {key}"}
    paths = house.client.get("/openapi.json").json()["paths"]
    reserved = house.client.post(
        "/v1/members/ann/redemptions",
        headers=house.headers | {"Idempotency-Key": "r1"},
        json={"points": 5, "what": "gold"},
    ).json()["id"]
    ids = {"receipt_id": receipt, "member_id": "ann", "redemption_id": reserved}
    asked = set()
    for path, methods in paths.items():
        if "get" not in methods or path in ("/v1/health", "/problems/{code}"):
            continue
        answer = house.client.get(path.format_map(ids), headers=headers)
        assert answer.status_code in (200, 404), path
        for told in (receipt, "gold", "1990", "40.03", "40 x 1"):
            assert told not in answer.text.replace(path.format_map(ids), "").replace(
                f"'{receipt}'", ""
            ), path
        if answer.status_code == 200:
            numbers = [value for value in answer.json().values() if isinstance(value, int)]
            assert not any(numbers), (path, answer.json())
        asked |= set(re.findall(r"{(\w+)}", path))
    assert asked == set(ids), "a new id: ask with another program's"
    assert house.client.delete("/v1/members/ann", headers=headers).status_code == 204
    told = {"id": "e1", "member_id": "bob", "event": "survey"}
    assert house.client.post("/v1/events", headers=headers, json=told).json()["points"] == 9
    assert house.get("/v1/members/ann").json()["segments"] == ["gold"]
    assert house.get("/v1/members/bob/balance").json()["lifetime"] == 0


def test_no_function_of_the_room_shows_another_programs(house: House, receipt: str) -> None:
    ground = house.ground
    mine = explain(ground, "demo", receipt, "en")
    assert mine is not None
    because = mine.sentences[0].because[0]
    version = because.program_version or ""
    (badge,) = grants_of(ground, "demo", member_id="ann")
    assert outcome(ground, "demo", badge.occasion) is not None
    stranger = parse_program(TEXT.format(key="third"), "third")
    assert explain(ground, "third", receipt, "en") is None
    assert provenance(ground, "third", because.entry_id) is None
    assert entries_of_rule(ground, "third", "base", version) == ()
    assert entries_by_template(ground, "third", "base.fr", "1") == ()
    assert rule_as_it_was(ground, "third", version, "base") is None
    assert outcome(ground, "third", badge.occasion) is None
    assert member(ground, "third", "ann") is None
    assert grants_of(ground, "third") == held(ground, "third") == ()
    assert budgets(ground, stranger)[0].spent == 0
    assert asdict(simulate(ground, stranger))["occasions"] == 0
    assert not forget_member(ground, "third", "ann")
    assert versions(ground, "third") == history(ground, "third") == []
    assert newest(ground, "third") is get(ground, "third", 1) is None
    assert published_version(ground, "third") is None
    assert isinstance(publish(ground, "third", 1, actor="a", reason="b"), Refused)
