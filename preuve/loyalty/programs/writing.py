"""A program's text with one rule or campaign more, all else as its author wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


def with_rule(text: str, rule: Mapping[str, Any]) -> str:
    """`text` with `rule` behind its last earn rule. Raises ValueError where it is no mapping."""
    return _with(text, "earn", [dict(rule)])


def with_campaign(text: str, key: str, campaign: Mapping[str, Any]) -> str:
    """`text` with `campaign` behind its last one. Raises ValueError where it is no mapping."""
    return _with(text, "campaigns", {key: dict(campaign)})


def _with(text: str, part: str, more: Any) -> str:
    """`more` is a list or a mapping, as the part is."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as broken:
        raise ValueError("the text is not YAML") from broken
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("the text is no mapping of keys")
    for key, value in root.value:
        if key.value == part:
            return _appended(text, part, value, more)
    return f"{text.rstrip()}\n\n{part}:\n{_dumped(more, 2)}"


def _appended(text: str, part: str, node: yaml.Node, more: Any) -> str:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        lines = text.splitlines(keepends=True)
        after = _last_line(node) + 1
        head = "".join(lines[:after])
        gap = "" if head.endswith("\n") else "\n"
        added = _dumped(more, node.start_mark.column)
        return f"{head}{gap}\n{added}{''.join(lines[after:])}"
    # In brackets, or empty: there are no lines to put one behind.
    others = yaml.safe_load(text)[part]
    both = [*(others or []), *more] if isinstance(more, list) else {**(others or {}), **more}
    start, end = node.start_mark.index, node.end_mark.index
    rest = text[end:].lstrip(" ")
    written = _dumped(both, 2).rstrip()
    return f"{text[:start].rstrip(' ')}\n{written}{rest or chr(10)}"


def _last_line(node: yaml.Node) -> int:
    """Where the last word of a node stands; its own end would be behind the comments below."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.line
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return end - 1 if block else end


def _dumped(more: Any, indent: int) -> str:
    dumped = yaml.safe_dump(more, sort_keys=False, allow_unicode=True, width=90)
    return "".join(f"{' ' * indent}{line}" for line in dumped.splitlines(keepends=True))
