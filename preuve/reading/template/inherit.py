"""What a template takes over from the one that it `extends`.

Mappings merge key by key and lists of phrases add up, the child's own first. Anything else that
the child writes replaces the parent's. `~phrase` in a child's list strikes the parent's phrase.
"""

from __future__ import annotations

from typing import Any

from preuve.reading.template.source import Route

OWN = frozenset({"template", "name", "version", "extends", "notes", "layouts", "samples"})
"""Keys that are each template's own: never inherited."""

OWN_RECOGNITION = frozenset(
    {"names", "legal", "siren", "vat", "domains", "words", "patterns", "codes"}
)
"""What one retailer is known by is not another's; only `recognize.not` is handed down."""

REPLACING = frozenset({"decimal", "group", "tax_rates", "requires", "normalize", "one_of"})
"""Lists whose order or completeness is their meaning: a child writes the whole list."""

STRIKE = "~"


def inheritable(data: dict[str, Any]) -> dict[str, Any]:
    """The part of a template's (merged) data that its children start from."""
    handed_down = {key: value for key, value in data.items() if key not in OWN}
    if isinstance(recognize := handed_down.get("recognize"), dict):
        handed_down["recognize"] = {
            key: value for key, value in recognize.items() if key not in OWN_RECOGNITION
        }
    return handed_down


def merge(parent: Any, child: Any, key: str | int = "") -> Any:
    """The child's data over the parent's. Data of unlike shapes: the child's stands.

    Layouts are laid over their template only when a document is read: they stay as written.
    """
    if key == "layouts":
        return child
    if isinstance(parent, dict) and isinstance(child, dict):
        own = {name: merge(parent.get(name), value, name) for name, value in child.items()}
        return own | {name: value for name, value in parent.items() if name not in own}
    if isinstance(child, list) and all(isinstance(entry, str) for entry in child):
        inherited = parent if isinstance(parent, list) and key not in REPLACING else []
        return _add_up(inherited, child)
    return child


def _add_up(parent: list[str], child: list[str]) -> list[str]:
    struck = {_struck(entry) for entry in child if is_strike(entry)}
    own = [entry for entry in child if not is_strike(entry)]
    return own + [entry for entry in parent if entry not in struck and entry not in own]


def is_strike(entry: Any) -> bool:
    return isinstance(entry, str) and len(entry) > 1 and entry.startswith(STRIKE)


def _struck(entry: str) -> str:
    return entry[len(STRIKE) :].strip()


def idle_strikes(parent: Any, child: Any, route: Route = ()) -> list[tuple[Route, str, list[str]]]:
    """Strikes that strike nothing: the route of each, the phrase, and the inherited phrases."""
    found: list[tuple[Route, str, list[str]]] = []
    if isinstance(child, dict):
        for name, value in child.items():
            inherited = parent.get(name) if isinstance(parent, dict) else None
            found += idle_strikes(inherited, value, (*route, name))
    elif isinstance(child, list):
        inherited = [entry for entry in parent or [] if isinstance(entry, str)]
        for number, entry in enumerate(child):
            if is_strike(entry) and _struck(entry) not in inherited:
                found.append(((*route, number), _struck(entry), inherited))
    return found
