"""The registry as an operator sees it, on a database of its own."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from cli.main import app
from tests.shop import Shop


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["retailers", *arguments], env={"COLUMNS": "200"})


def test_an_operator_sees_what_was_learned_and_from_which_receipts(shop: Shop) -> None:
    assert "Nothing was learned" in run("list").stdout
    receipts = shop.sells(), shop.sells()

    shown = run("list").stdout
    for part in ("known.maison_naegel", "MAISON NAEGEL", "siren 718500457", "phone 388328286"):
        assert part in shown
    for target in ("known.maison_naegel", "718500457"):
        told = run("show", target).stdout
        assert all(receipt in told for receipt in receipts)
    missing = run("show", "known.klein")
    assert missing.exit_code == 2
    assert "`preuve retailers list`" in missing.stderr


def test_what_an_operator_says_holds_until_it_is_said_otherwise(shop: Shop) -> None:
    shop.sells()
    shop.sells()
    why = ("--reason", "asked them", "--by", "ana")

    assert run("forget", "known.maison_naegel", *why).exit_code == 0
    shop.sells()
    assert shop.entries == {}
    assert "2 numbers speak for nobody" in run("list").stdout
    assert "siren 718500457 speaks for nobody: ana: asked them" in run("list", "--all").stdout

    assert run("confirm", "718500457", *why).exit_code == 2
    named = ("--key", "fr.naegel", "--name", "Maison Naegel")
    assert run("confirm", "718500457", *named, *why).exit_code == 0
    (known,) = shop.entries.values()
    assert (known.retailer and known.retailer.key, known.confirmed) == ("fr.naegel", True)


def test_past_receipts_are_learned_from_at_once(shop: Shop) -> None:
    shop.sells(learned=False)
    shop.sells(learned=False)

    assert "2 receipts were learned from" in run("learn").stdout
    assert len(shop.entries) == 2
    assert "0 receipts were learned from" in run("learn").stdout
