"""A template's text after one key was changed: nothing else of it moves, and no comment is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.reading.template.source import Source, parse_source
from preuve.reading.template.writing import with_value, write
from tests.paper import ROOT

FILES = sorted((ROOT / "templates").rglob("*.yaml"))
WRITTEN = """\
# Drafted from one document.
template: fr.velka   # its key

recognize:
  # over the door
  names:
    - La Forgeria    # row 1
    - "Velka #1"     # row 2
  siren:
    - number: "732829320"   # looked up
      source: "a # b"
labels:
  total: [somme due, "net: dû"]  # beside 12,50
  # the day
  date: [le]
notes: |
  written # by hand
# the end
"""


def data(text: str) -> object:
    read = parse_source(text.encode(), "text")
    assert isinstance(read, Source), read
    return read.data


def test_every_template_of_the_stock_reads_back_as_it_was() -> None:
    odd = ["~struck", "null", "a: b", "c #d", "é'\"\\", "- e", "12,5", "{f}"]
    for path in FILES:
        text = path.read_text("utf-8")
        before = data(text)
        assert isinstance(before, dict)
        assert data(write(before)) == before, path
        changed = with_value(text, ("labels", "total"), odd)
        assert data(changed) == before | {"labels": before.get("labels", {}) | {"total": odd}}
        assert data(with_value(changed, ("labels",), before.get("labels"))) == before, path


def test_only_the_changed_key_is_written_anew_and_its_comments_stay() -> None:
    changed = with_value(WRITTEN, ("recognize", "names"), ["Velka #1", "Velka Due"])

    assert changed.partition("recognize:")[0] == WRITTEN.partition("recognize:")[0]
    assert changed.partition("labels:")[2] == WRITTEN.partition("labels:")[2]
    told = changed[changed.index("recognize:") : changed.index("labels:")]
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines == [
        "recognize:",
        "# over the door",
        "names:",
        '- "Velka #1" # row 2',
        "- Velka Due",
        "siren:",
        "- number: 732829320 # looked up",
        'source: "a # b"',
    ]


def test_a_new_key_takes_its_place_and_one_that_is_emptied_goes() -> None:
    added = with_value(WRITTEN, ("country",), "FR")
    assert added.splitlines()[2] == "country: FR"

    without = with_value(with_value(WRITTEN, ("labels", "date"), None), ("labels", "total"), None)
    assert "labels" not in without
    assert without.endswith("# the end\n")
    assert with_value(without, ("labels", "date"), ["le"]).count("labels:") == 1


def test_a_note_stands_beside_its_phrase() -> None:
    noted = with_value(
        "template: fr.a\n", ("labels", "date"), ["le"], {("labels", "date", "le"): "row 3"}
    )
    assert [" ".join(line.split()) for line in noted.splitlines()] == [
        "template: fr.a",
        "labels:",
        "date:",
        "- le # row 3",
    ]


@pytest.mark.parametrize("text", ["", "a: [", "- a", "a: 1\na: 2", Path(__file__).read_text()])
def test_what_cannot_be_read_is_not_touched(text: str) -> None:
    with pytest.raises(ValueError, match="text:"):
        with_value(text, ("name",), "x")
