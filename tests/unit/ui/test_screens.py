"""Every screen of the style page in a browser: no axe violation in either theme, nothing wider than the window."""

from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.barriers import barriers
from tests.unit.ui.guide import SCREENS

pytestmark = pytest.mark.browser
type Theme = Literal["light", "dark"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_no_axe_violation_and_no_sideways_scroll(browser: Browser, guide: str, theme: Theme, width: int) -> None:
    context = browser.new_context(
        base_url=guide, viewport={"width": width, "height": 800}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    for path in SCREENS:
        page.goto(path)
        assert barriers(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_axe_violation_in_what_opens(page: Page, theme: Theme) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/list/")
    page.click("#add-client")
    page.click("[data-submit]")
    page.wait_for_selector(".field-error")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.click("[popovertarget=files-panel]")
    page.wait_for_selector("#files-list a")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.click("[popovertarget=c0-menu]")
    assert barriers(page) == []


def test_a_chosen_theme_beats_the_systems(page: Page, guide: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/list/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.context.add_cookies([{"name": settings.THEME_COOKIE_NAME, "value": "dark", "url": guide}])
    page.reload()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert dark == page.evaluate("getComputedStyle(document.body).backgroundColor") != light
