"""Every page of the console: rules of accessibility, narrow windows, languages, the keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from console.app import MODULES
from console.words import Words
from preuve.reasons import ReasonCode
from tests.browser import Console, ready
from tests.factories import doubtful
from tests.printed import placed, sent

PATHS = sorted({page.address for module in MODULES for page in module.PAGES})
LANGUAGE = {"wide": "fr", "narrow": "en"}
FOLLOW = """() => {
  globalThis.unseen = [];
  const ring = (e, of) => {
    const style = getComputedStyle(e, of);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  };
  document.addEventListener('focusin', ({target}) => {
    target.dataset.reached = 'yes';
    if (!ring(target) && !ring(target, '::after') && !target.closest('.q-field--focused, .q-tab')
        && !target.closest('.cm-focused'))
      globalThis.unseen.push(target.outerHTML.slice(0, 120));
  });
}"""
LEFT = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled
    && e.type !== 'hidden' && e.tabIndex >= 0 && (e.type !== 'radio' || e.checked);
  return all.filter(seen).filter((e) => !e.dataset.reached).map((e) => e.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def receipts(console_server: Console) -> list[str]:
    ground, program = console_server.ground, console_server.program
    doubt = doubtful(ReasonCode.TOTAL_UNCERTAIN)
    return [
        sent(ground, program, placed(receipt_number="A-1", total="20.00")),
        sent(ground, program, placed(receipt_number="A-2", total="31.00"), verdict=doubt),
    ]


@pytest.mark.parametrize("size", LANGUAGE)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule(console: Console, receipts: list[str], path: str, size: str) -> None:
    """In French in a wide window, where the keyboard reaches everything; in English in a narrow
    one, where nothing stands beyond its edge."""
    page, words = _person(console, size), Words(LANGUAGE[size])
    user = console.person("admin").user_id
    names = _Given(program="demo", receipt_id=receipts[-1], user_id=user, key="demo.lizeray")
    answer = page.goto(f"{console.url}/console{path.format_map(names)}")
    ready(page)
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_role("navigation", name=words("frame.rooms"))).to_be_visible()
    assert answer is not None
    assert answer.status == 200

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if size == "wide":
        _walk(page)


def _person(console: Console, size: str) -> Page:
    """Somebody who reads this language, signed in."""
    page = console.signed_in("admin", name=f"reads-{LANGUAGE[size]}", size=size)
    if LANGUAGE[size] == "en" and not page.request.post(
        f"{console.url}/console/language/en", headers={"origin": console.url}, max_redirects=0
    ):
        raise AssertionError("the language was not changed")
    return page


def _walk(page: Page) -> None:
    """Tab leads to everything that can be used, and what has the focus shows it."""
    page.evaluate(FOLLOW)
    for _ in range(60):
        for _ in range(8):
            page.keyboard.press("Tab")
        if not (left := page.evaluate(LEFT)):
            break
    assert left == []
    assert page.evaluate("globalThis.unseen") == []


def test_signing_in_breaks_no_rule(console: Console) -> None:
    page = console.blank()
    console.sign_in(page, "nobody@example.com", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    _walk(page)


class _Given(dict[str, object]):
    """What an address names; anything else is nothing that exists."""

    def __missing__(self, key: str) -> str:
        return f"no-{key.replace('_', '-')}"
