"""Documents that a template is made from: read once, and nobody's receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from preuve.catalog.specimens import (
    ATTEMPTS,
    LEASE,
    claim,
    drop_specimens,
    give_back,
    keep_words,
    specimen,
    sweep_specimens,
    take,
)
from preuve.store import Ground
from tests.conftest import Clock
from tests.house import PNG
from tests.paper import paper

PAGES = paper("SHOP\nTOTAL 3,20\n")


def test_a_specimen_is_read_once_and_is_one_program_s(ground: Ground) -> None:
    woken: list[str] = []
    shown = take(ground, "demo", PNG, author="ana", wake=lambda name, _: woken.append(name))
    assert woken == [shown]
    name = claim(ground, shown)
    assert name
    assert ground.blobs.get(name) == PNG
    assert claim(ground, shown) is None

    keep_words(ground, shown, PAGES)

    found = specimen(ground, "demo", shown)
    assert found
    assert (found.pages, found.problem, found.is_waiting) == (PAGES, None, False)
    assert specimen(ground, "other", shown) is None
    assert claim(ground, shown) is None
    assert claim(ground, "spc_none") is None


def test_one_whose_worker_died_is_read_by_another_until_it_is_given_up(ground: Ground) -> None:
    shown = take(ground, "demo", PNG, author="ana", wake=lambda *_: 1 / 0)
    woken: list[str] = []
    now = ground.now()
    for attempt in range(ATTEMPTS):
        later = replace(ground, now=lambda at=now + (attempt + 1) * 2 * LEASE: at)
        assert sweep_specimens(later, lambda name, _: woken.append(name)) == 1
        assert sweep_specimens(later, lambda name, _: woken.append(name)) == 0
        assert claim(later, shown)
        if attempt == 0:
            give_back(later, shown)
    assert woken == [shown] * ATTEMPTS
    last = replace(ground, now=lambda: now + timedelta(hours=1))
    assert claim(last, shown) is None
    found = specimen(ground, "demo", shown)
    assert found
    assert found.problem == "reading_failed"
    assert sweep_specimens(last, lambda *_: None) == 0


def test_a_document_without_a_word_cannot_be_used(ground: Ground) -> None:
    shown = take(ground, "demo", PNG, author="ana", wake=lambda *_: None)
    assert claim(ground, shown)
    keep_words(ground, shown, tuple(replace(page, rows=()) for page in PAGES))
    found = specimen(ground, "demo", shown)
    assert found
    assert (found.pages, found.problem) == (None, "no_text")


def test_old_ones_are_dropped_and_their_files_unless_another_has_them(
    ground: Ground, clock: Clock
) -> None:
    alone, shared = PNG + b"alone", PNG
    for data in (alone, shared):
        take(ground, "demo", data, author="ana", wake=lambda *_: None)
    clock.advance(days=20)
    young = take(ground, "demo", shared, author="ana", wake=lambda *_: None)
    keep = timedelta(days=30)
    assert drop_specimens(ground, keep) == 0
    clock.advance(days=11)
    assert drop_specimens(ground, keep) == 2
    assert not ground.blobs.path(sha256(alone).hexdigest()).exists()
    assert ground.blobs.path(sha256(shared).hexdigest()).exists()
    assert specimen(ground, "demo", young)
    clock.advance(days=20)
    assert drop_specimens(ground, keep) == 1
    assert not ground.blobs.path(sha256(shared).hexdigest()).exists()
