"""The start of a pool's child process."""

from __future__ import annotations

import gc

import pytest

from worker import child


def test_what_lasts_is_set_apart_before_the_first_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    monkeypatch.setattr(child, "_end_with_parent", lambda: None)
    monkeypatch.setattr(child.desk, "reader", lambda: steps.append("loaded"))
    monkeypatch.setattr(child, "warm_up", lambda _: steps.append(f"warm, {gc.get_freeze_count()}"))
    monkeypatch.setattr(child, "notify_ready", lambda: steps.append("ready"))
    gc.unfreeze()
    child.start()
    assert steps == ["loaded", "warm, 0", "ready"]
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()
