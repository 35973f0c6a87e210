"""The JSON Schema of the template language, as editors get it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from cli.main import app
from preuve.reading.template.model import Role, Template
from tests.paper import ROOT

COMMITTED = ROOT / "docs" / "template.schema.json"


def test_the_committed_schema_is_current() -> None:
    printed = CliRunner().invoke(app, ["templates", "schema"])
    assert printed.exit_code == 0
    told = "make it anew: preuve templates schema > docs/template.schema.json"
    assert COMMITTED.read_text("utf-8") == printed.stdout, told


def test_editors_are_told_every_key_and_role() -> None:
    schema = json.loads(COMMITTED.read_text("utf-8"))
    keys = {field.alias or name for name, field in Template.model_fields.items()}
    assert set(schema["properties"]) == keys
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]["labels"]["properties"]) == set(Role)
    assert "not" in schema["$defs"]["Recognize"]["properties"]
    assert schema["required"] == ["template", "name"]
    # What is inherited may be left out, and text may look like a number to YAML.
    assert "required" not in schema["$defs"]["Country"]
    assert schema["properties"]["version"]["type"] == ["string", "number", "boolean"]
