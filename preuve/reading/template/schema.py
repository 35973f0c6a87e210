"""The template language as JSON Schema, for editors that complete keys and underline mistakes."""

from __future__ import annotations

from typing import Any

from preuve.reading.template.model import Template

_NOISE = frozenset({"title", "default"})
_NAMES_BELOW = frozenset({"properties", "patternProperties", "$defs"})
"""Words of JSON Schema whose keys are names of ours."""

_TEXT = ["string", "number", "boolean"]
"""What YAML makes of text without quotes: `1.0` and `no` are text in a template."""

_INHERITED = frozenset({"Country"})
"""What a template may write in part, because the rest is inherited."""


def template_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one template file, made from `Template`."""
    made = Template.model_json_schema(by_alias=True)
    for name in _INHERITED:
        del made["$defs"][name]["required"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A template of Preuve",
        **_for_editors(made, made["$defs"]),
    }


def _for_editors(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema without what only Python needs; fixed names become keys that can be completed."""
    if isinstance(schema, list):
        return [_for_editors(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = _with_keys({k: v for k, v in schema.items() if k not in _NOISE}, definitions)
    told: dict[str, Any] = {}
    for key, part in kept.items():
        if key in _NAMES_BELOW:
            told[key] = {name: _for_editors(each, definitions) for name, each in part.items()}
        else:
            told[key] = _for_editors(part, definitions)
    if told.get("type") == "string" and not {"enum", "pattern"} & told.keys():
        told["type"] = _TEXT
    if told.get("type") == "boolean":
        told = {**told, "type": ["boolean", "string"], "enum": [True, False, "yes", "no"]}
    return _without_null(told)


def _with_keys(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "patternProperties" in schema:
        return {**schema, "additionalProperties": False}
    names = schema.pop("propertyNames", None)
    if names is None:
        return schema
    listed = names.get("enum") or definitions[names["$ref"].rpartition("/")[2]]["enum"]
    below = schema["additionalProperties"]
    return {**schema, "properties": dict.fromkeys(listed, below), "additionalProperties": False}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A key that may be left out is left out: nobody writes `null` in a template."""
    options = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if len(options) != 1:
        return schema
    return {**{key: part for key, part in schema.items() if key != "anyOf"}, **options[0]}
