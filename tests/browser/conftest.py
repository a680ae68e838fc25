"""A browser on a live server, for screens driven by their visible labels.

The database is a file: the server's threads then have connections of their own, as they have in a firm.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.web.firm import Firm

type OpenPage = Callable[..., Page]
# A cluster of one's own has no need of it, and PostgreSQL's test database is one already.
_test_database = connections.settings["default"]["TEST"]
if connections.settings["default"]["ENGINE"].endswith("sqlite3") and not _test_database.get("NAME"):
    _test_database["NAME"] = str(Path(os.environ["LIASSE_DATA"]) / "browser-tests.sqlite3")


@pytest.fixture(scope="module")
def module_browser(chromium: str, django_db_setup: None) -> Iterator[Browser]:
    del django_db_setup  # It must not find Playwright's loop in this thread.
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django takes that loop for asynchronous code, which this is not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def open_page(module_browser: Browser, live_server: Any) -> Iterator[OpenPage]:  # noqa: ANN401 - pytest-django's own
    """Open a page as somebody of a firm; a script error or a refusal of the CSP fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(office: Firm, who: str = "claire", *, language: str = "fr", **more: Any) -> Page:  # noqa: ANN401 - a context's own options
        client = Client()
        user = office.people[who].user
        assert user is not None
        client.force_login(user)
        locale = {"fr": "fr-FR", "en": "en-GB"}[language]
        context = module_browser.new_context(
            base_url=live_server.url, locale=locale, reduced_motion="reduce", **({"viewport": WIDE} | more)
        )
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


WIDE = {"width": 1440, "height": 900}
