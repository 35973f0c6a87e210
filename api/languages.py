"""The language of an answer, from Accept-Language (RFC 9110, 12.5.4)."""

from __future__ import annotations

LANGUAGES = ("en", "fr")
DEFAULT = "en"


def preferred(header: str | None) -> str:
    """The best of our languages for this header; English where it names none of them."""
    wishes: list[tuple[float, str]] = []
    for wish in (header or "").split(","):
        tag, *parameters = (part.strip().lower() for part in wish.split(";"))
        wishes.append((_weight(parameters), tag.split("-")[0]))
    best = max((w for w in wishes if w[1] in LANGUAGES), key=lambda w: w[0], default=(0.0, DEFAULT))
    return best[1] if best[0] > 0 else DEFAULT


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
