"""A crowd of invented retailers with their templates: as many as an installation may ever hold.

Names are coined, but made like real ones: words and trades, families of banners, acronyms, and
names a letter apart. Numbers are drawn and given valid checksums; domains end in `.example`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from stdnum.be import vat as belgian
from stdnum.de import vat as german
from stdnum.fr import siren as french
from stdnum.iso7064 import mod_11_10

from preuve.folding import bare

WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
COUNTRIES: dict[str, dict[str, Any]] = WORDS["countries"]


@dataclass(frozen=True, slots=True)
class Retailer:
    """One invented retailer. `domain` and numbers may be missing, as they are on real paper."""

    key: str
    name: str
    country: str
    legal: str
    siren: str | None
    vat: str | None
    domain: str | None
    words: tuple[str, ...]
    negatives: tuple[str, ...]
    pattern: str | None

    @property
    def language(self) -> str:
        return str(COUNTRIES[self.country]["language"])

    def template(self) -> str:
        """Its template file."""
        lines = [
            f"template: {self.key}",
            f"name: {_quoted(self.name)}",
            f"extends: base.{self.language}",
            f"country: {self.country}",
            "recognize:",
            f"  names: [{_quoted(self.name)}]",
            f"  legal: [{_quoted(self.legal)}]",
        ]
        for register, number in (("siren", self.siren), ("vat", self.vat)):
            if number:
                lines.append(f'  {register}: [{{number: "{number}", source: "invented"}}]')
        for key, phrases in (
            ("domains", (self.domain,) if self.domain else ()),
            ("words", self.words),
            ("not", self.negatives),
            ("patterns", (self.pattern,) if self.pattern else ()),
        ):
            if phrases:
                lines.append(f"  {key}: [{', '.join(map(_quoted, phrases))}]")
        lines += ["labels:", f"  ignore: [{_quoted(f'carte {self.name}')}]"]
        return "\n".join(lines) + "\n"


def crowd(count: int, seed: int = 1) -> list[Retailer]:
    """So many retailers; a smaller crowd of the same seed is the beginning of a larger one."""
    draw = random.Random(seed)
    found: list[Retailer] = []
    taken: set[str] = set()
    shares = [one["share"] for one in COUNTRIES.values()]
    while len(found) < count:
        country = draw.choices(list(COUNTRIES), shares)[0]
        name = _name(draw, COUNTRIES[country])
        domain = f"{_slug(name).replace('_', '-')}.example" if draw.random() < 0.6 else None
        for banner in _family(draw, name):
            form = _slug(banner)
            if form not in taken and len(form) > 2:
                taken.add(form)
                found.append(_retailer(draw, country, banner, domain))
    return found[:count]


def write_crowd(retailers: Sequence[Retailer], folder: Path) -> None:
    """Their template files below `folder`, a folder a country; the bases are not written."""
    for retailer in retailers:
        country, _, name = retailer.key.partition(".")
        place = folder / country
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.yaml").write_text(retailer.template(), "utf-8")


def _name(draw: random.Random, country: dict[str, Any]) -> str:
    kind = draw.random()
    if kind < 0.04:
        return "".join(draw.choice("ABCDEFGHKLMNPRSTVX") for _ in range(draw.choice((3, 4))))
    if kind < 0.45:
        return _coined(draw)
    if kind < 0.55:
        surnames = WORDS["surnames"]
        return f"{draw.choice(surnames)} {draw.choice([*WORDS['things'], *surnames])}"
    if kind < 0.75:
        name = draw.choice([*WORDS["surnames"], _coined(draw)])
        return f"{draw.choice(country['trades'])} {name}"
    if kind < 0.90:
        return f"{draw.choice(country['first'])} {draw.choice([*WORDS['things'], _coined(draw)])}"
    return f"{_coined(draw)} & {_coined(draw)}"


def _coined(draw: random.Random) -> str:
    syllables = (
        draw.choice(WORDS["starts"]) + draw.choice(WORDS["middles"])
        for _ in range(draw.choice((1, 2, 2, 2, 3)))
    )
    coined: str = "".join(syllables) + draw.choice(WORDS["ends"])
    return coined.capitalize()


def _family(draw: random.Random, name: str) -> Iterator[str]:
    """The banner, and in one case of twelve two or three others of its family."""
    yield name
    if draw.random() < 1 / 12:
        for banner in draw.sample(WORDS["family"], draw.choice((2, 3))):
            yield f"{name} {banner}"


def _retailer(draw: random.Random, country: str, name: str, domain: str | None) -> Retailer:
    siren = _siren(draw)
    numbered = draw.random() < 0.7
    company = name if draw.random() < 0.5 else f"{_coined(draw)} Distribution"
    return Retailer(
        key=f"{country.lower()}.{_slug(name)}",
        name=name,
        country=country,
        legal=draw.choice(COUNTRIES[country]["legal"]).format(company),
        siren=siren if country == "FR" and numbered else None,
        vat=_vat(draw, country, siren) if numbered else None,
        domain=domain,
        words=(f"club {name.split()[0]}",) if draw.random() < 0.15 else (),
        negatives=(f"carte {name}", f"rue {name}") if draw.random() < 0.2 else (),
        pattern=rf"(?i)MAG{draw.randrange(10_000):04d}[ -]?\d{{3}}"
        if draw.random() < 0.1
        else None,
    )


def _siren(draw: random.Random) -> str:
    body = f"{draw.randrange(300, 999)}{draw.randrange(100_000):05d}"
    return next(body + last for last in "0123456789" if french.is_valid(body + last))


def _vat(draw: random.Random, country: str, siren: str) -> str:
    if country == "FR":
        return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    if country == "BE":
        body = f"0{draw.randrange(400_000, 999_999)}{draw.randrange(10)}"
        number = f"BE{body}{97 - int(body) % 97:02d}"
        assert belgian.is_valid(number)
        return number
    body = f"{draw.randrange(1, 9)}{draw.randrange(10_000_000):07d}"
    number = f"DE{body}{mod_11_10.calc_check_digit(body)}"
    assert german.is_valid(number)
    return number


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", bare(name)).strip("_")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
