"""Every page of the console: rules of accessibility, narrow windows, and the keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from console.app import MODULES
from preuve.reasons import ReasonCode
from tests.browser import Console, ready
from tests.factories import doubtful
from tests.printed import placed, sent

PATHS = sorted({page.address for module in MODULES for page in module.PAGES})
AT_THE_END = """() => {
  const at = document.activeElement;
  if (at === document.body) return true;
  at.dataset.reached = 'yes';
  return false;
}"""
REACHED = """() => {
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


@pytest.fixture(params=["wide", "narrow"])
def page(request: pytest.FixtureRequest, console: Console) -> Page:
    return console.signed_in("admin", size=request.param)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule(
    console: Console, page: Page, receipts: list[str], path: str
) -> None:
    user = console.person("admin").user_id
    names = _Given(program="demo", receipt_id=receipts[-1], user_id=user, key="demo.lizeray")
    address = path.format_map(names)
    answer = page.goto(f"{console.url}/console{address}")
    ready(page)
    expect(page.get_by_role("heading").first).to_be_visible()
    assert answer is not None
    assert answer.status == 200

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_signing_in_breaks_no_rule(console: Console) -> None:
    page = console.blank()
    console.sign_in(page, "nobody@example.com", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/receipts", "/receipts/{}"])
def test_the_keyboard_reaches_everything(console: Console, receipts: list[str], path: str) -> None:
    page = console.signed_in("admin")
    console.open(page, path.format(receipts[0]))
    for _ in range(300):
        page.keyboard.press("Tab")
        # A field for dates takes several, one for each part.
        if page.evaluate(AT_THE_END):
            break
    assert page.evaluate(REACHED) == []


class _Given(dict[str, object]):
    """What an address names; anything else is nothing that exists."""

    def __missing__(self, key: str) -> str:
        return f"no-{key.replace('_', '-')}"
