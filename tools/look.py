"""Pictures of every page of the console, to be looked at: full and empty, wide and narrow.

    python tools/look.py FOLDER [--only receipts] [--language en] [--sizes wide]

FOLDER keeps the database of a program that has run for two months, with a few of our samples
read by OCR, and of one in which nothing happened yet; the pictures go to FOLDER/pictures.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT), str(ROOT / "tools")]

from many_receipts import fill  # noqa: E402

from preuve.access import Role, add_user  # noqa: E402
from preuve.intake import Filters, Submission, Submitted, list_receipts, submit  # noqa: E402
from preuve.loyalty import load_programs  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, migrate, open_ground  # noqa: E402
from tests.browser import ARGUMENTS, CHROMIUM, SIZES, ready, serving  # noqa: E402
from tests.reviewing import held_back, text  # noqa: E402

RECEIPTS = 3000
SAMPLES = (
    "01_fr_supermarche",
    "03_fr_pharmacie",
    "05_fr_restaurant",
    "08_fr_totaux_trompeurs",
    "12_gb_scan",
    "17_fr_fromagerie",
    "22_fr_librairie_scan",
    "23_fr_boucherie",
)
FULL, EMPTY = "demo", "vide"
MEMBER = "m-00007"
LOGIN, PASSWORD = "camille@agence.example", "correct horse battery"


@dataclass(frozen=True)
class View:
    """A page by its name, where it lies, and what is done before it is looked at."""

    name: str
    path: str
    act: Callable[[Page], None] = lambda _: None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names of pages that match this expression")
    parser.add_argument("--language", default="fr", choices=("fr", "en"))
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    chosen = parser.parse_args()
    settings = settings_of(chosen.folder)
    ground = open_ground(settings)
    if not list_receipts(ground, FULL).receipts:
        make(ground, settings)
    views = [view for view in views_of(ground) if re.search(chosen.only, view.name)]
    ground.close()
    out = chosen.folder / "pictures"
    out.mkdir(exist_ok=True)
    with serving(settings) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, "--lang=fr-FR"]
        )
        for size in chosen.sizes:
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="fr-FR",
                extra_http_headers={"Origin": url},
            )
            page = context.new_page()
            page.goto(f"{url}/console/sign-in")
            page.screenshot(path=out / f"sign_in-{size}.png")
            page.fill("#login", LOGIN)
            page.fill("#password", PASSWORD)
            page.press("#password", "Enter")
            page.wait_for_url("**/dashboard")
            page.request.post(f"{url}/console/language/{chosen.language}")
            for view in views:
                page.goto(url + view.path)
                if page.locator("body.plain").count() == 0:
                    ready(page)
                view.act(page)
                page.wait_for_timeout(700)
                page.screenshot(path=out / f"{view.name}-{size}.png", full_page=True)
                print(view.name, size, flush=True)
            context.close()
        browser.close()


def settings_of(folder: Path) -> Settings:
    """Two programs in a folder of their own; the second is the first, newly begun."""
    programs = folder / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "programs" / "demo.yaml").read_text("utf-8")
    (programs / "demo.yaml").write_text(text, "utf-8")
    text = text.replace("program: demo", f"program: {EMPTY}")
    text = re.sub("(?m)^name: .*$", "name: Programme neuf", text)
    (programs / f"{EMPTY}.yaml").write_text(text, "utf-8")
    settings = Settings(data_dir=folder, database_url="", programs_dir=programs)
    migrate(settings)
    return settings


def make(ground: Ground, settings: Settings) -> None:
    """Fills both programs, and gives a person to both."""
    fill(ground, FULL, RECEIPTS)
    add_user(
        ground, LOGIN, PASSWORD, name="Camille Roy", role=Role.ADMIN, programs=[FULL, EMPTY]
    )  # fmt: skip
    os.environ |= {"PREUVE_DATA_DIR": str(settings.data_dir), "DATABASE_URL": ""}
    from worker.tasks import read_receipt  # its settings come from the environment

    program = load_programs(settings.programs_dir)[FULL]
    for name in SAMPLES:
        file = next(
            one for one in (ROOT / "samples" / "images").glob(f"{name}.*") if one.suffix != ".json"
        )
        sent = Submission(MEMBER, (file.read_bytes(),), name)
        answer = submit(ground, program, sent, lambda _id, _queue: None)
        assert isinstance(answer, Submitted)
        read_receipt(answer.receipt_id)
        print(name, flush=True)
    for total in ("11,50", "64,20", "9,90"):
        held_back(ground, program, text(total), MEMBER)


def views_of(ground: Ground) -> list[View]:
    newest = list_receipts(ground, FULL, Filters(member_id=MEMBER)).receipts[: len(SAMPLES)]
    known = next(each for each in newest if each.template)
    full, empty = f"/console/p/{FULL}", f"/console/p/{EMPTY}"
    return [
        View("dashboard", f"{full}/dashboard"),
        View("dashboard-30d", f"{full}/dashboard?period=30d"),
        View("receipts", f"{full}/receipts"),
        View("receipts-none", f"{full}/receipts?q=introuvable"),
        *(View(f"receipt-{n}", f"{full}/receipts/{each.id}") for n, each in enumerate(newest)),
        View("receipt-not", f"{full}/receipts/rcp_none"),
        View("review", f"{full}/review"),
        View("templates", f"{full}/templates"),
        View("template-new", f"{full}/templates/new?receipt={known.id}"),
        View("template", f"{full}/templates/{known.template}?receipt={known.id}"),
        *(
            View(f"programs-{tab}", f"{full}/programs?view={tab}")
            for tab in ("rules", "add", "text", "simulate", "versions")
        ),
        View("members", f"{full}/members"),
        View("member", f"{full}/members?member={MEMBER}"),
        View("members-not", f"{full}/members?member=nobody"),
        View("export", f"{full}/export"),
        View("accounts", "/console/accounts"),
        View("accounts-new", "/console/accounts/new"),
        View("me", "/console/me"),
        View("missing", f"{full}/nothing"),
        *(
            View(f"empty-{name}", f"{empty}/{name}")
            for name in (
                "dashboard", "receipts", "review", "templates", "programs", "members", "export",
            )
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
