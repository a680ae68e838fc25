"""A browser on a live server, for screens driven by their visible labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.firm import Firm
from tests.web.office import Office, build

type OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:  # noqa: ANN401 - pytest-django's own
    """Open a page as somebody of a firm; a script error or a refusal of the CSP fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(office: Firm, who: str = "claire", *, language: str = "fr", **more: Any) -> Page:  # noqa: ANN401 - a context's own options
        client = Client()
        user = office.people[who].user
        assert user is not None
        client.force_login(user)
        locale = {"fr": "fr-FR", "en": "en-GB"}[language]
        context = browser.new_context(
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


@pytest.fixture
def office(browser: Browser, transactional_db: None) -> Office:
    """Give a client file with documents to come; modules about a firm's people have their own."""
    del browser, transactional_db
    return build()


@pytest.fixture
def page(browser: Browser, office: Office, live_server: Any) -> Iterator[Page]:  # noqa: ANN401 - pytest-django's own
    """Open a page as a colleague who codes in the office's file."""
    client = Client()
    client.force_login(office.users["coding"])
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", reduced_motion="reduce")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    opened = context.new_page()
    opened.set_default_timeout(8000)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []
