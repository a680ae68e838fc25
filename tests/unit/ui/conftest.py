"""The style page's site and a browser on it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.unit.ui.guide import serving


@pytest.fixture(scope="session")
def guide() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def page(browser: Browser, guide: str) -> Iterator[Page]:
    """A wide page; a script error, or anything that the CSP refused, fails the test."""
    context = browser.new_context(base_url=guide, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert faults == []
