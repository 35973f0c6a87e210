"""`preuve members erase`: asks, and says what is gone."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from cli.main import app
from preuve.intake import view
from tests.shop import Shop


def erase(member: str, *more: str, said: str = "") -> Any:
    arguments = ["members", "erase", "demo", member, "--reason", "they asked", *more]
    return CliRunner().invoke(app, arguments, input=said)


def test_a_member_is_erased_once_and_only_when_it_is_meant(shop: Shop) -> None:
    sent = shop.sells(member="ann")
    assert erase("ann", said="n\n").exit_code == 1
    assert view(shop.ground, "demo", sent) is not None
    done = erase("ann", said="y\n")
    assert (done.exit_code, "1 receipts, 1 files" in done.stdout) == (0, True)
    assert view(shop.ground, "demo", sent) is None
    again = erase("ann", "--yes")
    assert (again.exit_code, "Nothing is known of ann" in again.stderr) == (2, True)
